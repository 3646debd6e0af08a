package dev.decant.fuzz;

import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A few hostile streams that are sent through one partition by turns, with packets out of order and twice. A seed and a number
 * give one scenario: whatever goes wrong in it, it is found again by running this scenario alone.
 *
 * @param packets in the order in which they come; the streams are not ended
 */
public record Scenario(List<HostilePacket> packets) {
    /** Packets a scenario, ends not counted. */
    public static final int PACKETS = 1_000;

    private static final int STREAMS = 6;

    /** The scenario of that number, from 0. */
    public static Scenario of(long seed, long number, SeedPackets seeds, PacketMutator mutator) {
        SplittableRandom random = Indexed.random(~seed, number);
        List<HostileStream> streams = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            streams.add(new HostileStream("stream-" + number + "-" + i, seeds, mutator, random.split()));
        }
        int unruly = random.nextInt(3) * random.nextInt(20);
        long first = number * PACKETS;
        List<HostilePacket> packets = new ArrayList<>();
        while (packets.size() < PACKETS) {
            HostilePacket next = streams.get(random.nextInt(STREAMS)).next(first + packets.size());
            packets.add(next);
            if (random.nextInt(100) < unruly && packets.size() < PACKETS) {
                packets.add(next);
            }
            if (random.nextInt(100) < unruly) {
                packets.add(
                        packets.size() - random.nextInt(Math.min(12, packets.size())) - 1,
                        packets.remove(packets.size() - 1));
            }
        }
        for (int i = 0; i < PACKETS; i++) {
            packets.set(i, at(first + i, packets.get(i)));
        }
        return new Scenario(packets);
    }

    /** The packet at the place that it came to. */
    private static HostilePacket at(long index, HostilePacket hostile) {
        OpusPacket packet = hostile.packet();
        PacketOrigin origin = packet.origin();
        return new HostilePacket(
                new OpusPacket(
                        packet.streamId(),
                        packet.payload(),
                        packet.sequenceNumber(),
                        packet.timestamp(),
                        packet.head(),
                        packet.link(),
                        packet.trimStart(),
                        packet.trimEnd(),
                        packet.finalRange(),
                        new PacketOrigin(origin.source(), origin.partition(), index, origin.recordTime()),
                        packet.rtp()),
                hostile.rtp(),
                hostile.mutation(),
                hostile.lie());
    }
}
