package dev.decant.job;

import static dev.decant.job.OptionValues.get;
import static dev.decant.job.OptionValues.require;
import static dev.decant.job.UsageException.usage;

import dev.decant.audio.DeadLetter;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PcmFrame;
import dev.decant.decode.DecodeSettings;
import dev.decant.file.WavFiles;
import dev.decant.kafka.DeadLetterSplitter;
import dev.decant.kafka.KafkaDeadLetterSink;
import dev.decant.kafka.KafkaPacketSource;
import dev.decant.kafka.KafkaPcmSink;
import dev.decant.kafka.KafkaTopics;
import dev.decant.kafka.TransactionAgeCheck;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The live job: packets from Kafka, PCM to Kafka, to WAV files, or to both, dead letters to Kafka. Everything that can
 * be wrong with options, topics and folders is found before the job is submitted.
 */
final class StreamJob {
    private final Configuration options;
    private final Configuration effective;
    private final DeliveryGuarantee guarantee;

    /**
     * @param options what the user said
     * @param cluster what the cluster says
     */
    private StreamJob(Configuration options, Configuration cluster) {
        this.options = options;
        JobDefaults.complete(options, cluster);
        effective = new Configuration(cluster);
        effective.addAll(options);
        guarantee = require(options, DecantOptions.PCM_DELIVERY);
    }

    /**
     * Adds the job to {@code environment}.
     *
     * @throws UsageException if an option, a topic or a folder cannot be used
     */
    static void addTo(StreamExecutionEnvironment environment, Configuration options) {
        StreamJob job = new StreamJob(options, (Configuration) environment.getConfiguration());
        environment.configure(job.options, StreamJob.class.getClassLoader());
        job.pipeline().addTo(environment);
    }

    private DecodePipeline pipeline() {
        DecodeSettings decoding = decoding(options);
        Optional<String> pcmTopic = get(options, DecantOptions.PCM_TOPIC);
        Optional<WavFiles> wavFiles = get(options, DecantOptions.WAV_FOLDER)
                .map(folder -> wavFiles(
                        new Path(folder),
                        get(options, DecantOptions.WAV_SEGMENT).orElse(null)));
        if (pcmTopic.isEmpty() && wavFiles.isEmpty()) {
            throw usage("the PCM has nowhere to go: name a topic with --pcm-topic (pcm.topic), a folder with --out"
                    + " (wav.folder), or both");
        }
        if (guarantee == DeliveryGuarantee.NONE) {
            throw usage("--delivery (pcm.delivery) is none: take exactly-once or at-least-once");
        }
        if (guarantee == DeliveryGuarantee.EXACTLY_ONCE) {
            JobDefaults.requireDurableCheckpoints(effective);
        }
        Optional<List<String>> topics = get(options, DecantOptions.PACKETS_TOPIC);
        Optional<Pattern> pattern =
                get(options, DecantOptions.PACKETS_TOPIC_PATTERN).map(KafkaOptions::pattern);
        if (topics.isPresent() == pattern.isPresent()) {
            throw usage("name the packet topics with --topic (packets.topic), or with --topic-pattern"
                    + " (packets.topic-pattern) those to come as well: one of the two");
        }
        String brokers = KafkaOptions.brokers(options);
        Map<String, String> properties = KafkaOptions.clientProperties(options);
        String deadLetterTopic = require(options, DecantOptions.DEAD_LETTERS_TOPIC);

        try (KafkaTopics kafka = KafkaTopics.connect(brokers, properties)) {
            topics.ifPresent(kafka::requirePacketTopics);
            pattern.ifPresent(kafka::requirePacketTopics);
            pcmTopic.ifPresent(topic -> kafka.requireOutputTopic("PCM topic", topic));
            kafka.requireOutputTopic("dead-letter topic", deadLetterTopic);
            Duration transactionTimeout = kafka.maxTransactionTimeout();

            KafkaPacketSource.Builder source = KafkaPacketSource.builder()
                    .brokers(brokers)
                    .group(require(options, DecantOptions.PACKETS_GROUP))
                    .startAt(KafkaOptions.start(options))
                    .endAt(KafkaOptions.end(options))
                    .properties(properties);
            topics.ifPresent(source::topics);
            pattern.ifPresent(source::topicPattern);

            List<Consumer<DataStream<PcmFrame>>> outputs = new ArrayList<>();
            pcmTopic.ifPresent(topic ->
                    outputs.add(frames -> writeToKafka(frames, topic, brokers, properties, transactionTimeout)));
            wavFiles.ifPresent(files -> outputs.add(files::write));
            KafkaDeadLetterSink.Builder deadLetters = KafkaDeadLetterSink.builder()
                    .brokers(brokers)
                    .topic(deadLetterTopic)
                    .guarantee(guarantee)
                    .transactionalIdPrefix(transactionalIdPrefix("dead-letters"))
                    .transactionTimeout(transactionTimeout)
                    .maxRecordBytes(kafka.maxRecordBytes(deadLetterTopic))
                    .properties(properties);
            return new DecodePipeline(
                    environment -> readPackets(environment, source),
                    decoding,
                    outputs,
                    letters -> writeDeadLetters(letters, deadLetters));
        } catch (IllegalArgumentException wrong) {
            throw usage(wrong.getMessage());
        }
    }

    /** How the options want streams to be decoded. */
    static DecodeSettings decoding(Configuration options) {
        try {
            return new DecodeSettings(
                    require(options, DecantOptions.OPUS_LIBRARY),
                    require(options, DecantOptions.PCM_SAMPLE_FORMAT),
                    require(options, DecantOptions.PCM_RATE),
                    get(options, DecantOptions.PCM_CHANNELS).orElse(null),
                    require(options, DecantOptions.DECODER_COMPLEXITY),
                    require(options, DecantOptions.DECODER_PHASE_INVERSION),
                    require(options, DecantOptions.DECODER_MAX_LIVE));
        } catch (IllegalArgumentException wrong) {
            throw usage(wrong.getMessage());
        }
    }

    /**
     * Makes sure, before anything is started for it, that a folder can be written.
     *
     * @throws UsageException if it cannot
     */
    static void requireWritable(URI folder) {
        wavFiles(new Path(folder), null);
    }

    private static WavFiles wavFiles(Path folder, Duration segment) {
        try {
            WavFiles files = WavFiles.in(folder).segment(segment).build();
            files.requireWritable();
            return files;
        } catch (IllegalArgumentException wrong) {
            throw usage(wrong.getMessage());
        } catch (IOException unwritable) {
            throw UsageException.failed(unwritable.getMessage(), unwritable);
        }
    }

    private static DecodePipeline.Packets readPackets(
            StreamExecutionEnvironment environment, KafkaPacketSource.Builder source) {
        SingleOutputStreamOperator<OpusPacket> packets = environment
                .fromSource(
                        source.build(), WatermarkStrategy.noWatermarks(), "Packets from Kafka", KafkaPacketSource.TYPE)
                .uid("kafka-packets")
                .process(new DeadLetterSplitter())
                .name("Unreadable records aside")
                .uid("kafka-unreadable-records");
        return new DecodePipeline.Packets(packets, packets.getSideOutput(DeadLetterSplitter.DEAD_LETTERS));
    }

    private void writeToKafka(
            DataStream<PcmFrame> frames,
            String topic,
            String brokers,
            Map<String, String> properties,
            Duration transactionTimeout) {
        DataStream<PcmFrame> checked = frames;
        if (guarantee == DeliveryGuarantee.EXACTLY_ONCE) {
            checked = TransactionAgeCheck.before(
                            frames, transactionTimeout, require(options, DecantOptions.FAIL_ON_EXPIRED_TRANSACTION))
                    .name("Check the age of transactions")
                    .uid("pcm-transaction-age");
        }
        checked.sinkTo(KafkaPcmSink.builder()
                        .brokers(brokers)
                        .topic(topic)
                        .guarantee(guarantee)
                        .transactionalIdPrefix(transactionalIdPrefix("pcm"))
                        .transactionTimeout(transactionTimeout)
                        .properties(properties)
                        .build())
                .name("PCM to Kafka")
                .uid("kafka-pcm");
    }

    private static void writeDeadLetters(DataStream<DeadLetter> letters, KafkaDeadLetterSink.Builder sink) {
        letters.sinkTo(sink.build()).name("Dead letters to Kafka").uid("kafka-dead-letters");
    }

    private String transactionalIdPrefix(String sink) {
        return require(options, DecantOptions.TRANSACTIONAL_ID_PREFIX) + "-" + sink;
    }
}
