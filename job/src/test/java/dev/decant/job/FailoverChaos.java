package dev.decant.job;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.job.Chaos.Victim;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The long form of {@link FailoverITCase}, which the profile {@code chaos} runs. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class FailoverChaos {
    /** How often TaskManagers are killed in a run. */
    private static final int TASK_MANAGERS = Integer.getInteger("decant.chaos.kills", 20);

    private static final int STREAMS = 50;

    @RegisterExtension
    static final BrokerExtension kafka = new BrokerExtension();

    @RegisterExtension
    static final ClusterExtension flink = new ClusterExtension(2, 1);

    @TempDir
    private Path folder;

    @Test
    void whateverIsKilledNoSampleChangesWithHashMapState() throws Exception {
        killAll("hashmap");
    }

    @Test
    void whateverIsKilledNoSampleChangesWithRocksDbState() throws Exception {
        killAll("rocksdb");
    }

    private void killAll(String stateBackend) throws Exception {
        PcmFormat format = new PcmFormat(SampleFormat.S16LE, 16_000, 2);
        try (LiveScenario scenario =
                new LiveScenario(kafka, flink, folder, format, "-D", "state.backend.type=" + stateBackend)) {
            new Chaos(scenario, flink.cluster(), kafka.broker())
                    .run(
                            STREAMS,
                            Map.of(
                                    Victim.TASK_MANAGER,
                                    TASK_MANAGERS,
                                    Victim.JOB_MANAGER,
                                    3,
                                    Victim.BROKER,
                                    3,
                                    Victim.JOB_MANAGER_AND_BROKER,
                                    2));
        }
    }
}
