package dev.decant.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.decant.audio.ChannelOrder;
import dev.decant.audio.DeadLetter;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import dev.decant.audio.PcmFrameSerializer;
import dev.decant.audio.SampleFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableWriter;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyWriterTest {
    private static final int MAX_PARALLELISM = 128;

    @TempDir
    java.nio.file.Path folder;

    private final JobID job = new JobID();
    private final List<OneInputStreamOperatorTestHarness<PcmFrame, FinishedFile>> toClose = new ArrayList<>();
    private BodyShape shape = new BodyShape(FileFormat.WAV, false, false, false);
    private Duration segment;
    private int maxOpenFiles = 100;
    private long checkpoint;

    @AfterEach
    void close() throws Exception {
        for (var harness : toClose) {
            harness.close();
        }
    }

    @Test
    void bodyHoldsEveryKindOfSamples() throws Exception {
        var task = start();
        process(task, Frames.reset("a"));
        process(task, Frames.decoded("a", 0));
        process(task, Frames.frame("a", Outcome.FEC, new byte[] {1, 2}, 1));
        process(task, Frames.frame("a", Outcome.CONCEALED, new byte[] {3, 4}, 1));
        process(task, Frames.frame("a", Outcome.REJECTED, new byte[] {5, 6}, 1));
        process(task, Frames.reset("a"));
        process(task, Frames.filled("a", 20_000));
        process(task, Frames.frame("a", Outcome.DECODED, new byte[] {7, 8}, 1));
        process(task, Frames.end("a"));

        FinishedFile wav = onlyWav(task);
        byte[] expected = new byte[640 + 6 + 40_000 + 2];
        System.arraycopy(Frames.samples("a", 0, 320), 0, expected, 0, 640);
        System.arraycopy(new byte[] {1, 2, 3, 4, 5, 6}, 0, expected, 640, 6);
        System.arraycopy(new byte[] {7, 8}, 0, expected, expected.length - 2, 2);
        assertThat(wav.samples()).isEqualTo(20_324);
        assertThat(wav.format()).isEqualTo(Frames.FORMAT);
        assertThat(wav.piece()).isFalse();
        assertThat(commit(wav)).isEqualTo(expected);
    }

    @Test
    void aBodyKnowsHowItsSamplesCameAbout() throws Exception {
        DeadLetter refused = DeadLetter.of(
                OpusPacket.plain("a", new byte[] {1}, new PacketOrigin("a.opus", 0, 4_711, 0)),
                DeadLetter.Stage.DECODE,
                DeadLetter.Reason.REJECTED_BY_DECODER,
                "OPUS_INVALID_PACKET");
        var task = start();
        process(task, Frames.decoded("a", 0));
        process(task, Frames.frame("a", Outcome.CONCEALED, new byte[10], 5));
        process(task, Frames.frame("a", Outcome.FEC, new byte[6], 3));
        process(task, Frames.filled("a", 7));
        OperatorSubtaskState state = snapshot(task);
        task = restart(task, state);
        process(task, new PcmFrame("a", Outcome.REJECTED, Frames.FORMAT, new byte[4], 2, 0, 0, refused));
        process(task, Frames.frame("a", Outcome.COMFORT_NOISE, new byte[4], 2));
        process(task, Frames.end("a"));

        assertThat(onlyWav(task).tally()).isEqualTo(new SampleTally(7, 3, 7, 1, 4_711, "OPUS_INVALID_PACKET"));
    }

    @Test
    void aBodyThatIsToBecomeAWavWhereItStandsHasRoomForItsHeader() throws Exception {
        shape = new BodyShape(FileFormat.WAV, true, false, false);
        var task = start();
        process(task, Frames.decoded("a", 0));
        OperatorSubtaskState state = snapshot(task);
        task = restart(task, state);
        process(task, Frames.decoded("a", 1));
        process(task, Frames.end("a"));

        FinishedFile wav = onlyWav(task);
        assertThat(wav.room()).isEqualTo(44);
        byte[] body = commit(wav);
        assertThat(Arrays.copyOf(body, 44)).containsOnly(0);
        assertThat(Arrays.copyOfRange(body, 44, body.length)).isEqualTo(Frames.samples("a", 0, 640));
    }

    @Test
    void samplesAreHashedUnlessAHashWouldBeginInTheMiddle() throws Exception {
        shape = new BodyShape(FileFormat.WAV, true, true, false);
        var task = start();
        process(task, Frames.decoded("whole", 0));
        process(task, Frames.filled("whole", 20_000));
        process(task, Frames.end("whole"));
        assertThat(onlyWav(task).sha256())
                .isEqualTo(MessageDigest.getInstance("SHA-256")
                        .digest(Arrays.copyOf(Frames.samples("whole", 0, 320), 640 + 40_000)));

        process(task, Frames.decoded("resumed", 0));
        OperatorSubtaskState state = snapshot(task);
        task = restart(task, state);
        process(task, Frames.decoded("resumed", 1));
        process(task, Frames.end("resumed"));
        assertThat(onlyWav(task).sha256()).isNull();
    }

    @Test
    void framesLargerThanTheBufferAreWrittenToo() throws Exception {
        var task = start();
        byte[] large = Frames.samples("a", 320, 30_000);
        process(task, Frames.decoded("a", 0));
        process(task, Frames.frame("a", Outcome.DECODED, large, 30_000));
        process(task, Frames.end("a"));

        assertThat(commit(onlyWav(task))).isEqualTo(Frames.samples("a", 0, 30_320));
    }

    /** The buffer ends within a frame, and one frame alone is larger than it. */
    @Test
    void surroundIsPutInTheOrderOfAWavAndTheFrameIsLeftAsItIs() throws Exception {
        PcmFormat surround = new PcmFormat(SampleFormat.F32LE, 48_000, 6, ChannelOrder.SPEAKERS);
        int[] sources = {0, 2, 1, 5, 3, 4};
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        var task = start();
        int sample = 0;
        for (int count : new int[] {500, 500, 1_000, 1}) {
            ByteBuffer opus = ByteBuffer.allocate(count * surround.bytesPerSample());
            for (int i = 0; i < count; i++, sample++) {
                ByteBuffer wave = ByteBuffer.allocate(surround.bytesPerSample());
                for (int channel = 0; channel < 6; channel++) {
                    opus.putInt(10 * sample + channel);
                    wave.putInt(10 * sample + sources[channel]);
                }
                expected.writeBytes(wave.array());
            }
            byte[] before = opus.array().clone();
            process(task, new PcmFrame("a", Outcome.DECODED, surround, opus.array(), count, 0, sample, null));
            assertThat(opus.array()).isEqualTo(before);
        }
        process(task, Frames.end("a"));

        assertThat(commit(onlyWav(task))).isEqualTo(expected.toByteArray());
    }

    @Test
    void endOfInputEndsAllStreams() throws Exception {
        maxOpenFiles = 2;
        var task = start();
        for (String stream : List.of("a", "b", "c", "d")) {
            process(task, Frames.decoded(stream, 0));
        }
        task.endInput();

        assertThat(commitAll(task.extractOutputValues()).keySet()).containsExactly("a", "b", "c", "d");
    }

    @Test
    void aStreamThatHasBegunHasAFileAndAnEndAloneHasNone() throws Exception {
        var task = start();
        process(task, Frames.reset("empty"));
        process(task, Frames.end("empty"));
        process(task, Frames.end("empty"));
        process(task, Frames.end("never seen"));

        FinishedFile wav = onlyWav(task);
        assertThat(wav.samples()).isZero();
        assertThat(wav.body()).isNull();
    }

    @Test
    void afterItsEndAStreamBeginsANewBody() throws Exception {
        var task = start();
        process(task, Frames.decoded("a", 0));
        process(task, Frames.end("a"));
        process(task, Frames.decoded("a", 1));
        process(task, Frames.end("a"));

        List<FinishedFile> wavs = task.extractOutputValues();
        assertThat(wavs).hasSize(2);
        assertThat(commit(wavs.get(0))).isEqualTo(Frames.samples("a", 0, 320));
        assertThat(commit(wavs.get(1))).isEqualTo(Frames.samples("a", 320, 320));
    }

    @Test
    void aNewFormatBeginsANewBody() throws Exception {
        PcmFormat stereo = new PcmFormat(SampleFormat.S16LE, 16_000, 2);
        var task = start();
        process(task, Frames.decoded("a", 0));
        process(task, new PcmFrame("a", Outcome.DECODED, stereo, new byte[] {1, 2, 3, 4}, 1, 1, 0, null));
        process(task, Frames.end("a"));

        List<FinishedFile> wavs = task.extractOutputValues();
        assertThat(wavs).extracting(FinishedFile::format).containsExactly(Frames.FORMAT, stereo);
        assertThat(commit(wavs.get(1))).containsExactly(1, 2, 3, 4);
    }

    @Test
    void piecesAreCutToTheSample() throws Exception {
        segment = Duration.ofMillis(30); // 480 samples: a frame and a half
        var task = start();
        process(task, Frames.decoded("a", 0));
        process(task, Frames.decoded("a", 1));
        process(task, Frames.decoded("a", 2));
        process(task, Frames.filled("a", 1_000));
        process(task, Frames.end("a"));

        List<FinishedFile> wavs = task.extractOutputValues();
        assertThat(wavs).extracting(FinishedFile::start).containsExactly(0L, 480L, 960L, 1440L, 1920L);
        assertThat(wavs).extracting(FinishedFile::samples).containsExactly(480L, 480L, 480L, 480L, 40L);
        assertThat(wavs).allMatch(FinishedFile::piece);
        assertThat(commit(wavs.get(0))).isEqualTo(Frames.samples("a", 0, 480));
        assertThat(commit(wavs.get(1))).isEqualTo(Frames.samples("a", 480, 480));
        assertThat(commit(wavs.get(4))).isEqualTo(new byte[80]);
    }

    @Test
    void aStreamThatEndsWithItsPieceLeavesNoEmptyOne() throws Exception {
        segment = Duration.ofMillis(20);
        var task = start();
        process(task, Frames.decoded("a", 0));
        process(task, Frames.decoded("a", 1));
        assertThat(task.extractOutputValues()).as("a full piece does not wait").hasSize(2);
        process(task, Frames.end("a"));

        assertThat(task.extractOutputValues()).hasSize(2);
    }

    @Test
    void pieceStartsSurviveARestore() throws Exception {
        segment = Duration.ofMillis(30);
        var task = start();
        process(task, Frames.decoded("a", 0));
        process(task, Frames.decoded("a", 1));
        var restored = restart(task, snapshot(task));
        process(restored, Frames.decoded("a", 2));
        process(restored, Frames.end("a"));

        assertThat(restored.extractOutputValues())
                .extracting(FinishedFile::start)
                .containsExactly(480L);
        assertThat(commit(onlyWav(restored))).isEqualTo(Frames.samples("a", 480, 480));
    }

    /** What a body has more than a whole piece stays in it, and the next piece begins behind. */
    @ParameterizedTest
    @ValueSource(longs = {0, 100})
    void piecesMayBecomeShorterWithARestore(long segmentMillisBefore) throws Exception {
        segment = segmentMillisBefore == 0 ? null : Duration.ofMillis(segmentMillisBefore);
        var task = start();
        for (int i = 0; i < 3; i++) {
            process(task, Frames.decoded("a", i));
            process(task, Frames.decoded("b", i));
        }
        OperatorSubtaskState state = snapshot(task);
        segment = Duration.ofMillis(30);
        var restored = restart(task, state);
        process(restored, Frames.decoded("a", 3));
        process(restored, Frames.filled("b", Frames.SAMPLES));
        process(restored, Frames.end("a"));
        process(restored, Frames.end("b"));

        long before = 3 * Frames.SAMPLES;
        assertThat(restored.extractOutputValues())
                .extracting(FinishedFile::streamId, FinishedFile::start, FinishedFile::samples)
                .containsExactly(
                        tuple("a", 0L, before),
                        tuple("b", 0L, before),
                        tuple("a", before, (long) Frames.SAMPLES),
                        tuple("b", before, (long) Frames.SAMPLES));
    }

    @Test
    void framesReplayedAfterARestoreStandInTheBodyOnce() throws Exception {
        var task = start();
        int frame = 0;
        for (; frame < 100; frame++) {
            process(task, Frames.decoded("a", frame));
        }
        OperatorSubtaskState state = snapshot(task);
        for (int lost = frame; lost < 190; lost++) {
            process(task, Frames.decoded("a", lost)); // some of it reaches the file, no checkpoint knows
        }
        for (int failure = 0; failure < 3; failure++) {
            task = restart(task, state);
            for (int replayed = 0; replayed < 50; replayed++) {
                process(task, Frames.decoded("a", frame++));
            }
            state = snapshot(task);
        }
        process(task, Frames.end("a"));

        assertThat(commit(onlyWav(task))).isEqualTo(Frames.samples("a", 0, 250 * Frames.SAMPLES));
    }

    @Test
    void aStreamFinishedAfterTheCheckpointIsFinishedAgain() throws Exception {
        var task = start();
        process(task, Frames.decoded("a", 0));
        OperatorSubtaskState state = snapshot(task);
        process(task, Frames.decoded("a", 1));
        process(task, Frames.end("a"));
        var restored = restart(task, state);
        process(restored, Frames.decoded("a", 1));
        process(restored, Frames.end("a"));

        assertThat(commit(onlyWav(restored))).isEqualTo(Frames.samples("a", 0, 640));
    }

    @Test
    void moreStreamsThanOpenFilesLoseNothing() throws Exception {
        maxOpenFiles = 3;
        var task = start();
        for (int frame = 0; frame < 30; frame++) {
            for (int stream = 0; stream < 10; stream++) {
                process(task, Frames.decoded("s" + stream, frame));
            }
            if (frame == 17) {
                task = restart(task, snapshot(task));
            }
        }
        assertThat(openFiles()).isLessThanOrEqualTo(3);
        task.endInput();

        Map<String, byte[]> bodies = commitAll(task.extractOutputValues());
        assertThat(bodies).hasSize(10);
        bodies.forEach((stream, body) -> assertThat(body).isEqualTo(Frames.samples(stream, 0, 30 * Frames.SAMPLES)));
    }

    @Test
    void thousandsOfStreamsAreOpenAtOnce() throws Exception {
        maxOpenFiles = 5_000;
        int streams = 2_000;
        var task = start();
        for (int frame = 0; frame < 3; frame++) {
            for (int stream = 0; stream < streams; stream++) {
                process(task, Frames.decoded("s" + stream, frame));
            }
        }
        task = restart(task, snapshot(task));
        for (int stream = 0; stream < streams; stream++) {
            process(task, Frames.decoded("s" + stream, 3));
        }
        task.endInput();

        Map<String, byte[]> bodies = commitAll(task.extractOutputValues());
        assertThat(bodies).hasSize(streams);
        bodies.forEach((stream, body) -> assertThat(body).isEqualTo(Frames.samples(stream, 0, 4 * Frames.SAMPLES)));
    }

    @Test
    void bodiesFollowTheirStreamsThroughEveryParallelism() throws Exception {
        int streams = 50;
        OperatorSubtaskState state = null;
        int before = 0;
        int frame = 0;
        List<FinishedFile> finished = new ArrayList<>();
        for (int parallelism : new int[] {1, 2, 3, 1}) {
            List<OneInputStreamOperatorTestHarness<PcmFrame, FinishedFile>> tasks = new ArrayList<>();
            for (int subtask = 0; subtask < parallelism; subtask++) {
                var task = harness(parallelism, subtask);
                if (state != null) {
                    task.initializeState(AbstractStreamOperatorTestHarness.repartitionOperatorState(
                            state, MAX_PARALLELISM, before, parallelism, subtask));
                }
                task.open();
                tasks.add(task);
            }
            for (int stream = 0; stream < streams; stream++) {
                String id = "s" + stream;
                process(tasks.get(owner(id, parallelism)), Frames.decoded(id, frame));
            }
            String ending = "s" + frame;
            process(tasks.get(owner(ending, parallelism)), Frames.end(ending));
            frame++;
            checkpoint++;
            OperatorSubtaskState[] states = new OperatorSubtaskState[parallelism];
            for (int subtask = 0; subtask < parallelism; subtask++) {
                states[subtask] = tasks.get(subtask).snapshot(checkpoint, 0);
            }
            state = AbstractStreamOperatorTestHarness.repackageState(states);
            before = parallelism;
            if (frame == 4) {
                tasks.get(0).endInput();
            }
            for (var task : tasks) {
                finished.addAll(task.extractOutputValues());
            }
            close();
            toClose.clear();
        }

        Map<String, List<FinishedFile>> byStream =
                finished.stream().collect(Collectors.groupingBy(FinishedFile::streamId));
        assertThat(byStream).hasSize(streams);
        for (int stream = 0; stream < streams; stream++) {
            String id = "s" + stream;
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (FinishedFile wav : byStream.get(id)) {
                all.write(commit(wav));
            }
            assertThat(byStream.get(id)).hasSize(stream < 3 ? 2 : 1);
            assertThat(Arrays.equals(all.toByteArray(), Frames.samples(id, 0, 4 * Frames.SAMPLES)))
                    .as(id)
                    .isTrue();
        }
    }

    @Test
    void aFrameAtTheWrongSubtaskIsRefused() throws Exception {
        String stream = Stream.of("a", "b", "c", "d", "e", "f")
                .filter(id -> owner(id, 2) == 1)
                .findFirst()
                .orElseThrow();
        var task = harness(2, 0);
        task.open();

        assertThatThrownBy(() -> process(task, Frames.decoded(stream, 0)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("\"" + stream + "\" came to subtask 0 of 2")
                .hasMessageContaining("key the frames by stream ID");
    }

    @Test
    void aFrameThatIsNotAsLongAsItSaysIsRefused() throws Exception {
        var task = start();

        assertThatThrownBy(() -> process(task, Frames.frame("a", Outcome.DECODED, new byte[3], 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("3 bytes: 1 samples of 2 bytes were announced");
    }

    @Test
    void aBodyThatWasDeletedIsNamed() throws Exception {
        var task = start();
        process(task, Frames.decoded("a", 0));
        OperatorSubtaskState state = snapshot(task);
        for (java.nio.file.Path file : workFiles()) {
            Files.delete(file);
        }
        var restored = restart(task, state);
        process(restored, Frames.decoded("a", 1));

        assertThatThrownBy(() -> process(restored, Frames.end("a")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("The body of stream \"a\" can't be resumed at");
    }

    @Test
    void whatATaskLeftThatDiedIsDeletedAndNothingElse() throws Exception {
        var task = start();
        process(task, Frames.decoded("kept", 0));
        process(task, Frames.decoded("pending", 0));
        process(task, Frames.end("pending"));
        FinishedFile pending = onlyWav(task);
        OperatorSubtaskState state = snapshot(task);
        process(task, Frames.filled("unknown", 100_000));
        java.nio.file.Path foreign = folder.resolve(".decant/notes.txt");
        Files.writeString(foreign, "not ours");
        assertThat(workFiles()).hasSize(4);

        var restored = restart(task, state);

        assertThat(workFiles()).hasSize(3).contains(foreign);
        assertThat(commit(pending)).isEqualTo(Frames.samples("pending", 0, 320));
        process(restored, Frames.end("kept"));
        assertThat(commit(onlyWav(restored))).isEqualTo(Frames.samples("kept", 0, 320));
    }

    @Test
    void aPendingBodyIsKnownUntilTwoCheckpointsAreComplete() throws Exception {
        var task = start();
        process(task, Frames.decoded("a", 0));
        process(task, Frames.end("a"));
        snapshot(task);
        task.notifyOfCompletedCheckpoint(checkpoint);
        OperatorSubtaskState afterOne = snapshot(task);
        task.notifyOfCompletedCheckpoint(checkpoint);
        OperatorSubtaskState afterTwo = snapshot(task);

        task = restart(task, afterOne);
        assertThat(workFiles()).hasSize(1);
        restart(task, afterTwo);
        assertThat(workFiles()).isEmpty();
    }

    @Test
    void aTaskThatDiedBeforeItsFirstCheckpointLeavesNothing() throws Exception {
        var task = start();
        process(task, Frames.filled("a", 100_000));
        assertThat(workFiles()).hasSize(1);
        task.close();

        start();

        assertThat(workFiles()).isEmpty();
    }

    @Test
    void anotherJobsBodiesAreLetBe() throws Exception {
        var other = new WorkFolder(new Path(folder.toUri()), new JobID(), 0, 1);
        other.create();
        java.nio.file.Path body = java.nio.file.Path.of(other.newBody().toUri());
        Files.writeString(body, "other");

        var task = start();
        task.endInput();
        task.close();

        assertThat(workFiles()).containsExactly(body);
    }

    @Test
    void theWorkFolderGoesWithTheEndOfTheInput() throws Exception {
        var task = start();
        process(task, Frames.decoded("a", 0));
        task.endInput();
        commit(onlyWav(task));
        task.close();

        assertThat(folder).isEmptyDirectory();
    }

    private OneInputStreamOperatorTestHarness<PcmFrame, FinishedFile> start() throws Exception {
        var task = harness(1, 0);
        task.open();
        return task;
    }

    private OneInputStreamOperatorTestHarness<PcmFrame, FinishedFile> restart(
            OneInputStreamOperatorTestHarness<PcmFrame, FinishedFile> task, OperatorSubtaskState state)
            throws Exception {
        task.close();
        var restored = harness(1, 0);
        restored.initializeState(state);
        restored.open();
        return restored;
    }

    private OneInputStreamOperatorTestHarness<PcmFrame, FinishedFile> harness(int parallelism, int subtask)
            throws Exception {
        var environment = new MockEnvironmentBuilder()
                .setJobID(job)
                .setTaskName("WAV bodies")
                .setParallelism(parallelism)
                .setMaxParallelism(MAX_PARALLELISM)
                .setSubtaskIndex(subtask)
                .build();
        var harness = new OneInputStreamOperatorTestHarness<>(
                new BodyWriter(new Path(folder.toUri()), shape, segment, maxOpenFiles),
                PcmFrameSerializer.INSTANCE,
                environment);
        harness.setup(FinishedFileSerializer.INSTANCE);
        toClose.add(harness);
        return harness;
    }

    private OperatorSubtaskState snapshot(OneInputStreamOperatorTestHarness<PcmFrame, FinishedFile> task)
            throws Exception {
        return task.snapshot(++checkpoint, 0);
    }

    private static void process(OneInputStreamOperatorTestHarness<PcmFrame, FinishedFile> task, PcmFrame frame)
            throws Exception {
        task.processElement(frame, 0);
    }

    private static int owner(String streamId, int parallelism) {
        return KeyGroupRangeAssignment.assignKeyToParallelOperator(streamId, MAX_PARALLELISM, parallelism);
    }

    private static FinishedFile onlyWav(OneInputStreamOperatorTestHarness<PcmFrame, FinishedFile> task) {
        List<FinishedFile> wavs = task.extractOutputValues();
        assertThat(wavs).hasSize(1);
        return wavs.get(0);
    }

    private Map<String, byte[]> commitAll(Collection<FinishedFile> wavs) throws IOException {
        Map<String, byte[]> bodies = new TreeMap<>();
        for (FinishedFile wav : wavs) {
            bodies.put(wav.streamId(), commit(wav));
        }
        return bodies;
    }

    /** Makes the body a file, as the committer would, takes its bytes and deletes it. */
    private static byte[] commit(FinishedFile wav) throws IOException {
        Path path = new Path(wav.body().path());
        RecoverableWriter writer = path.getFileSystem().createRecoverableWriter();
        writer.recoverForCommit(writer.getCommitRecoverableSerializer()
                        .deserialize(wav.body().version(), wav.body().recoverable()))
                .commitAfterRecovery();
        java.nio.file.Path file = java.nio.file.Path.of(path.toUri());
        byte[] bytes = Files.readAllBytes(file);
        Files.delete(file);
        return bytes;
    }

    private List<java.nio.file.Path> workFiles() throws IOException {
        if (!Files.exists(folder.resolve(".decant"))) {
            return List.of();
        }
        try (Stream<java.nio.file.Path> files = Files.walk(folder.resolve(".decant"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /** File handles of this process below the folder, where the platform shows them; else 0. */
    private long openFiles() throws IOException {
        java.nio.file.Path handles = java.nio.file.Path.of("/proc/self/fd");
        if (!Files.exists(handles)) {
            return 0;
        }
        return Arrays.stream(handles.toFile().listFiles())
                .filter(handle -> {
                    try {
                        return Files.readSymbolicLink(handle.toPath()).startsWith(folder);
                    } catch (IOException closedMeanwhile) {
                        return false;
                    }
                })
                .count();
    }
}
