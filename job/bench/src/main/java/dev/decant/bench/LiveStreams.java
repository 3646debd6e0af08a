package dev.decant.bench;

import dev.decant.kafka.PacketProducer;
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

    @Override
    public void close() {
        thread.shutdownNow();
        producer.close();
    }

    private void sendOneOfEach() {
        byte[] packet = packets.get(sent % packets.size());
        for (int stream = 0; stream < streams; stream++) {
            producer.send(PacketSource.streamId(stream), packet);
        }
        sent = sent + 1;
    }
}
