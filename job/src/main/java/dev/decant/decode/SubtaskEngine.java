package dev.decant.decode;

import dev.decant.monitoring.LimitedLog;
import dev.decant.opus.OpusEngine;
import dev.decant.opus.OpusException;
import dev.decant.opus.OpusLibraryException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine that the decoders of a subtask live in: in this process, or in one of its own while they are isolated. */
final class SubtaskEngine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SubtaskEngine.class);

    private final DecodeSettings settings;
    private final List<Path> temporaryFolders;
    private final LimitedLog replacements = new LimitedLog("processes that ended", LOG::warn);
    private volatile boolean isolated;
    private OpusEngine engine;

    /**
     * Opens the engine.
     *
     * @param isolated whether it begins in a process of its own
     * @throws OpusLibraryException if that cannot be
     */
    SubtaskEngine(DecodeSettings settings, List<Path> temporaryFolders, boolean isolated) {
        this.settings = settings;
        this.temporaryFolders = temporaryFolders;
        this.isolated = isolated;
        engine = open();
    }

    OpusEngine engine() {
        return engine;
    }

    boolean isIsolated() {
        return isolated;
    }

    /**
     * Decoders go on in a new process, since the one that they were in has ended; they are gone with it, and come back
     * from state.
     *
     * @param end why it has
     * @param step what was being done
     */
    void replace(LiveDecoders decoders, OpusException end, DecodeStep step) {
        replacements.write(() -> "The process of isolated decoders ended while it did " + step.place()
                + ", and another takes its place: " + end.getMessage());
        move(decoders);
    }

    /** Decoders go on in this process, as they are. */
    void endIsolation(LiveDecoders decoders) {
        int count = decoders.count();
        isolated = false;
        move(decoders);
        LOG.info(
                "Decoders are isolated no longer: {} of {} were moved out of their own process, as they were",
                decoders.count(),
                count);
    }

    @Override
    public void close() {
        replacements.close();
        engine.close();
    }

    private void move(LiveDecoders decoders) {
        OpusEngine before = engine;
        engine = open();
        try {
            decoders.moveTo(engine);
        } finally {
            before.close();
        }
    }

    private OpusEngine open() {
        return isolated
                ? OpusEngine.openInOwnProcess(
                        settings.library(),
                        temporaryFolders,
                        settings.isolation().deadline())
                : OpusEngine.open(settings.library(), temporaryFolders);
    }
}
