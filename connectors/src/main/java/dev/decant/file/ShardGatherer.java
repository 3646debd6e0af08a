package dev.decant.file;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Gathers finished recordings until there are enough of them for a shard. State: those that wait for others. */
final class ShardGatherer extends AbstractStreamOperator<FinishedShard>
        implements OneInputStreamOperator<FinishedFile, FinishedShard>, BoundedOneInput {
    /** Recordings without a sample count too: a shard's report is held in memory. */
    static final int MAX_FILES = 10_000;

    private static final ListStateDescriptor<FinishedFile> GATHERED =
            new ListStateDescriptor<>("gathered", FinishedFileSerializer.INSTANCE);

    private final long shardBytes;

    private transient ListState<FinishedFile> state;
    private transient List<FinishedFile> gathered;
    private transient long bytes;

    /**
     * @param shardBytes a shard is complete with so many bytes of samples
     */
    ShardGatherer(long shardBytes) {
        this.shardBytes = shardBytes;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        state = context.getOperatorStateStore().getListState(GATHERED);
        gathered = new ArrayList<>();
        for (FinishedFile file : state.get()) {
            add(file);
        }
    }

    @Override
    public void processElement(StreamRecord<FinishedFile> element) {
        add(element.getValue());
        if (bytes >= shardBytes || gathered.size() >= MAX_FILES) {
            emit();
        }
    }

    @Override
    public void endInput() {
        if (!gathered.isEmpty()) {
            emit();
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        state.update(gathered);
    }

    private void add(FinishedFile file) {
        gathered.add(file);
        bytes += file.bodyBytes();
    }

    private void emit() {
        output.collect(new StreamRecord<>(new FinishedShard(gathered)));
        gathered = new ArrayList<>();
        bytes = 0;
    }
}
