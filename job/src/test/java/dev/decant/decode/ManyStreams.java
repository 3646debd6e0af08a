package dev.decant.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.decant.audio.OpusPacket;
import dev.decant.decode.DecodeStep.Kind;
import dev.decant.fuzz.MemoryBound;
import dev.decant.opus.ReferenceDecoder;
import dev.decant.opus.TestEncoder.Bandwidth;
import dev.decant.opus.TestEncoder.Mode;
import dev.decant.opus.TestStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * More streams at once than decoders fit into memory: a packet of each in turn, so that nearly every packet finds that
 * its decoder was let go.
 */
final class ManyStreams {
    private static final int PACKETS_A_STREAM = 12;
    private static final int TICKS = 960;

    /** What a JVM takes besides its heap; a decoder of each packet that were not freed would take more in either form. */
    private static final long BESIDES_THE_HEAP = 512L << 20;

    private static final LinkSettings MONO = new LinkSettings(1, 0, 0);

    private ManyStreams() {}

    /** Demands that every sample of every stream is that of a direct decode, in memory that is bounded. */
    static void assertDecoded(int streams, int maxLive) throws Exception {
        TestSettings settings = TestSettings.USUAL.maxLive(maxLive);
        List<Sound> sounds = sounds(settings);
        try (DecodeHarness harness = DecodeHarness.open(settings)) {
            for (int i = 0; i < streams; i++) {
                harness.map(TestSteps.step(name(i), Kind.RESET, null, MONO, 0, 0, OpusPacket.ABSENT));
            }
            long full = harness.metric(DecodeMetrics.NATIVE_BYTES);
            for (int packet = 0; packet < PACKETS_A_STREAM; packet++) {
                for (int i = 0; i < streams; i++) {
                    Sound sound = sounds.get(i % sounds.size());
                    DecodeStep step = TestSteps.step(
                            name(i),
                            Kind.PACKET,
                            sound.packets.get(packet),
                            MONO,
                            (long) packet * TICKS,
                            TICKS,
                            OpusPacket.ABSENT);
                    byte[] pcm = harness.map(step).pcm();
                    // Not by an assertion for each of a million packets, which would take longer than the decoding.
                    if (!Arrays.equals(pcm, sound.pcm.get(packet))) {
                        fail("packet " + packet + " of stream " + i + " has other samples than a direct decode gives");
                    }
                }
                assertThat(harness.metric(DecodeMetrics.NATIVE_BYTES)).isEqualTo(full);
                assertThat(MemoryBound.residentBytes())
                        .isLessThan(Runtime.getRuntime().maxMemory() + BESIDES_THE_HEAP);
            }
            assertThat(harness.metric(DecodeMetrics.LIVE_DECODERS)).isEqualTo(maxLive);
            assertThat(harness.metric(DecodeMetrics.DECODERS_EVICTED))
                    .isGreaterThan((long) streams * PACKETS_A_STREAM - maxLive);
            assertThat(harness.restored(DecodeMetrics.Exactness.CONVERGED)).isZero();
        }
    }

    /** Packets of one sound, and the samples of each. */
    private record Sound(List<byte[]> packets, List<byte[]> pcm) {}

    private static List<Sound> sounds(TestSettings settings) {
        List<Sound> sounds = new ArrayList<>();
        for (int seed = 1; seed <= 7; seed++) {
            Mode mode = seed % 3 == 0 ? Mode.CELT : Mode.SILK;
            List<byte[]> packets = TestStream.of(mode, Bandwidth.WIDE, 1, TICKS, 16_000, 1, seed)
                    .packets()
                    .subList(0, PACKETS_A_STREAM);
            List<byte[]> pcm = new ArrayList<>();
            try (ReferenceDecoder decoder = new ReferenceDecoder(settings.format(1), 0)) {
                packets.forEach(packet -> pcm.add(decoder.decode(packet)));
            }
            sounds.add(new Sound(packets, pcm));
        }
        return sounds;
    }

    private static String name(int stream) {
        return "stream-" + stream;
    }
}
