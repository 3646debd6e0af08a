package dev.decant.bench;

import dev.decant.kafka.KafkaTopics;
import dev.decant.local.CommandResult;
import dev.decant.local.FlinkCluster;
import dev.decant.local.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;

/** A job of a cluster that decodes mono streams from one topic to another, both its own. It is cancelled when it is closed. */
final class ClusterJob implements AutoCloseable {
    private static final int PARTITIONS = 3;
    private static final Duration TIME_FOR_A_JOB = Duration.ofMinutes(2);

    private final FlinkCluster cluster;
    private final String name;
    private final JobID id;

    private ClusterJob(FlinkCluster cluster, String name, JobID id) {
        this.cluster = cluster;
        this.name = name;
        this.id = id;
    }

    /**
     * Creates the topics, submits the job as users do, and returns when it is running.
     *
     * @param name no two jobs of the broker have the same
     * @param options of {@code stream}, besides those that every job here has
     */
    static ClusterJob start(KafkaBroker broker, FlinkCluster cluster, String name, List<String> options)
            throws InterruptedException {
        try (KafkaTopics topics = KafkaTopics.connect(broker.bootstrapServers(), Map.of())) {
            topics.create(packetTopic(name), PARTITIONS);
            topics.create(pcmTopic(name), PARTITIONS);
            topics.create(deadLetterTopic(name), 1);
        }
        List<String> arguments = new ArrayList<>(List.of(
                "stream",
                "--brokers",
                broker.bootstrapServers(),
                "--topic",
                packetTopic(name),
                "--pcm-topic",
                pcmTopic(name),
                "--dead-letter-topic",
                deadLetterTopic(name),
                "--channels",
                "1",
                "--group",
                name,
                "--checkpoints",
                cluster.folder().resolve(name).toUri().toString()));
        arguments.addAll(options);
        Path jar = Path.of(System.getProperty("decant.home"), "job", "target", "decant-job.jar");
        CommandResult submission = cluster.submit(jar, arguments.toArray(String[]::new));
        cluster.awaitStatus(submission.jobId(), JobStatus.RUNNING, TIME_FOR_A_JOB);
        return new ClusterJob(cluster, name, submission.jobId());
    }

    JobID id() {
        return id;
    }

    String packetTopic() {
        return packetTopic(name);
    }

    String pcmTopic() {
        return pcmTopic(name);
    }

    @Override
    public void close() {
        try {
            cluster.client().cancel(id).get();
            cluster.awaitStatus(id, JobStatus.CANCELED, TIME_FOR_A_JOB);
        } catch (ExecutionException e) {
            throw new BenchException("job " + id + " could not be cancelled", e.getCause());
        } catch (InterruptedException e) {
            // Whoever starts jobs closes their cluster, which ends this one too.
            Thread.currentThread().interrupt();
        }
    }

    private static String packetTopic(String name) {
        return name + "-packets";
    }

    private static String pcmTopic(String name) {
        return name + "-pcm";
    }

    private static String deadLetterTopic(String name) {
        return name + "-dead-letters";
    }
}
