package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.job.Chaos.Victim;
import dev.decant.opus.TestEncoder.Bandwidth;
import dev.decant.opus.TestEncoder.Mode;
import dev.decant.opus.TestStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes are killed while people speak: in the sinks nothing is missing, nothing is there twice, and every sample is
 * that of a run that never failed. {@link FailoverChaos} is the long form.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class FailoverITCase {
    private static final int TICKS = 960;
    private static final int A_SECOND = 50;

    private static final TestStream ENDED_BEFORE = speech("ended-before", 1);
    private static final TestStream BEGUN_AFTER = speech("begun-after", 2);
    private static final List<TestStream> ALL_THE_TIME =
            List.of(speech("alice", 3), speech("bob", 4), music("jukebox", 5), music("radio", 6), speech("carol", 7));

    @RegisterExtension
    static final BrokerExtension kafka = new BrokerExtension();

    @RegisterExtension
    static final ClusterExtension flink = new ClusterExtension(2, 1);

    @TempDir
    private Path folder;

    @Test
    void killedTaskManagersChangeNoSample() throws Exception {
        PcmFormat format = new PcmFormat(SampleFormat.S16LE, 48_000, 2);
        try (LiveScenario scenario = new LiveScenario(kafka, flink, folder, format)) {
            CommittedPcm committed = scenario.committed();
            scenario.job().submit(2);
            scenario.begin(List.of(ENDED_BEFORE));
            scenario.begin(ALL_THE_TIME);
            committed.awaitNewPackets(A_SECOND);
            scenario.streams().end(ENDED_BEFORE.name());
            committed.awaitEnd(ENDED_BEFORE.name());

            replaceTaskManager();
            committed.awaitNewPackets(A_SECOND);
            scenario.begin(List.of(BEGUN_AFTER));
            committed.awaitNewPackets(Set.of(BEGUN_AFTER.name()), A_SECOND);
            replaceTaskManager();
            committed.awaitNewPackets(A_SECOND);
            assertThat(scenario.job().wavs().visibleFiles())
                    .as("files of streams that have ended")
                    .containsExactly(ENDED_BEFORE.name() + ".wav");

            scenario.finish();
        }
    }

    /** A chunk is longer than the time from one checkpoint to the next: each is begun before a checkpoint and ended after. */
    @Test
    void killedTaskManagersChangeNoChunk() throws Exception {
        PcmFormat format = new PcmFormat(SampleFormat.S16LE, 16_000, 1);
        try (LiveScenario scenario = new LiveScenario(
                kafka, flink, folder, format, "--chunk", "1100ms", "-D", "state.backend.type=rocksdb")) {
            CommittedPcm committed = scenario.committed();
            scenario.job().submit(2);
            scenario.begin(ALL_THE_TIME);
            committed.awaitNewPackets(A_SECOND);
            replaceTaskManager();
            committed.awaitNewPackets(A_SECOND);
            replaceTaskManager();
            committed.awaitNewPackets(A_SECOND);

            scenario.finish();
            StreamPcm.assertWhole(scenario.job().topics().readChunks(), 17_600);
        }
    }

    @Test
    void killedTaskManagerJobManagerAndBrokerChangeNoSample() throws Exception {
        PcmFormat format = new PcmFormat(SampleFormat.S16LE, 16_000, 1);
        try (LiveScenario scenario =
                new LiveScenario(kafka, flink, folder, format, "-D", "state.backend.type=rocksdb")) {
            new Chaos(scenario, flink.cluster(), kafka.broker())
                    .run(30, Map.of(Victim.TASK_MANAGER, 1, Victim.JOB_MANAGER, 1, Victim.BROKER, 1));
        }
    }

    /** The one that has run longest is killed. */
    private static void replaceTaskManager() throws InterruptedException {
        flink.cluster().killTaskManager(flink.cluster().taskManagers().first());
        flink.cluster().addTaskManager();
    }

    private static TestStream speech(String name, long seed) {
        return TestStream.of(Mode.SILK, Bandwidth.WIDE, 1, TICKS, 16_000, 2, seed)
                .named(name);
    }

    private static TestStream music(String name, long seed) {
        return TestStream.of(Mode.CELT, Bandwidth.FULL, 2, TICKS, 64_000, 2, seed)
                .named(name);
    }
}
