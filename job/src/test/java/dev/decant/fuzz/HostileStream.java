package dev.decant.fuzz;

import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketFraming;
import dev.decant.audio.PacketOrigin;
import dev.decant.opus.TestStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One stream of a producer that is hostile, or broken, or only unlucky: real packets in order, of which some are damaged and
 * of some is said what is not true. How much of that there is differs from stream to stream, from none to all.
 */
final class HostileStream {
    private static final long NOON = 1_700_000_000_000L;

    private final String streamId;
    private final TestStream source;
    private final PacketMutator mutator;
    private final SplittableRandom random;

    private final int damagedPercent;
    private final int liesPercent;
    private final int lostPercent;
    private final boolean numbered;
    private final boolean timed;
    private final boolean recorded;
    /** Null: the stream does not come by RTP. */
    private final HostileRtp rtp;

    private final boolean headOnAll;
    private final int partition;

    private final int streams;
    private final SeedPackets seeds;

    private int cursor;
    private long sequenceNumber;
    private long timestamp;
    private OpusHead head;
    private long link;
    private long recordTime;
    private long ssrc;

    HostileStream(String streamId, SeedPackets seeds, PacketMutator mutator, SplittableRandom random) {
        this.streamId = streamId;
        this.seeds = seeds;
        this.mutator = mutator;
        this.random = random;
        source = seeds.streams().get(random.nextInt(seeds.streams().size()));
        damagedPercent = oneOf(0, 5, 50, 100);
        liesPercent = oneOf(0, 0, 3, 30);
        lostPercent = oneOf(0, 2, 20);
        rtp = random.nextInt(3) == 0 ? new HostileRtp(random.split()) : null;
        numbered = rtp != null || random.nextInt(3) > 0;
        timed = rtp != null || random.nextInt(3) > 0;
        recorded = random.nextInt(5) > 0;
        headOnAll = random.nextBoolean();
        head = random.nextInt(rtp != null ? 1 : 3) == 0 ? null : OpusHead.of(1 + random.nextInt(2), 312, 0);
        streams = rtp == null && random.nextInt(6) == 0 ? 1 + random.nextInt(6) : 1;
        head = streams > 1 ? HostileHead.ofStreams(streams, random) : head;
        link = random.nextInt(rtp != null ? 1 : 3) == 0 ? OpusPacket.ABSENT : 0;
        sequenceNumber = random.nextBoolean() ? 0 : random.nextInt(1 << 20);
        timestamp = sequenceNumber * source.ticks();
        recordTime = NOON + random.nextInt(100_000);
        ssrc = random.nextInt() & 0xFFFF_FFFFL;
        partition = random.nextInt(3);
        cursor = random.nextInt(source.packets().size());
    }

    /** The packet that the stream sends next. What its origin's offset will be is {@code index}. */
    HostilePacket next(long index) {
        while (random.nextInt(100) < lostPercent) {
            pass(source.ticks());
        }
        List<byte[]> together = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            together.add(source.packets().get((cursor + i) % source.packets().size()));
        }
        byte[] real = seeds.joined(together);
        MutatedPacket sent = random.nextInt(100) < damagedPercent
                ? mutator.mutate(real, index)
                : new MutatedPacket(real, Mutation.NONE);
        long number = sequenceNumber;
        long time = timestamp;
        long recordedAt = recordTime;
        int ticks = PacketFraming.statedDuration(sent.bytes());
        pass(random.nextInt(20) == 0 || ticks == 0 ? source.ticks() : ticks);
        Lie lie = random.nextInt(100) < liesPercent ? Lie.values()[random.nextInt(Lie.values().length)] : Lie.NONE;
        int trimStart = 0;
        int trimEnd = 0;
        long finalRange = OpusPacket.ABSENT;
        byte[] payload = sent.bytes();
        switch (lie) {
            case NONE -> {
                // All of it is true.
            }
            case NUMBER_ONCE -> number = anyNumber(number);
            case NUMBERS_FROM_NOW_ON -> {
                sequenceNumber = anyNumber(sequenceNumber);
                number = sequenceNumber;
            }
            case TIME_ONCE -> time = anyNumber(time);
            case TIMES_FROM_NOW_ON -> {
                timestamp = anyNumber(timestamp);
                time = timestamp;
            }
            case LINK -> link = random.nextInt(4) == 0 ? random.nextLong() | 1 : link + 1;
            case HEAD ->
                head = FramingCheck.checkHead(HostileHead.bytes(random)).orElse(null);
            case TRIMS -> {
                trimStart = anyTrim();
                trimEnd = anyTrim();
            }
            case FINAL_RANGE -> finalRange = random.nextLong() & 0xFFFF_FFFFL;
            case RECORD_TIME_ONCE -> recordedAt = NOON + anyNumber(0) % 1_000_000_000_000L;
            case RECORD_TIMES_FROM_NOW_ON -> {
                recordTime += random.nextInt(2 * 3_600_000) - 3_600_000;
                recordedAt = recordTime;
            }
            case SOURCE -> ssrc = random.nextInt() & 0xFFFF_FFFFL;
            case RTP -> {
                // What is wrong is what carries the packet.
            }
            case LOST -> payload = new byte[0];
            case END -> payload = null;
        }
        PacketOrigin origin = new PacketOrigin(
                "packets", partition, index, recorded ? Math.max(0, recordedAt) : PacketOrigin.NO_TIME);
        OpusPacket packet = new OpusPacket(
                streamId,
                payload,
                numbered ? number : OpusPacket.ABSENT,
                timed ? time : OpusPacket.ABSENT,
                headOnAll || cursor % 50 == 1 || lie == Lie.HEAD ? head : null,
                link,
                trimStart,
                trimEnd,
                finalRange,
                origin);
        return new HostilePacket(packet, rtpOf(packet, lie), sent.mutation(), lie);
    }

    /** The packet as RTP, or null if it does not come so. */
    private byte[] rtpOf(OpusPacket packet, Lie lie) {
        if (rtp == null || packet.endsStream()) {
            return null;
        }
        byte[] sound = rtp.packet(packet.payload(), packet.sequenceNumber(), packet.timestamp(), ssrc);
        boolean damaged = lie == Lie.RTP || random.nextInt(400) < damagedPercent;
        return damaged ? rtp.damaged(sound) : sound;
    }

    private void pass(int ticks) {
        cursor++;
        sequenceNumber++;
        timestamp += ticks;
        recordTime += ticks / 48;
    }

    /** Near, far, at the ends of what 16, 32 and 64 bits hold, or anywhere. */
    private long anyNumber(long near) {
        return switch (random.nextInt(8)) {
            case 0, 1 -> near + random.nextInt(-20, 21);
            case 2 -> near + random.nextInt(-2_000_000, 2_000_001);
            case 3 -> random.nextInt();
            case 4 -> near ^ 1L << random.nextInt(63);
            case 5 -> Long.MAX_VALUE - random.nextInt(3);
            case 6 -> -Long.MAX_VALUE + random.nextInt(3);
            // Anything but what stands for no number.
            default -> Math.max(-Long.MAX_VALUE, random.nextLong());
        };
    }

    private int anyTrim() {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> Integer.MAX_VALUE - random.nextInt(3);
            default -> random.nextInt(2_000);
        };
    }

    private int oneOf(int... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
