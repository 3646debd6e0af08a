package dev.decant.job;

import dev.decant.kafka.PacketProducer;
import dev.decant.opus.TestStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Streams that are being spoken while something else happens: every 20 ms a packet of each stream goes to Kafka, from
 * its first to its last and then from the first again, until the stream is ended.
 */
final class EndlessStreams implements AutoCloseable {
    private static final long MILLIS_BETWEEN = 20;

    private final PacketProducer producer;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final Map<String, TestStream> speaking = new TreeMap<>();
    private final Map<String, List<byte[]>> sent = new TreeMap<>();
    private final ScheduledFuture<?> sending;

    /** Begins at once. */
    EndlessStreams(JobTopics topics) {
        producer = topics.producer();
        sending = thread.scheduleAtFixedRate(this::sendOneOfEach, 0, MILLIS_BETWEEN, TimeUnit.MILLISECONDS);
    }

    /** Another stream begins. */
    void begin(TestStream stream) throws InterruptedException {
        onThread(() -> {
            speaking.put(stream.name(), stream);
            sent.put(stream.name(), new ArrayList<>());
        });
    }

    /** A stream ends. */
    void end(String streamId) throws InterruptedException {
        onThread(() -> {
            speaking.remove(streamId);
            producer.end(streamId);
            producer.flush();
        });
    }

    /** The packets of a stream that were sent so far. */
    List<byte[]> sent(String streamId) throws InterruptedException {
        List<byte[]> packets = new ArrayList<>();
        onThread(() -> packets.addAll(sent.get(streamId)));
        return packets;
    }

    @Override
    public void close() {
        thread.shutdownNow();
        producer.close();
    }

    private void sendOneOfEach() {
        speaking.forEach((streamId, stream) -> {
            List<byte[]> before = sent.get(streamId);
            byte[] packet =
                    stream.packets().get(before.size() % stream.packets().size());
            producer.send(streamId, packet);
            before.add(packet);
        });
    }

    private void onThread(Runnable action) throws InterruptedException {
        try {
            if (sending.isDone()) {
                sending.get();
            }
            Future<?> done = thread.submit(action);
            done.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("packets could not be sent: " + e.getCause(), e);
        }
    }
}
