package dev.decant.opus;

import com.sun.jna.Pointer;
import dev.decant.audio.ChannelLayout;
import dev.decant.audio.Digests;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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

    private final BoundLibrary library;
    private final EngineDescription description;
    private final Object imagesLock = new Object();
    /** Null until somebody asks. */
    private volatile Optional<DecoderImages> images;

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
                    library = new LoadedLibrary(origin, real, Digests.sha256Hex(real));
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
        library = new BoundLibrary(file);
        LibOpus functions = library.functions();
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
            library.close();
            throw new OpusLibraryException(file + " is no libopus that can be used: it asks for "
                    + description.monoStateBytes() + " bytes a mono decoder, and "
                    + description.stereoStateBytes() + " a stereo one");
        }
    }

    /** The library's functions; only for those who hold it. */
    BoundLibrary bound() {
        return library;
    }

    EngineDescription description() {
        return description;
    }

    /**
     * How this library's decoders are saved; found out, which takes about a tenth of a second, when it is first asked for.
     * Only for those who hold the library.
     *
     * @param temporaryFolders where a copy of the library may lie for that while
     * @return empty if they cannot be; why is logged once
     */
    Optional<DecoderImages> images(List<Path> temporaryFolders) {
        if (images == null) {
            synchronized (imagesLock) {
                if (images == null) {
                    images = findOutImages(temporaryFolders);
                }
            }
        }
        return images;
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
                LOADED.remove(library.file());
                library.close();
                LOG.info("Unloaded {}", library.file());
                if (LOADED.isEmpty()) {
                    Jna.letGo(BoundLibrary.boundClasses());
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

    private Optional<DecoderImages> findOutImages(List<Path> temporaryFolders) {
        long start = System.nanoTime();
        try {
            DecoderImages found = DecoderImages.of(library, description.sha256(), temporaryFolders);
            LOG.info(
                    "Found the {} addresses in a decoder of {} in {} ms",
                    found.map(ChannelLayout.plain(2)).addresses().length,
                    library.file(),
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
            return Optional.of(found);
        } catch (NoImagesException | OpusException e) {
            LOG.warn(
                    "Decoders of {} cannot be saved: {}. After a failure they are made anew from their last packets",
                    library.file(),
                    e.getMessage());
            return Optional.empty();
        }
    }
}
