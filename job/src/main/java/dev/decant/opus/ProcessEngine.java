package dev.decant.opus;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.ChannelLayout.Decoder;
import dev.decant.opus.ProcessProtocol.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** An engine in another process, which lives until the engine and all that it made are closed. */
final class ProcessEngine implements OpusEngine {
    private final OwnerThread owner = new OwnerThread("This engine");
    private final DecoderProcess process;
    private final Opened opened;

    /** What the process has told of the engine in it. */
    private record Opened(EngineDescription description, boolean makesImages, long monoBytes, long stereoBytes) {
        static Opened read(Message answer) throws IOException {
            if (answer.getInt() != ProcessProtocol.VERSION) {
                throw new Message.MalformedException("another version of the protocol");
            }
            return new Opened(
                    ProcessProtocol.readDescription(answer), answer.getByte() != 0, answer.getLong(), answer.getLong());
        }
    }

    static OpusEngine open(String library, List<Path> temporaryFolders, Duration deadline) {
        DecoderProcess process = DecoderProcess.start(temporaryFolders);
        try {
            return new ProcessEngine(process, library, temporaryFolders, deadline);
        } catch (OpusException e) {
            process.release();
            throw new OpusLibraryException(
                    "opus.library = " + library + " cannot be opened in a process of its own: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            process.release();
            throw e;
        }
    }

    private ProcessEngine(DecoderProcess process, String library, List<Path> temporaryFolders, Duration deadline) {
        this.process = process;
        Message request = process.request(Request.OPEN)
                .putInt(ProcessProtocol.VERSION)
                .putText(library)
                .putInt(temporaryFolders.size());
        // The process has another working folder.
        temporaryFolders.forEach(
                folder -> request.putText(folder.toAbsolutePath().toString()));
        opened = process.call(Opened::read);
        process.setDeadline(deadline);
    }

    @Override
    public EngineDescription description() {
        return opened.description;
    }

    @Override
    public DecoderWorkspace newWorkspace(int maxStreams, int maxChannels) {
        owner.requireOpen();
        return new ProcessWorkspace(maxStreams, maxChannels, process);
    }

    @Override
    public OpusDecoder newDecoder(DecoderSettings settings, DecoderWorkspace workspace) {
        ProcessWorkspace buffers = requireUsable(settings, workspace);
        Message request = process.request(Request.NEW_DECODER).putInt(buffers.number());
        ProcessProtocol.putSettings(request, settings);
        return new ProcessDecoder(process, process.callForNumber(), settings, buffers);
    }

    @Override
    public boolean makesImages() {
        return opened.makesImages;
    }

    @Override
    public Optional<OpusDecoder> restoreDecoder(
            DecoderSettings settings, DecoderImage image, DecoderWorkspace workspace) {
        ProcessWorkspace buffers = requireUsable(settings, workspace);
        Message request = process.request(Request.RESTORE_DECODER).putInt(buffers.number());
        ProcessProtocol.putSettings(request, settings);
        request.putBytes(image.toBytes());
        int number = process.callForNumber();
        return number == ProcessProtocol.NONE
                ? Optional.empty()
                : Optional.of(new ProcessDecoder(process, number, settings, buffers));
    }

    @Override
    public long nativeBytes(ChannelLayout layout) {
        if (layout.decoder() == Decoder.PLAIN) {
            return layout.channels() == 1 ? opened.monoBytes : opened.stereoBytes;
        }
        ProcessProtocol.putLayout(process.request(Request.NATIVE_BYTES), layout);
        return process.call(Message::getLong);
    }

    /** In the process. */
    @Override
    public long workspaceBytes(int maxStreams, int maxChannels) {
        boolean isJava = opened.monoBytes == 0;
        return isJava ? 0 : NativeWorkspace.nativeBytes(maxStreams, maxChannels);
    }

    @Override
    public long liveNativeBytes() {
        return process.liveNativeBytes();
    }

    @Override
    public void close() {
        if (owner.close()) {
            process.release();
        }
    }

    /** The process' number in the operating system. */
    long pid() {
        return process.pid();
    }

    private ProcessWorkspace requireUsable(DecoderSettings settings, DecoderWorkspace workspace) {
        owner.requireOpen();
        if (!(workspace instanceof ProcessWorkspace buffers) || !buffers.isOf(process)) {
            throw new IllegalArgumentException("The workspace of another engine: take one of this engine's");
        }
        buffers.requireRoomFor(settings.layout());
        return buffers;
    }
}
