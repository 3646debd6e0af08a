package dev.decant.bench;

import dev.decant.audio.OpusPacket;
import dev.decant.kafka.PacketProducer;
import dev.decant.local.FlinkCluster;
import dev.decant.local.KafkaBroker;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.CheckpointType;

/**
 * A whole job, from packets in Kafka to PCM in Kafka, exactly-once, that has a TaskManager for itself. It works when packets are
 * sent to it, and takes checkpoints when it is told to.
 */
final class KafkaPipeline implements AutoCloseable {
    /** Of the PCM, Hz. */
    static final int RATE = 16_000;

    /** Options of the job: no checkpoint but those that it is told to take. */
    static final List<String> OPTIONS =
            List.of("--rate", Integer.toString(RATE), "-D", "execution.checkpointing.interval=1d");

    /** A channel. */
    static final int SAMPLES_OF_A_PACKET = RATE / 50;

    private static final int HEAP_MEGABYTES = 1_024;

    private final FlinkCluster cluster;
    private final ClusterJob job;
    private final PacketProducer producer;
    private final PcmCount written;
    private final PcmCount committed;
    private final PacketRounds rounds;
    private final long taskManager;
    private final ProcessClock clock;
    private final int packetsOfRecord;

    /** Of each stream: packets whose PCM waits for the rest of its record. */
    private final int[] waiting;

    private long sent;
    private long packetsDue;

    /**
     * @param cluster as {@link #cluster} makes it
     * @param job with {@link #OPTIONS}
     * @param packets that streams are made of
     * @param packetsOfRecord packets that a whole record of PCM is made of, by the job's options
     */
    KafkaPipeline(
            KafkaBroker broker,
            FlinkCluster cluster,
            ClusterJob job,
            List<byte[]> packets,
            int streams,
            int packetsOfRecord) {
        String brokers = broker.bootstrapServers();
        this.cluster = cluster;
        this.job = job;
        this.producer = new PacketProducer(brokers, job.packetTopic(), Map.of());
        this.written = new PcmCount(brokers, job.pcmTopic(), PcmFollower.WRITTEN, streams);
        this.committed = new PcmCount(brokers, job.pcmTopic(), PcmFollower.COMMITTED, streams);
        // Of today, since brokers delete what is old.
        this.rounds = new PacketRounds(packets, streams, PipelineSettings.Life.ENDED_ONCE, System.currentTimeMillis());
        this.taskManager = cluster.taskManagerPids().get(0);
        this.clock = new ProcessClock(taskManager);
        this.packetsOfRecord = packetsOfRecord;
        this.waiting = new int[streams];
    }

    /** One TaskManager, with one slot and as much heap as it has in production. */
    static FlinkCluster cluster() throws InterruptedException {
        Configuration configuration = new Configuration()
                .set(TaskManagerOptions.TASK_HEAP_MEMORY, MemorySize.ofMebiBytes(HEAP_MEGABYTES))
                // The time of a compiler's thread that has ended would be taken for the job's.
                .set(CoreOptions.FLINK_TM_JVM_OPTIONS, "-XX:-UseDynamicNumberOfCompilerThreads");
        return FlinkCluster.start(1, 1, configuration);
    }

    /**
     * Sends the next packets and returns when all whole records of their PCM are committed, by one checkpoint.
     *
     * @return CPU time of the TaskManager without the compiler, ns
     */
    long turn(int packets) throws IOException, InterruptedException {
        long compilerBefore = threadTimes().get(ThreadTimes.COMPILER);
        long before = clock.nanos();
        for (long end = sent + packets; sent < end; sent++) {
            send(rounds.packet(sent), rounds.stream(sent));
        }
        commit();
        long process = clock.nanos() - before;
        return process - (threadTimes().get(ThreadTimes.COMPILER) - compilerBefore);
    }

    /** Ends all streams, so that records that are not whole are committed too: a hash of all samples, {@link ComparedStreams}. */
    long finalHash() throws InterruptedException {
        for (int stream = 0; stream < waiting.length; stream++) {
            producer.end(PacketRounds.streamId(stream));
            ended(stream);
        }
        commit();
        return committed.hash();
    }

    /** Of the TaskManager, {@link ThreadTimes}. */
    Map<String, Long> threadTimes() throws IOException {
        return ThreadTimes.of(Long.toString(taskManager));
    }

    @Override
    public void close() {
        producer.close();
        written.close();
        committed.close();
    }

    private void send(OpusPacket packet, int stream) {
        producer.send(packet);
        if (packet.endsStream()) {
            ended(stream);
        } else if (++waiting[stream] == packetsOfRecord) {
            ended(stream);
        }
    }

    /** The record that the stream's PCM waits in is written. */
    private void ended(int stream) {
        packetsDue += waiting[stream];
        waiting[stream] = 0;
    }

    private void commit() throws InterruptedException {
        producer.flush();
        written.await(packetsDue * SAMPLES_OF_A_PACKET);
        try {
            cluster.client()
                    .triggerCheckpoint(job.id(), CheckpointType.CONFIGURED)
                    .get();
        } catch (ExecutionException e) {
            throw new BenchException("a checkpoint failed", e.getCause());
        }
        committed.await(packetsDue * SAMPLES_OF_A_PACKET);
    }
}
