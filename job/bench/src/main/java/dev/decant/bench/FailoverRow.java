package dev.decant.bench;

import dev.decant.local.FlinkCluster;
import dev.decant.local.KafkaBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.apache.flink.client.program.rest.RestClusterClient;

/**
 * {@code failover-time}: from {@code kill -9} of the TaskManager to the first committed PCM of a packet that was sent after
 * it, with recovery on and with recovery off.
 */
final class FailoverRow {
    private static final String NAME = "failover-time";
    private static final int STREAMS = 50;
    private static final int REPETITIONS = 5;
    private static final int SAMPLES_OF_A_PACKET = Sound.RATE / 50;

    /** Packets of a stream that are committed before the kill: some seconds, so that there is an image and a log. */
    private static final int PACKETS_BEFORE = 350;

    private FailoverRow() {}

    /**
     * @param target the folder where packets are put
     */
    static Row of(Path target) {
        return Row.reported(
                NAME,
                "50 streams over Kafka, checkpoints every second, recovery on / off: kill -9 to the first new PCM",
                effort -> measure(target));
    }

    private static Repetitions measure(Path target) throws IOException, InterruptedException {
        Path packetFile = target.resolve(NAME + ".packets");
        DecoderRow.writePackets(Mix.SILK, packetFile);
        List<byte[]> packets = PacketFile.read(packetFile);
        try (KafkaBroker broker = KafkaBroker.start();
                FlinkCluster cluster = FlinkCluster.start(1, 1)) {
            return new Killer(broker, cluster, packets).measure();
        }
    }

    /** Kills TaskManagers of a cluster. Between repetitions it has one. */
    private static final class Killer {
        private final KafkaBroker broker;
        private final FlinkCluster cluster;
        private final List<byte[]> packets;
        private int taskManager;
        private int jobs;

        private Killer(KafkaBroker broker, FlinkCluster cluster, List<byte[]> packets) {
            this.broker = broker;
            this.cluster = cluster;
            this.packets = packets;
        }

        private Repetitions measure() throws InterruptedException {
            List<Failover> on = new ArrayList<>();
            List<Failover> off = new ArrayList<>();
            Repetitions.Builder pairs = new Repetitions.Builder("s");
            for (int repetition = 0; repetition < REPETITIONS; repetition++) {
                on.add(failover(true));
                off.add(failover(false));
                pairs.add(
                        on.get(repetition).total() / 1_000.0,
                        off.get(repetition).total() / 1_000.0);
            }
            pairs.note(parts("recovery on", on));
            pairs.note(parts("recovery off", off));
            return pairs.build();
        }

        private Failover failover(boolean recovery) throws InterruptedException {
            String name = "failover-" + jobs++;
            List<String> options =
                    List.of("-D", "execution.checkpointing.interval=1s", "-D", "decoder.recovery=" + recovery);
            String brokers = broker.bootstrapServers();
            try (ClusterJob job = ClusterJob.start(broker, cluster, name, options);
                    LiveStreams streams = new LiveStreams(brokers, job.packetTopic(), STREAMS, packets);
                    CommittedPcm pcm = new CommittedPcm(brokers, job.pcmTopic(), streams)) {
                pcm.await((long) PACKETS_BEFORE * SAMPLES_OF_A_PACKET);
                // It waits for the job, as a standby does; nothing but the job has to start again.
                int standby = cluster.addTaskManager();
                long sent = streams.sent() + 1;
                long killed = System.currentTimeMillis();
                cluster.killTaskManager(taskManager);
                taskManager = standby;
                long seen = pcm.await(sent * SAMPLES_OF_A_PACKET);
                return Failover.of(client(), job.id(), killed, seen);
            }
        }

        private RestClusterClient<?> client() {
            return (RestClusterClient<?>) cluster.client();
        }
    }

    private static String parts(String what, List<Failover> failovers) {
        return String.format(
                Locale.ROOT,
                "%s, medians: detection %.2f s, restart delay %.2f s, restore %.2f s, first new PCM %.2f s",
                what,
                median(failovers, Failover::detection),
                median(failovers, Failover::restart),
                median(failovers, Failover::restore),
                median(failovers, Failover::firstPcm));
    }

    /** Seconds. */
    private static double median(List<Failover> failovers, ToLongFunction<Failover> part) {
        long[] sorted = failovers.stream().mapToLong(part).sorted().toArray();
        return sorted[sorted.length / 2] / 1_000.0;
    }
}
