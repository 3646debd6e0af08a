package dev.decant.bench;

import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import dev.decant.kafka.PacketProducer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Streams that are being spoken: every 20 ms a packet of each goes to Kafka, until it is closed. */
final class LiveStreams implements AutoCloseable {
    private static final int MILLIS_BETWEEN = 20;

    private final List<Long> times = Collections.synchronizedList(new ArrayList<>());
    private final PacketProducer producer;
    private final List<byte[]> packets;
    private final int streams;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledFuture<?> sending;

    private volatile int sent;

    /** Begins at once. */
    LiveStreams(String brokers, String topic, int streams, List<byte[]> packets) {
        this.producer = new PacketProducer(brokers, topic, Map.of());
        this.packets = packets;
        this.streams = streams;
        this.sending = thread.scheduleAtFixedRate(this::sendOneOfEach, 0, MILLIS_BETWEEN, TimeUnit.MILLISECONDS);
    }

    /**
     * How many packets of every stream were sent at least; a packet that is sent later has this number or a higher one,
     * counted from 0, but for the one of each stream that may be on its way now.
     *
     * @throws BenchException if they are not sent any more
     */
    int sent() throws InterruptedException {
        if (sending.isDone()) {
            try {
                sending.get();
            } catch (ExecutionException e) {
                throw new BenchException("packets could not be sent", e.getCause());
            }
        }
        return sent;
    }

    /**
     * The record time of packets that were sent, {@link System#currentTimeMillis} when the first of them was.
     *
     * @param number from 0; there is one packet of each stream with that
     */
    long time(int number) {
        return times.get(number);
    }

    @Override
    public void close() {
        thread.shutdownNow();
        producer.close();
    }

    private void sendOneOfEach() {
        byte[] packet = packets.get(sent % packets.size());
        long now = System.currentTimeMillis();
        times.add(now);
        PacketOrigin origin = new PacketOrigin("", 0, 0, now);
        for (int stream = 0; stream < streams; stream++) {
            producer.send(OpusPacket.plain(PacketRounds.streamId(stream), packet, origin));
        }
        sent = sent + 1;
    }
}
