package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.kafka.DeadLetterHeaders;
import dev.decant.local.FlinkCluster;
import dev.decant.opus.PoisonedLibrary;
import dev.decant.opus.TestStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Packets that really crash native code, or hang it, cost a TaskManager once, and no other packet a sample. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class PoisonedPacketITCase {
    private static final PcmFormat FORMAT = new PcmFormat(SampleFormat.S16LE, 16_000, 1);
    private static final int A_SECOND = 50;

    @RegisterExtension
    static final BrokerExtension kafka = new BrokerExtension();

    /** One more TaskManager than a job uses: it takes the place of the one that is lost. */
    @RegisterExtension
    static final ClusterExtension flink = new ClusterExtension(3, 1);

    @TempDir
    private Path folder;

    @Test
    void aPacketThatCrashesNativeCodeCostsOneTaskManagerAndGoesToTheDeadLetters() throws Exception {
        assertCondemned(PoisonedLibrary.crashingPacket());
    }

    /** In the TaskManager it holds up the checkpoints, and Flink gives up first the job and then the task that hangs. */
    @Test
    void aPacketThatHangsNativeCodeCostsOneTaskManagerAndGoesToTheDeadLetters() throws Exception {
        assertCondemned(
                PoisonedLibrary.hangingPacket(),
                "-D",
                "decoder.deadline=2s",
                // Longer than two decoding processes in a row may hang and start, or their checkpoint fails as well.
                "-D",
                "execution.checkpointing.timeout=15s",
                "-D",
                "task.cancellation.interval=500ms",
                "-D",
                "task.cancellation.timeout=2s");
    }

    @Test
    void isolatedFromTheStartEvenThatOneTaskManagerLives() throws Exception {
        int processes = flink.cluster().pids().size();
        try (LiveScenario scenario = start("-D", "decoder.isolation=always")) {
            String stream = scenario.streams().live().iterator().next();
            scenario.streams().sendUndecodable(stream, PoisonedLibrary.crashingPacket());
            scenario.committed().awaitNewPackets(A_SECOND);
            metrics(scenario).awaitRestarts(0);
            assertThat(flink.cluster().pids()).hasSize(processes);
            assertOnlyCondemned(scenario, stream, PoisonedLibrary.crashingPacket());
        }
    }

    @Test
    void aDecodingProcessThatIsKilledFromOutsideCostsNothing() throws Exception {
        try (LiveScenario scenario = start("-D", "decoder.isolation=always")) {
            for (int i = 0; i < 3; i++) {
                List<ProcessHandle> decoding = decodingProcesses();
                assertThat(decoding).as("decoding processes, one a subtask").hasSize(2);
                decoding.get(i % 2).destroyForcibly();
                scenario.committed().awaitNewPackets(1);
            }
            metrics(scenario).awaitRestarts(0);
            scenario.finish();
        }
    }

    private void assertCondemned(byte[] packet, String... options) throws Exception {
        FlinkCluster cluster = flink.cluster();
        List<ProcessHandle> before = cluster.pids().stream()
                .map(pid -> ProcessHandle.of(pid).orElseThrow())
                .toList();
        int processes = before.size();
        try (LiveScenario scenario = start(options)) {
            String stream = scenario.streams().live().iterator().next();
            scenario.streams().sendUndecodable(stream, packet);
            scenario.committed().awaitNewPackets(A_SECOND);
            metrics(scenario).awaitRestarts(1);
            // The job may be back sooner than a process that crashes is gone.
            CompletableFuture.anyOf(before.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                    .get();
            assertThat(cluster.pids()).as("a TaskManager is lost").hasSize(processes - 1);
            scenario.job().awaitRunning();
            assertOnlyCondemned(scenario, stream, packet);
        } finally {
            while (cluster.pids().size() < processes) {
                cluster.addTaskManager();
            }
        }
    }

    /** A job with the poisoned library and a few streams, of which a second is committed. */
    private LiveScenario start(String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of(
                "--library",
                PoisonedLibrary.write(folder).toString(),
                // Not before Flink has noticed which TaskManager is gone: it would try that one again.
                "-D",
                "restart-strategy.fixed-delay.delay=3s"));
        LiveScenario scenario = new LiveScenario(kafka, flink, folder, FORMAT, all.toArray(String[]::new));
        try {
            scenario.job().submit(2);
            scenario.begin(TestStream.ofEveryKind().subList(0, 8));
            scenario.committed().awaitNewPackets(A_SECOND);
            return scenario;
        } catch (Throwable failure) {
            scenario.close();
            throw failure;
        }
    }

    /** The packet's time is concealed; all others, of all streams, are decoded as if it had not been. */
    private static void assertOnlyCondemned(LiveScenario scenario, String stream, byte[] packet) throws Exception {
        scenario.stopAtTheEnd();
        scenario.committed().assertEverythingDecoded();
        scenario.assertFilesDecoded();
        List<ConsumerRecord<byte[], byte[]>> letters = kafka.topics().readDeadLetters();
        assertThat(letters).hasSize(1);
        ConsumerRecord<byte[], byte[]> letter = letters.get(0);
        assertThat(new String(letter.key(), StandardCharsets.UTF_8)).isEqualTo(stream);
        assertThat(letter.value()).isEqualTo(packet);
        assertThat(new String(
                        letter.headers().lastHeader(DeadLetterHeaders.REASON).value(), StandardCharsets.UTF_8))
                .isEqualTo("CRASHED_DECODER");
    }

    private static JobMetrics metrics(LiveScenario scenario) {
        return new JobMetrics(flink.cluster(), scenario.job().id());
    }

    private static List<ProcessHandle> decodingProcesses() {
        return flink.cluster().pids().stream()
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .flatMap(ProcessHandle::children)
                .toList();
    }
}
