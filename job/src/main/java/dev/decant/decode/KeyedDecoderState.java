package dev.decant.decode;

import java.util.List;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.operators.KeyContext;
import org.apache.flink.util.FlinkRuntimeException;

/** Two states a stream, since they change at different rates: an image now and then, steps with every checkpoint. */
final class KeyedDecoderState implements DecoderState {
    private final KeyContext keys;
    private final ValueState<SavedDecoder> saved;
    private final ListState<LoggedSteps> log;

    KeyedDecoderState(RuntimeContext context, KeyContext keys) {
        this.keys = keys;
        saved = context.getState(new ValueStateDescriptor<>("decoder", SavedDecoderSerializer.INSTANCE));
        log = context.getListState(new ListStateDescriptor<>("decoder-log", LoggedStepsSerializer.INSTANCE));
    }

    @Override
    public boolean isKept() {
        return true;
    }

    @Override
    public DecoderLog read(String streamId) {
        choose(streamId);
        try {
            SavedDecoder value = saved.value();
            Iterable<LoggedSteps> steps = log.get();
            return DecoderLog.written(value == null ? SavedDecoder.UNKNOWN : value, steps == null ? List.of() : steps);
        } catch (Exception e) {
            throw new FlinkRuntimeException("The state of stream \"" + streamId + "\" cannot be read", e);
        }
    }

    @Override
    public void write(String streamId, DecoderLog stream) {
        if (stream.isWritten()) {
            return;
        }
        choose(streamId);
        try {
            if (stream.isAnew()) {
                saved.update(stream.saved());
                log.update(stream.isEmpty() ? List.of() : List.of(stream.unwritten()));
            } else {
                log.add(stream.unwritten());
            }
        } catch (Exception e) {
            throw new FlinkRuntimeException("The state of stream \"" + streamId + "\" cannot be written", e);
        }
        stream.recordWritten();
    }

    @Override
    public void clear(String streamId) {
        choose(streamId);
        saved.clear();
        log.clear();
    }

    /** Not always the one whose step is run: a decoder is let go for another stream's, and all write for a checkpoint. */
    private void choose(String streamId) {
        if (!streamId.equals(keys.getCurrentKey())) {
            keys.setCurrentKey(streamId);
        }
    }
}
