package dev.decant.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.network.Speech.Option;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whether the packets of speech are what they are said to be. */
class SpeechTest {
    @Test
    void aPauseIsSentAsOnePacketThatHoldsNothing() throws Exception {
        List<SentPacket> packets =
                Speech.sample("welcome").then(Speech.sample("bonjour")).packets(Option.DISCONTINUOUS_TRANSMISSION);

        List<SentPacket> first =
                packets.stream().filter(packet -> packet.payload().length == 1).toList();
        assertThat(first).hasSizeGreaterThan(2);
        assertThat(first.subList(0, first.size() - 1)).allSatisfy(packet -> {
            SentPacket next = packets.get(packet.number() + 1);
            assertThat(next.payload().length).isGreaterThan(2);
        });
        long gaps = IntStream.range(1, packets.size())
                .filter(i -> packets.get(i).timestamp() > packets.get(i - 1).end())
                .count();
        assertThat(gaps).isGreaterThan(1);
    }
}
