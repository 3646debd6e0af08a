package dev.decant.opus;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A file of libopus, loaded and bound. Who opened it closes it; nothing of it may be called afterwards. */
final class BoundLibrary implements AutoCloseable {
    /**
     * JNA has one handle for all who load a file with the same options, and closing it closes it for all. An option that
     * means nothing to JNA makes the handle ours alone.
     */
    private static final String OPTION_OWNER = "owner";

    private static final Map<String, Object> OPTIONS = Map.of(
            Library.OPTION_OPEN_FLAGS,
            OpenFlags.ofThisPlatform(),
            Library.OPTION_CLASSLOADER,
            DecoderControl.class.getClassLoader(),
            OPTION_OWNER,
            BoundLibrary.class.getName());

    private final Path file;
    private final NativeLibrary library;
    private final DecoderControl control;
    private final LibOpus functions;

    /**
     * @param file absolute, and without links
     * @throws OpusLibraryException if it cannot be loaded or lacks a function; the message says why
     */
    BoundLibrary(Path file) {
        this.file = file;
        try {
            // Through an interface, since that is how JNA calls variadic functions; the rest binds to the same library.
            control = Native.load(file.toString(), DecoderControl.class, OPTIONS);
        } catch (LinkageError e) {
            throw new OpusLibraryException(file + " cannot be loaded: " + Sentences.of(e), e);
        }
        library = ((Library.Handler) Proxy.getInvocationHandler(control)).getNativeLibrary();
        try {
            // JNA looks for other versions when a file does not load: those have another hash.
            if (!file.equals(library.getFile().toPath())) {
                throw new OpusLibraryException(file + " cannot be loaded; " + library.getFile() + " beside it can");
            }
            library.getFunction("opus_decoder_ctl");
            library.getFunction("opus_multistream_decoder_ctl");
            library.getFunction("opus_projection_decoder_ctl");
            functions = LibOpusBindings.bind(library);
        } catch (LinkageError e) {
            library.close();
            throw new OpusLibraryException(file + " is no libopus that can be used: " + Sentences.of(e), e);
        } catch (RuntimeException e) {
            library.close();
            throw e;
        }
    }

    /** Every class that was ever bound to a library. */
    static List<Class<?>> boundClasses() {
        List<Class<?>> classes = new ArrayList<>(LibOpusBindings.classes());
        classes.add(DecoderControl.class);
        classes.add(EncoderFunctions.class);
        return classes;
    }

    Path file() {
        return file;
    }

    LibOpus functions() {
        return functions;
    }

    DecoderControl control() {
        return control;
    }

    /** Functions that few need. One that the library lacks is an {@link UnsatisfiedLinkError} when it is called. */
    EncoderFunctions encoder() {
        return Native.load(file.toString(), EncoderFunctions.class, OPTIONS);
    }

    /** An address in the library's code. */
    long codeAddress() {
        return Pointer.nativeValue(library.getFunction("opus_decoder_get_size"));
    }

    @Override
    public void close() {
        LibOpusBindings.unbind(functions);
        library.close();
    }
}
