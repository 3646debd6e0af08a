package dev.decant.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;
import org.apache.flink.runtime.metrics.groups.InternalSourceReaderMetricGroup;
import org.apache.flink.types.Either;
import org.apache.flink.util.SimpleUserCodeClassLoader;
import org.apache.flink.util.UserCodeClassLoader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

// Flink's readers may throw anything from close(), an interruption too.
@SuppressWarnings("try")
class RecordingSourceReaderTest {
    @TempDir
    Path folder;

    private RecordingBatch batch;
    private final Task task = new Task();

    @BeforeEach
    void makeBatch() throws IOException {
        List<FoundRecording> recordings = new ArrayList<>();
        for (int packets : new int[] {3, 700, 0, 1}) {
            String name = packets + ".opus";
            byte[] bytes = packets == 0
                    ? "no recording".getBytes()
                    : OggWriter.recording(OpusHead.of(1, 312, 0), Packets.numbered(packets), 0);
            Files.write(folder.resolve(name), bytes);
            recordings.add(new FoundRecording(name, "" + packets, folder + "/" + name, null));
        }
        batch = RecordingBatch.of(recordings);
    }

    @Test
    void readsOneRecordingAfterTheOtherAndAsksForMore() throws Exception {
        List<String> given = new ArrayList<>();
        try (SourceReader<Either<RecordingEnd, OpusPacket>, RecordingBatch> reader = start(List.of())) {
            assertThat(task.requests).isEqualTo(1);
            reader.addSplits(List.of(batch));
            readAll(reader, given);
            assertThat(task.requests).isEqualTo(2);
        }

        List<String> expected = new ArrayList<>();
        for (FoundRecording recording : batch.recordings()) {
            expected.addAll(directly(recording));
        }
        assertThat(given.stream().filter(text -> !text.contains(" is over: "))).isEqualTo(expected);
        assertThat(given.stream().filter(text -> text.contains(" is over: "))).hasSize(4);
    }

    @Test
    void aReaderThatComesBackGivesExactlyTheRest() throws Exception {
        List<String> all = new ArrayList<>();
        try (SourceReader<Either<RecordingEnd, OpusPacket>, RecordingBatch> reader = start(List.of(batch))) {
            readAll(reader, all);
        }
        // Three packets, 700, one, three ends of streams, four of recordings.
        assertThat(all).hasSize(3 + 700 + 1 + 3 + 4);

        for (int before : new int[] {0, 1, 2, 3, 4, 255, 256, 257, 600, 702, 703, 704, 705}) {
            List<String> given = new ArrayList<>();
            List<RecordingBatch> state;
            try (SourceReader<Either<RecordingEnd, OpusPacket>, RecordingBatch> reader = start(List.of(batch))) {
                for (int polls = 0; polls < before; polls++) {
                    readOne(reader, given);
                }
                state = reader.snapshotState(1);
            }
            state = List.of(stored(state.get(0)));

            try (SourceReader<Either<RecordingEnd, OpusPacket>, RecordingBatch> reader = start(state)) {
                readAll(reader, given);
            }
            assertThat(given).as("after %s parts", before).isEqualTo(all);
        }
    }

    @Test
    void nothingComesBetweenTheEndOfAStreamAndThatOfItsRecording() throws Exception {
        try (SourceReader<Either<RecordingEnd, OpusPacket>, RecordingBatch> reader = start(List.of(batch))) {
            List<String> given = new ArrayList<>();
            for (int polls = 0; polls < 3; polls++) {
                readOne(reader, given);
            }
            assertThat(given).hasSize(3);

            readOne(reader, given);

            assertThat(given).hasSize(5);
            assertThat(given.get(4)).startsWith("3.opus is over: ");
        }
    }

    @Test
    void aReaderWithBatchesLeftDoesNotAsk() throws Exception {
        RecordingBatch one = RecordingBatch.of(batch.recordings().subList(0, 1));
        RecordingBatch other = RecordingBatch.of(batch.recordings().subList(3, 4));
        try (SourceReader<Either<RecordingEnd, OpusPacket>, RecordingBatch> reader = start(List.of(one, other))) {
            assertThat(task.requests).isZero();

            readAll(reader, new ArrayList<>());

            assertThat(task.requests).isEqualTo(1);
        }
    }

    @Test
    void whatWasReadIsMeasured() throws Exception {
        try (SourceReader<Either<RecordingEnd, OpusPacket>, RecordingBatch> reader = start(List.of(batch))) {
            readAll(reader, new ArrayList<>());
        }

        assertThat(task.metrics.count(RecordingMetrics.RECORDINGS_READ)).isEqualTo(3);
        assertThat(task.metrics.count(RecordingMetrics.RECORDINGS_FAILED)).isEqualTo(1);
        assertThat(task.metrics.count(RecordingMetrics.RECORDING_PACKETS)).isEqualTo(704);
        long bytes = 0;
        for (int packets : new int[] {3, 700, 1}) {
            bytes += Files.size(folder.resolve(packets + ".opus"));
        }
        assertThat(task.metrics.count(RecordingMetrics.RECORDING_BYTES)).isEqualTo(bytes);
    }

    private SourceReader<Either<RecordingEnd, OpusPacket>, RecordingBatch> start(List<RecordingBatch> batches) {
        SourceReader<Either<RecordingEnd, OpusPacket>, RecordingBatch> reader = RecordingSource.builder()
                .input(new org.apache.flink.core.fs.Path("file", null, folder.toString()))
                .maxParallelism(128)
                .build()
                .createReader(task);
        reader.addSplits(batches);
        reader.start();
        return reader;
    }

    private void readAll(SourceReader<Either<RecordingEnd, OpusPacket>, RecordingBatch> reader, List<String> into)
            throws Exception {
        reader.notifyNoMoreSplits();
        Output output = new Output(into);
        InputStatus status = reader.pollNext(output);
        while (status != InputStatus.END_OF_INPUT) {
            if (status == InputStatus.NOTHING_AVAILABLE) {
                reader.isAvailable().get(1, TimeUnit.MINUTES);
            }
            status = reader.pollNext(output);
        }
    }

    /** Polls until something comes. */
    private void readOne(SourceReader<Either<RecordingEnd, OpusPacket>, RecordingBatch> reader, List<String> into)
            throws Exception {
        Output output = new Output(into);
        for (int size = into.size(); into.size() == size; ) {
            if (reader.pollNext(output) == InputStatus.NOTHING_AVAILABLE) {
                reader.isAvailable().get(1, TimeUnit.MINUTES);
            }
        }
    }

    private List<String> directly(FoundRecording recording) throws IOException {
        if (recording.outputName().equals("0")) {
            return List.of();
        }
        List<String> packets = new ArrayList<>(Packets.read(
                offset -> Files.newInputStream(Path.of(recording.path())), recording.path(), recording.name()));
        packets.add("the end of " + recording.name());
        return packets;
    }

    private static RecordingBatch stored(RecordingBatch batch) throws IOException {
        RecordingBatchSerializer serializer = new RecordingBatchSerializer();
        return serializer.deserialize(serializer.getVersion(), serializer.serialize(batch));
    }

    /** Takes what a reader gives. */
    private static final class Output implements ReaderOutput<Either<RecordingEnd, OpusPacket>> {
        private final List<String> into;

        private Output(List<String> into) {
            this.into = into;
        }

        @Override
        public void collect(Either<RecordingEnd, OpusPacket> read) {
            if (read.isLeft()) {
                into.add(Packets.text(read.left()));
            } else if (read.right().endsStream()) {
                into.add("the end of " + read.right().streamId());
            } else {
                into.add(Packets.text(read.right()));
            }
        }

        @Override
        public void collect(Either<RecordingEnd, OpusPacket> read, long timestamp) {
            throw new UnsupportedOperationException("recordings have no event time");
        }

        @Override
        public void emitWatermark(Watermark watermark) {}

        @Override
        public void markIdle() {}

        @Override
        public void markActive() {}

        @Override
        public SourceOutput<Either<RecordingEnd, OpusPacket>> createOutputForSplit(String splitId) {
            return this;
        }

        @Override
        public void releaseOutputForSplit(String splitId) {}
    }

    /** The task around a reader. */
    private static final class Task implements SourceReaderContext {
        private final KeptMetrics metrics = new KeptMetrics();
        private int requests;

        @Override
        public SourceReaderMetricGroup metricGroup() {
            return InternalSourceReaderMetricGroup.mock(metrics);
        }

        @Override
        public Configuration getConfiguration() {
            return new Configuration();
        }

        @Override
        public String getLocalHostName() {
            return "localhost";
        }

        @Override
        public int getIndexOfSubtask() {
            return 0;
        }

        @Override
        public int currentParallelism() {
            return 1;
        }

        @Override
        public void sendSplitRequest() {
            requests++;
        }

        @Override
        public void sendSourceEventToCoordinator(SourceEvent event) {
            throw new UnsupportedOperationException("no events");
        }

        @Override
        public UserCodeClassLoader getUserCodeClassLoader() {
            return SimpleUserCodeClassLoader.create(getClass().getClassLoader());
        }
    }
}
