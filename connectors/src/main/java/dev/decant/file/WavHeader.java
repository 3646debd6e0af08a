package dev.decant.file;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * What stands before the samples of a WAV file, and the padding after them ("Multiple Channel Audio Data and WAVE Files",
 * Microsoft 2007; RF64: EBU Tech 3306). The plainest header that fits:
 *
 * <ul>
 *   <li>s16, mono or stereo: 44 bytes, {@code WAVE_FORMAT_PCM};
 *   <li>f32, mono or stereo: {@code WAVE_FORMAT_IEEE_FLOAT} with a {@code fact} chunk;
 *   <li>s24, or more than two channels: {@code WAVE_FORMAT_EXTENSIBLE} with the mask of {@link WaveOrder};
 *   <li>what 32-bit sizes cannot count: RF64, its sizes in a {@code ds64} chunk.
 * </ul>
 */
final class WavHeader {
    private static final int PCM = 1;
    private static final int IEEE_FLOAT = 3;
    private static final int EXTENSIBLE = 0xFFFE;
    /** Bytes 4 to 16 of the sub-format GUIDs; the first two are the format tag, then two zeros. */
    private static final byte[] GUID_TAIL = {0, 0, 0x10, 0, (byte) 0x80, 0, 0, (byte) 0xAA, 0, 0x38, (byte) 0x9B, 0x71};

    /** The longest header: RF64, extensible, float. */
    static final int MAX_BYTES = 12 + (8 + 28) + (8 + 40) + (8 + 4) + 8;

    private static final int CHUNK_HEAD = 8;
    private static final int RIFF_BYTES = 12;
    private static final int DS64_BYTES = 28;
    private static final int FACT_BYTES = 4;
    private static final long MAX_SIZE = 0xFFFF_FFFFL;
    private static final int SEE_DS64 = -1;

    private WavHeader() {}

    /**
     * The bytes up to the first sample.
     *
     * @param samples samples a channel that follow
     */
    static byte[] of(PcmFormat format, long samples) {
        boolean isFloat = format.sampleFormat() == SampleFormat.F32LE;
        boolean extensible = format.channels() > 2 || format.sampleFormat() == SampleFormat.S24LE;
        int formatBytes = extensible ? 40 : isFloat ? 18 : 16;
        long dataBytes = samples * format.bytesPerSample();
        int plainBytes = RIFF_BYTES + CHUNK_HEAD + formatBytes + (isFloat ? CHUNK_HEAD + FACT_BYTES : 0) + CHUNK_HEAD;
        boolean large = plainBytes - CHUNK_HEAD + dataBytes + padding(dataBytes) > MAX_SIZE;
        int headerBytes = plainBytes + (large ? CHUNK_HEAD + DS64_BYTES : 0);
        long riffBytes = headerBytes - CHUNK_HEAD + dataBytes + padding(dataBytes);

        ByteBuffer header = ByteBuffer.allocate(headerBytes).order(ByteOrder.LITTLE_ENDIAN);
        chunk(header, large ? "RF64" : "RIFF", large ? SEE_DS64 : (int) riffBytes);
        header.put(ascii("WAVE"));
        if (large) {
            chunk(header, "ds64", DS64_BYTES);
            header.putLong(riffBytes).putLong(dataBytes).putLong(samples).putInt(0);
        }
        chunk(header, "fmt ", formatBytes);
        putFormat(header, format, isFloat ? IEEE_FLOAT : PCM, extensible);
        if (isFloat) {
            chunk(header, "fact", FACT_BYTES);
            header.putInt(samples > MAX_SIZE || large ? SEE_DS64 : (int) samples);
        }
        chunk(header, "data", large ? SEE_DS64 : (int) dataBytes);
        return header.array();
    }

    /** Bytes to put after {@code dataBytes} bytes of samples: a chunk of odd length is followed by a zero. */
    static int padding(long dataBytes) {
        return (int) (dataBytes & 1);
    }

    private static void putFormat(ByteBuffer header, PcmFormat format, int tag, boolean extensible) {
        int bits = 8 * format.sampleFormat().bytes();
        header.putShort((short) (extensible ? EXTENSIBLE : tag))
                .putShort((short) format.channels())
                .putInt(format.rate())
                .putInt(format.rate() * format.bytesPerSample())
                .putShort((short) format.bytesPerSample())
                .putShort((short) bits);
        if (extensible) {
            header.putShort((short) 22)
                    .putShort((short) bits)
                    .putInt(WaveOrder.of(format).mask());
            header.putShort((short) tag).putShort((short) 0).put(GUID_TAIL);
        } else if (tag != PCM) {
            header.putShort((short) 0);
        }
    }

    private static void chunk(ByteBuffer header, String id, int size) {
        header.put(ascii(id)).putInt(size);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
