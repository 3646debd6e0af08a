package dev.decant.file;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import dev.decant.audio.SampleFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Frames whose samples can be foretold: sample n of a stream is its ID's hash code plus n, cut to 16 bits. */
final class Frames {
    /** 16 kHz, mono, s16: a frame of 20 ms has 320 samples in 640 bytes. */
    static final PcmFormat FORMAT = new PcmFormat(SampleFormat.S16LE, 16_000, 1);

    static final int SAMPLES = 320;

    private Frames() {}

    /** Frame {@code number} of a stream. */
    static PcmFrame decoded(String streamId, int number) {
        return frame(streamId, Outcome.DECODED, samples(streamId, (long) number * SAMPLES, SAMPLES), SAMPLES);
    }

    static PcmFrame filled(String streamId, long samples) {
        return frame(streamId, Outcome.FILLED, new byte[0], samples);
    }

    static PcmFrame reset(String streamId) {
        return frame(streamId, Outcome.RESET, new byte[0], 0);
    }

    static PcmFrame end(String streamId) {
        return frame(streamId, Outcome.END, new byte[0], 0);
    }

    static PcmFrame frame(String streamId, Outcome outcome, byte[] pcm, long samples) {
        return new PcmFrame(streamId, outcome, FORMAT, pcm, samples, 0, 0, null);
    }

    /** The PCM of the {@code count} samples from sample {@code from} on. */
    static byte[] samples(String streamId, long from, int count) {
        ByteBuffer pcm = ByteBuffer.allocate(2 * count).order(ByteOrder.LITTLE_ENDIAN);
        for (long n = from; n < from + count; n++) {
            pcm.putShort((short) (streamId.hashCode() + n));
        }
        return pcm.array();
    }

    /** A whole WAV file: header and the first {@code samples} samples of the stream. */
    static byte[] wav(String streamId, int samples) {
        return wav(samples(streamId, 0, samples));
    }

    /** A whole WAV file of this PCM. */
    static byte[] wav(byte[] pcm) {
        byte[] header = WavHeader.of(FORMAT, pcm.length / 2);
        return ByteBuffer.allocate(header.length + pcm.length)
                .put(header)
                .put(pcm)
                .array();
    }
}
