package dev.decant.opus;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A libopus in this process. Each file is loaded once, however many engines use it, and unloaded when the last engine,
 * decoder and workspace that hold it have let go.
 */
final class LoadedLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(LoadedLibrary.class);
    private static final Map<Path, LoadedLibrary> LOADED = new HashMap<>();

    /** More would not be the state of a decoder with two channels. */
    private static final int MAX_STATE_BYTES = 16 << 20;

    /**
     * JNA has one handle for all who load a file with the same options, and closing it closes it for all. An option that
     * means nothing to JNA makes the handle ours alone.
     */
    private static final String OPTION_OWNER = "owner";

    private final Path file;
    private final NativeLibrary library;
    private final DecoderControl control;
    private final LibOpus functions;
    private final EngineDescription description;
    private int holders;

    /**
     * The library in {@code file}, loaded if it is not yet. The caller holds it and calls {@link #release()} once.
     *
     * @throws OpusLibraryException if it cannot be loaded or is no libopus that we can use; the message says why
     */
    static LoadedLibrary open(String origin, Path file) {
        synchronized (LOADED) {
            try {
                Path real = file.toRealPath();
                LoadedLibrary library = LOADED.get(real);
                if (library == null) {
                    library = new LoadedLibrary(origin, real, Sha256.ofFile(real));
                    LOADED.put(real, library);
                    LOG.info("Loaded libopus: {}", library.description);
                }
                library.holders++;
                return library;
            } catch (IOException e) {
                throw new OpusLibraryException(file + " cannot be opened: " + Sentences.of(e), e);
            }
        }
    }

    private LoadedLibrary(String origin, Path file, String sha256) {
        this.file = file;
        try {
            // Through an interface, since that is how JNA calls variadic functions; the rest binds to the same library.
            control = Native.load(
                    file.toString(),
                    DecoderControl.class,
                    Map.of(
                            Library.OPTION_OPEN_FLAGS,
                            OpenFlags.ofThisPlatform(),
                            Library.OPTION_CLASSLOADER,
                            DecoderControl.class.getClassLoader(),
                            OPTION_OWNER,
                            LoadedLibrary.class.getName()));
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
            functions = LibOpusBindings.bind(library);
        } catch (LinkageError e) {
            library.close();
            throw new OpusLibraryException(file + " is no libopus that can be used: " + Sentences.of(e), e);
        } catch (RuntimeException e) {
            library.close();
            throw e;
        }
        description = new EngineDescription(
                origin,
                file.toString(),
                sha256,
                new Pointer(functions.opus_get_version_string()).getString(0),
                functions.opus_decoder_get_size(1),
                functions.opus_decoder_get_size(2));
        if (description.monoStateBytes() <= 0
                || description.stereoStateBytes() < description.monoStateBytes()
                || description.stereoStateBytes() > MAX_STATE_BYTES) {
            unload();
            throw new OpusLibraryException(file + " is no libopus that can be used: it asks for "
                    + description.monoStateBytes() + " bytes a mono decoder, and "
                    + description.stereoStateBytes() + " a stereo one");
        }
    }

    LibOpus functions() {
        return functions;
    }

    DecoderControl control() {
        return control;
    }

    EngineDescription description() {
        return description;
    }

    /** One more holder; only for those whom a holder still covers. */
    void hold() {
        synchronized (LOADED) {
            holders++;
        }
    }

    /** Called once by each holder; the last one unloads. */
    void release() {
        synchronized (LOADED) {
            holders--;
            if (holders == 0) {
                LOADED.remove(file);
                unload();
                LOG.info("Unloaded {}", file);
                if (LOADED.isEmpty()) {
                    Jna.letGo();
                }
            }
        }
    }

    /** How many files are loaded, in this class loader. */
    static int count() {
        synchronized (LOADED) {
            return LOADED.size();
        }
    }

    private void unload() {
        LibOpusBindings.unbind(functions);
        library.close();
    }
}
