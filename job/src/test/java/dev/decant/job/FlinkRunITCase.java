package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.local.CommandResult;
import dev.decant.opus.TestStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code flink run decant-job.jar}: the packaged jar on a cluster of separate processes. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class FlinkRunITCase {
    @RegisterExtension
    static final BrokerExtension kafka = new BrokerExtension();

    @RegisterExtension
    static final ClusterExtension flink = new ClusterExtension(2, 1);

    @TempDir
    private Path folder;

    private JobTopics topics;

    @BeforeEach
    void takeTopics() {
        topics = kafka.topics();
    }

    @Test
    void streamsOfEveryKindGoToKafkaAndToFilesAtOnce() throws Exception {
        List<TestStream> streams = TestStream.ofEveryKind();
        topics.produceInterleaved(streams);
        WavFolder wavs = new WavFolder(folder.resolve("wav"));

        CommandResult run = flinkRun(
                "--topic",
                topics.packets(),
                "--end",
                "latest",
                "--out",
                wavs.path().toString(),
                "--checkpoints",
                folder.resolve("checkpoints").toUri().toString(),
                "--parallelism",
                "2",
                "-D",
                "execution.checkpointing.interval=500ms");

        assertThat(run.exitCode()).as(run.output()).isZero();
        PcmFormat format = new PcmFormat(SampleFormat.S16LE, 48_000, 2);
        StreamPcm.assertDecoded(StreamPcm.of(topics.readPcm(), format), streams, format);
        StreamPcm.assertDecoded(wavs.read(format), streams, format);
        assertThat(topics.readDeadLetters()).isEmpty();
    }

    @Test
    void aTopicThatIsMissingIsNamed() throws Exception {
        CommandResult run = flinkRun("--topic", "no-such-topic");

        assertRefused(run, "decant: packet topic \"no-such-topic\" does not exist at " + kafka.bootstrapServers());
    }

    @Test
    void anOptionThatDoesNotExistIsNamed() throws Exception {
        CommandResult run = flinkRun("--topic", topics.packets(), "--rat", "8000");

        assertRefused(run, "decant: Unknown options: '--rat', '8000'");
    }

    private static void assertRefused(CommandResult run, String sentence) {
        assertThat(run.exitCode()).isNotZero();
        assertThat(run.output())
                .contains(sentence)
                .as("Flink's introduction of a stack trace")
                .doesNotContain("The program finished with the following exception");
    }

    /** As users do who wait for the end. */
    private CommandResult flinkRun(String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("run", ClusterExtension.JAR.toString()));
        command.addAll(List.of(topics.streamArguments(arguments)));
        return flink.cluster().flink(command.toArray(String[]::new));
    }
}
