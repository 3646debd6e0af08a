package dev.decant.bench;

import dev.decant.local.FlinkCluster;
import dev.decant.local.KafkaBroker;
import dev.decant.opus.OpusEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code kafka-…}: a whole job, from Kafka to Kafka, exactly-once, against a C loop over as many streams. */
final class KafkaRow {
    private static final int STREAMS = 1_000;

    /** Some seconds of work; as many rounds of the streams as make whole chunks, so that all turns write the same. */
    private static final int PACKETS_OF_TURN = 200_000;

    /** More than a million packets, and every stream has been ended. */
    private static final int WARM_UP_TURNS = 6;

    private static final int TURNS = 10;

    /** What Flink, Kafka and recovery may take together, µs a packet. */
    private static final double MOST_OVERHEAD = 12;

    private final String name;
    private final List<String> options;
    private final int packetsOfRecord;
    private final Path target;

    private KafkaRow(String name, List<String> options, int packetsOfRecord, Path target) {
        this.name = name;
        this.options = options;
        this.packetsOfRecord = packetsOfRecord;
        this.target = target;
    }

    /** @param target the folder of the compiled {@code c-loop}, where packets are put as well */
    static List<Row> all(Path target) {
        return List.of(
                new KafkaRow("kafka-chunks", List.of("--chunk", "1s"), 50, target).row("chunks of 1 s", 0.7),
                new KafkaRow("kafka-frames", List.of(), 1, target).row("records of 20 ms", 0.6));
    }

    /** @param leastShare the target: the C loop takes so much of it, or more */
    private Row row(String records, double leastShare) {
        String description =
                Mix.SILK.description() + ", 1,000 streams, Kafka to Kafka, exactly-once, to 16 kHz s16le, " + records;
        return Row.judged(name, description, 1 / leastShare, effort -> measure())
                .againstC(MOST_OVERHEAD);
    }

    private Repetitions measure() throws IOException, InterruptedException {
        Path packets = target.resolve(name + ".packets");
        DecoderRow.writePackets(Mix.SILK, packets);
        return measure(packets);
    }

    private Repetitions measure(Path packets) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(KafkaPipeline.OPTIONS);
        all.addAll(options);
        try (OpusEngine engine = OpusEngine.open(DecoderBenchmark.ENGINE, List.of());
                CLoop loop = CLoop.ofStreams(
                        target,
                        engine.description().file(),
                        packets,
                        KafkaPipeline.RATE,
                        Mix.SILK.channels(),
                        STREAMS);
                KafkaBroker broker = KafkaBroker.start();
                FlinkCluster cluster = KafkaPipeline.cluster();
                ClusterJob job = ClusterJob.start(broker, cluster, name, all);
                KafkaPipeline pipeline =
                        new KafkaPipeline(broker, cluster, job, PacketFile.read(packets), STREAMS, packetsOfRecord)) {
            return measure(pipeline, loop);
        }
    }

    private Repetitions measure(KafkaPipeline pipeline, CLoop loop) throws IOException, InterruptedException {
        for (int turn = 0; turn < WARM_UP_TURNS; turn++) {
            pipeline.turn(PACKETS_OF_TURN);
            loop.decode(PACKETS_OF_TURN);
        }
        Map<String, Long> before = pipeline.threadTimes();
        Repetitions.Builder pairs = new Repetitions.Builder("µs CPU a packet");
        for (int turn = 0; turn < TURNS; turn++) {
            pairs.add(microseconds(pipeline.turn(PACKETS_OF_TURN)), microseconds(loop.decode(PACKETS_OF_TURN)));
        }
        Map<String, Long> after = pipeline.threadTimes();
        if (pipeline.finalHash() != loop.hash()) {
            throw new BenchException(name + ": the job and the C loop give different samples");
        }
        pairs.note(String.format(
                Locale.ROOT,
                "of it garbage collector %s, checkpoints in the background %s; left out the compiler: %s",
                mean(before, after, ThreadTimes.COLLECTOR),
                mean(before, after, ThreadTimes.CHECKPOINTS),
                mean(before, after, ThreadTimes.COMPILER)));
        return pairs.build();
    }

    /** Over all turns, µs a packet. */
    private static String mean(Map<String, Long> before, Map<String, Long> after, String threads) {
        return String.format(Locale.ROOT, "%.2f", microseconds(after.get(threads) - before.get(threads)) / TURNS);
    }

    /** Of a packet. */
    private static double microseconds(long nanosOfTurn) {
        return nanosOfTurn / 1_000.0 / PACKETS_OF_TURN;
    }
}
