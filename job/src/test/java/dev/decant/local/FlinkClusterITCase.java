package dev.decant.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 10, unit = TimeUnit.MINUTES)
class FlinkClusterITCase {
    private static final Duration TIME_FOR_A_JOB = Duration.ofMinutes(2);

    @TempDir
    private Path temporary;

    @Test
    void runsASubmittedJobAndLeavesNothingBehind() throws Exception {
        List<Long> pids;
        Path folder;
        try (FlinkCluster cluster = FlinkCluster.start(2, 1)) {
            pids = cluster.pids();
            folder = cluster.folder();
            assertThat(pids).as("a JobManager and two TaskManagers").hasSize(3);
            assertThat(overview(cluster)).contains("\"taskmanagers\":2", "\"slots-total\":2");

            CommandResult submission = cluster.submit(countingJob(), "100");

            assertThat(submission.exitCode()).as(submission.output()).isZero();
            cluster.awaitStatus(submission.jobId(), JobStatus.FINISHED, TIME_FOR_A_JOB);
        }
        assertThat(pids).allSatisfy(pid -> assertThat(ProcessHandle.of(pid)).isEmpty());
        assertThat(folder).doesNotExist();
    }

    @Test
    void losesAndGainsProcesses() throws Exception {
        try (FlinkCluster cluster = FlinkCluster.start(1, 1)) {
            JobID endless = cluster.submit(countingJob(), String.valueOf(Long.MAX_VALUE))
                    .jobId();
            cluster.awaitStatus(endless, JobStatus.RUNNING, TIME_FOR_A_JOB);
            cluster.client().cancel(endless).get();
            cluster.awaitStatus(endless, JobStatus.CANCELED, TIME_FOR_A_JOB);

            cluster.killTaskManager(0);
            assertThat(cluster.pids()).hasSize(1);
            assertThat(cluster.addTaskManager()).isEqualTo(1);

            cluster.killJobManager();
            assertThat(cluster.pids()).hasSize(1);
            cluster.restartJobManager();

            JobID counting = cluster.submit(countingJob(), "100").jobId();
            cluster.awaitStatus(counting, JobStatus.FINISHED, TIME_FOR_A_JOB);
        }
    }

    @Test
    void reportsWhatFlinkSaysOfABadSubmission() throws Exception {
        try (FlinkCluster cluster = FlinkCluster.start(0, 1)) {
            CommandResult submission = cluster.submit(temporary.resolve("missing.jar"));

            assertThat(submission.exitCode()).isNotZero();
            assertThat(submission.output()).contains("missing.jar");
        }
    }

    @Test
    void saysWhyItDoesNotStart() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Configuration configuration = new Configuration().set(JobManagerOptions.PORT, taken.getLocalPort());
            assertThatThrownBy(() -> FlinkCluster.start(1, 1, configuration))
                    .isInstanceOf(LocalException.class)
                    .hasMessageStartingWith("the JobManager ended with exit code ")
                    .hasMessageContaining("jobmanager.log")
                    .hasMessageContaining(String.valueOf(taken.getLocalPort()));
        }
    }

    private static String overview(FlinkCluster cluster) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(cluster.restUrl() + "/overview"))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** A jar with {@link CountingJob} alone. */
    private Path countingJob() throws Exception {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, CountingJob.class.getName());
        String entry = CountingJob.class.getName().replace('.', '/') + ".class";

        Path jar = temporary.resolve("counting-job.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                InputStream in = CountingJob.class.getResourceAsStream("/" + entry)) {
            out.putNextEntry(new JarEntry(entry));
            in.transferTo(out);
            out.closeEntry();
        }
        return jar;
    }
}
