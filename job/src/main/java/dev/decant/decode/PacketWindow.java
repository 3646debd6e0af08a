package dev.decant.decode;

import dev.decant.audio.OpusPacket;
import dev.decant.audio.OpusPacketSerializer;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;

/**
 * The packets of the current key's stream that have come and cannot be played yet: by number those that wait for one before
 * them, and one stray. Keyed state that packets in order never touch.
 */
final class PacketWindow {
    private final MapState<Long, OpusPacket> waiting;
    private final ValueState<OpusPacket> stray;

    PacketWindow(RuntimeContext context) {
        waiting = context.getMapState(
                new MapStateDescriptor<>("waiting-packets", LongSerializer.INSTANCE, OpusPacketSerializer.INSTANCE));
        stray = context.getState(new ValueStateDescriptor<>("stray-packet", OpusPacketSerializer.INSTANCE));
    }

    void put(long number, OpusPacket packet) throws Exception {
        waiting.put(number, packet);
    }

    /** The packet with that number, or null. */
    OpusPacket get(long number) throws Exception {
        return waiting.get(number);
    }

    /** The packet with that number, which waits no longer, or null. */
    OpusPacket remove(long number) throws Exception {
        OpusPacket packet = waiting.get(number);
        if (packet != null) {
            waiting.remove(number);
        }
        return packet;
    }

    /** The least number that waits; there must be one. */
    long leastNumber() throws Exception {
        long least = Long.MAX_VALUE;
        for (long number : waiting.keys()) {
            least = Math.min(least, number);
        }
        return least;
    }

    void putStray(OpusPacket packet) throws Exception {
        stray.update(packet);
    }

    /** The stray, which is none any longer. */
    OpusPacket removeStray() throws Exception {
        OpusPacket packet = stray.value();
        stray.clear();
        return packet;
    }
}
