package dev.decant.container;

import dev.decant.audio.OpusPacket;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.connector.base.source.reader.RecordEmitter;
import org.apache.flink.types.Either;

/**
 * Gives what was read to the task. The end of a stream and the end of its recording are one part: no checkpoint falls
 * between them.
 */
final class RecordingEmitter implements RecordEmitter<RecordingPart, Either<RecordingEnd, OpusPacket>, BatchProgress> {
    private final RecordingMetrics.Read metrics;

    RecordingEmitter(RecordingMetrics.Read metrics) {
        this.metrics = metrics;
    }

    @Override
    public void emitRecord(
            RecordingPart part, SourceOutput<Either<RecordingEnd, OpusPacket>> output, BatchProgress progress) {
        if (part.packet() != null) {
            output.collect(Either.Right(part.packet()));
        }
        if (part.end() == null) {
            metrics.recordPacket();
            metrics.recordBytes(progress.countBytes(part.packet().origin().offset()));
            progress.recordPacket(part.packet().streamId());
        } else {
            output.collect(Either.Left(part.end()));
            metrics.recordBytes(progress.countBytes(part.end().bytes()));
            metrics.recordEnd(part.end());
            progress.recordEnd();
        }
    }
}
