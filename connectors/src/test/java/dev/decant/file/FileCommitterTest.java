package dev.decant.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.connector.sink2.Committer.CommitRequest;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.core.fs.RecoverableWriter;
import org.apache.flink.core.fs.local.LocalFileSystem;
import org.apache.flink.core.fs.local.LocalRecoverableWriter;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.util.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileCommitterTest {
    @TempDir
    java.nio.file.Path folder;

    private final JobID job = new JobID();
    private int room;

    @Test
    void fileIsHeaderAndBodyAndTheBodyGoes() throws Exception {
        commit(finished("alice", 100));

        assertThat(files()).containsOnlyKeys("alice.wav");
        assertThat(files().get("alice.wav")).isEqualTo(Frames.wav("alice", 100));
        assertThat(folder.resolve(".decant")).doesNotExist();
        assertThat(WavManifest.read(new Path(folder.toUri())))
                .containsExactly(new WavManifest.Entry("alice.wav", "alice", Frames.FORMAT, 100, 0));
    }

    @Test
    void pieceIsNamedByItsStartInMilliseconds() throws Exception {
        byte[] pcm = Frames.samples("a/b", 960_000, 10);
        commit(new FinishedFile("a/b", Frames.FORMAT, 10, true, 960_000, body(pcm)));

        assertThat(files()).containsOnlyKeys("a%2Fb/000000060000.wav");
        assertThat(files().get("a%2Fb/000000060000.wav")).isEqualTo(Frames.wav(pcm));
        assertThat(WavManifest.read(new Path(folder.toUri())))
                .containsExactly(new WavManifest.Entry("a%2Fb/000000060000.wav", "a/b", Frames.FORMAT, 10, 960_000));
    }

    @Test
    void aStreamWithoutSamplesIsAHeader() throws Exception {
        FinishedFile empty = new FinishedFile("empty", Frames.FORMAT, 0, false, 0, null);
        commit(empty);
        commit(empty);

        assertThat(files()).containsOnlyKeys("empty.wav");
        assertThat(files().get("empty.wav")).isEqualTo(Frames.wav(new byte[0]));
    }

    @Test
    void otherContentTakesTheNextNumberAndTheSameContentNone() throws Exception {
        commit(finished("alice", 100), finished("alice", 200), finished("alice", 100));
        commit(finished("alice", 300));
        commit(finished("alice", 200));

        assertThat(files()).containsOnlyKeys("alice.wav", "alice~2.wav", "alice~3.wav");
        assertThat(files().get("alice.wav")).isEqualTo(Frames.wav("alice", 100));
        assertThat(files().get("alice~2.wav")).isEqualTo(Frames.wav("alice", 200));
        assertThat(files().get("alice~3.wav")).isEqualTo(Frames.wav("alice", 300));
        assertThat(WavManifest.read(new Path(folder.toUri())))
                .extracting(WavManifest.Entry::file, WavManifest.Entry::samples)
                .containsExactly(tuple("alice.wav", 100L), tuple("alice~2.wav", 200L), tuple("alice~3.wav", 300L));
    }

    @Test
    void aFileOfTheSameLengthButOtherBytesIsKept() throws Exception {
        byte[] foreign = Frames.wav("alice", 100);
        foreign[foreign.length - 1]++;
        Files.write(folder.resolve("alice.wav"), foreign);

        commit(finished("alice", 100));

        assertThat(files().get("alice.wav")).isEqualTo(foreign);
        assertThat(files().get("alice~2.wav")).isEqualTo(Frames.wav("alice", 100));
    }

    @Test
    void manyAreCommittedInGroups() throws Exception {
        List<FinishedFile> wavs = new ArrayList<>();
        for (int i = 0; i < FileCommitter.GROUP_SIZE + 7; i++) {
            wavs.add(finished("s" + i, 1));
        }
        commit(wavs.toArray(FinishedFile[]::new));

        assertThat(files()).hasSize(FileCommitter.GROUP_SIZE + 7);
        assertThat(WavManifest.read(new Path(folder.toUri()))).hasSize(FileCommitter.GROUP_SIZE + 7);
        assertThat(folder.resolve("_manifest").toFile().list()).hasSize(2);
    }

    @Test
    void aCommitRepeatedFromTheStartChangesNothing() throws Exception {
        FinishedFile alice = finished("alice", 100);
        commit(alice);
        Map<String, byte[]> once = files();
        commitRestored(new LocalFileSystem(), List.of(alice));

        assertThat(files()).containsExactlyEntriesOf(once);
    }

    @ParameterizedTest(name = "{0} bytes before the samples")
    @ValueSource(ints = {0, 44})
    void aCommitThatDiedAtAnyMomentIsCompletedByTheNext(int bytesBefore) throws Exception {
        room = bytesBefore;
        int moments = 1;
        for (boolean survived = false; !survived; moments++) {
            FileUtils.cleanDirectory(folder.toFile());
            Files.write(folder.resolve("bob.wav"), Frames.wav("bob", 7)); // of an earlier run
            List<FinishedFile> wavs = List.of(
                    finished("alice", 100),
                    finished("bob", 50),
                    finished("alice", 60),
                    new FinishedFile("empty", Frames.FORMAT, 0, false, 0, null));
            CrashingFileSystem dying = new CrashingFileSystem(moments);
            try {
                commitRestored(dying, wavs);
            } catch (IOException death) {
                assertThat(dying.survived()).as("%s", death).isFalse();
            }
            survived = dying.survived();
            commitRestored(new LocalFileSystem(), wavs);

            assertThat(files())
                    .as("after death at moment %d", moments)
                    .containsOnlyKeys("alice.wav", "alice~2.wav", "bob.wav", "bob~2.wav", "empty.wav");
            assertThat(files().get("alice.wav")).isEqualTo(Frames.wav("alice", 100));
            assertThat(files().get("alice~2.wav")).isEqualTo(Frames.wav("alice", 60));
            assertThat(files().get("bob~2.wav")).isEqualTo(Frames.wav("bob", 50));
            assertThat(WavManifest.read(new Path(folder.toUri())))
                    .as("after death at moment %d", moments)
                    .extracting(WavManifest.Entry::file)
                    .containsExactly("alice.wav", "alice~2.wav", "bob~2.wav", "empty.wav");
            assertThat(folder.resolve(".decant")).doesNotExist();
        }
        assertThat(moments).as("moments tried").isGreaterThan(bytesBefore == 0 ? 30 : 20);
    }

    @Test
    void aBodyAndAFileThatAreBothGoneAreReported() throws Exception {
        FinishedFile alice = finished("alice", 100);
        commit(alice);
        Files.delete(folder.resolve("alice.wav"));

        assertThatThrownBy(() -> commitRestored(new LocalFileSystem(), List.of(alice)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("of stream \"alice\"")
                .hasMessageContaining("alice.wav is there");
    }

    @Test
    void aBodyWithRoomForTheHeaderBecomesTheFileItself() throws Exception {
        room = 44;
        FinishedFile alice = finished("alice", 100);
        java.nio.file.Path inProgress =
                onlyFile(folder.resolve(".decant").resolve(job.toHexString()).resolve("0"));
        Object inode = Files.getAttribute(inProgress, "unix:ino");

        commit(alice);

        assertThat(files()).containsOnlyKeys("alice.wav");
        assertThat(files().get("alice.wav")).isEqualTo(Frames.wav("alice", 100));
        assertThat(Files.getAttribute(folder.resolve("alice.wav"), "unix:ino")).isEqualTo(inode);
        assertThat(folder.resolve(".decant")).doesNotExist();
    }

    @Test
    void anOddNumberOfBytesIsPaddedInPlaceToo() throws Exception {
        PcmFormat format = new PcmFormat(SampleFormat.S24LE, 48_000, 1);
        byte[] header = WavHeader.of(format, 1);
        byte[] body = new byte[header.length + 3];
        body[header.length] = 7;
        FinishedFile file = new FinishedFile(
                "odd", format, 1, false, 0, header.length, SampleTally.NOTHING, null, body(body), null);

        commit(file);
        commit(new FinishedFile(
                "odd", format, 1, false, 0, header.length, SampleTally.NOTHING, null, body(body), null));

        byte[] expected = Arrays.copyOf(header, header.length + 4);
        expected[header.length] = 7;
        assertThat(files()).containsOnlyKeys("odd.wav");
        assertThat(files().get("odd.wav")).isEqualTo(expected);
    }

    @Test
    void whatIsKeptToResumeABodyGoesWithIt() throws Exception {
        FinishedFile alice = finished("alice", 100);
        java.nio.file.Path body = onlyFile(onlyFile(onlyFile(folder.resolve(".decant"))));
        String name = new Path(alice.body().path()).getName();
        Files.writeString(body.resolveSibling("_" + name + "_tmp_1"), "the short part of a body");
        java.nio.file.Path other = body.resolveSibling("_" + "0123456789abcdef".repeat(2) + "_tmp_1");
        Files.writeString(other, "that of a body that is not finished");

        commit(new KeepingFileSystem(), List.of(alice), false);

        assertThat(files()).containsOnlyKeys("alice.wav");
        assertThat(onlyFile(other.getParent())).isEqualTo(other);
    }

    @Test
    void foldersThatAnEarlierJobLeftEmptyGo() throws Exception {
        WorkFolder earlier = new WorkFolder(new Path(folder.toUri()), new JobID(), 3, 4);
        earlier.create();
        commit(
                finished("alice", 1),
                new FinishedFile(
                        "bob", Frames.FORMAT, 1, false, 0, body(earlier.newBody(), Frames.samples("bob", 0, 1))));

        assertThat(files()).containsOnlyKeys("alice.wav", "bob.wav");
        assertThat(folder.resolve(".decant")).doesNotExist();
    }

    private void commit(FinishedFile... wavs) throws Exception {
        commit(new LocalFileSystem(), List.of(wavs), false);
    }

    private void commitRestored(FileSystem files, List<FinishedFile> wavs) throws Exception {
        commit(files, wavs, true);
    }

    private void commit(FileSystem files, List<FinishedFile> wavs, boolean restored) throws Exception {
        List<CommitRequest<FinishedFile>> requests = new ArrayList<>();
        for (FinishedFile wav : wavs) {
            requests.add(new Request(wav));
        }
        Path out = new Path(folder.toUri());
        try (FileCommitter committer = new FileCommitter(
                out, FileFormat.WAV, Account.MANIFEST, files, new WorkFolder(out, job, 0, 1), restored)) {
            committer.commit(requests);
        }
    }

    /** The first {@code samples} samples of a stream, as the body writer hands them on. */
    private FinishedFile finished(String streamId, int samples) throws IOException {
        byte[] pcm = Frames.samples(streamId, 0, samples);
        byte[] bytes = new byte[room + pcm.length];
        System.arraycopy(pcm, 0, bytes, room, pcm.length);
        return new FinishedFile(
                streamId, Frames.FORMAT, samples, false, 0, room, SampleTally.NOTHING, null, body(bytes), null);
    }

    private static java.nio.file.Path onlyFile(java.nio.file.Path of) throws IOException {
        try (Stream<java.nio.file.Path> files = Files.list(of)) {
            List<java.nio.file.Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }

    private WrittenBody body(byte[] pcm) throws IOException {
        return body(new WorkFolder(new Path(folder.toUri()), job, 0, 1).newBody(), pcm);
    }

    private static WrittenBody body(Path path, byte[] pcm) throws IOException {
        RecoverableWriter writer = path.getFileSystem().createRecoverableWriter();
        RecoverableFsDataOutputStream out = writer.open(path);
        out.write(pcm);
        SimpleVersionedSerializer<RecoverableWriter.CommitRecoverable> serializer =
                writer.getCommitRecoverableSerializer();
        return new WrittenBody(
                path.toString(),
                serializer.getVersion(),
                serializer.serialize(out.closeForCommit().getRecoverable()));
    }

    /** Everything in the folder but the manifest and the work folder, by its path. */
    private Map<String, byte[]> files() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<java.nio.file.Path> all = Files.walk(folder)) {
            for (java.nio.file.Path file : all.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString();
                if (!name.startsWith("_manifest/") && !name.startsWith(".decant/")) {
                    files.put(name, Files.readAllBytes(file));
                }
            }
        }
        return files;
    }

    /** The local file system, but its writer keeps something for each recovery point, as that of S3 does. */
    private static final class KeepingFileSystem extends LocalFileSystem {
        @Override
        public LocalRecoverableWriter createRecoverableWriter() {
            return new LocalRecoverableWriter(this) {
                @Override
                public boolean requiresCleanupOfRecoverableState() {
                    return true;
                }
            };
        }
    }

    private record Request(FinishedFile getCommittable) implements CommitRequest<FinishedFile> {
        @Override
        public int getNumberOfRetries() {
            return 0;
        }

        @Override
        public void signalFailedWithKnownReason(Throwable reason) {
            throw new AssertionError(reason);
        }

        @Override
        public void signalFailedWithUnknownReason(Throwable reason) {
            throw new AssertionError(reason);
        }

        @Override
        public void retryLater() {
            throw new AssertionError("retryLater");
        }

        @Override
        public void updateAndRetryLater(FinishedFile wav) {
            throw new AssertionError("updateAndRetryLater");
        }

        @Override
        public void signalAlreadyCommitted() {
            throw new AssertionError("signalAlreadyCommitted");
        }
    }
}
