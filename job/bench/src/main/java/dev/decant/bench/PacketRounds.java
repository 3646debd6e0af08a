package dev.decant.bench;

import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import dev.decant.bench.PipelineSettings.Life;
import java.util.List;

/**
 * Packets of many streams that go on for ever: one of each stream, then the next of each. Every stream is made of the same
 * packets, but begins somewhere else among them. {@code loop.c} takes the same ones.
 */
final class PacketRounds {
    /** Rounds after which every stream was ended once. */
    static final int ROUNDS_OF_ENDS = PipelineSettings.IMAGE_INTERVAL + 1;

    static final int PACKETS_OF_A_SHORT_STREAM = 20;

    /** Its packets, and the null value that ends it. */
    private static final int ROUNDS_OF_A_SHORT_STREAM = PACKETS_OF_A_SHORT_STREAM + 1;

    private static final int MILLIS_OF_A_ROUND = 20;

    private final byte[][] packets;
    private final String[] streamIds;
    private final Life life;
    private final long firstTime;

    private int newStreams;

    /**
     * @param packets that streams are made of
     * @param life of each stream
     * @param firstTime record time of the first round, ms
     */
    PacketRounds(List<byte[]> packets, int streams, Life life, long firstTime) {
        this.packets = packets.toArray(byte[][]::new);
        this.life = life;
        this.firstTime = firstTime;
        streamIds = new String[streams];
        for (int stream = 0; stream < streams; stream++) {
            streamIds[stream] = streamId(stream);
        }
    }

    static String streamId(int stream) {
        return "stream-" + stream;
    }

    /** The stream that a packet is of. */
    int stream(long index) {
        return (int) (index % streamIds.length);
    }

    /**
     * A packet, or the end of a stream. They are asked for in order.
     *
     * @param index from 0, over all streams
     */
    OpusPacket packet(long index) {
        int stream = stream(index);
        int round = (int) (index / streamIds.length);
        PacketOrigin origin = new PacketOrigin("generated", 0, index, firstTime + (long) round * MILLIS_OF_A_ROUND);
        if (endsIn(stream, round)) {
            return OpusPacket.end(streamIds[stream], origin);
        }
        if (life == Life.SHORT && roundOfShortStream(stream, round) == 0) {
            streamIds[stream] = streamId(streamIds.length + newStreams++);
        }
        return OpusPacket.plain(streamIds[stream], packets[(31 * stream + round) % packets.length], origin);
    }

    /**
     * Streams that had all begun in the same round would all be due for an image in the same round, too; short streams do not
     * all end in the same round either.
     */
    private boolean endsIn(int stream, int round) {
        return switch (life) {
            case FOR_EVER -> false;
            case ENDED_ONCE -> round == 1 + stream % PipelineSettings.IMAGE_INTERVAL;
            case SHORT -> roundOfShortStream(stream, round) == PACKETS_OF_A_SHORT_STREAM;
        };
    }

    /** None of the first streams begins with its end, which would be a packet that nothing comes of. */
    private static int roundOfShortStream(int stream, int round) {
        return (stream % PACKETS_OF_A_SHORT_STREAM + round) % ROUNDS_OF_A_SHORT_STREAM;
    }
}
