package dev.decant.file;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * PCM into a FLAC file (RFC 9639), within the streamable subset of its section 7 except where channels without speakers
 * need a tag to say so. The same PCM gives the same bytes on every machine.
 *
 * <p>It is our own because the encoders for Java that Maven Central has (javaFlacEncoder, jFLAC) are under the LGPL, which
 * a jar that holds everything can't keep.
 */
final class FlacEncoding {
    private static final int MAX_CHANNELS = 8;
    /** The total of samples is a number of 36 bits. */
    private static final long MAX_SAMPLES = (1L << 36) - 1;

    private FlacEncoding() {}

    /**
     * Why there is no FLAC file of such PCM, in one sentence, or null if there is one.
     *
     * @param samples samples a channel
     */
    static String refusal(PcmFormat format, long samples) {
        if (format.channels() > MAX_CHANNELS) {
            return "FLAC holds at most " + MAX_CHANNELS + " channels, and these are " + format.channels()
                    + ": take --format wav";
        }
        if (format.sampleFormat() == SampleFormat.F32LE) {
            return "FLAC holds integers, and these samples are f32le: take --sample-format s16le or s24le, or --format wav";
        }
        if (samples > MAX_SAMPLES) {
            return "FLAC holds at most " + MAX_SAMPLES + " samples a channel, and these are " + samples
                    + ": take --format wav";
        }
        return null;
    }

    /**
     * Writes a whole file, block by block: memory does not grow with its length.
     *
     * @param format the shape of the samples
     * @param samples samples a channel
     * @param md5 the MD5 of all bytes of {@code pcm} that are read, 16 bytes
     * @param pcm interleaved samples, channels in {@link WaveOrder}; is read up to the last sample and not closed
     * @param file is neither flushed nor closed
     * @throws IllegalArgumentException if there is a {@link #refusal}; nothing was written
     * @throws EOFException if {@code pcm} ends too early; {@code file} holds a part of the file
     */
    static void write(PcmFormat format, long samples, byte[] md5, InputStream pcm, OutputStream file)
            throws IOException {
        String refusal = refusal(format, samples);
        if (refusal != null) {
            throw new IllegalArgumentException(refusal);
        }
        file.write(FlacMetadata.of(format, samples, md5));
        FlacFrame frame = new FlacFrame(format);
        int blockSize = FlacFrame.blockSize(format.rate());
        byte[] block = new byte[blockSize * format.bytesPerSample()];
        long done = 0;
        while (done < samples) {
            int count = (int) Math.min(samples - done, blockSize);
            int bytes = count * format.bytesPerSample();
            int read = pcm.readNBytes(block, 0, bytes);
            if (read < bytes) {
                throw new EOFException("the PCM ends after " + (done + read / format.bytesPerSample()) + " of "
                        + samples + " samples");
            }
            frame.write(block, count, file);
            done += count;
        }
    }
}
