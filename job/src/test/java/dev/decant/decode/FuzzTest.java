package dev.decant.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.OpusPacket;
import dev.decant.audio.PcmFrame.Outcome;
import dev.decant.decode.DecodeStep.Kind;
import dev.decant.fuzz.FramingCheck;
import dev.decant.fuzz.PacketMutator;
import dev.decant.fuzz.Scenario;
import dev.decant.fuzz.SeedPackets;
import dev.decant.fuzz.Tally;
import dev.decant.opus.TestStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Hostile packets, the same in each build. {@link FuzzChaos} is the long form. */
class FuzzTest {
    private static final long SEED = 8251;
    private static final int PACKETS = 48_000;

    @Test
    void everyHostilePacketIsAccountedFor() throws Exception {
        Tally tally = new Fuzzing(SEED, 0, PACKETS).run();

        assertThat(tally.sum("records")).isEqualTo(PACKETS);
        // Nothing of this would mean anything if most packets did not get as far as a decoder.
        assertThat(tally.of("frames", Outcome.DECODED)).isGreaterThan(PACKETS / 2);
        assertThat(tally.of("packets", "dead letter")).isGreaterThan(PACKETS / 20);
        assertThat(tally.of("decoders", "evicted")).isGreaterThan(PACKETS / 100);
    }

    /** The engines that are not the usual one. What a packet does to them, they get over. */
    @Test
    void thePureJavaEngineGetsOverEveryPacket() throws Exception {
        SeedPackets seeds = SeedPackets.load();
        PacketMutator mutator = new PacketMutator(SEED, seeds);
        Tally tally = new Tally();
        try (StepCheck check = new StepCheck(TestSettings.USUAL.library("java"), null, tally)) {
            for (int scenario = 0; scenario < 3; scenario++) {
                for (DecodeStep step : HostileSteps.of(SEED, scenario, seeds, mutator)) {
                    check.run(step);
                }
                check.checkEnded();
            }
        }
        assertThat(tally.of("frames", Outcome.DECODED)).isGreaterThan(Scenario.PACKETS);
    }

    /** Each kept packet, in the middle of a stream of each kind. */
    @Test
    void theKeptPacketsHarmNoStream() throws Exception {
        SeedPackets seeds = SeedPackets.load();
        Tally tally = new Tally();
        long sound = seeds.keptPackets().stream()
                .filter(packet -> FramingCheck.check(packet) > 0)
                .count();
        try (StepCheck check = new StepCheck(TestSettings.USUAL, new ReferenceReceiver(), tally)) {
            for (TestStream stream : TestStream.ofEveryKind()) {
                List<byte[]> packets = new ArrayList<>();
                for (int i = 0; i < seeds.keptPackets().size(); i++) {
                    packets.add(stream.packets().get(i));
                    packets.add(seeds.keptPackets().get(i));
                }
                packets.removeIf(packet -> FramingCheck.check(packet) == 0);
                for (DecodeStep step : steps(stream, packets)) {
                    check.run(step);
                }
            }
            check.checkEnded();
            check.checkExact();
        }
        assertThat(sound).isPositive();
        assertThat(tally.of("frames", Outcome.DECODED)).isPositive();
        assertThat(tally.of("frames", Outcome.REJECTED)).isZero();
    }

    private static List<DecodeStep> steps(TestStream stream, List<byte[]> packets) {
        LinkSettings link = new LinkSettings(stream.channels(), 0, 0);
        List<DecodeStep> steps = new ArrayList<>();
        long clock = 0;
        steps.add(TestSteps.step(stream.name(), Kind.RESET, null, link, 0, 0, OpusPacket.ABSENT));
        for (byte[] packet : packets) {
            int ticks = FramingCheck.check(packet);
            steps.add(TestSteps.step(stream.name(), Kind.PACKET, packet, link, clock, ticks, OpusPacket.ABSENT));
            clock += ticks;
        }
        steps.add(TestSteps.step(stream.name(), Kind.END, null, link, clock, 0, OpusPacket.ABSENT));
        return steps;
    }
}
