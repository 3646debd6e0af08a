package dev.decant.container;

import dev.decant.audio.OpusPacket;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.base.source.reader.SingleThreadMultiplexSourceReaderBase;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.apache.flink.types.Either;

/** Reads one batch after the other, and asks for the next when it has none left. */
// Flink's readers may throw anything from close(), an interruption too.
@SuppressWarnings("try")
final class RecordingSourceReader
        extends SingleThreadMultiplexSourceReaderBase<
                RecordingPart, Either<RecordingEnd, OpusPacket>, RecordingBatch, BatchProgress> {

    RecordingSourceReader(
            Supplier<SplitReader<RecordingPart, RecordingBatch>> batchReader, SourceReaderContext context) {
        super(
                batchReader,
                new RecordingEmitter(new RecordingMetrics.Read(context.metricGroup())),
                context.getConfiguration(),
                context);
    }

    @Override
    public void start() {
        askUnlessBusy();
    }

    @Override
    protected void onSplitFinished(Map<String, BatchProgress> finished) {
        askUnlessBusy();
    }

    @Override
    protected BatchProgress initializedState(RecordingBatch batch) {
        return new BatchProgress(batch);
    }

    @Override
    protected RecordingBatch toSplitType(String splitId, BatchProgress progress) {
        return progress.toBatch();
    }

    /** After rescaling a reader may have several batches. */
    private void askUnlessBusy() {
        if (getNumberOfCurrentlyAssignedSplits() == 0) {
            context.sendSplitRequest();
        }
    }
}
