package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TranscodeJobTest {
    @TempDir
    private Path folder;

    @Test
    void packetsGoFromTheirRecordingToTheBodyOfItsFileInOneTask() {
        List<JobVertex> reading = vertices(new Configuration()).stream()
                .filter(vertex -> vertex.getName().startsWith("Source: Recordings"))
                .toList();

        assertThat(reading).hasSize(1);
        assertThat(reading.get(0).getName()).contains("Put packets in order", "Decode", "Bodies");
        assertThat(reading.get(0).getMaxParallelism()).isEqualTo(1_024);
    }

    @Test
    void theMaxParallelismIsTheClustersIfItHasOne() {
        Configuration cluster = new Configuration();
        cluster.set(PipelineOptions.MAX_PARALLELISM, 60);

        assertThat(vertices(cluster)).extracting(JobVertex::getMaxParallelism).containsOnly(60);
    }

    private List<JobVertex> vertices(Configuration cluster) {
        Configuration options = new Configuration();
        options.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                folder.resolve("checkpoints").toUri().toString());
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(cluster);
        environment.setParallelism(3);
        TranscodeJob.of(path("in"), path("out"), options, environment.getConfiguration())
                .addTo(environment);
        return environment.getStreamGraph().getJobGraph().getVerticesSortedTopologicallyFromSources();
    }

    private org.apache.flink.core.fs.Path path(String name) {
        return new org.apache.flink.core.fs.Path(folder.resolve(name).toUri());
    }
}
