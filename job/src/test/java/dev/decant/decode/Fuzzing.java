package dev.decant.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.decant.audio.DeadLetter;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import dev.decant.fuzz.FramingCheck;
import dev.decant.fuzz.HangWatch;
import dev.decant.fuzz.HostilePacket;
import dev.decant.fuzz.LastPacket;
import dev.decant.fuzz.MemoryBound;
import dev.decant.fuzz.PacketMutator;
import dev.decant.fuzz.Scenario;
import dev.decant.fuzz.SeedPackets;
import dev.decant.fuzz.Tally;
import dev.decant.opus.DecoderVerification;
import dev.decant.rtp.MalformedRtpException;
import dev.decant.rtp.RtpReader;
import dev.decant.rtp.RtpSettings;
import dev.decant.rtp.RtpSettings.SeveralSsrcs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Scenarios of hostile packets through all that takes packets: parsers, sequencer and decoders, and every fourth time steps
 * straight to the decoders. After each scenario all streams have ended and nothing may be left of them; so each can be had
 * again alone, by its seed and the index of its first packet.
 *
 * <p>A crash of native code takes the process with it. What it was decoding then stands in the file of {@link LastPacket}.
 */
final class Fuzzing {
    private static final Path LAST_PACKET = Path.of(System.getProperty("basedir", "."), "target/fuzz/last-packet.txt");
    private static final Duration STREAM_TIMEOUT = SequencerSettings.usual().streamTimeout();
    /** An hour of comfort noise in steps of 120 ms, and whatever waited for the packet. */
    private static final int MOST_STEPS = 31_000;

    private static final int MEMORY_CHECKS = 10;
    private static final int WARM_UP = 64;

    private final long seed;
    private final long firstScenario;
    private final long scenarios;
    private final SeedPackets seeds = SeedPackets.load();
    private final PacketMutator mutator;
    private final Tally tally = new Tally();
    private final LastPacket last;

    private final Map<String, MadeUpTime> madeUpTimes = new HashMap<>();

    private StepCheck decoders;
    private PacketAccount account;
    private int stepsOfPacket;

    /**
     * @param first index of the first packet; the scenario that it is in begins the run
     * @param packets at least so many; scenarios are whole
     */
    Fuzzing(long seed, long first, long packets) throws Exception {
        this.seed = seed;
        firstScenario = first / Scenario.PACKETS;
        scenarios = (packets + Scenario.PACKETS - 1) / Scenario.PACKETS;
        mutator = new PacketMutator(seed, seeds);
        last = new LastPacket(LAST_PACKET, "seed " + seed);
    }

    /**
     * Runs all scenarios.
     *
     * @return what came of them
     */
    Tally run() throws Exception {
        System.out.printf(
                "Fuzzing with seed %d from packet %d on. Should this process die, %s says in which packet%n",
                seed, firstScenario * Scenario.PACKETS, LAST_PACKET);
        return HangWatch.run(last, this::runScenarios);
    }

    private Tally runScenarios() throws Exception {
        TestSettings crowded = TestSettings.USUAL.maxLive(2).imageInterval(7);
        long began = System.nanoTime();
        MemoryBound memory = null;
        try (SequencerHarness sequencer = SequencerHarness.open(SequencerSettings.usual());
                StepCheck usual = new StepCheck(TestSettings.USUAL, null, tally);
                StepCheck evicting = new StepCheck(crowded, new ReferenceReceiver(), tally);
                StepCheck checksums = new StepCheck(
                        TestSettings.USUAL
                                .verification(DecoderVerification.CHECKSUM)
                                .rate(16_000),
                        null,
                        tally);
                StepCheck direct = new StepCheck(TestSettings.USUAL, new ReferenceReceiver(), tally)) {
            for (long i = 0; i < scenarios; i++) {
                long number = firstScenario + i;
                switch ((int) (number % 8)) {
                    case 3, 7 -> runSteps(number, direct);
                    case 1 -> runPackets(number, sequencer, evicting);
                    case 5 -> runPackets(number, sequencer, checksums);
                    default -> runPackets(number, sequencer, usual);
                }
                if (i == Math.min(WARM_UP, scenarios / 2)) {
                    memory = new MemoryBound();
                } else if (memory != null && i % Math.max(1, scenarios / MEMORY_CHECKS) == 0) {
                    memory.check();
                    System.out.printf("%,d packets; %s%n", (i + 1) * Scenario.PACKETS, memory);
                }
            }
            for (StepCheck check : List.of(usual, evicting, checksums, direct)) {
                tally.add("decoders", "evicted", check.metric(DecodeMetrics.DECODERS_EVICTED));
                tally.add("decoders", "rebuilt", check.metric(DecodeMetrics.DECODERS_REBUILT));
                tally.add("decoders", "images taken", check.metric(DecodeMetrics.IMAGES_TAKEN));
                tally.add("decoders", "images refused", check.metric(DecodeMetrics.IMAGES_REFUSED));
                tally.add("decoders", "final ranges differ", check.metric(DecodeMetrics.FINAL_RANGE_MISMATCHES));
            }
        }
        assertThat(tally.sum("packets"))
                .as("packets, one for each record but those that are no RTP packet")
                .isEqualTo(tally.of("records", "sequenced") - tally.of("RTP", "RTCP") - tally.of("RTP", "malformed"));
        long seconds = Math.max(1, Duration.ofNanos(System.nanoTime() - began).toSeconds());
        System.out.printf(
                "%,d packets in %,d s, %,d a second; %s%n%s",
                scenarios * Scenario.PACKETS, seconds, scenarios * Scenario.PACKETS / seconds, memory, tally);
        return tally;
    }

    private void runPackets(long number, SequencerHarness sequencer, StepCheck check) throws Exception {
        Scenario scenario = Scenario.of(seed, number, seeds, mutator);
        RtpReader reader = new RtpReader(
                new RtpSettings(List.of(111), List.of(63), SeveralSsrcs.values()[(int) (number / 2 % 2)]),
                new RecordedMetrics());
        Set<String> streams = new LinkedHashSet<>();
        madeUpTimes.clear();
        decoders = check;
        account = new PacketAccount(sequencer, number * Scenario.PACKETS, Scenario.PACKETS + 1, tally);
        for (HostilePacket hostile : scenario.packets()) {
            long index = hostile.packet().origin().offset();
            last.enter(index);
            tally.count("records, by mutation", hostile.mutation());
            tally.count("records, by lie", hostile.lie());
            for (OpusPacket packet : packetsOf(hostile, reader)) {
                if (packet.payload() != null) {
                    tally.count("framing", FramingCheck.check(packet.payload()) > 0 ? "sound" : "malformed");
                }
                streams.add(packet.streamId());
                account.give(packet);
                send(packet, sequencer);
            }
            if (index % 250 == 0) {
                // Timers fire: those of the scenario's streams every other time, since they are set for an hour.
                sequencer.setClock(index / 250 * STREAM_TIMEOUT.toMillis() / 2);
                drain(sequencer);
            }
        }
        if (number % 2 == 0) {
            drain(sequencer.endInput());
        }
        PacketOrigin origin = scenario.packets().get(0).packet().origin();
        for (String stream : streams) {
            PacketOrigin end =
                    new PacketOrigin(origin.source(), 0, origin.offset() + Scenario.PACKETS, PacketOrigin.NO_TIME);
            send(OpusPacket.end(stream, end), sequencer);
        }
        account.check();
        assertThat(sequencer.stateEntries())
                .as("entries of state of streams that have ended")
                .isZero();
        assertThat(sequencer.timers()).as("timers of streams that have ended").isZero();
        check.checkEnded();
        check.checkExact();
        tally.add("records", "sequenced", Scenario.PACKETS);
    }

    /** What the sequencer gets of a record: of one of RTP as many packets as are in it, which may be none. */
    private List<OpusPacket> packetsOf(HostilePacket hostile, RtpReader reader) {
        OpusPacket packet = hostile.packet();
        if (hostile.rtp() == null) {
            return List.of(packet);
        }
        try {
            List<OpusPacket> packets =
                    reader.read(hostile.rtp(), packet.streamId(), packet.head(), packet.link(), packet.origin());
            tally.count("RTP", packets.isEmpty() ? "RTCP" : packets.size() > 1 ? "with redundant copies" : "alone");
            return packets;
        } catch (MalformedRtpException malformed) {
            tally.count("RTP", "malformed");
            return List.of();
        }
    }

    private void runSteps(long number, StepCheck check) throws Exception {
        long index = number * Scenario.PACKETS;
        for (DecodeStep step : HostileSteps.of(seed, number, seeds, mutator)) {
            last.enter(index);
            index = Math.min(index + 1, (number + 1) * Scenario.PACKETS - 1);
            check.run(step);
        }
        check.checkEnded();
        check.checkExact();
        tally.add("records", "steps without a sequencer", Scenario.PACKETS);
    }

    private void send(OpusPacket packet, SequencerHarness sequencer) throws Exception {
        madeUpTimes
                .computeIfAbsent(packet.streamId(), unseen -> new MadeUpTime())
                .hear(packet);
        stepsOfPacket = 0;
        drain(sequencer.send(packet));
    }

    private void drain(SequencerHarness sequencer) {
        sequencer.drain(this::decode, this::deadLetter);
    }

    private void decode(DecodeStep step) {
        last.advance();
        stepsOfPacket++;
        if (stepsOfPacket > MOST_STEPS) {
            fail("one packet gave more than " + MOST_STEPS + " steps, " + step + " for instance");
        }
        madeUpTimes.get(step.streamId()).add(step);
        account.record(step);
        try {
            decoders.run(step);
        } catch (Exception e) {
            throw new IllegalStateException("the step " + step + " failed", e);
        }
    }

    private void deadLetter(DeadLetter letter) {
        account.record(letter);
        tally.count("dead letters of sequencing", letter.reason());
    }
}
