package dev.decant.decode;

import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.streaming.api.operators.KeyContext;

/**
 * What is kept of the decoders of a subtask's streams, as Flink's keyed state. Failures are those of the state backend,
 * and the task's end.
 */
interface DecoderState {
    /** Keeps nothing, for who would rather have the time: decoders come back as new ones. */
    DecoderState NONE = new UnkeptDecoderState();

    /**
     * State of the function with this context, which must be one of a keyed stream.
     *
     * @param keys chooses the stream whose state the function sees
     */
    static DecoderState of(RuntimeContext context, KeyContext keys) {
        return new KeyedDecoderState(context, keys);
    }

    /** Whether anything is kept: if not, there is no point in keeping logs. */
    boolean isKept();

    /** What brings the stream's decoder back, as it was last written; a log of nothing if it never was. */
    DecoderLog read(String streamId);

    /** Writes what is not written yet. */
    void write(String streamId, DecoderLog log);

    /** Forgets the stream. */
    void clear(String streamId);
}
