package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.kafka.TransactionMetrics;
import dev.decant.opus.TestStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A job is down for longer than the broker keeps a transaction: what it says when it comes back. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ExpiredTransactionITCase {
    private static final PcmFormat FORMAT = new PcmFormat(SampleFormat.S16LE, 16_000, 1);
    private static final Duration KEPT = Duration.ofSeconds(10);

    @RegisterExtension
    static final BrokerExtension kafka =
            new BrokerExtension(Map.of("transaction.max.timeout.ms", String.valueOf(KEPT.toMillis())));

    @RegisterExtension
    static final ClusterExtension flink = new ClusterExtension(1, 1);

    @TempDir
    private Path folder;

    @Test
    void theJobThatComesBackTooLateSaysSoAndGoesOn() throws Exception {
        try (LiveScenario scenario = new LiveScenario(kafka, flink, folder, FORMAT)) {
            beDownForTooLong(scenario);

            scenario.job().submitFromLastCheckpoint(1);
            scenario.committed().awaitNewPackets(1);

            // One for PCM and one for the dead letters.
            new JobMetrics(flink.cluster(), scenario.job().id())
                    .await(TransactionMetrics.EXPIRED_TRANSACTIONS.name(), count -> count == 2);
            assertThat(taskManagerLog())
                    .contains("ERROR TransactionAgeCheck - the restored checkpoint holds transactions begun at ")
                    .contains("and brokers abort them after 10 s: what was written but not committed before the job"
                            + " went down may be lost");
        }
    }

    @Test
    void theJobThatIsToFailThenFailsForGood() throws Exception {
        try (LiveScenario scenario =
                new LiveScenario(kafka, flink, folder, FORMAT, "-D", "pcm.fail-on-expired-transaction=true")) {
            beDownForTooLong(scenario);

            scenario.job().launchFrom(scenario.job().lastCheckpoint().toUri().toString(), 1);

            assertThat(scenario.job().awaitFailure()).contains("the restored checkpoint holds transactions begun at ");
        }
    }

    /** The job speaks, its JobManager is killed, and comes back when every transaction of its last checkpoint is too old. */
    private static void beDownForTooLong(LiveScenario scenario) throws Exception {
        scenario.job().submit(1);
        scenario.begin(TestStream.ofEveryKind().subList(0, 3));
        scenario.committed().awaitNewPackets(1);
        flink.cluster().killJobManager();
        while (age(scenario.job().lastCheckpoint()).compareTo(KEPT) < 0) {
            scenario.committed().follow(Duration.ofMillis(100));
        }
        flink.cluster().restartJobManager();
    }

    private static Duration age(Path checkpoint) throws IOException {
        return Duration.between(
                Files.getLastModifiedTime(checkpoint.resolve("_metadata")).toInstant(), Instant.now());
    }

    private static String taskManagerLog() {
        return flink.cluster().taskManagerLog(flink.cluster().taskManagers().first());
    }
}
