package dev.decant.kafka;

import dev.decant.audio.CarrierHeader;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketHeaders;
import dev.decant.audio.PacketOrigin;
import dev.decant.audio.RtpCarrier;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends packets to a topic, as {@link PacketHeaders} says. The packets of a stream go to one partition, by its ID, in
 * the order in which they were sent; none is sent twice (Kafka's idempotent producer). Sending does not wait: what
 * fails is thrown by the next call, and by {@link #flush} and {@link #close} at the latest.
 *
 * <p>Threads may share a producer; a stream's packets are in order if they come from one thread.
 */
public final class PacketProducer implements AutoCloseable {
    private static final PacketOrigin NOWHERE = new PacketOrigin("", 0, 0, PacketOrigin.NO_TIME);

    private final String brokers;
    private final String topic;
    private final Producer<byte[], byte[]> producer;
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * A producer for {@code topic}; it connects when it first sends.
     *
     * @param brokers where to find the cluster: {@code host:port,host:port}
     * @param properties any property of the Kafka producer, but those that Decant sets itself
     * @throws IllegalArgumentException if something is missing or wrong; the message names it
     * @throws TopicException if the brokers' names cannot be resolved, or the login cannot be set up
     */
    public PacketProducer(String brokers, String topic, Map<String, String> properties) {
        this.brokers = brokers;
        this.topic = TopicNames.require("packet topic", topic);
        Properties producerProperties = ClientProperties.checked(brokers, properties);
        ClientProperties.requireIdempotence(ClientProperties.parseProducer(producerProperties));
        ClientSecrets.requireReadable(brokers, producerProperties);
        try {
            this.producer =
                    new KafkaProducer<>(producerProperties, new ByteArraySerializer(), new ByteArraySerializer());
        } catch (KafkaException e) {
            throw new TopicException(
                    "cannot set up a producer for the brokers at " + brokers + ": " + TopicException.reason(e), e);
        }
    }

    /**
     * Sends a packet; one that {@linkplain OpusPacket#endsStream() ends its stream} or {@linkplain OpusPacket#isLost()
     * is lost} too. Of a packet that came by RTP the whole RTP packet is sent, with all the copies that it carries. The record's time is that of the packet's origin, else now: a recording that is sent faster than it
     * plays keeps its gaps only if its packets have the times at which they would have come.
     *
     * @throws IllegalArgumentException if the stream ID is not 1 to 512 bytes of UTF-8
     * @throws TopicException if this or an earlier packet could not be sent
     */
    public void send(OpusPacket packet) {
        send(record(topic, packet));
    }

    /**
     * Sends a packet of which nothing is known but its bytes; an empty one is lost.
     *
     * @throws TopicException if this or an earlier packet could not be sent
     */
    public void send(String streamId, byte[] payload) {
        send(OpusPacket.plain(streamId, payload, NOWHERE));
    }

    /**
     * Ends a stream.
     *
     * @throws TopicException if this or an earlier packet could not be sent
     */
    public void end(String streamId) {
        send(OpusPacket.end(streamId, NOWHERE));
    }

    /**
     * Ends the stream of one SSRC, of those that are split from each other under a key (RTP).
     *
     * @param ssrc unsigned 32 bit
     * @throws IllegalArgumentException if it is none, or the key is not 1 to 512 bytes of UTF-8
     * @throws TopicException if this or an earlier packet could not be sent
     */
    public void end(String key, long ssrc) {
        send(endRecord(topic, key, ssrc));
    }

    /**
     * Waits until every packet sent so far is in Kafka.
     *
     * @throws TopicException if one of them is not
     */
    public void flush() {
        requireOpen();
        try {
            producer.flush();
        } catch (KafkaException e) {
            throw failed(e);
        }
        throwFailure();
    }

    /**
     * Waits until every packet sent so far is in Kafka, as long as the property {@code delivery.timeout.ms} says, and
     * lets go of the connections. To close twice does nothing.
     *
     * @throws TopicException if one of the packets is not in Kafka
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            producer.close();
            throwFailure();
        }
    }

    /** The record of a packet. */
    static ProducerRecord<byte[], byte[]> record(String topic, OpusPacket packet) {
        long time = packet.origin().recordTime();
        var record = new ProducerRecord<>(
                topic,
                null,
                time == PacketOrigin.NO_TIME ? null : time,
                StreamIds.toBytes(packet.recordKey()),
                packet.recordValue());
        Headers headers = record.headers();
        for (CarrierHeader header : PacketHeaders.of(packet)) {
            headers.add(header.name(), header.value());
        }
        return record;
    }

    /** The record that ends the stream of an SSRC. */
    static ProducerRecord<byte[], byte[]> endRecord(String topic, String key, long ssrc) {
        if (ssrc < 0 || ssrc > RtpCarrier.MAX_SSRC) {
            throw new IllegalArgumentException(
                    "the SSRC is " + ssrc + ": take a number from 0 to " + RtpCarrier.MAX_SSRC);
        }
        ProducerRecord<byte[], byte[]> record = record(topic, OpusPacket.end(key, NOWHERE));
        record.headers().add(DecimalHeader.of(PacketHeaders.SSRC, ssrc));
        return record;
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        requireOpen();
        throwFailure();
        try {
            producer.send(record, (metadata, exception) -> {
                if (exception != null) {
                    failure.compareAndSet(null, exception);
                }
            });
        } catch (KafkaException e) {
            throw failed(e);
        }
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new IllegalStateException("the producer for topic \"" + topic + "\" is closed");
        }
    }

    private void throwFailure() {
        Exception exception = failure.get();
        if (exception != null) {
            throw failed(exception);
        }
    }

    private TopicException failed(Exception exception) {
        return new TopicException(
                "a packet could not be sent to topic \"" + topic + "\" at " + brokers + ": "
                        + TopicException.reason(exception),
                exception);
    }
}
