package dev.decant.opus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What decoders are told so that their state takes every form that matters: packets of every mode, bandwidth and channel
 * count and of many lengths, from a library's own encoder; losses, short and long, concealed and recovered; DTX; and
 * packets of garbage, which damaged streams are made of.
 */
final class TrialPackets implements AutoCloseable {
    private static final int RATE = 48_000;
    private static final int CHANNELS = 2;
    private static final int MAX_PACKET_BYTES = 4_000;

    // Requests of opus_defines.h, and of opus_private.h the one for the mode.
    private static final int SET_BITRATE = 4002;
    private static final int SET_BANDWIDTH = 4008;
    private static final int SET_COMPLEXITY = 4010;
    private static final int SET_INBAND_FEC = 4012;
    private static final int SET_PACKET_LOSS_PERC = 4014;
    private static final int SET_FORCE_CHANNELS = 4022;
    private static final int RESET_STATE = 4028;
    private static final int SET_FORCE_MODE = 11_002;

    private static final int NARROW = 1101;
    private static final int MEDIUM = 1102;
    private static final int WIDE = 1103;
    private static final int SUPER_WIDE = 1104;
    private static final int FULL = 1105;

    /** Lengths of packets, 48 kHz ticks. */
    private static final int[] SILK_TICKS = {480, 960, 1_920, 2_880};

    private static final int[] HYBRID_TICKS = {480, 960};
    private static final int[] CELT_TICKS = {120, 240, 480, 960};

    /** What the encoder is made to do: a mode (opus_private.h, {@code MODE_SILK_ONLY}) and a bandwidth. */
    private enum Kind {
        SILK_NARROW(1000, NARROW, 0, SILK_TICKS),
        SILK_MEDIUM(1000, MEDIUM, 4, SILK_TICKS),
        SILK_WIDE(1000, WIDE, 8, SILK_TICKS),
        HYBRID_SUPER_WIDE(1001, SUPER_WIDE, 12, HYBRID_TICKS),
        HYBRID_FULL(1001, FULL, 14, HYBRID_TICKS),
        CELT_NARROW(1002, NARROW, 16, CELT_TICKS),
        CELT_WIDE(1002, WIDE, 20, CELT_TICKS),
        CELT_SUPER_WIDE(1002, SUPER_WIDE, 24, CELT_TICKS),
        CELT_FULL(1002, FULL, 28, CELT_TICKS);

        private final int mode;
        private final int bandwidth;
        /** Of the shortest length (RFC 6716, section 3.1, table 2); each longer one has the next. */
        private final int firstConfiguration;

        private final int[] ticks;

        Kind(int mode, int bandwidth, int firstConfiguration, int[] ticks) {
            this.mode = mode;
            this.bandwidth = bandwidth;
            this.firstConfiguration = firstConfiguration;
            this.ticks = ticks;
        }
    }

    private static final List<Kind> CHANGES =
            List.of(Kind.SILK_WIDE, Kind.CELT_FULL, Kind.SILK_WIDE, Kind.HYBRID_FULL, Kind.CELT_FULL, Kind.HYBRID_FULL);

    private final EncoderFunctions encoder;
    private final NativeBlock state;
    private final SplittableRandom random = new SplittableRandom(20_120_911);
    private final byte[] packet = new byte[MAX_PACKET_BYTES];
    private final List<TrialStep> all = new ArrayList<>();
    private final List<TrialStep> some = new ArrayList<>();
    private int phase;

    /**
     * @throws NoImagesException if the library has no encoder for them
     */
    static TrialSteps of(EncoderFunctions encoder) throws NoImagesException {
        try (TrialPackets packets = new TrialPackets(encoder)) {
            for (Kind kind : Kind.values()) {
                packets.addAllOf(kind);
            }
            packets.addChanges();
            packets.addGarbage();
            return new TrialSteps(packets.all, packets.some);
        } catch (UnsatisfiedLinkError e) {
            throw new NoImagesException("it has no encoder to make packets with: " + Sentences.of(e));
        }
    }

    private TrialPackets(EncoderFunctions encoder) throws NoImagesException {
        this.encoder = encoder;
        state = new NativeBlock(encoder.opus_encoder_get_size(CHANNELS), new AtomicLong());
        try {
            requireOk(
                    encoder.opus_encoder_init(state.address(), RATE, CHANNELS, EncoderFunctions.APPLICATION_AUDIO),
                    "cannot be made");
            set(SET_COMPLEXITY, 0);
            // Enough for forward error correction; with less, the encoder takes a narrower band than it was told.
            set(SET_BITRATE, 80_000);
            set(SET_INBAND_FEC, 1);
            set(SET_PACKET_LOSS_PERC, 25);
        } catch (NoImagesException | RuntimeException | Error e) {
            state.close();
            throw e;
        }
    }

    private void addAllOf(Kind kind) throws NoImagesException {
        // Else the encoder would wait for a pause in the speech before it changes the bandwidth.
        requireOk(encoder.opus_encoder_ctl(state.address(), RESET_STATE), "cannot be reset");
        become(kind);
        for (int channels = 1; channels <= CHANNELS; channels++) {
            set(SET_FORCE_CHANNELS, channels);
            for (int i = 0; i < kind.ticks.length; i++) {
                addWithLosses(kind.ticks[i], kind.firstConfiguration + i);
            }
        }
        addLongLoss();
    }

    /** Where the mode changes, the encoder puts a frame of CELT into a packet besides (RFC 6716, section 4.5.1). */
    private void addChanges() throws NoImagesException {
        for (Kind kind : CHANGES) {
            become(kind);
            for (int i = 0; i < 3; i++) {
                all.add(TrialStep.decode(encode(960)));
            }
        }
    }

    private void become(Kind kind) throws NoImagesException {
        set(SET_FORCE_MODE, kind.mode);
        set(SET_BANDWIDTH, kind.bandwidth);
    }

    private void addWithLosses(int ticks, int configuration) throws NoImagesException {
        all.add(TrialStep.decode(encode(ticks, configuration)));
        byte[] next = encode(ticks, configuration);
        all.add(TrialStep.recover(next, ticks));
        all.add(TrialStep.decode(next));
        all.add(TrialStep.conceal(ticks));
        // A packet of one frame without a byte, as in DTX.
        all.add(TrialStep.decode(new byte[] {(byte) (next[0] & 0xFC)}));
        if (ticks == 960) {
            some.add(TrialStep.decode(next));
            some.add(TrialStep.conceal(ticks));
        }
    }

    /** Concealment changes its ways as a loss goes on. */
    private void addLongLoss() {
        all.add(TrialStep.conceal(120));
        for (int i = 0; i < 4; i++) {
            all.add(TrialStep.conceal(1_920));
        }
    }

    private void addGarbage() {
        for (int configuration = 0; configuration < 32; configuration++) {
            byte[] garbage = new byte[2 + random.nextInt(60)];
            random.nextBytes(garbage);
            // One or two frames (code 0 and 1), since most others are refused.
            garbage[0] = (byte) (configuration << 3 | garbage[0] & 0b101);
            all.add(TrialStep.decode(garbage));
        }
    }

    private byte[] encode(int ticks, int configuration) throws NoImagesException {
        byte[] encoded = encode(ticks);
        if (Byte.toUnsignedInt(encoded[0]) >> 3 != configuration) {
            throw new NoImagesException("its encoder makes no packets of configuration " + configuration);
        }
        return encoded;
    }

    private byte[] encode(int ticks) throws NoImagesException {
        int length = encoder.opus_encode(state.address(), sound(ticks), ticks, packet, packet.length);
        if (length <= 0) {
            throw new NoImagesException("its encoder makes no packets: " + OpusError.ofCode(length));
        }
        return Arrays.copyOf(packet, length);
    }

    /** A buzz of 150 Hz, with noise that differs between the sides: for SILK voiced, and true stereo. */
    private short[] sound(int samples) {
        short[] pcm = new short[samples * CHANNELS];
        for (int i = 0; i < pcm.length; i += CHANNELS) {
            phase = (phase + 1) % 320;
            int buzz = phase < 40 ? 12_000 - phase * 300 : -600;
            pcm[i] = (short) (buzz + random.nextInt(2_000));
            pcm[i + 1] = (short) (buzz / 2 + random.nextInt(2_000));
        }
        return pcm;
    }

    private void set(int request, int value) throws NoImagesException {
        requireOk(encoder.opus_encoder_ctl(state.address(), request, value), "does not know request " + request);
    }

    private static void requireOk(int result, String what) throws NoImagesException {
        if (result != 0) {
            throw new NoImagesException("its encoder " + what + ": " + OpusError.ofCode(result));
        }
    }

    @Override
    public void close() {
        state.close();
    }
}
