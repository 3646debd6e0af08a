package dev.decant.opus;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.Digests;
import dev.decant.audio.SampleFormat;
import io.github.jaredmdobson.concentus.OpusDecoder;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;

/** Concentus, a port of libopus 1.1 to Java: 16-bit samples only, and no memory outside the heap. */
final class JavaEngine implements OpusEngine {
    private static final EngineDescription DESCRIPTION = describe();

    private volatile boolean closed;

    @Override
    public EngineDescription description() {
        return DESCRIPTION;
    }

    @Override
    public DecoderWorkspace newWorkspace(int maxStreams, int maxChannels) {
        requireOpen();
        return new JavaWorkspace(maxStreams, maxChannels);
    }

    @Override
    public dev.decant.opus.OpusDecoder newDecoder(DecoderSettings settings, DecoderWorkspace workspace) {
        requireOpen();
        if (!(workspace instanceof JavaWorkspace buffers)) {
            throw new IllegalArgumentException("The workspace of another engine: take one of this engine's");
        }
        buffers.requireRoomFor(settings.layout());
        if (settings.format().sampleFormat() != SampleFormat.S16LE) {
            throw new OpusException(
                    OpusError.UNIMPLEMENTED,
                    "The pure Java decoder gives s16le, not "
                            + settings.format().sampleFormat() + ": take another opus.library");
        }
        if (!settings.phaseInversion()) {
            throw new OpusException(
                    OpusError.UNIMPLEMENTED,
                    "The pure Java decoder cannot leave out phase inversion: take another opus.library");
        }
        return new JavaDecoder(settings, buffers);
    }

    @Override
    public boolean makesImages() {
        return false;
    }

    @Override
    public Optional<dev.decant.opus.OpusDecoder> restoreDecoder(
            DecoderSettings settings, DecoderImage image, DecoderWorkspace workspace) {
        return Optional.empty();
    }

    @Override
    public long nativeBytes(ChannelLayout layout) {
        return 0;
    }

    @Override
    public long workspaceBytes(int maxStreams, int maxChannels) {
        return 0;
    }

    @Override
    public long liveNativeBytes() {
        return 0;
    }

    @Override
    public void close() {
        closed = true;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("This engine was closed");
        }
    }

    private static EngineDescription describe() {
        Path jar = jar();
        try {
            String sha256 = Files.isRegularFile(jar) ? Digests.sha256Hex(jar) : "";
            return new EngineDescription("java", jar.toString(), sha256, "Concentus 1.0.2", 0, 0);
        } catch (IOException e) {
            throw new OpusLibraryException(jar + " cannot be read: " + Sentences.of(e), e);
        }
    }

    private static Path jar() {
        CodeSource source = OpusDecoder.class.getProtectionDomain().getCodeSource();
        try {
            return source == null ? Path.of("") : Path.of(source.getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new OpusLibraryException(source.getLocation() + " is no path", e);
        }
    }
}
