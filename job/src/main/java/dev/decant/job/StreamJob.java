package dev.decant.job;

import static dev.decant.job.OptionValues.get;
import static dev.decant.job.OptionValues.require;
import static dev.decant.job.UsageException.usage;

import dev.decant.audio.PcmFrame;
import dev.decant.decode.DecodeSettings;
import dev.decant.decode.IsolationSettings;
import dev.decant.decode.LiveLimits;
import dev.decant.decode.SequencerSettings;
import dev.decant.file.WavFiles;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The live job: packets from Kafka, PCM to Kafka, to WAV files, or to both, dead letters to Kafka. Everything that can
 * be wrong with options, topics and folders is found before the job is submitted.
 */
final class StreamJob {
    private final Configuration options;
    private final Configuration effective;
    private final DeliveryGuarantee guarantee;
    private final DecodePipeline pipeline;

    private StreamJob(Configuration options, Configuration cluster) {
        this.options = new Configuration(options);
        JobDefaults.completeLive(this.options, cluster);
        effective = new Configuration(cluster);
        effective.addAll(this.options);
        guarantee = require(options, DecantOptions.PCM_DELIVERY);
        pipeline = pipeline();
    }

    /**
     * The job that the options describe.
     *
     * @param options what the user said
     * @param cluster what the cluster's configuration says
     * @throws UsageException if an option, a topic or a folder cannot be used
     */
    static StreamJob of(Configuration options, ReadableConfig cluster) {
        return new StreamJob(options, Configuration.fromMap(cluster.toMap()));
    }

    /**
     * Adds the job to {@code environment}.
     *
     * @throws UsageException if Kafka's clients cannot take a property as it was given
     */
    void addTo(StreamExecutionEnvironment environment) {
        environment.configure(KafkaOptions.withoutClientProperties(options), StreamJob.class.getClassLoader());
        try {
            pipeline.addTo(environment);
        } catch (IllegalArgumentException wrong) {
            throw usage(wrong.getMessage());
        }
    }

    private DecodePipeline pipeline() {
        if (guarantee == DeliveryGuarantee.NONE) {
            throw usage("--delivery (pcm.delivery) is none: take exactly-once or at-least-once");
        }
        DecodeSettings decoding = decoding(options);
        KafkaEnds kafka = new KafkaEnds(options, guarantee);
        Optional<WavFiles> wavFiles = get(options, DecantOptions.WAV_FOLDER)
                .map(folder -> wavFiles(WavFiles.in(new Path(folder))
                        .segment(get(options, DecantOptions.WAV_SEGMENT).orElse(null))
                        .maxOpenFiles(require(options, DecantOptions.WAV_MAX_OPEN_FILES))));
        List<Consumer<DataStream<PcmFrame>>> outputs = new ArrayList<>();
        if (kafka.takePcm()) {
            outputs.add(kafka::writePcm);
        }
        wavFiles.ifPresent(files -> outputs.add(files::write));
        if (outputs.isEmpty()) {
            throw usage("the PCM has nowhere to go: name a topic with --pcm-topic (pcm.topic), a folder with --out"
                    + " (wav.folder), or both");
        }
        if (guarantee == DeliveryGuarantee.EXACTLY_ONCE) {
            JobDefaults.requireDurableCheckpoints(effective, ", or take --delivery at-least-once");
        }
        check(kafka);
        return new DecodePipeline(kafka::readPackets, decoding, outputs, kafka::writeDeadLetters);
    }

    private static void check(KafkaEnds kafka) {
        try {
            kafka.check();
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
                    require(options, DecantOptions.DECODER_MAX_STREAMS),
                    require(options, DecantOptions.DECODER_COMPLEXITY),
                    require(options, DecantOptions.DECODER_PHASE_INVERSION),
                    require(options, DecantOptions.DECODER_VERIFY),
                    new LiveLimits(
                            require(options, DecantOptions.DECODER_MAX_LIVE),
                            get(options, DecantOptions.DECODER_MEMORY)
                                    .map(MemorySize::getBytes)
                                    .orElse(null)),
                    require(options, DecantOptions.DECODER_RECOVERY),
                    require(options, DecantOptions.DECODER_IMAGE_INTERVAL),
                    new IsolationSettings(
                            require(options, DecantOptions.DECODER_ISOLATION),
                            require(options, DecantOptions.DECODER_ISOLATION_CHECKPOINTS),
                            require(options, DecantOptions.DECODER_DEADLINE)),
                    new SequencerSettings(
                            require(options, DecantOptions.PACKETS_STREAM_TIMEOUT),
                            require(options, DecantOptions.PACKETS_REORDER_WINDOW),
                            require(options, DecantOptions.PACKETS_REORDER_TIME),
                            get(options, DecantOptions.PACKETS_MAX_WAIT).orElse(null),
                            require(options, DecantOptions.LOSS_MAX_CONCEALMENT)));
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
        wavFiles(WavFiles.in(new Path(folder)));
    }

    private static WavFiles wavFiles(WavFiles.Builder builder) {
        try {
            WavFiles files = builder.build();
            files.requireWritable();
            return files;
        } catch (IllegalArgumentException wrong) {
            throw usage(wrong.getMessage());
        } catch (IOException unwritable) {
            throw UsageException.failed(unwritable.getMessage(), unwritable);
        }
    }
}
