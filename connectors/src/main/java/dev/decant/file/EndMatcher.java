package dev.decant.file;

import dev.decant.audio.PcmFormat;
import dev.decant.container.RecordingEnd;
import dev.decant.container.RecordingProblem.Kind;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Puts together what a recording became and what its reader said of it, by stream ID. The reader says it at the stream's
 * end, so that neither waits for long; of a recording without packets there is no stream, and nothing to wait for.
 */
final class EndMatcher extends KeyedCoProcessFunction<String, FinishedFile, RecordingEnd, FinishedFile> {
    private final EmptyFormat emptyFormat;

    private transient ValueState<FinishedFile> files;
    private transient ValueState<RecordingEnd> ends;

    EndMatcher(EmptyFormat emptyFormat) {
        this.emptyFormat = emptyFormat;
    }

    @Override
    public void open(OpenContext opening) {
        files = getRuntimeContext().getState(new ValueStateDescriptor<>("finished-file", FinishedFile.TYPE));
        ends = getRuntimeContext().getState(new ValueStateDescriptor<>("recording-end", RecordingEnd.TYPE));
    }

    @Override
    public void processElement1(FinishedFile file, Context context, Collector<FinishedFile> out) throws Exception {
        RecordingEnd end = ends.value();
        if (end == null) {
            if (files.value() != null) {
                throw new IllegalStateException("The recording \"" + file.streamId()
                        + "\" has become two files: one was expected, since it has one format and one end");
            }
            files.update(file);
        } else {
            ends.clear();
            out.collect(matched(file, end));
        }
    }

    @Override
    public void processElement2(RecordingEnd end, Context context, Collector<FinishedFile> out) throws Exception {
        if (end.packets() == 0) {
            out.collect(FinishedFile.empty(end, formatOfEmpty(end)));
            return;
        }
        FinishedFile file = files.value();
        if (file == null) {
            ends.update(end);
        } else {
            files.clear();
            out.collect(matched(file, end));
        }
    }

    private static FinishedFile matched(FinishedFile file, RecordingEnd end) {
        return isUnreadable(end) ? file.withoutFormat().with(end) : file.with(end);
    }

    /** An empty recording is an empty file; of one that could not be read there is none. */
    private PcmFormat formatOfEmpty(RecordingEnd end) {
        return end.failure() != null || end.head() == null ? null : emptyFormat.of(end.head());
    }

    private static boolean isUnreadable(RecordingEnd end) {
        return end.failure() != null && end.failure().kind() == Kind.UNREADABLE;
    }
}
