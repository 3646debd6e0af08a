package dev.decant.opus;

import dev.decant.opus.TestEncoder.Bandwidth;
import dev.decant.opus.TestEncoder.Mode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Packets of one kind that libopus' encoder made from {@link TestSignals}.
 *
 * @param name what is in them: mode, bandwidth, channels, length of a packet
 * @param channels of the sound that was encoded, 1 or 2
 * @param ticks of a packet, at 48 kHz
 * @param packets in order
 */
public record TestStream(String name, int channels, int ticks, List<byte[]> packets) {

    /**
     * Two seconds of each kind: SILK, hybrid and CELT; narrow band to full band; mono and stereo; 2.5 to 60 ms; with
     * forward error correction, with DTX, and one that changes mode, bandwidth and channels as it goes.
     */
    public static List<TestStream> ofEveryKind() {
        List<TestStream> streams = new ArrayList<>();
        for (int channels = 1; channels <= 2; channels++) {
            streams.add(of(Mode.SILK, Bandwidth.NARROW, channels, 480, 12_000));
            streams.add(of(Mode.SILK, Bandwidth.MEDIUM, channels, 960, 14_000));
            streams.add(of(Mode.SILK, Bandwidth.WIDE, channels, 960, 16_000));
            streams.add(of(Mode.SILK, Bandwidth.WIDE, channels, 1_920, 16_000));
            streams.add(of(Mode.SILK, Bandwidth.WIDE, channels, 2_880, 16_000));
            streams.add(of(Mode.HYBRID, Bandwidth.SUPER_WIDE, channels, 480, 24_000));
            streams.add(of(Mode.HYBRID, Bandwidth.FULL, channels, 960, 32_000));
            streams.add(of(Mode.CELT, Bandwidth.NARROW, channels, 960, 32_000));
            streams.add(of(Mode.CELT, Bandwidth.FULL, channels, 120, 128_000));
            streams.add(of(Mode.CELT, Bandwidth.FULL, channels, 240, 96_000));
            streams.add(of(Mode.CELT, Bandwidth.SUPER_WIDE, channels, 480, 64_000));
            streams.add(of(Mode.CELT, Bandwidth.FULL, channels, 960, 96_000));
            streams.add(withForwardErrorCorrection(channels));
            streams.add(withPauses(channels));
        }
        streams.add(changing());
        return streams;
    }

    /** Two seconds of one mode and bandwidth; speech for SILK and hybrid, music for CELT. */
    public static TestStream of(Mode mode, Bandwidth bandwidth, int channels, int ticks, int bitrate) {
        return of(mode, bandwidth, channels, ticks, bitrate, 2, 1);
    }

    /**
     * @param seconds how long
     * @param seed of the sound: another one, another stream
     */
    public static TestStream of(
            Mode mode, Bandwidth bandwidth, int channels, int ticks, int bitrate, int seconds, long seed) {
        int samples = 48_000 * seconds;
        short[] pcm = mode == Mode.CELT
                ? TestSignals.music(48_000, channels, samples, seed)
                : TestSignals.speech(48_000, channels, samples, seed);
        try (TestEncoder encoder = new TestEncoder(48_000, channels)) {
            List<byte[]> packets = encoder.mode(mode)
                    .bandwidth(bandwidth)
                    .codedChannels(channels)
                    .bitrate(bitrate)
                    .encode(pcm, ticks);
            String name = mode + " " + bandwidth + ", " + channels + " ch, " + ticks / 48.0 + " ms";
            return new TestStream(name, channels, ticks, packets);
        }
    }

    /** Speech in SILK, 20 ms: most packets carry the one before again. */
    public static TestStream withForwardErrorCorrection(int channels) {
        try (TestEncoder encoder = new TestEncoder(48_000, channels)) {
            List<byte[]> packets = encoder.mode(Mode.SILK)
                    .bandwidth(Bandwidth.WIDE)
                    .bitrate(32_000)
                    .forwardErrorCorrection(25)
                    .encode(TestSignals.speech(48_000, channels, 96_000, 2), 960);
            return new TestStream("SILK with FEC, " + channels + " ch", channels, 960, packets);
        }
    }

    /** A second of speech, a second of silence, a second of speech, 20 ms, with DTX. */
    public static TestStream withPauses(int channels) {
        short[] speech = TestSignals.speech(48_000, channels, 48_000, 3);
        short[] pcm = new short[3 * speech.length];
        System.arraycopy(speech, 0, pcm, 0, speech.length);
        System.arraycopy(speech, 0, pcm, 2 * speech.length, speech.length);
        try (TestEncoder encoder = new TestEncoder(48_000, channels)) {
            List<byte[]> packets = encoder.mode(Mode.SILK)
                    .bandwidth(Bandwidth.WIDE)
                    .bitrate(16_000)
                    .discontinuousTransmission()
                    .encode(pcm, 960);
            return new TestStream("SILK with DTX, " + channels + " ch", channels, 960, packets);
        }
    }

    /** Stereo music, 20 ms, that changes mode, bandwidth and coded channels every few packets. */
    public static TestStream changing() {
        short[] pcm = TestSignals.music(48_000, 2, 4 * 48_000, 4);
        List<byte[]> packets = new ArrayList<>();
        try (TestEncoder encoder = new TestEncoder(48_000, 2).bitrate(40_000)) {
            for (int i = 0; i < pcm.length / 1_920; i++) {
                Mode mode = Mode.values()[1 + i / 7 % 3];
                Bandwidth bandwidth =
                        switch (mode) {
                            case SILK -> Bandwidth.values()[1 + i / 21 % 3];
                            case HYBRID -> Bandwidth.values()[4 + i / 21 % 2];
                            default -> i / 21 % 2 == 0 ? Bandwidth.FULL : Bandwidth.WIDE;
                        };
                encoder.mode(mode).bandwidth(bandwidth).codedChannels(1 + i / 11 % 2);
                packets.add(encoder.encodePacket(Arrays.copyOfRange(pcm, i * 1_920, (i + 1) * 1_920)));
            }
        }
        return new TestStream("changing modes, 2 ch, 20 ms", 2, 960, packets);
    }

    /** The same packets under another name. */
    public TestStream named(String other) {
        return new TestStream(other, channels, ticks, packets);
    }

    @Override
    public String toString() {
        return name;
    }
}
