package dev.decant.decode;

import dev.decant.audio.MediaClock;
import dev.decant.opus.DecoderImage;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;

/** Two states a stream, since they change at different rates: the log with every step, the rest with every image. */
final class KeyedDecoderState implements DecoderState {
    /** What stays of the log before an image: after a second, most decoders have forgotten what was before it. */
    private static final int PRE_ROLL_TICKS = MediaClock.HZ;

    private final ValueState<SavedDecoder> saved;
    private final ListState<LoggedStep> log;

    KeyedDecoderState(RuntimeContext context) {
        saved = context.getState(new ValueStateDescriptor<>("decoder", SavedDecoderSerializer.INSTANCE));
        log = context.getListState(new ListStateDescriptor<>("decoder-log", LoggedStepSerializer.INSTANCE));
    }

    @Override
    public boolean isKept() {
        return true;
    }

    @Override
    public void begin(String library) throws Exception {
        saved.update(SavedDecoder.inFirstState(library));
        log.clear();
    }

    @Override
    public void append(LoggedStep step) throws Exception {
        log.add(step);
    }

    @Override
    public void save(DecoderImage image) throws Exception {
        saved.update(SavedDecoder.of(image, cutLog()));
    }

    @Override
    public void cut() throws Exception {
        saved.update(SavedDecoder.UNKNOWN);
        cutLog();
    }

    @Override
    public void clear() {
        saved.clear();
        log.clear();
    }

    @Override
    public SavedDecoder saved() throws Exception {
        SavedDecoder value = saved.value();
        return value == null ? SavedDecoder.UNKNOWN : value;
    }

    @Override
    public List<LoggedStep> log() throws Exception {
        Iterable<LoggedStep> steps = log.get();
        if (steps instanceof List<LoggedStep> list) {
            return list;
        }
        List<LoggedStep> list = new ArrayList<>();
        if (steps != null) {
            steps.forEach(list::add);
        }
        return list;
    }

    /** Returns how many steps stay. */
    private int cutLog() throws Exception {
        List<LoggedStep> steps = log();
        int first = steps.size();
        for (int ticks = 0; first > 0 && ticks < PRE_ROLL_TICKS; ) {
            ticks += steps.get(--first).ticks();
        }
        if (first > 0) {
            log.update(new ArrayList<>(steps.subList(first, steps.size())));
        }
        return steps.size() - first;
    }
}
