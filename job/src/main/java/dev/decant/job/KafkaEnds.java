package dev.decant.job;

import static dev.decant.job.OptionValues.get;
import static dev.decant.job.OptionValues.require;
import static dev.decant.job.UsageException.usage;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.DeadLetter;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame;
import dev.decant.kafka.ChunkLength;
import dev.decant.kafka.DeadLetterSplitter;
import dev.decant.kafka.KafkaDeadLetterSink;
import dev.decant.kafka.KafkaPacketSource;
import dev.decant.kafka.KafkaPcmSink;
import dev.decant.kafka.KafkaTopics;
import dev.decant.kafka.PcmChunks;
import dev.decant.kafka.TransactionAgeCheck;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The ends of a job that lie in Kafka: packets come in, PCM and dead letters go out. */
final class KafkaEnds {
    private final String brokers;
    private final Map<String, String> properties;
    private final DeliveryGuarantee guarantee;
    private final String transactionalIdPrefix;
    private final boolean failOnExpiredTransaction;
    private final Optional<List<String>> packetTopics;
    private final Optional<Pattern> packetTopicPattern;
    private final Optional<String> pcmTopic;
    private final Optional<ChunkLength> chunkLength;
    private final long chunkMemory;
    private final PcmFormat pcmFormat;
    private final String deadLetterTopic;
    private final KafkaPacketSource.Builder source;

    private Duration transactionTimeout;
    private int maxDeadLetterBytes;
    private int maxPcmBytes;

    /**
     * Reads the options; nothing is asked of the brokers yet.
     *
     * @throws UsageException if one is missing or cannot be read
     */
    KafkaEnds(Configuration options, DeliveryGuarantee guarantee) {
        this.guarantee = guarantee;
        packetTopics = get(options, DecantOptions.PACKETS_TOPIC);
        packetTopicPattern = get(options, DecantOptions.PACKETS_TOPIC_PATTERN).map(KafkaOptions::pattern);
        if (packetTopics.isPresent() == packetTopicPattern.isPresent()) {
            throw usage("name the packet topics with --topic (packets.topic), or with --topic-pattern"
                    + " (packets.topic-pattern) those to come as well: one of the two");
        }
        brokers = KafkaOptions.brokers(options);
        properties = KafkaOptions.clientProperties(options);
        pcmTopic = get(options, DecantOptions.PCM_TOPIC);
        chunkLength = chunkLength(options);
        chunkMemory = require(options, DecantOptions.PCM_CHUNK_MEMORY).getBytes();
        // No stream is known yet: chunks of those with more than the usual channels are shorter if they must be.
        pcmFormat = new PcmFormat(
                require(options, DecantOptions.PCM_SAMPLE_FORMAT),
                require(options, DecantOptions.PCM_RATE),
                get(options, DecantOptions.PCM_CHANNELS).orElse(ChannelLayout.USUAL_CHANNELS));
        deadLetterTopic = require(options, DecantOptions.DEAD_LETTERS_TOPIC);
        transactionalIdPrefix = get(options, DecantOptions.TRANSACTIONAL_ID_PREFIX)
                .orElseGet(() -> require(options, DecantOptions.PACKETS_GROUP));
        failOnExpiredTransaction = require(options, DecantOptions.FAIL_ON_EXPIRED_TRANSACTION);
        source = KafkaPacketSource.builder()
                .brokers(brokers)
                .group(require(options, DecantOptions.PACKETS_GROUP))
                .startAt(KafkaOptions.start(options, DecantOptions.PACKETS_START))
                .endAt(KafkaOptions.end(options))
                .properties(properties);
        packetTopics.ifPresent(source::topics);
        packetTopicPattern.ifPresent(source::topicPattern);
        KafkaOptions.rtp(options).ifPresent(source::rtp);
    }

    private static Optional<ChunkLength> chunkLength(Configuration options) {
        Optional<Duration> length = get(options, DecantOptions.PCM_CHUNK);
        if (length.isPresent() && get(options, DecantOptions.PCM_TOPIC).isEmpty()) {
            throw usage(
                    "--chunk (pcm.chunk) is about the records of a PCM topic: name one with --pcm-topic (pcm.topic),"
                            + " or leave it out");
        }
        try {
            return length.map(duration -> new ChunkLength(duration, require(options, DecantOptions.PCM_RATE)));
        } catch (IllegalArgumentException wrong) {
            throw usage(wrong.getMessage());
        }
    }

    /** Whether PCM goes to Kafka. */
    boolean takePcm() {
        return pcmTopic.isPresent();
    }

    /**
     * Asks the brokers for the topics and what this user may do with them, how long they keep a transaction, and how long
     * records may be.
     *
     * @throws dev.decant.kafka.TopicException if they do not answer, or a topic cannot be used
     * @throws IllegalArgumentException if the PCM topic cannot hold chunks of the wanted length
     */
    void check() {
        try (KafkaTopics topics = KafkaTopics.connect(brokers, properties)) {
            Set<String> packets = packetTopics
                    .map(topics::requirePacketTopics)
                    .orElseGet(() -> topics.requirePacketTopics(packetTopicPattern.orElseThrow()))
                    .keySet();
            packets.forEach(topic -> topics.requireReadable("packet topic", topic));
            pcmTopic.ifPresent(topic -> requireOutputTopic(topics, "PCM topic", topic));
            requireOutputTopic(topics, "dead-letter topic", deadLetterTopic);
            transactionTimeout = topics.maxTransactionTimeout();
            if (chunkLength.isPresent()) {
                maxPcmBytes = Math.min(
                        topics.maxRecordBytes(pcmTopic.orElseThrow()),
                        KafkaPcmSink.maxRequestBytes(brokers, properties));
                chunkLength.get().requireFits(pcmFormat, maxPcmBytes);
            }
            maxDeadLetterBytes = topics.maxRecordBytes(deadLetterTopic);
        }
    }

    private void requireOutputTopic(KafkaTopics topics, String role, String topic) {
        topics.requireOutputTopic(role, topic);
        topics.requireWritable(role, topic);
        if (guarantee == DeliveryGuarantee.EXACTLY_ONCE) {
            // Who wants to know which of its transactions are open on a topic has to be allowed to read it.
            topics.requireReadable(role, topic);
        }
    }

    DecodePipeline.Packets readPackets(StreamExecutionEnvironment environment) {
        SingleOutputStreamOperator<OpusPacket> packets = environment
                .fromSource(
                        source.build(), WatermarkStrategy.noWatermarks(), "Packets from Kafka", KafkaPacketSource.TYPE)
                .uid("kafka-packets")
                .process(new DeadLetterSplitter())
                .name("Unreadable records aside")
                .uid("kafka-unreadable-records");
        return new DecodePipeline.Packets(packets, packets.getSideOutput(DeadLetterSplitter.DEAD_LETTERS));
    }

    void writePcm(DataStream<PcmFrame> frames) {
        KafkaPcmSink.Builder sink = KafkaPcmSink.builder()
                .brokers(brokers)
                .topic(pcmTopic.orElseThrow())
                .guarantee(guarantee)
                .transactionalIdPrefix(
                        KafkaOptions.transactionalIdPrefix(transactionalIdPrefix, pcmTopic.orElseThrow()))
                .transactionTimeout(transactionTimeout)
                .properties(properties);
        if (chunkLength.isPresent()) {
            writePcm(PcmChunks.of(frames, chunkLength.get(), maxPcmBytes, chunkMemory), sink.buildForChunks());
        } else {
            writePcm(frames, sink.build());
        }
    }

    private <T> void writePcm(DataStream<T> pcm, Sink<T> sink) {
        checkedForAge(pcm, "pcm-transaction-age")
                .sinkTo(sink)
                .name("PCM to Kafka")
                .uid("kafka-pcm");
    }

    void writeDeadLetters(DataStream<DeadLetter> letters) {
        checkedForAge(letters, "dead-letter-transaction-age")
                .sinkTo(KafkaDeadLetterSink.builder()
                        .brokers(brokers)
                        .topic(deadLetterTopic)
                        .guarantee(guarantee)
                        .transactionalIdPrefix(
                                KafkaOptions.transactionalIdPrefix(transactionalIdPrefix, deadLetterTopic))
                        .transactionTimeout(transactionTimeout)
                        .maxRecordBytes(maxDeadLetterBytes)
                        .properties(properties)
                        .build())
                .name("Dead letters to Kafka")
                .uid("kafka-dead-letters");
    }

    private <T> DataStream<T> checkedForAge(DataStream<T> written, String uid) {
        if (guarantee != DeliveryGuarantee.EXACTLY_ONCE) {
            return written;
        }
        return TransactionAgeCheck.before(written, transactionTimeout, failOnExpiredTransaction)
                .name("Check the age of transactions")
                .uid(uid);
    }
}
