package dev.decant.opus;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import dev.decant.audio.ChannelLayout;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/**
 * What libopus' C API gives: the samples that ours are compared with. It decodes with {@code opus_decode} (s16le) or
 * {@code opus_decode_float} in a decoder of {@code opus_decoder_create}, or their likes for several streams, through none
 * of the code under test.
 *
 * <p>PCM is interleaved and little-endian, in the format that was asked for.
 */
public final class ReferenceDecoder implements AutoCloseable {
    private static final int SET_GAIN = 4034;
    private static final int GET_FINAL_RANGE = 4031;
    private static final int RESET_STATE = 4028;
    private static final int SET_PHASE_INVERSION_DISABLED = 4046;

    private final PlainLibOpus opus;
    private final PcmFormat format;
    private final ChannelLayout layout;
    private final Pointer decoder;

    /**
     * A decoder of the embedded library.
     *
     * @param gain 1/256 dB
     */
    public ReferenceDecoder(PcmFormat format, int gain) {
        this(PlainLibOpus.EMBEDDED, format, ChannelLayout.plain(format.channels()), gain);
    }

    /** A decoder of the library in {@code file}. */
    public ReferenceDecoder(Path file, PcmFormat format, int gain) {
        this(PlainLibOpus.load(file), format, ChannelLayout.plain(format.channels()), gain);
    }

    /** A decoder of the library in {@code file} that gives what the layout decodes, unmixed. */
    public ReferenceDecoder(Path file, SampleFormat sampleFormat, int rate, ChannelLayout layout, int gain) {
        this(PlainLibOpus.load(file), new PcmFormat(sampleFormat, rate, layout.decodedChannels()), layout, gain);
    }

    private ReferenceDecoder(PlainLibOpus opus, PcmFormat format, ChannelLayout layout, int gain) {
        this.opus = opus;
        this.format = format;
        this.layout = layout;
        IntByReference error = new IntByReference();
        decoder = create(error);
        PlainLibOpus.requireOk(error.getValue(), "The creation of a decoder");
        PlainLibOpus.requireOk(control(SET_GAIN, gain), "OPUS_SET_GAIN");
    }

    /** The PCM of the packets, one after the other, in a decoder of the embedded library; null is a lost packet of 20 ms. */
    public static byte[] decode(PcmFormat format, int gain, List<byte[]> packets) {
        ChannelLayout layout = ChannelLayout.plain(format.channels());
        return decode(format.sampleFormat(), format.rate(), layout, gain, packets);
    }

    /** The same in a decoder that gives what the layout decodes, unmixed. */
    public static byte[] decode(
            SampleFormat sampleFormat, int rate, ChannelLayout layout, int gain, List<byte[]> packets) {
        PcmFormat format = new PcmFormat(sampleFormat, rate, layout.decodedChannels());
        ByteArrayOutputStream pcm = new ByteArrayOutputStream();
        try (ReferenceDecoder decoder = new ReferenceDecoder(PlainLibOpus.EMBEDDED, format, layout, gain)) {
            for (byte[] packet : packets) {
                pcm.writeBytes(packet == null ? decoder.conceal(960) : decoder.decode(packet));
            }
        }
        return pcm.toByteArray();
    }

    /** The PCM of a packet. */
    public byte[] decode(byte[] packet) {
        return call(packet, 5_760 / format.ticksPerSample(), 0);
    }

    /** The PCM of the frame before {@code nextPacket}, {@code ticks} of 48 kHz long. */
    public byte[] recover(byte[] nextPacket, int ticks) {
        return call(nextPacket, ticks / format.ticksPerSample(), 1);
    }

    /** The PCM of a lost packet, {@code ticks} of 48 kHz long. */
    public byte[] conceal(int ticks) {
        return call(null, ticks / format.ticksPerSample(), 0);
    }

    public void reset() {
        PlainLibOpus.requireOk(control(RESET_STATE), "OPUS_RESET_STATE");
    }

    public void disablePhaseInversion() {
        PlainLibOpus.requireOk(control(SET_PHASE_INVERSION_DISABLED, 1), "OPUS_SET_PHASE_INVERSION_DISABLED");
    }

    public long finalRange() {
        IntByReference range = new IntByReference();
        PlainLibOpus.requireOk(control(GET_FINAL_RANGE, range), "OPUS_GET_FINAL_RANGE");
        return Integer.toUnsignedLong(range.getValue());
    }

    @Override
    public void close() {
        switch (layout.decoder()) {
            case PLAIN -> opus.opus_decoder_destroy(decoder);
            case MULTISTREAM -> opus.opus_multistream_decoder_destroy(decoder);
            case PROJECTION -> opus.opus_projection_decoder_destroy(decoder);
        }
    }

    private Pointer create(IntByReference error) {
        int rate = format.rate();
        int channels = format.channels();
        int streams = layout.streamCount();
        int coupled = layout.coupledCount();
        byte[] matrix = layout.demixingMatrix();
        return switch (layout.decoder()) {
            case PLAIN -> opus.opus_decoder_create(rate, channels, error);
            case MULTISTREAM ->
                opus.opus_multistream_decoder_create(rate, channels, streams, coupled, layout.mapping(), error);
            case PROJECTION ->
                opus.opus_projection_decoder_create(rate, channels, streams, coupled, matrix, matrix.length, error);
        };
    }

    private int control(int request, Object... argument) {
        return switch (layout.decoder()) {
            case PLAIN -> opus.opus_decoder_ctl(decoder, request, argument);
            case MULTISTREAM -> opus.opus_multistream_decoder_ctl(decoder, request, argument);
            case PROJECTION -> opus.opus_projection_decoder_ctl(decoder, request, argument);
        };
    }

    private byte[] call(byte[] packet, int samples, int fec) {
        int length = packet == null ? 0 : packet.length;
        return format.sampleFormat() == SampleFormat.S16LE
                ? callInt16(packet, length, samples, fec)
                : callFloat(packet, length, samples, fec);
    }

    private byte[] callInt16(byte[] packet, int length, int samples, int fec) {
        short[] pcm = new short[samples * format.channels()];
        int decoded = requireSamples(
                switch (layout.decoder()) {
                    case PLAIN -> opus.opus_decode(decoder, packet, length, pcm, samples, fec);
                    case MULTISTREAM -> opus.opus_multistream_decode(decoder, packet, length, pcm, samples, fec);
                    case PROJECTION -> opus.opus_projection_decode(decoder, packet, length, pcm, samples, fec);
                });
        ByteBuffer bytes = bytesFor(decoded);
        bytes.asShortBuffer().put(pcm, 0, decoded * format.channels());
        return bytes.array();
    }

    private byte[] callFloat(byte[] packet, int length, int samples, int fec) {
        float[] pcm = new float[samples * format.channels()];
        int decoded = requireSamples(
                switch (layout.decoder()) {
                    case PLAIN -> opus.opus_decode_float(decoder, packet, length, pcm, samples, fec);
                    case MULTISTREAM -> opus.opus_multistream_decode_float(decoder, packet, length, pcm, samples, fec);
                    case PROJECTION -> opus.opus_projection_decode_float(decoder, packet, length, pcm, samples, fec);
                });
        ByteBuffer bytes = bytesFor(decoded);
        for (int i = 0; i < decoded * format.channels(); i++) {
            if (format.sampleFormat() == SampleFormat.F32LE) {
                bytes.putFloat(pcm[i]);
            } else {
                long sample = Math.max(-8_388_608L, Math.min(8_388_607L, (long) Math.rint(pcm[i] * 8_388_608d)));
                bytes.put((byte) sample).put((byte) (sample >> 8)).put((byte) (sample >> 16));
            }
        }
        return bytes.array();
    }

    private ByteBuffer bytesFor(int samples) {
        return ByteBuffer.allocate(samples * format.bytesPerSample()).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int requireSamples(int result) {
        if (result < 0) {
            throw new IllegalStateException("libopus gave " + OpusError.ofCode(result));
        }
        return result;
    }
}
