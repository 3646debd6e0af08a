package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.OpusPacket;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.container.ReadingSettings;
import dev.decant.container.Recording;
import dev.decant.container.RecordingBytes;
import dev.decant.container.Recordings;
import dev.decant.local.LocalFileSystems;
import dev.decant.opus.TestEncoder.Bandwidth;
import dev.decant.opus.TestEncoder.Mode;
import dev.decant.opus.TestStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** WAV files and checkpoints in an object store, where no file can be written on, renamed or half written. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class S3ITCase {
    /** S3 takes no part of an upload that is smaller, but for the last. */
    private static final int PART_BYTES = 5 << 20;

    private static final int TICKS = 960;
    private static final int A_SECOND = 50;

    @RegisterExtension
    @Order(1)
    static final S3Extension s3 = new S3Extension();

    @RegisterExtension
    @Order(2)
    static final BrokerExtension kafka = new BrokerExtension();

    @RegisterExtension
    @Order(3)
    static final ClusterExtension flink = new ClusterExtension(2, 1, s3::configuration);

    @TempDir
    private Path folder;

    @AfterEach
    void forgetTheServer() {
        LocalFileSystems.initialize(new Configuration());
    }

    @Test
    void aKilledTaskManagerChangesNoSample() throws Exception {
        PcmFormat format = new PcmFormat(SampleFormat.F32LE, 48_000, 2);
        LiveJob job = new LiveJob(
                flink.cluster(),
                kafka.topics(),
                s3.bucket().uri("wav"),
                s3.bucket().uri("checkpoints"),
                format);
        try (LiveScenario scenario = new LiveScenario(job)) {
            CommittedPcm committed = scenario.committed();
            job.submit(2);
            scenario.begin(List.of(music("alice", 1), music("bob", 2), music("carol", 3)));
            // Until uploads have a part, and a short one beside it.
            committed.awaitNewPackets(15 * A_SECOND);
            flink.cluster().killTaskManager(flink.cluster().taskManagers().first());
            flink.cluster().addTaskManager();
            committed.awaitNewPackets(A_SECOND);
            scenario.stopAtTheEnd();

            s3.bucket().download("wav/", folder);
            assertThat(folder.resolve("alice.wav").toFile().length()).isGreaterThan(PART_BYTES);
            scenario.assertEverythingDecoded(new WavFolder(folder));
        }
        assertNothingElseIsIn("wav/");
    }

    @Test
    void theWholeBucketMayBeTheFolder() throws Exception {
        List<TestStream> streams = TestStream.ofEveryKind().subList(0, 4);
        kafka.topics().produceInterleaved(streams);

        decode("--out", "s3://" + s3.bucket().name(), "--rate", "16000");

        s3.bucket().download("", folder);
        PcmFormat format = new PcmFormat(SampleFormat.S16LE, 16_000, 2);
        StreamPcm.assertDecoded(new WavFolder(folder).read(format), streams, format);
        assertNothingElseIsIn("");
    }

    @Test
    void recordingsAreReadAnywhereInThem() throws Exception {
        RecordingFile sample = RecordingFile.samples().get(0);
        byte[] content = bytes(sample);
        s3.bucket().put("in/a b/welcome.opus", content);
        LocalFileSystems.initialize(s3.configuration());
        var in = new org.apache.flink.core.fs.Path(s3.bucket().uri("in"));
        FileSystem files = in.getFileSystem();

        assertThat(files.listStatus(in)).singleElement().satisfies(found -> {
            assertThat(found.isDir()).isTrue();
            assertThat(found.getPath().getName()).isEqualTo("a b");
        });
        assertThat(files.listStatus(new org.apache.flink.core.fs.Path(in, "a b")))
                .singleElement()
                .satisfies(found -> {
                    assertThat(found.getPath().getName()).isEqualTo("welcome.opus");
                    assertThat(found.getLen()).isEqualTo(content.length);
                    assertThat(readFrom(files, found.getPath(), content.length - 100))
                            .isEqualTo(Arrays.copyOfRange(content, content.length - 100, content.length));
                    assertThat(packets(files, found.getPath()))
                            .usingRecursiveComparison()
                            .isEqualTo(packets(sample));
                });
    }

    private void decode(String... arguments) {
        List<String> all = new ArrayList<>(s3.arguments());
        // A second attempt would hide what went wrong with the first.
        all.addAll(List.of("-D", "restart-strategy.type=none"));
        all.addAll(List.of("--topic", kafka.topics().packets()));
        all.addAll(List.of(arguments));
        kafka.topics().decode(folder.resolve("checkpoints"), all.toArray(String[]::new));
    }

    private static byte[] bytes(RecordingFile recording) throws IOException {
        try (InputStream in = recording.bytes().open(0)) {
            return in.readAllBytes();
        }
    }

    private static byte[] readFrom(FileSystem files, org.apache.flink.core.fs.Path file, long offset)
            throws IOException {
        try (FSDataInputStream in = files.open(file)) {
            in.seek(offset);
            return in.readAllBytes();
        }
    }

    private static List<byte[]> packets(FileSystem files, org.apache.flink.core.fs.Path file) throws IOException {
        RecordingBytes bytes = offset -> {
            FSDataInputStream in = files.open(file);
            in.seek(offset);
            return in;
        };
        return packets(Recordings.open(bytes, file.toString(), "stream", ReadingSettings.DEFAULT));
    }

    private static List<byte[]> packets(RecordingFile recording) throws IOException {
        return packets(recording.open());
    }

    private static List<byte[]> packets(Recording opened) throws IOException {
        List<byte[]> packets = new ArrayList<>();
        try (opened) {
            for (OpusPacket packet = opened.next(); packet != null; packet = opened.next()) {
                packets.add(packet.payload());
            }
        }
        return packets;
    }

    /** WAV files and their manifest, and nothing that is begun. */
    private static void assertNothingElseIsIn(String prefix) {
        assertThat(s3.bucket().keys().stream()
                        .filter(key -> key.startsWith(prefix))
                        .map(key -> key.substring(prefix.length())))
                .allMatch(key -> key.matches("[^/]+\\.wav|_manifest/[^/]+\\.jsonl"));
        assertThat(s3.bucket().openUploads()).isEmpty();
    }

    private static TestStream music(String name, long seed) {
        return TestStream.of(Mode.CELT, Bandwidth.FULL, 2, TICKS, 64_000, 2, seed)
                .named(name);
    }
}
