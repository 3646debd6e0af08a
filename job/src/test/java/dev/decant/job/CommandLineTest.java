package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command line says to what it is given: one sentence that names the thing, and the right exit code. */
class CommandLineTest {
    private static final int USAGE = 2;
    private static final int FAILED = 1;
    private static final String[] SOUND = {"--brokers", "127.0.0.1:1", "--topic", "packets", "--pcm-topic", "pcm"};

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo",
                "broker",
                "cluster",
                "stream",
                "produce",
                "replay-dead-letters",
                "inspect",
                "doctor",
                "options"
            })
    void everyCommandHasHelp(String command) {
        assertThat(decant(command, "--help")).isZero();
        assertThat(out.toString()).startsWith("Usage: decant " + command);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void noCommandIsAUsageError() {
        assertRefused(USAGE, "no command was given");
    }

    @Test
    void anUnknownCommandIsNamed() {
        assertRefused(USAGE, "transmogrify", "transmogrify");
    }

    @Test
    void anUnknownFlagIsNamed() {
        assertRefused(USAGE, "--sped", "stream", "--sped", "3");
    }

    @Test
    void anUnknownKeyOfOursIsNamedWithThoseThereAre() {
        assertRefused(
                USAGE,
                "\"decoder.maxlive\" is no option; those that begin so: decoder.complexity, decoder.deadline,"
                        + " decoder.image-interval",
                "stream",
                "-D",
                "decoder.maxlive=3");
    }

    @Test
    void missingBrokersAreNamed() {
        assertRefused(
                USAGE,
                "--brokers (kafka.bootstrap.servers) is missing",
                "stream",
                "--topic",
                "packets",
                "--pcm-topic",
                "pcm",
                "--delivery",
                "at-least-once");
    }

    @Test
    void pcmWithoutADestinationIsRefused() {
        assertRefused(USAGE, "the PCM has nowhere to go", "stream", "--brokers", "127.0.0.1:1", "--topic", "packets");
    }

    @Test
    void chunksWithoutAPcmTopicAreRefused() {
        assertRefused(
                USAGE,
                "--chunk (pcm.chunk) is about the records of a PCM topic",
                "stream",
                "--brokers",
                "127.0.0.1:1",
                "--topic",
                "packets",
                "--out",
                folder.toString(),
                "--chunk",
                "1s");
    }

    @Test
    void packetsWithoutATopicAreRefused() {
        assertRefused(
                USAGE,
                "--topic (packets.topic)",
                "stream",
                "--brokers",
                "127.0.0.1:1",
                "--pcm-topic",
                "pcm",
                "--delivery",
                "at-least-once");
    }

    @Test
    void exactlyOnceWithoutDurableCheckpointsIsRefused() {
        assertRefused(USAGE, "exactly-once needs checkpoints that outlive the JobManager", stream());
        assertRefused(
                USAGE,
                "--checkpoints (execution.checkpointing.dir)",
                stream("-D", "execution.checkpointing.storage=jobmanager", "--checkpoints", "file:///tmp/checkpoints"));
        assertRefused(
                USAGE,
                "execution.checkpointing.interval is off",
                stream("-D", "execution.checkpointing.interval=0", "--checkpoints", "file:///tmp/checkpoints"));
        assertRefused(
                USAGE,
                "execution.checkpointing.mode is AT_LEAST_ONCE",
                stream("-D", "execution.checkpointing.mode=AT_LEAST_ONCE", "--checkpoints", "file:///tmp/checkpoints"));
        assertRefused(
                USAGE,
                "execution.checkpointing.checkpoints-after-tasks-finish is false",
                stream(
                        "-D",
                        "execution.checkpointing.checkpoints-after-tasks-finish=false",
                        "--checkpoints",
                        "file:///tmp/checkpoints"));
    }

    @Test
    void aRateThatOpusDoesNotHaveIsRefused() {
        assertRefused(USAGE, "Opus cannot be decoded to 44100 Hz: take 8000, 12000", stream("--rate", "44100"));
    }

    @Test
    void valuesThatCannotBeReadAreNamedWithTheirOption() {
        assertRefused(USAGE, "--rate (pcm.rate) is \"fast\"", stream("--rate", "fast"));
        assertRefused(USAGE, "--sample-format (pcm.sample-format) is \"s8\"", stream("--sample-format", "s8"));
        assertRefused(USAGE, "--delivery (pcm.delivery) is \"twice\"", stream("--delivery", "twice"));
        assertRefused(USAGE, "pcm.channels is 3: take 1 or 2", stream("--channels", "3"));
        assertRefused(USAGE, "decoder.complexity is 11", stream("-D", "decoder.complexity=11"));
        assertRefused(USAGE, "pcm.chunk is 11.0 s: take 2.5 ms to 10 s", stream("--chunk", "11s"));
        for (String timeout : new String[] {"0", "100ns", "36501d"}) {
            assertRefused(USAGE, "packets.stream-timeout is", stream("-D", "packets.stream-timeout=" + timeout));
        }
        assertRefused(
                USAGE,
                "--start (packets.start) is \"yesterday\": take committed, earliest, latest",
                stream("--start", "yesterday", "--delivery", "at-least-once"));
    }

    @Test
    void whatDeadLettersCannotBeReplayedByIsNamed() {
        assertRefused(USAGE, "--brokers (kafka.bootstrap.servers) is missing", "replay-dead-letters");
        assertRefused(
                USAGE,
                "--reason (dead-letters.replay-reasons) has \"LATE\", which is no reason: take MALFORMED_KEY, ",
                replay("--reason", "MALFORMED_KEY,LATE"));
        assertRefused(
                USAGE,
                "--start (dead-letters.replay-start) is \"monday\": take committed, earliest, latest",
                replay("--start", "monday"));
        assertRefused(USAGE, "no consumer group", replay("--group", " "));
        assertRefused(USAGE, "the packet topic cannot be named \"a/b\"", replay("--topic", "a/b"));
        assertRefused(
                USAGE,
                "dead letters cannot be put back on their own topic \"decant.dead-letters\"",
                replay("--topic", "decant.dead-letters"));
        assertRefused(USAGE, "the Kafka property transactional.id is set", replay("--kafka.transactional.id", "mine"));
        assertRefused(FAILED, "no Kafka broker can be reached (127.0.0.1:1", replay());
        assertRefused(FAILED, "no Kafka broker can be reached (127.0.0.1:1", replay("--dry-run"));
    }

    @Test
    void aPortThatIsNoneIsRefused() {
        assertRefused(
                USAGE, "--port is 65536: take 1 to 65535, or 0 for any that is free", "broker", "--port", "65536");
        assertRefused(USAGE, "--port is -1", "broker", "--port=-1");
        assertRefused(USAGE, "--port is 65536", "cluster", "--port", "65536");
    }

    @Test
    void aClusterWithoutSlotsIsRefused() {
        assertRefused(USAGE, "--slots is 0: take 1 or more", "cluster", "--slots", "0");
    }

    @Test
    void unreachableBrokersAreNamed() {
        assertRefused(FAILED, "127.0.0.1:1", stream("--delivery", "at-least-once"));
    }

    @Test
    void whatTheKafkaClientsCannotTakeIsAnErrorOfUsage() throws IOException {
        Path file = Files.createFile(folder.resolve("song.opus"));

        assertRefused(
                USAGE,
                "decant: the Kafka property group.id is set by Decant itself: name the group by its own option",
                stream("--delivery", "at-least-once", "--kafka.group.id", "mine"));
        assertRefused(
                USAGE,
                "decant: \"nonsense\" is no broker: take host:port",
                "produce",
                "--brokers",
                "nonsense",
                "--topic",
                "packets",
                file.toString());
    }

    @Test
    void anOutputFolderThatIsAFileIsNamed() throws IOException {
        Path file = Files.createFile(folder.resolve("out"));

        assertRefused(FAILED, file.toString(), "demo", "--out", file.toString());
    }

    @Test
    void aRecordingThatDoesNotExistIsNamed() {
        assertRefused(USAGE, "nowhere.opus does not exist", "demo", "nowhere.opus");
        assertRefused(USAGE, "nowhere.opus does not exist", "inspect", "nowhere.opus");
        assertRefused(
                USAGE,
                "nowhere.opus does not exist",
                "produce",
                "--brokers",
                "127.0.0.1:1",
                "--topic",
                "packets",
                "nowhere.opus");
    }

    @Test
    void aFileThatIsNotOpusIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("song.opus"), "RIFF....WAVE");

        assertRefused(FAILED, file + ": not an Opus recording: it begins with RIFF", "inspect", file.toString());
    }

    @Test
    void aLibraryThatCannotBeLoadedIsNamed() {
        decant("doctor", "--library", "/nowhere/libopus.so");

        assertThat(out.toString()).contains("Would stop a job: ").contains("/nowhere/libopus.so");
    }

    @Test
    void whatTheLibraryCannotDoIsNamedBeforeAnythingIsStarted() {
        assertRefused(FAILED, "/nowhere/libopus.so", "demo", "--library", "/nowhere/libopus.so");
        assertRefused(FAILED, "s16le", "demo", "--library", "java", "--sample-format", "f32le");
    }

    @Test
    void anOptionsFileIsReadAndTheCommandLineGoesBeforeIt() throws IOException {
        Path file = Files.writeString(
                folder.resolve("decant.yaml"),
                "# a comment\npcm.rate: 44100\npcm.sample-format=f32le\npacket.topic: not ours\n");

        assertRefused(USAGE, "Opus cannot be decoded to 44100 Hz", stream("--config", file.toString()));
        assertRefused(
                USAGE, "Opus cannot be decoded to 22050 Hz", stream("--config", file.toString(), "--rate", "22050"));
    }

    @Test
    void anOptionsFileThatIsNotThereIsNamed() {
        assertRefused(FAILED, "--config nowhere.yaml cannot be read", stream("--config", "nowhere.yaml"));
    }

    @Test
    void propertiesOfTheKafkaClientsAreTakenWithAndWithoutAnEqualsSign() {
        assertThat(OptionValues.withKafkaProperties(new String[] {
                    "stream", "--kafka.client.id", "a", "--kafka.security.protocol=SSL", "--rate", "8000"
                }))
                .containsExactly(
                        "stream", "-D", "kafka.client.id=a", "-D", "kafka.security.protocol=SSL", "--rate", "8000");
        assertRefused(USAGE, "--kafka.client.id has no value", "stream", "--kafka.client.id");
    }

    @Test
    void aPacketFormatThatIsNoneIsNamed() {
        assertRefused(USAGE, "--packet-format (packets.format) is \"mp3\"", stream("--packet-format", "mp3"));
    }

    @Test
    void aPayloadTypeThatIsNoneIsNamed() {
        assertRefused(
                USAGE,
                "rtp.opus-payload-types holds 200: a payload type is a number from 0 to 127",
                stream(
                        "--delivery",
                        "at-least-once",
                        "--packet-format",
                        "rtp",
                        "-D",
                        "rtp.opus-payload-types=111;200"));
        assertRefused(
                USAGE,
                "rtp.red-payload-types is \"red\", which cannot be read",
                stream("--delivery", "at-least-once", "--packet-format", "rtp", "-D", "rtp.red-payload-types=red"));
    }

    @Test
    void aStackTraceIsShownOnlyWhenAskedFor() {
        decant("demo", "nowhere.opus", "--verbose");

        assertThat(err.toString()).contains("at dev.decant.job.");
    }

    @Test
    void thePageOfOptionsIsWhatTheCommandPrints() throws IOException {
        assertThat(Files.readString(Path.of("docs", "options.md")))
                .as("run ./decant options > job/docs/options.md")
                .isEqualTo(OptionsCommand.page());
    }

    private static String[] stream(String... more) {
        String[] all = new String[1 + SOUND.length + more.length];
        all[0] = "stream";
        System.arraycopy(SOUND, 0, all, 1, SOUND.length);
        System.arraycopy(more, 0, all, 1 + SOUND.length, more.length);
        return all;
    }

    private static String[] replay(String... more) {
        return Stream.concat(Stream.of("replay-dead-letters", "--brokers", "127.0.0.1:1"), Stream.of(more))
                .toArray(String[]::new);
    }

    private int decant(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Decant.run(arguments, new PrintWriter(out, true), new PrintWriter(err, true));
    }

    private void assertRefused(int exitCode, String sentence, String... arguments) {
        int given = decant(arguments);

        assertThat(err.toString()).startsWith("decant: ").contains(sentence).doesNotContain("\tat ");
        assertThat(given).as(err.toString()).isEqualTo(exitCode);
    }
}
