package dev.decant.job;

import dev.decant.decode.DecodeSettings;
import dev.decant.decode.Decoding;
import dev.decant.file.WavManifest;
import dev.decant.job.RecordingProducer.Sent;
import dev.decant.kafka.KafkaTopics;
import dev.decant.kafka.PacketProducer;
import dev.decant.local.KafkaBroker;
import dev.decant.local.LocalFlink;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Recordings through a real broker and the live job to WAV files: the same graph that runs in production, ended at the
 * last packet that was there when it began.
 */
final class Demo {
    private static final String PACKET_TOPIC = "packets";
    private static final String DEAD_LETTER_TOPIC = "dead-letters";
    private static final int PARTITIONS = 4;

    private final List<RecordingFile> recordings;
    private final Path out;
    private final Configuration given;
    private final PrintWriter terminal;

    /**
     * @param out the folder for the WAV files
     * @param given options of decoding, and any other that the user set
     */
    Demo(List<RecordingFile> recordings, Path out, Configuration given, PrintWriter terminal) {
        this.recordings = recordings;
        this.out = out;
        this.given = given;
        this.terminal = terminal;
    }

    /** Runs it, and tells whether every recording was decoded whole. */
    boolean run() throws Exception {
        Decoding.requirePossibleHere(StreamJob.decoding(given));
        StreamJob.requireWritable(out.toUri());
        terminal.println("Starting a Kafka broker ...");
        try (KafkaBroker broker = KafkaBroker.start()) {
            List<Sent> sent = produce(broker.bootstrapServers());
            Configuration options = options(broker.bootstrapServers());
            try (LocalFlink flink = LocalFlink.start(options)) {
                options.set(
                        CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                        flink.folder().resolve("checkpoints").toUri().toString());
                long start = System.nanoTime();
                decode(flink, options, sent);
                double seconds = (System.nanoTime() - start) / 1e9;
                DemoTable table = DemoTable.of(
                        sent, written(), DeadLetterCounts.read(broker.bootstrapServers(), DEAD_LETTER_TOPIC), out);
                table.print(terminal, seconds);
                return table.isWhole();
            }
        }
    }

    /** What the output folder holds, but for the files of earlier runs in another rate or format. */
    private List<WavManifest.Entry> written() throws IOException {
        DecodeSettings decoding = StreamJob.decoding(given);
        return WavManifest.read(new org.apache.flink.core.fs.Path(out.toUri())).stream()
                .filter(entry -> entry.format().rate() == decoding.rate()
                        && entry.format().sampleFormat() == decoding.sampleFormat())
                .toList();
    }

    private List<Sent> produce(String brokers) {
        try (KafkaTopics kafka = KafkaTopics.connect(brokers, Map.of())) {
            kafka.create(PACKET_TOPIC, PARTITIONS);
            kafka.create(DEAD_LETTER_TOPIC, 1);
        }
        terminal.println("Kafka broker at " + brokers + "; producing packets ...");
        List<Sent> sent = new ArrayList<>();
        try (PacketProducer producer = new PacketProducer(brokers, PACKET_TOPIC, Map.of())) {
            new RecordingProducer(producer).send(recordings, sent::add);
        }
        terminal.printf(
                "Produced %,d packets of %d recordings%n",
                sent.stream().mapToLong(Sent::packets).sum(), recordings.size());
        return sent;
    }

    private Configuration options(String brokers) {
        Configuration options = new Configuration(given);
        options.set(DecantOptions.BROKERS, brokers);
        options.set(DecantOptions.PACKETS_TOPIC, List.of(PACKET_TOPIC));
        options.set(DecantOptions.PACKETS_START, "earliest");
        options.set(DecantOptions.PACKETS_END, "latest");
        options.set(DecantOptions.WAV_FOLDER, out.toUri().toString());
        options.set(DecantOptions.DEAD_LETTERS_TOPIC, DEAD_LETTER_TOPIC);
        // Who watches wants to see a failure, not a job that tries for ever.
        options.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        return options;
    }

    private void decode(LocalFlink flink, Configuration options, List<Sent> sent) throws Exception {
        StreamExecutionEnvironment environment = flink.newEnvironment();
        StreamJob.of(options, environment.getConfiguration()).addTo(environment);
        terminal.println("Decoding on a local Flink, to be watched at " + flink.webUrl());
        JobClient job = environment.executeAsync("Decant demo");
        long packets = sent.stream().mapToLong(Sent::packets).sum();
        new JobProgress(flink.webUrl(), job.getJobID(), packets).show(job.getJobExecutionResult(), terminal);
    }
}
