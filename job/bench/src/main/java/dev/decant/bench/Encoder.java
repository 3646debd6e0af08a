package dev.decant.bench;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The encoder of the library whose decoder is measured. */
final class Encoder {
    // Values of OPUS_SET_FORCE_MODE (opus_private.h) and OPUS_SET_BANDWIDTH (opus_defines.h).
    static final int SILK_ONLY = 1000;
    static final int HYBRID = 1001;
    static final int CELT_ONLY = 1002;
    static final int WIDEBAND = 1103;
    static final int FULLBAND = 1105;

    /** A packet of 20 ms, samples a channel. */
    static final int FRAME_SAMPLES = Sound.RATE / 50;

    /** How much later the decoder gives what the encoder was given, samples a channel: the pre-skip of a recording. */
    static final int LOOKAHEAD = 312;

    private static final int APPLICATION_AUDIO = 2049;
    private static final int SET_BITRATE = 4002;
    private static final int SET_BANDWIDTH = 4008;
    private static final int SET_FORCE_CHANNELS = 4022;
    private static final int SET_FORCE_MODE = 11002;
    private static final int MOST_FRAME_BYTES = 1_276;

    // dlfcn.h: RTLD_NOW | RTLD_DEEPBIND, and RTLD_LOCAL, which is 0.
    private static final int OPEN_FLAGS = 2 | 8;

    private Encoder() {}

    /** Opus.h, as far as it is needed here. */
    interface LibOpus extends Library {
        Pointer opus_encoder_create(int rate, int channels, int application, IntByReference error);

        int opus_encoder_ctl(Pointer encoder, int request, Object... arguments);

        int opus_encode(Pointer encoder, short[] pcm, int frameSize, byte[] packet, int mostBytes);

        void opus_encoder_destroy(Pointer encoder);
    }

    /**
     * Packets of {@code mix} and nothing else.
     *
     * @param library path of a libopus
     * @throws BenchException if the library encodes otherwise than it was told to
     */
    static List<byte[]> encode(String library, Mix mix, int seconds) {
        return encode(library, mix, mix.sound(seconds));
    }

    /**
     * Packets of {@code mix} and nothing else.
     *
     * @param library path of a libopus
     * @param sound interleaved; what is left of the last frame is not encoded
     * @throws BenchException if the library encodes otherwise than it was told to
     */
    static List<byte[]> encode(String library, Mix mix, short[] sound) {
        LibOpus opus = Native.load(library, LibOpus.class, Map.of(Library.OPTION_OPEN_FLAGS, OPEN_FLAGS));
        IntByReference error = new IntByReference();
        Pointer encoder = opus.opus_encoder_create(Sound.RATE, mix.channels(), APPLICATION_AUDIO, error);
        if (encoder == null) {
            throw new BenchException(library + " gives no encoder: error " + error.getValue());
        }
        try {
            set(opus, encoder, SET_BITRATE, mix.bitrate());
            set(opus, encoder, SET_FORCE_MODE, mix.encoderMode());
            set(opus, encoder, SET_BANDWIDTH, mix.encoderBandwidth());
            set(opus, encoder, SET_FORCE_CHANNELS, mix.channels());
            return encode(opus, encoder, mix, sound);
        } finally {
            opus.opus_encoder_destroy(encoder);
        }
    }

    private static List<byte[]> encode(LibOpus opus, Pointer encoder, Mix mix, short[] sound) {
        int frameLength = mix.packetSamples() * mix.channels();
        byte[] buffer = new byte[MOST_FRAME_BYTES];
        List<byte[]> packets = new ArrayList<>();
        for (int at = 0; at + frameLength <= sound.length; at += frameLength) {
            short[] frame = Arrays.copyOfRange(sound, at, at + frameLength);
            int length = opus.opus_encode(encoder, frame, mix.packetSamples(), buffer, buffer.length);
            if (length <= 0 || !mix.hasToc(buffer[0])) {
                throw new BenchException("packet " + packets.size() + " is not " + mix.description() + ": length "
                        + length + ", TOC byte " + (buffer[0] & 0xff));
            }
            packets.add(Arrays.copyOf(buffer, length));
        }
        return packets;
    }

    private static void set(LibOpus opus, Pointer encoder, int request, int value) {
        int error = opus.opus_encoder_ctl(encoder, request, value);
        if (error != 0) {
            throw new BenchException("the encoder refuses request " + request + " with " + value + ": error " + error);
        }
    }
}
