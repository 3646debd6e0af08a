package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.junit.jupiter.api.Test;

class JobDefaultsTest {
    private final Configuration job = new Configuration();
    private final Configuration cluster = new Configuration();

    @Test
    void letALivePacketNotWaitForOthers() {
        JobDefaults.completeLive(job, cluster);

        assertThat(job.get(ExecutionOptions.BUFFER_TIMEOUT)).isEqualTo(Duration.ofMillis(10));
    }

    @Test
    void leaveToFlinkHowLongRecordingsWait() {
        JobDefaults.complete(job, cluster);

        assertThat(job.contains(ExecutionOptions.BUFFER_TIMEOUT)).isFalse();
    }

    @Test
    void giveWayToWhatJobAndClusterSay() {
        job.set(ExecutionOptions.BUFFER_TIMEOUT, Duration.ofMillis(1));
        cluster.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(3));

        JobDefaults.completeLive(job, cluster);

        assertThat(job.get(ExecutionOptions.BUFFER_TIMEOUT)).isEqualTo(Duration.ofMillis(1));
        assertThat(job.contains(CheckpointingOptions.CHECKPOINTING_INTERVAL)).isFalse();
    }
}
