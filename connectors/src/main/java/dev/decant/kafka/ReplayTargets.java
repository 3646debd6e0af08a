package dev.decant.kafka;

import dev.decant.audio.CarrierHeader;
import dev.decant.audio.DeadLetter;
import dev.decant.audio.PacketOrigin;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.internals.Topic;

/**
 * Where dead letters are put back. The record of a letter is the one that came, of the time that it had, with
 * {@link DeadLetterHeaders#REPLAYS} counted up.
 *
 * <p>On the topic that it came from it goes to the partition that it came from: whatever chose that partition may not be
 * Kafka's own hash of the key, and a stream must stay in one. On another topic, and where that partition is no more, its
 * key says where it goes.
 */
final class ReplayTargets {
    private static final int MAX_KNOWN = 1_000;

    private final KafkaTopics topics;
    private final String topic;
    private final int maxRequestBytes;
    /** By the names that dead letters give, which may be anything. */
    private final Map<String, Optional<Target>> known = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<Target>> eldest) {
            return size() > MAX_KNOWN;
        }
    };

    /**
     * A topic that there is.
     *
     * @param oldest records of a time before this it does not take, or deletes at once; milliseconds since 1970
     * @param maxRecordBytes what topic and producer take
     */
    private record Target(String topic, int partitions, long oldest, int maxRecordBytes) {}

    /**
     * @param topics stays the caller's, who closes it
     * @param topic for every letter; null: each goes where it came from
     * @param maxRequestBytes what the producer takes
     * @throws TopicException if {@code topic} does not exist or is compacted
     */
    ReplayTargets(KafkaTopics topics, String topic, int maxRequestBytes) {
        this.topics = topics;
        this.topic = topic;
        this.maxRequestBytes = maxRequestBytes;
        if (topic != null) {
            known.put(topic, Optional.of(target(topic)));
        }
    }

    /**
     * What is to be sent for a letter that is whole.
     *
     * @throws UnreplayableException if its topic is no more, or would not take it or not keep it
     * @throws TopicException if its topic is compacted, or the brokers do not answer
     */
    ProducerRecord<byte[], byte[]> record(DeadLetter letter) throws UnreplayableException {
        PacketOrigin origin = letter.origin();
        Target target = target(origin);
        boolean isTimed = origin.recordTime() != PacketOrigin.NO_TIME;
        if (isTimed && origin.recordTime() < target.oldest()) {
            throw new UnreplayableException(
                    "its time, " + Instant.ofEpochMilli(origin.recordTime())
                            + ", is longer ago than topic \"" + target.topic()
                            + "\" keeps records: raise its retention.ms (message.timestamp.before.max.ms), or name another topic");
        }
        Headers headers = headers(letter);
        long bytes = RecordBytes.of(letter.key(), letter.value(), headers);
        if (bytes > target.maxRecordBytes()) {
            throw new UnreplayableException("it has up to " + bytes + " bytes, and topic \"" + target.topic()
                    + "\" (max.message.bytes) or the producer (max.request.size) takes " + target.maxRecordBytes());
        }
        boolean isBack = target.topic().equals(origin.source()) && origin.partition() < target.partitions();
        return new ProducerRecord<>(
                target.topic(),
                isBack ? origin.partition() : null,
                isTimed ? origin.recordTime() : null,
                letter.key(),
                letter.value(),
                headers);
    }

    private Target target(PacketOrigin origin) throws UnreplayableException {
        String name = topic == null ? origin.source() : topic;
        Optional<Target> target = known.get(name);
        if (target == null) {
            target = topics.exists(name) ? Optional.of(target(name)) : Optional.empty();
            if (Topic.isValid(name)) {
                known.put(name, target);
            }
        }
        return target.orElseThrow(() -> new UnreplayableException(
                "it came from \"" + name + "\", and there is no such topic: name another one"));
    }

    private Target target(String name) {
        int partitions = topics.requirePacketTopics(List.of(name)).get(name);
        Optional<Duration> maxAge = topics.maxRecordAge(name);
        return new Target(
                name,
                partitions,
                maxAge.map(age -> System.currentTimeMillis() - age.toMillis()).orElse(Long.MIN_VALUE),
                Math.min(maxRequestBytes, topics.maxRecordBytes(name)));
    }

    private static Headers headers(DeadLetter letter) {
        Headers headers = new RecordHeaders();
        Header replays = null;
        for (CarrierHeader came : letter.headers()) {
            Header header = new RecordHeader(came.name(), came.value());
            if (came.name().equals(DeadLetterHeaders.REPLAYS)) {
                replays = header;
            } else {
                headers.add(header);
            }
        }
        headers.add(DecimalHeader.of(DeadLetterHeaders.REPLAYS, 1 + count(replays)));
        return headers;
    }

    /** A header of the producer's that holds no count is none of ours. */
    private static long count(Header replays) {
        try {
            return replays == null ? 0 : DecimalHeader.read(replays, 0, Integer.MAX_VALUE);
        } catch (MalformedRecordException e) {
            return 0;
        }
    }
}
