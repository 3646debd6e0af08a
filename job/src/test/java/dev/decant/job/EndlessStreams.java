package dev.decant.job;

import dev.decant.kafka.PacketProducer;
import dev.decant.opus.TestStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Streams that are being spoken while something else happens: every 20 ms a packet of each stream goes to Kafka, from
 * its first to its last and then from the first again, until the stream is ended. Of one thread, besides the one that
 * sends.
 */
final class EndlessStreams implements AutoCloseable {
    private static final long MILLIS_BETWEEN = 20;

    private final PacketProducer producer;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    /** Of the sending thread. */
    private final Map<String, TestStream> sending = new TreeMap<>();

    private final Map<String, List<byte[]>> sent = new ConcurrentHashMap<>();
    private final Set<String> live = new TreeSet<>();
    private final ScheduledFuture<?> clock;

    /** Begins at once. */
    EndlessStreams(JobTopics topics) {
        producer = topics.producer();
        clock = thread.scheduleAtFixedRate(this::sendOneOfEach, 0, MILLIS_BETWEEN, TimeUnit.MILLISECONDS);
    }

    /** Another stream begins. */
    void begin(TestStream stream) throws InterruptedException {
        live.add(stream.name());
        sent.put(stream.name(), Collections.synchronizedList(new ArrayList<>()));
        onThread(() -> sending.put(stream.name(), stream));
    }

    /** A stream ends; its end is in Kafka when this returns. */
    void end(String streamId) throws InterruptedException {
        live.remove(streamId);
        onThread(() -> {
            sending.remove(streamId);
            producer.end(streamId);
            producer.flush();
        });
    }

    void endAll() throws InterruptedException {
        for (String streamId : live()) {
            end(streamId);
        }
    }

    /**
     * Sends a packet between two of a stream that nothing can decode.
     *
     * @param packet 20 ms long; the job is to conceal it
     */
    void sendUndecodable(String streamId, byte[] packet) throws InterruptedException {
        onThread(() -> {
            sent.get(streamId).add(null);
            producer.send(streamId, packet);
        });
    }

    /** The streams that have begun and not ended. */
    Set<String> live() {
        return new TreeSet<>(live);
    }

    /** Every stream that has begun. */
    Set<String> all() {
        return new TreeSet<>(sent.keySet());
    }

    /** The packets of a stream that were sent so far, null for those that nothing can decode. It grows while this goes on. */
    List<byte[]> sent(String streamId) {
        return Collections.unmodifiableList(sent.get(streamId));
    }

    @Override
    public void close() {
        thread.shutdownNow();
        producer.close();
    }

    private void sendOneOfEach() {
        sending.forEach((streamId, stream) -> {
            List<byte[]> before = sent.get(streamId);
            byte[] packet =
                    stream.packets().get(before.size() % stream.packets().size());
            before.add(packet);
            producer.send(streamId, packet);
        });
    }

    private void onThread(Runnable action) throws InterruptedException {
        try {
            if (clock.isDone()) {
                clock.get();
            }
            thread.submit(action).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("packets could not be sent: " + e.getCause(), e);
        }
    }
}
