package dev.decant.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import dev.decant.rtp.RtpReader;
import dev.decant.rtp.RtpSettings;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

/** Whether the simulated network does to packets what it says. */
class NetworkSimulationTest {
    private static final Sender SENDER = Sender.of(packets(20_000));

    @Test
    void aCleanNetworkDeliversWhatWasSent() {
        NetworkSimulation network = simulate(NetworkConditions.CLEAN, 1);

        assertThat(network.arrivals()).extracting(Arrival::packet).isEqualTo(SENDER.packets());
        assertThat(network.lost(SENDER).isEmpty()).isTrue();
    }

    @Test
    void theSameSeedGivesTheSameArrivals() {
        NetworkConditions bad =
                NetworkConditions.CLEAN.losing(0.1, 3).reordering(10).duplicating(0.05);

        assertThat(simulate(bad, 7).arrivals()).isEqualTo(simulate(bad, 7).arrivals());
        assertThat(simulate(bad, 8).arrivals()).isNotEqualTo(simulate(bad, 7).arrivals());
    }

    @Test
    void lossHasItsRateAndItsBursts() {
        BitSet lost = simulate(NetworkConditions.CLEAN.losing(0.2, 4), 1).lost(SENDER);
        long bursts = lost.stream().filter(number -> !lost.get(number - 1)).count();

        assertThat(lost.cardinality() / 20_000.0).isCloseTo(0.2, within(0.02));
        assertThat((double) lost.cardinality() / bursts).isCloseTo(4, within(0.4));
    }

    @Test
    void noPacketIsOvertakenByMoreThanItMayBe() {
        List<Integer> numbers = numbers(simulate(NetworkConditions.CLEAN.reordering(10), 1));

        int furthest = IntStream.range(0, numbers.size())
                .map(place -> Math.abs(numbers.get(place) - place))
                .max()
                .orElseThrow();
        assertThat(furthest).isBetween(6, 10);
        assertThat(numbers).doesNotHaveDuplicates().hasSize(20_000);
    }

    @Test
    void anotherOrderHasTheSamePackets() {
        NetworkSimulation network =
                simulate(NetworkConditions.CLEAN.losing(0.1, 2).reordering(5).duplicating(0.1), 1);
        NetworkSimulation other = network.inAnotherOrder(2);

        assertThat(numbers(other)).isNotEqualTo(numbers(network)).containsExactlyInAnyOrderElementsOf(numbers(network));
    }

    @Test
    void copiesBringBackWhatWasLostBeforeThem() {
        NetworkConditions conditions = NetworkConditions.CLEAN.losing(0.2, 2);
        BitSet lost = simulate(conditions, 3).lost(SENDER);
        NetworkSimulation redundant = simulate(conditions.redundant(1), 3);

        // One copy: of each burst the last packet.
        BitSet lastOfBursts = new BitSet();
        lost.stream().filter(number -> !lost.get(number + 1)).forEach(lastOfBursts::set);
        assertThat(redundant.onlyCopied(SENDER)).isEqualTo(lastOfBursts);
        lost.andNot(lastOfBursts);
        assertThat(redundant.lost(SENDER)).isEqualTo(lost);
    }

    @Test
    void numbersAndTimestampsWrapOverRtp() {
        Sender sender = SENDER.from(65_534, 0xFFFF_FFFFL - 959).as(42);
        List<OpusPacket> packets = NetworkSimulation.of(List.of(sender), NetworkConditions.CLEAN.redundant(1), 1)
                .overRtp("stream");

        assertThat(packets.subList(0, 7))
                .extracting(OpusPacket::sequenceNumber)
                .containsExactly(65_534L, 65_534L, 65_535L, 65_535L, 0L, 0L, 1L);
        assertThat(packets.subList(0, 7))
                .extracting(OpusPacket::timestamp)
                .containsExactly(0xFFFF_FC40L, 0xFFFF_FC40L, 0L, 0L, 960L, 960L, 1_920L);
        assertThat(packets.subList(0, 3))
                .extracting(packet -> packet.rtp().redundant())
                .containsExactly(false, true, false);
        assertThat(packets.get(0).rtp().ssrc()).isEqualTo(42);
    }

    @Test
    void aRecordOverRtpHasTheBytesOfItsStandards() {
        byte[] first = {8, 1, 2};
        byte[] second = {8, 3};
        Sender sender =
                new Sender(0xAABBCCDDL, 5, 48, List.of(new SentPacket(0, 0, first), new SentPacket(1, 960, second)));
        List<Arrival> arrivals = NetworkSimulation.of(List.of(sender), NetworkConditions.CLEAN.redundant(1), 1)
                .arrivals();

        assertThat(arrivals.get(0).rtp()).containsExactly(bytes("806f 0005 00000030 aabbccdd", "080102"));
        // RFC 2198, section 3: F = 1, 7 bits type, 14 bits age (960), 10 bits length (3); F = 0, type.
        int block = 1 << 31 | 111 << 24 | 960 << 10 | 3;
        assertThat(arrivals.get(1).rtp())
                .containsExactly(
                        bytes("803f 0006 000003f0 aabbccdd", String.format("%08x", block), "6f", "080102", "0803"));
    }

    @Test
    void theBytesOfARecordSayWhatItsPacketsSay() throws Exception {
        Sender sender = Sender.of(packets(1_000)).from(65_000, 0xFFFF_0000L).as(0xFEED_BEEFL);
        NetworkConditions conditions =
                NetworkConditions.CLEAN.losing(0.1, 2).reordering(3).redundant(2);
        RtpSettings settings = new RtpSettings(
                List.of(RtpSettings.USUAL_OPUS_PAYLOAD_TYPE),
                List.of(RtpSettings.USUAL_RED_PAYLOAD_TYPE),
                RtpSettings.SeveralSsrcs.REFUSE);
        RtpReader reader = new RtpReader(settings, new UnregisteredMetricsGroup());

        for (Arrival arrival :
                NetworkSimulation.of(List.of(sender), conditions, 1).arrivals()) {
            List<OpusPacket> said = arrival.overRtp("stream", 0);
            PacketOrigin origin = said.get(0).origin();
            List<OpusPacket> read = reader.read(arrival.rtp(), "stream", null, OpusPacket.ABSENT, origin);

            assertThat(read).usingRecursiveComparison().isEqualTo(said);
        }
    }

    @Test
    void aSenderFollowsWhenNothingOfTheOtherIsOnItsWay() {
        Sender first = Sender.of(packets(100));
        Sender second = first.as(2);
        NetworkSimulation network = NetworkSimulation.of(
                List.of(first, second), NetworkConditions.CLEAN.reordering(10).duplicating(0.2), 1);

        List<Sender> speaking = network.arrivals().stream().map(Arrival::sender).toList();
        assertThat(speaking.lastIndexOf(first) + 1).isEqualTo(speaking.indexOf(second));
    }

    private static NetworkSimulation simulate(NetworkConditions conditions, long seed) {
        return NetworkSimulation.of(List.of(SENDER), conditions, seed);
    }

    private static List<Integer> numbers(NetworkSimulation network) {
        return network.arrivals().stream()
                .map(arrival -> arrival.packet().number())
                .toList();
    }

    /** SILK, one frame of 20 ms each. */
    private static List<SentPacket> packets(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> new SentPacket(
                        number,
                        number * 960L,
                        ByteBuffer.allocate(5).put((byte) 8).putInt(number).array()))
                .toList();
    }

    private static byte[] bytes(String... hexadecimal) {
        return HexFormat.of().parseHex(String.join("", hexadecimal).replace(" ", ""));
    }
}
