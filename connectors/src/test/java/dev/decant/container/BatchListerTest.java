package dev.decant.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchListerTest {
    private static final long MIB = 1 << 20;

    @TempDir
    Path folder;

    @Test
    void aBatchHasAtMostThirtyTwoRecordings() throws IOException {
        for (int i = 0; i < 70; i++) {
            make("%02d.opus".formatted(i), 100);
        }

        assertThat(sizes(DoneRecordings.none())).containsExactly(32, 32, 6);
    }

    @Test
    void aBatchHasAtMostSixteenMebibytesUnlessItIsASingleRecording() throws IOException {
        make("a.opus", 15 * MIB);
        make("b.opus", MIB);
        make("c.opus", 1);
        make("d.opus", 40 * MIB);
        make("e.opus", 20 * MIB);
        make("f.opus", 1);

        assertThat(sizes(DoneRecordings.none())).containsExactly(2, 1, 1, 1, 1);
    }

    @Test
    void whatIsDoneIsPassedOverAndCounted() throws IOException {
        make("a.opus", 1);
        make("b.opus", 20);
        make("c.opus", 300);
        List<String> opened = new ArrayList<>();
        DoneRecordings done = () -> {
            opened.add("opened");
            return "b.opus"::equals;
        };
        BatchLister lister = new BatchLister(input(done), WalkPlace.START);

        List<Stretch> stretches = lister.next(3);

        assertThat(opened).hasSize(1);
        assertThat(stretches).hasSize(1);
        assertThat(stretches.get(0).isLast()).isTrue();
        assertThat(stretches.get(0).end()).isEqualTo(new WalkPlace("c.opus", 0, 3, 1, 301));
        assertThat(stretches.get(0).batch().recordings())
                .extracting(FoundRecording::name)
                .containsExactly("a.opus", "c.opus");
        assertThat(lister.next(3)).isEmpty();
    }

    @Test
    void aStretchWithNothingToReadEndsSometime() throws IOException {
        for (int i = 0; i < 600; i++) {
            make("%03d.opus".formatted(i), 1);
        }
        BatchLister lister = new BatchLister(input(() -> name -> true), WalkPlace.START);

        List<Stretch> stretches = lister.next(2);

        assertThat(stretches).hasSize(2).allSatisfy(stretch -> assertThat(stretch.batch())
                .isNull());
        // The first step only opens the folder.
        assertThat(stretches.get(1).end()).isEqualTo(new WalkPlace("510.opus", 0, 511, 511, 0));
    }

    @Test
    void whatWasOpenedIsClosedAtTheEndAndWhenItIsLeft() throws IOException {
        make("a.opus", 1);
        make("b.opus", 20 * MIB);
        Closings closings = new Closings();

        new BatchLister(input(closings), WalkPlace.START).next(9);
        assertThat(Closings.count).as("closed at the end").isEqualTo(1);

        BatchLister left = new BatchLister(input(closings), WalkPlace.START);
        left.next(1);
        assertThat(Closings.count).isEqualTo(1);
        left.close();
        assertThat(Closings.count).as("closed when left").isEqualTo(2);
    }

    @Test
    void aSingleRecordingIsABatchAndItsNameItsStreamId() throws IOException {
        make("a.opus", 7);
        RecordingInput input = new RecordingInput(
                flinkPath(folder.resolve("a.opus")), null, List.of(), List.of(), null, DoneRecordings.none());

        Stretch stretch = new BatchLister(input, WalkPlace.START).next(1).get(0);

        assertThat(stretch.batch().recordings())
                .containsExactly(new FoundRecording("a.opus", "a", folder + "/a.opus", null));
        assertThat(stretch.end()).isEqualTo(new WalkPlace("a.opus", 0, 1, 0, 7));
        assertThat(new BatchLister(input, stretch.end()).next(1).get(0).batch()).isNull();
    }

    @Test
    void aListOfWhatIsNoFolderIsRefused() throws IOException {
        make("a.opus", 7);
        RecordingInput input = new RecordingInput(
                flinkPath(folder.resolve("a.opus")),
                flinkPath(folder.resolve("list")),
                List.of(),
                List.of(),
                null,
                DoneRecordings.none());

        assertThatThrownBy(() -> new BatchLister(input, WalkPlace.START).next(1))
                .hasMessageContaining("is a file: give the folder");
    }

    private List<Integer> sizes(DoneRecordings done) throws IOException {
        return new BatchLister(input(done), WalkPlace.START)
                .next(100).stream()
                        .filter(stretch -> stretch.batch() != null)
                        .map(stretch -> stretch.batch().recordings().size())
                        .toList();
    }

    private RecordingInput input(DoneRecordings done) {
        return new RecordingInput(flinkPath(folder), null, List.of(), List.of(), null, done);
    }

    private static org.apache.flink.core.fs.Path flinkPath(Path path) {
        return new org.apache.flink.core.fs.Path("file", null, path.toString());
    }

    /** A sparse file takes no space. */
    private void make(String name, long bytes) throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(Files.createFile(folder.resolve(name)).toFile(), "rw")) {
            file.setLength(bytes);
        }
    }

    private static final class Closings implements DoneRecordings {
        private static final long serialVersionUID = 1;
        private static int count;

        private Closings() {
            count = 0;
        }

        @Override
        public Lookup open() {
            return new Lookup() {
                @Override
                public boolean isDone(String name) {
                    return false;
                }

                @Override
                public void close() {
                    count++;
                }
            };
        }
    }
}
