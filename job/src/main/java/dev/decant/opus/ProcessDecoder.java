package dev.decant.opus;

import dev.decant.audio.MediaClock;
import dev.decant.audio.PcmFormat;
import dev.decant.opus.ProcessProtocol.Request;
import java.io.IOException;
import java.util.Optional;

/** A decoder in another process. One call is one request and one answer. */
final class ProcessDecoder extends ConfinedDecoder {
    private final DecoderProcess process;
    private final int number;
    private final PcmFormat format;
    private final ProcessWorkspace workspace;

    /**
     * @param number of the decoder in the process
     */
    ProcessDecoder(DecoderProcess process, int number, DecoderSettings settings, ProcessWorkspace workspace) {
        super(settings, workspace);
        this.process = process;
        this.number = number;
        this.format = settings.format();
        this.workspace = workspace;
        process.hold();
    }

    @Override
    int decodePacket(byte[] packet, int samples, boolean fec) {
        if (fec) {
            request(Request.RECOVER).putInt(samples * format.ticksPerSample()).putBytes(packet);
        } else {
            request(Request.DECODE).putBytes(packet);
        }
        return process.call(this::readSamples);
    }

    @Override
    int concealSamples(int samples) {
        request(Request.CONCEAL).putInt(samples * format.ticksPerSample());
        return process.call(this::readSamples);
    }

    @Override
    void copyPcm(int from, byte[] pcm) {
        System.arraycopy(workspace.pcm(), from * format.bytesPerSample(), pcm, 0, pcm.length);
    }

    @Override
    void resetState() {
        request(Request.RESET);
        process.call(answer -> null);
    }

    @Override
    int readFinalRange() {
        request(Request.FINAL_RANGE);
        return process.call(Message::getInt);
    }

    @Override
    Optional<DecoderImage> takeImage() {
        request(Request.IMAGE);
        byte[] image = process.call(Message::getBytes);
        return image.length == 0 ? Optional.empty() : Optional.of(DecoderImage.ofBytes(image));
    }

    @Override
    void free() {
        process.free(Request.CLOSE_DECODER, number);
    }

    private Message request(Request request) {
        return process.request(request).putInt(number);
    }

    private int readSamples(Message answer) throws IOException {
        int samples = answer.getInt();
        if (samples < 0 || samples > MediaClock.MAX_PACKET_TICKS) {
            throw new Message.MalformedException(samples + " samples are in no packet");
        }
        answer.getBytes(workspace.pcm(), samples * format.bytesPerSample());
        return samples;
    }
}
