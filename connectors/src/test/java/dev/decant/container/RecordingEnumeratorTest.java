package dev.decant.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingEnumeratorTest {
    private static final int MAX_PARALLELISM = 128;
    private static final EnumeratorState START = new EnumeratorState(WalkPlace.START, List.of());

    @TempDir
    Path folder;

    private Coordinator coordinator = new Coordinator(2);

    @Test
    void readersThatAskGetBatchesAndAreToldWhenThereAreNoMore() throws IOException {
        make(100);
        RecordingEnumerator enumerator = start(START);
        enumerator.handleSplitRequest(0, "localhost");
        enumerator.handleSplitRequest(1, "localhost");
        assertThat(coordinator.handedOut).as("before anything is listed").isEmpty();

        coordinator.answer();
        assertThat(coordinator.handedOut).hasSize(2);
        for (int asked = 0; asked < 4; asked++) {
            enumerator.handleSplitRequest(asked % 2, "localhost");
        }

        assertThat(names(coordinator.handedOut)).hasSize(100).isSorted();
        assertThat(coordinator.told).containsExactly(0, 1);
    }

    @Test
    void anEnumeratorThatComesBackGivesExactlyTheRest() throws Exception {
        make(400);
        List<String> all = drain(start(START));
        assertThat(all).hasSize(400);

        int batches = coordinator.handedOut.size();
        for (int before = 0; before <= batches; before++) {
            coordinator = new Coordinator(2);
            RecordingEnumerator first = start(START);
            coordinator.answer();
            for (int asked = 0; asked < before; asked++) {
                first.handleSplitRequest(0, "localhost");
                coordinator.answer();
            }
            List<String> given = names(coordinator.handedOut);
            EnumeratorState state = stored(first.snapshotState(1));

            coordinator = new Coordinator(2);
            given.addAll(drain(start(state)));
            assertThat(given).as("%s batches before", before).isEqualTo(all);
        }
    }

    @Test
    void batchesOfAReaderThatFailedAreHandedOutAgainAndRemembered() throws Exception {
        make(100);
        RecordingEnumerator enumerator = start(START);
        coordinator.answer();
        enumerator.handleSplitRequest(0, "localhost");
        RecordingBatch lost = coordinator.handedOut.get(0);

        coordinator.fail(enumerator, 0, lost);
        EnumeratorState state = stored(enumerator.snapshotState(1));
        coordinator = new Coordinator(2);
        RecordingEnumerator restored = start(state);
        restored.handleSplitRequest(1, "localhost");

        assertThat(coordinator.handedOut).containsExactly(lost);
        assertThat(drain(restored)).hasSize(100);
    }

    @Test
    void aRecordingThatWasBegunGoesToTheOwnerOfItsStreamAndTheOthersOfItsBatchToAnybody() throws IOException {
        RecordingBatch batch = begun("b.opus", "c.opus", "d.opus");
        int owner = RecordingStreamIds.owner("b.opus", 3, MAX_PARALLELISM);
        int other = (owner + 1) % 3;
        int third = (owner + 2) % 3;
        coordinator = Coordinator.withoutReaders(3);
        RecordingEnumerator enumerator = start(START);
        coordinator.answer();

        coordinator.comeBack(enumerator, other, batch);
        coordinator.comeBack(enumerator, third);

        assertThat(coordinator.given.get(other))
                .isEqualTo(RecordingBatch.of(batch.recordings().subList(1, 3)));
        assertThat(coordinator.given).doesNotContainKey(third);
        assertThat(coordinator.told).as("before the owner is there").isEmpty();

        coordinator.comeBack(enumerator, owner);

        assertThat(coordinator.given.get(owner))
                .isEqualTo(new RecordingBatch("b.opus", batch.recordings().subList(0, 1), "b.opus", 17));
        enumerator.handleSplitRequest(owner, "localhost");
        assertThat(coordinator.told).as("while one still reads").isEmpty();
        enumerator.handleSplitRequest(other, "localhost");
        assertThat(coordinator.told).containsExactly(third, owner, other);
    }

    @Test
    void theSameThatIsReportedOrComesBackAgainIsHandedOutOnce() throws IOException {
        RecordingBatch batch = begun("b.opus", "c.opus");
        RecordingBatch rest = batch.apart().get(1);
        int owner = RecordingStreamIds.owner("b.opus", 2, MAX_PARALLELISM);
        int other = 1 - owner;
        coordinator = Coordinator.withoutReaders(2);
        RecordingEnumerator enumerator = start(START);
        coordinator.answer();
        coordinator.comeBack(enumerator, other, batch);
        coordinator.comeBack(enumerator, owner);
        assertThat(coordinator.handedOut)
                .containsExactlyInAnyOrder(batch.apart().get(0), rest);

        // Before the next checkpoint all fail, and come back from the same one.
        coordinator.handedOut.clear();
        coordinator.fail(enumerator, owner, batch.apart().get(0));
        coordinator.fail(enumerator, other, rest);
        coordinator.comeBack(enumerator, owner);
        coordinator.comeBack(enumerator, other, batch);

        assertThat(coordinator.handedOut)
                .containsExactlyInAnyOrder(batch.apart().get(0), rest);

        // Now only one of them fails.
        coordinator.handedOut.clear();
        coordinator.fail(enumerator, other, rest);
        coordinator.comeBack(enumerator, other, batch);

        assertThat(coordinator.handedOut).containsExactly(rest);
    }

    @Test
    void afterACheckpointReportsAreNewOnes() throws IOException {
        RecordingBatch batch = begun("b.opus");
        int owner = RecordingStreamIds.owner("b.opus", 2, MAX_PARALLELISM);
        coordinator = Coordinator.withoutReaders(2);
        RecordingEnumerator enumerator = start(START);
        coordinator.answer();
        coordinator.comeBack(enumerator, owner, batch);
        coordinator.comeBack(enumerator, 1 - owner);
        enumerator.snapshotState(2);
        enumerator.notifyCheckpointComplete(2);

        RecordingBatch further = new RecordingBatch("b.opus", batch.recordings(), "b.opus", 400);
        coordinator.fail(enumerator, owner);
        coordinator.comeBack(enumerator, owner, further);

        assertThat(coordinator.given.get(owner)).isEqualTo(further);
    }

    @Test
    void whatIsHeldForAReaderIsInTheCheckpoint() throws Exception {
        RecordingBatch batch = begun("b.opus", "c.opus");
        int owner = RecordingStreamIds.owner("b.opus", 2, MAX_PARALLELISM);
        coordinator = Coordinator.withoutReaders(2);
        RecordingEnumerator enumerator = start(START);
        coordinator.comeBack(enumerator, 1 - owner, batch);

        EnumeratorState state = stored(enumerator.snapshotState(2));

        assertThat(state.returned()).containsExactly(batch.apart().get(0));
    }

    @Test
    void aBatchOfWhichNothingIsLeftIsForgotten() throws IOException {
        coordinator = Coordinator.withoutReaders(1);
        RecordingEnumerator enumerator = start(START);
        coordinator.answer();

        coordinator.comeBack(enumerator, 0, new RecordingBatch("b.opus", List.of(), null, 0));

        assertThat(coordinator.handedOut).isEmpty();
        assertThat(coordinator.told).containsExactly(0);
    }

    @Test
    void aReaderThatFailedWhileItWaitedIsLeftAlone() throws IOException {
        make(1);
        RecordingEnumerator enumerator = start(START);
        enumerator.handleSplitRequest(0, "localhost");
        enumerator.handleSplitRequest(1, "localhost");
        coordinator.readers.remove(0);

        coordinator.answer();

        assertThat(names(coordinator.handedOut)).hasSize(1);
        assertThat(coordinator.told).isEmpty();
    }

    @Test
    void whatWasFoundIsMeasured() throws Exception {
        make(40);
        RecordingEnumerator enumerator = start(START);
        assertThat(coordinator.metrics.gauge(RecordingMetrics.LISTED)).isZero();

        coordinator.answer();

        assertThat(coordinator.metrics.gauge(RecordingMetrics.RECORDINGS_FOUND)).isEqualTo(40);
        assertThat(coordinator.metrics.gauge(RecordingMetrics.RECORDINGS_SKIPPED))
                .isZero();
        assertThat(coordinator.metrics.gauge(RecordingMetrics.BYTES_FOUND)).isEqualTo(40 * 4);
        assertThat(coordinator.metrics.gauge(RecordingMetrics.LISTED)).isEqualTo(1);

        enumerator.handleSplitRequest(0, "localhost");
        EnumeratorState state = stored(enumerator.snapshotState(1));
        coordinator = new Coordinator(2);
        start(state);
        assertThat(coordinator.metrics.gauge(RecordingMetrics.RECORDINGS_FOUND)).isEqualTo(32);
        coordinator.answer();
        assertThat(coordinator.metrics.gauge(RecordingMetrics.RECORDINGS_FOUND)).isEqualTo(40);
    }

    @Test
    void anInputThatIsNotThereFailsTheJob() {
        folder = folder.resolve("none");
        start(START);

        assertThatThrownBy(() -> coordinator.answer())
                .hasMessageStartingWith("the recordings cannot be listed: ")
                .hasMessageContaining(folder.toString());
    }

    @Test
    void neitherMemoryNorStateGrowsWithTheNumberOfRecordings() throws Exception {
        // One folder of 1,000 files, and 99 links to it.
        Path sub = Files.createDirectories(folder.resolve("00"));
        for (int i = 0; i < 1_000; i++) {
            Files.createFile(sub.resolve("%03d.opus".formatted(i)));
        }
        for (int i = 1; i < 100; i++) {
            Files.createSymbolicLink(folder.resolve("%02d".formatted(i)), sub);
        }
        RecordingEnumerator enumerator = start(START);
        coordinator.answer();
        int mostHeld = 0;
        int mostStored = 0;
        int found = 0;

        while (coordinator.told.isEmpty()) {
            coordinator.handedOut.clear();
            enumerator.handleSplitRequest(0, "localhost");
            enumerator.handleSplitRequest(1, "localhost");
            found += names(coordinator.handedOut).size();
            coordinator.answer();
            mostHeld = Math.max(mostHeld, enumerator.held());
            mostStored =
                    Math.max(mostStored, new EnumeratorStateSerializer().serialize(enumerator.snapshotState(1)).length);
        }

        assertThat(found).isEqualTo(100_000);
        assertThat(mostHeld).isLessThanOrEqualTo(RecordingEnumerator.MOST_AHEAD * BatchLister.MAX_RECORDINGS);
        assertThat(mostStored).isLessThan(100);
    }

    @Test
    void bytesOfVersion1AreRead() throws Exception {
        RecordingBatch batch = new RecordingBatch(
                "a/b.opus",
                List.of(
                        new FoundRecording("a/c.opus", "a/c", "/in/a/c.opus", null),
                        new FoundRecording(
                                "d/",
                                "d/",
                                "/in/d/",
                                new RecordingProblem(0, RecordingProblem.Kind.UNREADABLE, "gone"))),
                "a/c.opus//2",
                77);
        EnumeratorState state =
                new EnumeratorState(new WalkPlace("é/f.opus", 8, 3_000_000_000L, 5, 1L << 40), List.of(batch));

        assertThat(HexFormat.of().formatHex(new RecordingBatchSerializer().serialize(batch)))
                .isEqualTo(BATCH_VERSION_1);
        assertThat(new RecordingBatchSerializer().deserialize(1, HexFormat.of().parseHex(BATCH_VERSION_1)))
                .isEqualTo(batch);
        assertThat(HexFormat.of().formatHex(new EnumeratorStateSerializer().serialize(state)))
                .isEqualTo(STATE_VERSION_1);
        assertThat(new EnumeratorStateSerializer().deserialize(1, HexFormat.of().parseHex(STATE_VERSION_1)))
                .isEqualTo(state);
        assertThatThrownBy(() -> new RecordingBatchSerializer().deserialize(2, new byte[9]))
                .hasMessage("a batch of recordings of version 2: this Decant reads version 1, so a newer one wrote it");
        assertThatThrownBy(() -> new EnumeratorStateSerializer().deserialize(2, new byte[9]))
                .hasMessage(
                        "the place in a folder of recordings of version 2: this Decant reads version 1, so a newer one wrote it");
    }

    private static final String BATCH_VERSION_1 =
            "09612f622e6f7075730c612f632e6f7075732f2f32000000000000004d0000000209612f632e6f70757304612f630d2f696e2f612f632e6f7075730003642f03642f072f696e2f642f0100000000000000000b554e5245414441424c4505676f6e65";
    private static final String STATE_VERSION_1 =
            "09e9012f662e6f707573000000000000000800000000b2d05e00000000000000000500000100000000000000000109612f622e6f7075730c612f632e6f7075732f2f32000000000000004d0000000209612f632e6f70757304612f630d2f696e2f612f632e6f7075730003642f03642f072f696e2f642f0100000000000000000b554e5245414441424c4505676f6e65";

    private List<String> drain(RecordingEnumerator enumerator) throws IOException {
        coordinator.answer();
        while (coordinator.told.isEmpty()) {
            enumerator.handleSplitRequest(0, "localhost");
            enumerator.handleSplitRequest(1, "localhost");
            coordinator.answer();
        }
        enumerator.close();
        return names(coordinator.handedOut);
    }

    private static EnumeratorState stored(EnumeratorState state) throws IOException {
        EnumeratorStateSerializer serializer = new EnumeratorStateSerializer();
        return serializer.deserialize(serializer.getVersion(), serializer.serialize(state));
    }

    private static List<String> names(List<RecordingBatch> batches) {
        List<String> names = new ArrayList<>();
        batches.forEach(batch -> batch.recordings().forEach(recording -> names.add(recording.name())));
        return names;
    }

    private RecordingEnumerator start(EnumeratorState state) {
        RecordingSource source = RecordingSource.builder()
                .input(new org.apache.flink.core.fs.Path("file", null, folder.toString()))
                .maxParallelism(MAX_PARALLELISM)
                .build();
        RecordingEnumerator enumerator = (RecordingEnumerator) source.restoreEnumerator(coordinator, state);
        enumerator.start();
        return enumerator;
    }

    /** A batch of which 17 packets of the first recording were given; it is its own stream ID. */
    private static RecordingBatch begun(String... names) {
        List<FoundRecording> recordings = Arrays.stream(names)
                .map(name -> new FoundRecording(name, name, "/in/" + name, null))
                .toList();
        return new RecordingBatch("a.opus", recordings, names[0], 17);
    }

    private void make(int recordings) throws IOException {
        for (int i = 0; i < recordings; i++) {
            Path file = folder.resolve("%02d/%03d.opus".formatted(i / 15, i));
            Files.createDirectories(file.getParent());
            Files.write(file, new byte[4]);
        }
    }
}
