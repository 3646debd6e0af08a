package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import dev.decant.audio.SampleFormat;
import dev.decant.local.CommandResult;
import dev.decant.local.ComposeProject;
import dev.decant.local.Container;
import dev.decant.local.ContainerImage;
import dev.decant.local.Leftovers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The image and the services of {@code docker/}, without an engine: {@code docker/Dockerfile} is followed on Flink's official
 * distribution, and the commands of {@code docker/compose.yaml} run in what comes out as they do in containers: as the image's user,
 * without privileges, and with a root that cannot be written to.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class OfficialDistributionITCase {
    private static final String FLINK_HOME = System.getenv("DECANT_FLINK_HOME");
    private static final Path PROJECT = Path.of(System.getProperty("decant.home"));
    private static final PcmFormat MONO = new PcmFormat(SampleFormat.S16LE, 48_000, 1);
    private static final String JNA = "com.sun.jna.Native";
    private static final String JNA_OF_IMAGE = "file:/opt/flink/lib/jna.jar";

    @TempDir
    private static Path images;

    private static ContainerImage decant;
    private static ContainerImage kafka;

    @TempDir
    private Path folder;

    private ComposeProject project;

    @BeforeAll
    static void makeImages() throws Exception {
        assumeTrue(
                FLINK_HOME != null,
                "DECANT_FLINK_HOME is not set: the image is not tried on an official distribution of Flink");
        Optional<String> obstacle = Container.obstacle();
        assumeTrue(
                obstacle.isEmpty(),
                () -> obstacle.orElseThrow() + ": the image is not tried on an official distribution of Flink");
        decant = ContainerImage.build(
                images.resolve("decant"),
                PROJECT,
                Path.of(FLINK_HOME),
                PROJECT.resolve("job/local/flink/target/plugins"));
        kafka = ContainerImage.ofKafka(images.resolve("kafka"));
    }

    @AfterEach
    void down() {
        if (project != null) {
            project.close();
        }
    }

    @AfterAll
    static void nothingIsLeft() {
        assertThat(Leftovers.processesOf(images)).isEmpty();
    }

    @Test
    void upDecodesTheSamplesInApplicationMode() throws Exception {
        compose("compose.yaml");
        Map<String, List<Container>> flink = project.up("jobmanager", "taskmanager");
        assertEndsWell(project.run("samples"));

        awaitSamples();
        assertSamplesAreDecoded();
        for (Container taskManager : flink.get("taskmanager")) {
            assertThat(project.placesOfClass(taskManager, JNA)).containsExactly(JNA_OF_IMAGE);
        }
    }

    @Test
    void aSessionClusterOfTheImageDecodesTheSame() throws Exception {
        compose("compose.yaml", "compose.session.yaml");
        Map<String, List<Container>> flink = project.up("jobmanager", "taskmanager");
        assertEndsWell(project.run("samples"));

        CommandResult submitted = flinkRun();
        awaitSamples();
        assertSamplesAreDecoded();

        // An upgrade: a savepoint, and the same job from there, whose class loader is another one.
        CommandResult stopped = flink("stop", submitted.jobId().toString());
        assertThat(stopped.output()).contains("Savepoint completed. Path: file:/data/savepoints/");
        flinkRun("-s", "/data/savepoints/" + onlyFileIn(project.volume("savepoints")));
        assertEndsWell(project.run(
                "samples",
                "decant",
                "produce",
                "--brokers",
                "kafka:19092",
                "--topic",
                "packets",
                "--stream-id",
                "after",
                "/opt/decant/samples/telefon.opus"));
        project.await("the WAV of one more stream", () -> wavs().streamIds().contains("after"));
        StreamPcm.assertSame("the WAV after the upgrade", wavs().read("after", MONO), wavs().read("telefon", MONO));
        for (Container taskManager : flink.get("taskmanager")) {
            assertThat(project.placesOfClass(taskManager, JNA))
                    .as("of which one is loaded, however many jobs come")
                    .containsExactly(JNA_OF_IMAGE);
        }
    }

    @Test
    void theLauncherWorksInTheImageToo() throws Exception {
        compose("compose.yaml");

        CommandResult doctor = project.run("samples", "decant", "doctor", "--brokers", "kafka:19092");

        assertEndsWell(doctor);
        assertThat(doctor.output()).contains("Nothing found that would stop a job here.");
    }

    @Test
    void theRootOfAContainerCannotBeWrittenTo() throws Exception {
        compose("compose.yaml");

        CommandResult written = project.run("jobmanager", "touch", "/opt/flink/conf/config.yaml");

        assertThat(written.exitCode()).isNotZero();
        assertThat(written.output()).contains("Read-only file system");
    }

    /** A broker with the topics, and nothing else yet. */
    private void compose(String... files) throws Exception {
        project = ComposeProject.of(
                decant,
                kafka,
                folder.resolve("volumes"),
                Stream.of(files).map(OfficialDistributionITCase::composeFile).toList());
        project.up("kafka");
        assertEndsWell(project.run("topics"));
    }

    /** The program's arguments are those of application mode. */
    private CommandResult flinkRun(String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("run", "-d"));
        arguments.addAll(List.of(options));
        arguments.add("/opt/flink/usrlib/decant-job.jar");
        List<String> application = project.commandIn(composeFile("compose.yaml"), "jobmanager");
        arguments.addAll(application.subList(application.indexOf("stream"), application.size()));
        return flink(arguments.toArray(String[]::new));
    }

    private CommandResult flink(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("flink", arguments[0], "-D", "rest.port=" + project.port("8081")));
        command.addAll(List.of(arguments).subList(1, arguments.length));
        CommandResult result = project.run("jobmanager", command.toArray(String[]::new));
        assertEndsWell(result);
        return result;
    }

    private void awaitSamples() throws Exception {
        int expected = RecordingFile.samples().size();
        project.await(expected + " WAV files", () -> wavs().manifestEntries() == expected);
        project.await(
                expected + " ends in the PCM topic",
                () -> topics().readPcm().stream()
                                .filter(frame -> frame.outcome() == Outcome.END)
                                .count()
                        == expected);
    }

    private void assertSamplesAreDecoded() throws Exception {
        List<PcmFrame> frames = topics().readPcm();
        for (RecordingFile sample : RecordingFile.samples()) {
            ReferencePcm reference = ReferencePcm.of(sample);
            PcmFormat format = new PcmFormat(SampleFormat.S16LE, 48_000, reference.channels());
            String stream = sample.streamId();
            StreamPcm.assertSame(
                    "the WAV of " + stream, wavs().read(stream, format), reference.decodeInWaveOrder(48_000));
            List<PcmFrame> ofStream = frames.stream()
                    .filter(frame -> frame.streamId().equals(stream))
                    .toList();
            StreamPcm.assertSame(
                    "the PCM of " + stream,
                    StreamPcm.of(ofStream, format).get(stream),
                    reference.decode(SampleFormat.S16LE, 48_000));
        }
        assertThat(topics().readDeadLetters()).isEmpty();
    }

    private WavFolder wavs() {
        return new WavFolder(project.volume("wav"));
    }

    /** As programs outside reach them. */
    private JobTopics topics() {
        return new JobTopics("localhost:" + project.port("9092"), "packets", "pcm", "decant.dead-letters");
    }

    private static Path composeFile(String name) {
        return PROJECT.resolve("docker").resolve(name);
    }

    private static void assertEndsWell(CommandResult result) {
        assertThat(result.exitCode()).as(result.output()).isZero();
    }

    private static String onlyFileIn(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.get(0).getFileName().toString();
        }
    }
}
