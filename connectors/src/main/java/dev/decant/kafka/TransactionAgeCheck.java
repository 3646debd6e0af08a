package dev.decant.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.function.SerializableSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands in front of an exactly-once sink, passes everything on, and notices when a transaction has expired while the
 * job was down. A checkpoint holds transactions that are written but not committed; the job commits them when it comes
 * back. A broker that has waited for longer than the transaction timeout has thrown them away by then, and to the
 * connector that looks as if they had been committed: the records between two checkpoints are gone without a word.
 *
 * <p>So each checkpoint carries the time when its oldest open transaction began, and on restore its age is compared
 * with the timeout: beyond it {@link TransactionMetrics#EXPIRED_TRANSACTIONS} counts up, one line is logged, and the job fails if it is to.
 * That is a suspicion, not a proof: the transactions of a job that was stopped with a savepoint are committed, and only
 * the broker knew.
 */
public final class TransactionAgeCheck<T> extends RichMapFunction<T, T>
        implements CheckpointedFunction, CheckpointListener {
    /** Milliseconds since 1970, one entry a subtask. Another layout gets another name. */
    static final String STATE = "oldest-transaction-begin-v1";

    private static final Logger LOG = LoggerFactory.getLogger(TransactionAgeCheck.class);

    private final Duration transactionTimeout;
    private final boolean failJob;
    private final SerializableSupplier<Long> clock;

    private transient ListState<Long> state;

    /** When the oldest transaction began that may still be open; read by those that report metrics. */
    private transient volatile long oldestBegin;

    /** By checkpoint that is not known to be complete: when it was taken, which is when the next transaction began. */
    private transient NavigableMap<Long, Long> nextBegins;

    private transient TransactionMetrics metrics;

    /**
     * The stream with the check behind it: to be followed by the sink at the same parallelism.
     *
     * @param transactionTimeout the timeout that the sink was built with
     * @param failJob whether the job is to fail when a transaction may have expired; else it is counted and logged
     */
    public static <T> SingleOutputStreamOperator<T> before(
            DataStream<T> stream, Duration transactionTimeout, boolean failJob) {
        return stream.map(new TransactionAgeCheck<T>(transactionTimeout, failJob, System::currentTimeMillis))
                .returns(stream.getType());
    }

    TransactionAgeCheck(Duration transactionTimeout, boolean failJob, SerializableSupplier<Long> clock) {
        this.transactionTimeout = Objects.requireNonNull(transactionTimeout, "transactionTimeout");
        this.failJob = failJob;
        this.clock = clock;
    }

    @Override
    public T map(T element) {
        return element;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        nextBegins = new TreeMap<>();
        // Everything that the restored checkpoint holds is committed before the first element comes.
        oldestBegin = clock.get();
        metrics = new TransactionMetrics(
                getRuntimeContext().getMetricGroup(), () -> clock.get() - oldestBegin, transactionTimeout.toMillis());
        // Every subtask sees the times of all, so that after rescaling the oldest is not overlooked, and one tells.
        state = context.getOperatorStateStore()
                .getUnionListState(new ListStateDescriptor<>(STATE, LongSerializer.INSTANCE));
        if (context.isRestored() && getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0) {
            OptionalLong begin = StreamSupport.stream(state.get().spliterator(), false)
                    .mapToLong(Long::longValue)
                    .min();
            if (begin.isPresent() && oldestBegin - begin.getAsLong() > transactionTimeout.toMillis()) {
                metrics.recordExpired();
                report(begin.getAsLong());
            }
        }
    }

    private void report(long begin) {
        String message = "the restored checkpoint holds transactions begun at " + Instant.ofEpochMilli(begin) + ", "
                + Duration.ofMillis(oldestBegin - begin).toSeconds() + " s ago, and brokers abort them after "
                + transactionTimeout.toSeconds()
                + " s: what was written but not committed before the job went down may be lost";
        if (failJob) {
            // To restart would not help: the checkpoint only grows older.
            throw new SuppressRestartsException(new IllegalStateException(message));
        }
        LOG.error("{}", message);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        state.update(List.of(oldestBegin));
        nextBegins.put(context.getCheckpointId(), clock.get());
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
        // Its transactions, and those of checkpoints that failed before it, are committed now.
        Map.Entry<Long, Long> complete = nextBegins.floorEntry(checkpointId);
        if (complete != null) {
            oldestBegin = complete.getValue();
            nextBegins.headMap(checkpointId, true).clear();
        }
    }

    /** Restores from a checkpoint that was too old; for tests. */
    long expired() {
        return metrics.expired();
    }
}
