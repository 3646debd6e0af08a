package dev.decant.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.audio.OpusPacket;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame;
import dev.decant.decode.DecodeMetrics.Use;
import dev.decant.decode.DecodeStep.Kind;
import dev.decant.network.NetworkConditions;
import dev.decant.network.NetworkSimulation;
import dev.decant.network.Sender;
import dev.decant.network.SentPacket;
import dev.decant.network.Speech;
import dev.decant.network.Speech.Option;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Real speech through networks that lose, repeat and reorder packets, sequencer and decoder. */
class BadNetworkTest {
    /** Decoders stay in memory here. */
    private static final TestSettings SETTINGS = TestSettings.USUAL.recovery(false);

    private static final PcmFormat FORMAT = SETTINGS.format(1);
    private static final String STREAM = "speaker";
    private static final double[] LOSS_RATES = {0, 0.05, 0.1, 0.2, 0.3};

    private static final List<String> SPEAKERS =
            List.of("livekitcli_hello-emma.ogg", "livekitcli_change-clint.ogg", "livekitcli_change-elena.ogg");

    /** By network, of the speech with pauses. */
    private static final Map<Network, Reception> RECEPTIONS = new HashMap<>();

    private static List<SentPacket> withPauses;
    private static List<SentPacket> withoutPauses;

    /** How packets are carried. */
    private enum Carrier {
        /** Headers {@code opus.seq} and {@code opus.timestamp}. */
        HEADERS,
        /** RTP, whose numbers and timestamps wrap on the way. */
        RTP,
        /** RTP with two copies of each packet. */
        RTP_WITH_RED
    }

    private record Network(double lossRate, int reordering, Carrier carrier) {
        NetworkSimulation simulate(List<SentPacket> packets) {
            return simulate(sender(packets));
        }

        NetworkSimulation simulate(Sender... senders) {
            NetworkConditions conditions =
                    new NetworkConditions(lossRate, 2.5, reordering, 0.05, carrier == Carrier.RTP_WITH_RED ? 2 : 0);
            return NetworkSimulation.of(List.of(senders), conditions, 4);
        }

        List<OpusPacket> packets(NetworkSimulation simulation) {
            return carrier == Carrier.HEADERS ? simulation.numbered(STREAM) : simulation.overRtp(STREAM);
        }

        Heard heard(NetworkSimulation simulation, Sender sender) {
            return new Heard(simulation, sender, carrier == Carrier.RTP_WITH_RED);
        }

        /** On RTP both wrap a second after the beginning. */
        private Sender sender(List<SentPacket> packets) {
            Sender sender = Sender.of(packets);
            return carrier == Carrier.HEADERS ? sender : sender.from(0x1_0000 - 50, 0x1_0000_0000L - 48_000);
        }

        @Override
        public String toString() {
            return Math.round(100 * lossRate) + " % lost, reordered by " + reordering + ", " + carrier;
        }
    }

    static Stream<Network> networks() {
        List<Network> networks = new ArrayList<>();
        for (double lossRate : LOSS_RATES) {
            for (int reordering : new int[] {0, 10}) {
                for (Carrier carrier : Carrier.values()) {
                    networks.add(new Network(lossRate, reordering, carrier));
                }
            }
        }
        return networks.stream();
    }

    static Stream<Network> networksThatReorder() {
        return networks().filter(network -> network.reordering() > 0);
    }

    @BeforeAll
    static void speak() throws Exception {
        Speech speech = Speech.sample("welcome").then(Speech.sample("bonjour"));
        withPauses = speech.packets(Option.FORWARD_ERROR_CORRECTION, Option.DISCONTINUOUS_TRANSMISSION);
        withoutPauses = speech.packets(Option.FORWARD_ERROR_CORRECTION);
    }

    @AfterAll
    static void forget() {
        RECEPTIONS.clear();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void everyPacketPlaysOnceWhereItBelongsAndLossesAreMadeUpFor(Network network) throws Exception {
        assertPlayed(network, network.simulate(withPauses), reception(network));
        NetworkSimulation simulation = network.simulate(withoutPauses);
        assertPlayed(network, simulation, receive(network, simulation));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void thePcmIsOneTimelineToTheSample(Network network) throws Exception {
        NetworkSimulation simulation = network.simulate(withPauses);
        long ticks = simulation.senders().get(0).ticks();

        assertOneTimeline(reception(network), ticks);
        assertOneTimeline(Reception.of(network.packets(simulation), SETTINGS.rate(16_000)), ticks / 3);
    }

    @ParameterizedTest
    @MethodSource("networks")
    void noPacketIsUnaccountedFor(Network network) throws Exception {
        NetworkSimulation simulation = network.simulate(withPauses);
        List<OpusPacket> packets = network.packets(simulation);
        Reception reception = reception(network);

        long copies = packets.stream()
                .filter(packet -> packet.rtp() != null && packet.rtp().redundant())
                .count();
        long used = counted(reception, Use.USED);
        long unused = counted(reception, Use.UNUSED);
        long duplicates = reception.counted(DecodeMetrics.DUPLICATE_PACKETS);
        Sender sender = simulation.senders().get(0);

        assertThat(reception.deadLetters()).isEmpty();
        assertThat(packets).hasSize((int) (count(reception, Kind.PACKET) + duplicates + unused));
        assertThat(used + unused).isEqualTo(copies);
        assertThat(reception.counted(DecodeMetrics.LOST_PACKETS))
                .isEqualTo(network.heard(simulation, sender).lostPackets());
        if (network.reordering() == 0) {
            assertThat(used).isEqualTo(simulation.onlyCopied(sender).cardinality());
        } else {
            // A copy may come before its original, and then need not wait for it.
            assertThat(used)
                    .isGreaterThanOrEqualTo(simulation.onlyCopied(sender).cardinality());
        }
    }

    @ParameterizedTest
    @MethodSource("networksThatReorder")
    void theOrderOfArrivalDoesNotMatterWhereTheWindowSuffices(Network network) throws Exception {
        NetworkSimulation simulation = network.simulate(withPauses);
        Reception reception = reception(network);
        for (long seed = 1; seed <= 2; seed++) {
            Reception other = receive(network, simulation.inAnotherOrder(seed));

            assertThat(other.frames()).extracting(PcmFrame::outcome).isEqualTo(outcomes(reception));
            assertSame(other.pcm(), reception.pcm());
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void theSamplesAreThoseOfTheCApiForTheSameSteps(Network network) throws Exception {
        Reception reception = reception(network);

        assertSame(reception.pcm(), PlainReceiver.play(reception.steps(), FORMAT));
    }

    @Test
    void theSamplesAreThoseOfAReceiverInC(@TempDir Path folder) throws Exception {
        Path receiver = PlainReceiver.compile(folder);
        for (Network network : networks().toList()) {
            Reception reception = reception(network);

            assertSame(reception.pcm(), PlainReceiver.playInC(receiver, folder, reception.steps(), FORMAT));
        }
    }

    /** All of the above would hold of speech in which nothing happens. */
    @Test
    void theSpeechHasLossesThatAreRecoveredConcealedAndFilledAndPauses() throws Exception {
        Network network = new Network(0.3, 10, Carrier.HEADERS);
        NetworkSimulation simulation = network.simulate(withPauses);
        Reception reception = reception(network);

        Sender sender = simulation.senders().get(0);
        assertThat(network.heard(simulation, sender).recoverable()).isGreaterThan(20);
        assertThat(reception.steps())
                .extracting(DecodeStep::kind)
                .contains(Kind.PACKET, Kind.FEC, Kind.CONCEAL, Kind.FILL, Kind.COMFORT_NOISE);
    }

    /** A copy is better than what is made up: with copies, and only where they came, the loss is not heard. */
    @Test
    void redundantCopiesAreUsedBeforeErrorCorrection() throws Exception {
        Network plain = new Network(0.2, 10, Carrier.RTP);
        Network redundant = new Network(0.2, 10, Carrier.RTP_WITH_RED);
        NetworkSimulation simulation = redundant.simulate(withPauses);
        BitSet onlyCopied = simulation.onlyCopied(simulation.senders().get(0));

        long playedOfPlain = count(reception(plain), Kind.PACKET);
        long playedOfRedundant = count(reception(redundant), Kind.PACKET);

        assertThat(onlyCopied.cardinality()).isGreaterThan(20);
        assertThat(playedOfRedundant - playedOfPlain).isEqualTo(onlyCopied.cardinality());
    }

    @ParameterizedTest
    @EnumSource
    void realSpeakersArePlayedInTheSameWay(Carrier carrier) throws Exception {
        String data = System.getenv("DECANT_TEST_DATA");
        assumeTrue(data != null, "DECANT_TEST_DATA is not set: only the speech that comes with Decant is sent");
        Network network = new Network(0.2, 10, carrier);
        for (String name : SPEAKERS) {
            Path recording = Path.of(data, "recordings", name);
            List<SentPacket> packets = Speech.of(Files.newInputStream(recording), name)
                    .packets(Option.FORWARD_ERROR_CORRECTION, Option.DISCONTINUOUS_TRANSMISSION);
            NetworkSimulation simulation = network.simulate(packets);
            Reception reception = receive(network, simulation);

            assertPlayed(network, simulation, reception);
            assertThat(count(reception, Kind.FEC)).as(name).isPositive();
            assertSame(reception.pcm(), PlainReceiver.play(reception.steps(), FORMAT));
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void aSenderThatRestartsBeginsASegment(Network network) throws Exception {
        Sender first = new Sender(1, 40_000, 3_000_000_000L, withPauses);
        List<Sender> restarts = new ArrayList<>(List.of(first, first.from(7_000, 50_000_000L)));
        if (network.carrier() != Carrier.HEADERS) {
            restarts.add(first.from(65_530, 20).as(2));
        }
        NetworkSimulation simulation = network.simulate(restarts.toArray(Sender[]::new));
        Reception reception = receive(network, simulation);

        assertThat(reception.deadLetters()).isEmpty();
        assertThat(reception.steps())
                .filteredOn(step -> step.kind() == Kind.RESET)
                .hasSize(restarts.size());
        for (int segment = 0; segment < restarts.size(); segment++) {
            network.heard(simulation, restarts.get(segment)).assertPlayed(reception.playing(segment));
        }
        assertSame(reception.pcm(), PlainReceiver.play(reception.steps(), FORMAT));
    }

    /** Of the speech with pauses. */
    private static Reception reception(Network network) throws Exception {
        Reception reception = RECEPTIONS.get(network);
        if (reception == null) {
            reception = receive(network, network.simulate(withPauses));
            RECEPTIONS.put(network, reception);
        }
        return reception;
    }

    private static Reception receive(Network network, NetworkSimulation simulation) throws Exception {
        return Reception.of(network.packets(simulation), SETTINGS);
    }

    private static void assertSame(byte[] pcm, byte[] expected) {
        assertThat(pcm).hasSameSizeAs(expected);
        assertThat(Arrays.mismatch(pcm, expected))
                .as("first byte that differs, -1 for none")
                .isEqualTo(-1);
    }

    private static long counted(Reception reception, Use use) {
        return reception.counted(DecodeMetrics.REDUNDANT_PACKETS, use);
    }

    private static void assertPlayed(Network network, NetworkSimulation simulation, Reception reception) {
        assertThat(reception.steps().get(0).kind()).isEqualTo(Kind.RESET);
        assertThat(reception.steps()).extracting(DecodeStep::segment).containsOnly(0);
        network.heard(simulation, simulation.senders().get(0)).assertPlayed(reception.playing(0));
    }

    private static void assertOneTimeline(Reception reception, long samples) {
        long position = 0;
        for (PcmFrame frame : reception.frames()) {
            assertThat(frame.position()).isEqualTo(position);
            position += frame.sampleCount();
        }
        assertThat(position).isEqualTo(samples);
        assertThat(reception.pcm()).hasSize((int) samples * Short.BYTES);
    }

    private static List<PcmFrame.Outcome> outcomes(Reception reception) {
        return reception.frames().stream().map(PcmFrame::outcome).toList();
    }

    private static long count(Reception reception, Kind kind) {
        return reception.steps().stream().filter(step -> step.kind() == kind).count();
    }
}
