package dev.decant.bench;

import dev.decant.local.FlinkCluster;
import dev.decant.local.KafkaBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code latency}: from a packet in Kafka to its PCM in Kafka, at-least-once and exactly-once, at about half load. */
final class LatencyRow {
    private static final String NAME = "latency";

    /** 22,500 packets a second: half of what a core decodes, by {@code kafka-frames}. */
    private static final int STREAMS = 450;

    private static final int PACKETS_OF_SECOND = 50 * STREAMS;
    private static final int REPETITIONS = 3;

    /** At least; then the compiler is through. */
    private static final int WARM_UP_SECONDS = 30;

    private static final int SECONDS = 20;
    private static final int MOST_MILLIS = 100;

    private LatencyRow() {}

    /** @param target the folder where packets are put */
    static Row of(Path target) {
        return Row.reported(
                NAME,
                "450 streams, 22,500 packets/s, records of 20 ms: 99th percentile, at-least-once / exactly-once with a"
                        + " checkpoint every second",
                effort -> measure(target));
    }

    private static Repetitions measure(Path target) throws IOException, InterruptedException {
        Path packetFile = target.resolve(NAME + ".packets");
        DecoderRow.writePackets(Mix.SILK, packetFile);
        try (KafkaBroker broker = KafkaBroker.start();
                FlinkCluster cluster = KafkaPipeline.cluster()) {
            return new Jobs(broker, cluster, PacketFile.read(packetFile)).measure();
        }
    }

    /** Of one cluster, one after the other. */
    private static final class Jobs {
        private final KafkaBroker broker;
        private final FlinkCluster cluster;
        private final List<byte[]> packets;
        private int started;

        private Jobs(KafkaBroker broker, FlinkCluster cluster, List<byte[]> packets) {
            this.broker = broker;
            this.cluster = cluster;
            this.packets = packets;
        }

        private Repetitions measure() throws InterruptedException {
            List<long[]> atLeastOnce = new ArrayList<>();
            List<long[]> exactlyOnce = new ArrayList<>();
            Repetitions.Builder pairs = new Repetitions.Builder("ms");
            // Broker and TaskManager are cold for the first job, and work on what it left behind longer than its
            // warm-up.
            atLeastOnce();
            for (int repetition = 0; repetition < REPETITIONS; repetition++) {
                atLeastOnce.add(atLeastOnce());
                exactlyOnce.add(exactlyOnce());
                pairs.add(quantile(atLeastOnce.get(repetition), 0.99), quantile(exactlyOnce.get(repetition), 0.99));
            }
            Repetitions measured = pairs.build();
            pairs.note(describe("at-least-once, read_uncommitted", atLeastOnce) + "; "
                    + (measured.ours() <= MOST_MILLIS ? "at most" : "more than") + " the " + MOST_MILLIS
                    + " ms that the 99th is meant to take");
            pairs.note(describe("exactly-once, read_committed", exactlyOnce));
            return pairs.build();
        }

        private long[] atLeastOnce() throws InterruptedException {
            return latencies(List.of("--delivery", "at-least-once"), PcmFollower.WRITTEN);
        }

        private long[] exactlyOnce() throws InterruptedException {
            return latencies(
                    List.of("--delivery", "exactly-once", "-D", "execution.checkpointing.interval=1s"),
                    PcmFollower.COMMITTED);
        }

        /** Of a new job, {@link PcmLatency#measure}. */
        private long[] latencies(List<String> delivery, Map<String, Object> isolation) throws InterruptedException {
            List<String> options = new ArrayList<>(delivery);
            options.addAll(List.of("--rate", Integer.toString(KafkaPipeline.RATE)));
            String brokers = broker.bootstrapServers();
            try (ClusterJob job = ClusterJob.start(broker, cluster, NAME + "-" + started++, options);
                    LiveStreams streams = new LiveStreams(brokers, job.packetTopic(), STREAMS, packets);
                    PcmLatency pcm = new PcmLatency(
                            brokers, job.pcmTopic(), isolation, streams, KafkaPipeline.SAMPLES_OF_A_PACKET)) {
                return pcm.measure(WARM_UP_SECONDS * PACKETS_OF_SECOND, SECONDS * PACKETS_OF_SECOND);
            }
        }
    }

    private static String describe(String what, List<long[]> repetitions) {
        return String.format(
                Locale.ROOT,
                "%s, medians: half within %.0f ms, 99 of 100 within %.0f ms, all within %.0f ms",
                what,
                median(repetitions, 0.5),
                median(repetitions, 0.99),
                median(repetitions, 1));
    }

    private static double median(List<long[]> repetitions, double share) {
        return Repetitions.quantile(repetitions.stream().mapToDouble(sorted -> quantile(sorted, share)), 0.5);
    }

    private static double quantile(long[] sorted, double share) {
        return sorted[(int) Math.ceil(share * sorted.length) - 1];
    }
}
