package dev.decant.opus;

import dev.decant.audio.ChannelLayout;
import dev.decant.opus.ProcessProtocol.Outcome;
import dev.decant.opus.ProcessProtocol.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Answers the requests of one engine, with decoders of this process. */
final class DecoderService {
    private final Message request = new Message();
    private final Message answer = new Message();
    private final Numbered<DecoderWorkspace> workspaces = new Numbered<>();
    private final Numbered<OpusDecoder> decoders = new Numbered<>();
    private OpusEngine engine;

    /** Until there are no more requests. */
    void serve(InputStream requests, OutputStream answers) throws IOException {
        while (request.readFrom(requests)) {
            try {
                respond();
            } catch (OutOfMemoryError e) {
                // No packet is to blame for that.
                long megabytes = Runtime.getRuntime().maxMemory() >> 20;
                ProcessProtocol.putException(
                        answer,
                        new OpusException(
                                OpusError.ALLOC_FAIL,
                                "The heap of the decoders' process, " + megabytes + " MB, is full"));
            } catch (OpusException | OpusLibraryException e) {
                ProcessProtocol.putException(answer, e);
            } catch (RuntimeException e) {
                e.printStackTrace();
                ProcessProtocol.putException(answer, e);
            }
            answer.writeTo(answers);
        }
    }

    private void respond() throws IOException {
        Request kind = Request.readFrom(request);
        answer.clear().putByte(Outcome.DONE.ordinal());
        switch (kind) {
            case OPEN -> open();
            case NEW_WORKSPACE -> putNumber(workspaces.add(engine.newWorkspace(request.getInt(), request.getInt())));
            case CLOSE_WORKSPACE -> {
                workspaces.remove(request.getInt()).close();
                answer.putLong(engine.liveNativeBytes());
            }
            case NATIVE_BYTES -> answer.putLong(engine.nativeBytes(ProcessProtocol.readLayout(request)));
            case NEW_DECODER -> newDecoder();
            case RESTORE_DECODER -> restoreDecoder();
            case CLOSE_DECODER -> {
                decoders.remove(request.getInt()).close();
                answer.putLong(engine.liveNativeBytes());
            }
            default -> respond(kind, decoders.get(request.getInt()));
        }
    }

    private void respond(Request kind, OpusDecoder decoder) throws IOException {
        switch (kind) {
            case DECODE -> putSamples(decoder, decoder.decode(request.getBytes()));
            case RECOVER -> {
                int ticks = request.getInt();
                putSamples(decoder, decoder.recover(request.getBytes(), ticks));
            }
            case CONCEAL -> putSamples(decoder, decoder.conceal(request.getInt()));
            case RESET -> decoder.reset();
            case FINAL_RANGE -> answer.putInt((int) decoder.finalRange());
            case IMAGE -> decoder.image().ifPresent(image -> answer.putBytes(image.toBytes()));
            default -> throw new IllegalStateException(kind + " is not for a decoder");
        }
    }

    private void open() throws IOException {
        if (request.getInt() != ProcessProtocol.VERSION) {
            throw new OpusLibraryException("The process of the decoders is another version of Decant than this one");
        }
        String library = request.getText();
        int count = request.getInt();
        List<Path> temporaryFolders = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            temporaryFolders.add(Path.of(request.getText()));
        }
        engine = OpusEngine.open(library, temporaryFolders);
        answer.putInt(ProcessProtocol.VERSION);
        ProcessProtocol.putDescription(answer, engine.description());
        answer.putByte(engine.makesImages() ? 1 : 0)
                .putLong(engine.nativeBytes(ChannelLayout.plain(1)))
                .putLong(engine.nativeBytes(ChannelLayout.plain(2)));
    }

    private void newDecoder() throws IOException {
        DecoderWorkspace workspace = workspaces.get(request.getInt());
        putNumber(decoders.add(engine.newDecoder(ProcessProtocol.readSettings(request), workspace)));
    }

    private void restoreDecoder() throws IOException {
        DecoderWorkspace workspace = workspaces.get(request.getInt());
        DecoderSettings settings = ProcessProtocol.readSettings(request);
        DecoderImage image = DecoderImage.ofBytes(request.getBytes());
        Optional<OpusDecoder> restored = engine.restoreDecoder(settings, image, workspace);
        putNumber(restored.isPresent() ? decoders.add(restored.get()) : ProcessProtocol.NONE);
    }

    private void putNumber(int number) {
        answer.putInt(number).putLong(engine.liveNativeBytes());
    }

    private void putSamples(OpusDecoder decoder, int samples) {
        answer.putInt(samples).putBytes(decoder.pcm(0, samples));
    }
}
