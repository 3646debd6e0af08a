package dev.decant.network;

import dev.decant.audio.OpusPacket;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A network that loses packets, in bursts, repeats them and mixes up their order: what comes out of it, and what nobody
 * who only sees that could know for certain. The same for the same arguments.
 *
 * <p>The first and the last packet of each sender always arrive: of what is lost before or after them there is no trace.
 * A sender that follows another begins a second later, when nothing of the other is on its way any more.
 */
public final class NetworkSimulation {
    private static final long RESTART_TICKS = 48_000;
    private static final long SPACING_TICKS = 960;
    private static final int MOST_COPY_BYTES = (1 << 10) - 1;
    private static final int MOST_COPY_AGE_TICKS = (1 << 14) - 1;

    private final List<Sender> senders;
    private final NetworkConditions conditions;
    private final List<Arrival> delivered;
    private final List<Arrival> arrivals;

    private NetworkSimulation(
            List<Sender> senders, NetworkConditions conditions, List<Arrival> delivered, long orderSeed) {
        this.senders = senders;
        this.conditions = conditions;
        this.delivered = delivered;
        arrivals = mixed(delivered, conditions.reordering(), new SplittableRandom(orderSeed));
    }

    /**
     * Sends.
     *
     * @param senders of one stream, in the order in which they speak
     */
    public static NetworkSimulation of(List<Sender> senders, NetworkConditions conditions, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Arrival> delivered = new ArrayList<>();
        long start = 0;
        for (Sender sender : senders) {
            deliver(sender, conditions, random.split(), start, delivered);
            start += sender.ticks() + RESTART_TICKS;
        }
        return new NetworkSimulation(List.copyOf(senders), conditions, delivered, random.nextLong());
    }

    /** The same packets, lost and delivered, in another order. */
    public NetworkSimulation inAnotherOrder(long orderSeed) {
        return new NetworkSimulation(senders, conditions, delivered, orderSeed);
    }

    public List<Sender> senders() {
        return senders;
    }

    /** What arrives, in the order in which it does. */
    public List<Arrival> arrivals() {
        return arrivals;
    }

    /** What arrives as records with {@code opus.seq} and {@code opus.timestamp}; the copies of RFC 2198 are left out. */
    public List<OpusPacket> numbered(String streamId) {
        return IntStream.range(0, arrivals.size())
                .mapToObj(offset -> arrivals.get(offset).numbered(streamId, offset))
                .toList();
    }

    /** What arrives, over RTP. */
    public List<OpusPacket> overRtp(String streamId) {
        return IntStream.range(0, arrivals.size())
                .mapToObj(offset -> arrivals.get(offset).overRtp(streamId, offset))
                .flatMap(List::stream)
                .toList();
    }

    /** The numbers of a sender's packets that arrived as they were sent, once at least. */
    public BitSet arrived(Sender sender) {
        BitSet numbers = new BitSet();
        of(sender).forEach(arrival -> numbers.set(arrival.packet().number()));
        return numbers;
    }

    /** The numbers of those that did not, but of which a copy came with a later one. */
    public BitSet onlyCopied(Sender sender) {
        BitSet numbers = new BitSet();
        of(sender).forEach(arrival -> arrival.copies().forEach(copy -> numbers.set(copy.number())));
        numbers.andNot(arrived(sender));
        return numbers;
    }

    /** The numbers of those of which nothing came. */
    public BitSet lost(Sender sender) {
        BitSet numbers = new BitSet();
        numbers.set(0, sender.packets().size());
        numbers.andNot(arrived(sender));
        numbers.andNot(onlyCopied(sender));
        return numbers;
    }

    private List<Arrival> of(Sender sender) {
        return delivered.stream().filter(arrival -> arrival.sender() == sender).toList();
    }

    private static void deliver(
            Sender sender, NetworkConditions conditions, SplittableRandom random, long start, List<Arrival> delivered) {
        BurstLoss loss = new BurstLoss(random.split(), conditions.lossRate(), conditions.meanBurst());
        int last = sender.packets().size() - 1;
        for (SentPacket packet : sender.packets()) {
            boolean mayBeLost = packet.number() > 0 && packet.number() < last;
            boolean lost = loss.losesNext() && mayBeLost;
            boolean twice = random.nextDouble() < conditions.duplicateRate();
            if (lost) {
                continue;
            }
            long sentAt = start + packet.timestamp();
            Arrival arrival = new Arrival(sender, packet, copies(sender, packet, conditions), sentAt, sentAt);
            delivered.add(arrival);
            if (twice) {
                delivered.add(arrival);
            }
        }
    }

    /**
     * The packets before {@code packet} that it brings along, oldest first: those next to it, since their place tells their
     * numbers, as far back as RFC 2198 can state age and length.
     */
    private static List<SentPacket> copies(Sender sender, SentPacket packet, NetworkConditions conditions) {
        int first = packet.number();
        while (first > Math.max(0, packet.number() - conditions.redundancy())
                && canCarry(sender.packets().get(first - 1), packet)) {
            first--;
        }
        return sender.packets().subList(first, packet.number());
    }

    /** Whether a block of RFC 2198 can state the age and the length of {@code copy}. */
    private static boolean canCarry(SentPacket copy, SentPacket packet) {
        return packet.timestamp() - copy.timestamp() <= MOST_COPY_AGE_TICKS && copy.payload().length <= MOST_COPY_BYTES;
    }

    /** Each takes its time. */
    private static List<Arrival> mixed(List<Arrival> delivered, int reordering, SplittableRandom random) {
        return delivered.stream()
                .map(arrival -> new Arrival(
                        arrival.sender(),
                        arrival.packet(),
                        arrival.copies(),
                        arrival.sentAt(),
                        arrival.sentAt() + random.nextLong(reordering * SPACING_TICKS + 1)))
                .sorted(Comparator.comparingLong(Arrival::arrivedAt))
                .toList();
    }
}
