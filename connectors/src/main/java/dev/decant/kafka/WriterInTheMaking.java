package dev.decant.kafka;

import java.lang.reflect.Field;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ScheduledFuture;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobInfo;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.common.serialization.SerializationSchema.InitializationContext;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.kafka.sink.TwoPhaseCommittingStatefulSink.PrecommittingStatefulSinkWriter;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.apache.flink.util.UserCodeClassLoader;

/**
 * The context in which Flink's Kafka writer is made, and a view of the writer before it is done: its constructor sets a
 * timer, and the timer's callback knows it. Nothing else does when the rest of the making fails, or is cancelled.
 */
final class WriterInTheMaking implements WriterInitContext, ProcessingTimeService {
    private final WriterInitContext context;
    private ProcessingTimeCallback firstCallback;

    WriterInTheMaking(WriterInitContext context) {
        this.context = context;
    }

    /** The writer, as far as it is made; nothing before it has set its timer. */
    Optional<PrecommittingStatefulSinkWriter<?, ?, ?>> writer() throws IllegalAccessException {
        if (firstCallback == null) {
            return Optional.empty();
        }
        for (Field captured : firstCallback.getClass().getDeclaredFields()) {
            captured.setAccessible(true);
            if (captured.get(firstCallback) instanceof PrecommittingStatefulSinkWriter<?, ?, ?> writer) {
                return Optional.of(writer);
            }
        }
        return Optional.empty();
    }

    @Override
    public ProcessingTimeService getProcessingTimeService() {
        return this;
    }

    @Override
    public ScheduledFuture<?> registerTimer(long time, ProcessingTimeCallback callback) {
        if (firstCallback == null) {
            firstCallback = callback;
        }
        return context.getProcessingTimeService().registerTimer(time, callback);
    }

    @Override
    public long getCurrentProcessingTime() {
        return context.getProcessingTimeService().getCurrentProcessingTime();
    }

    @Override
    public UserCodeClassLoader getUserCodeClassLoader() {
        return context.getUserCodeClassLoader();
    }

    @Override
    public MailboxExecutor getMailboxExecutor() {
        return context.getMailboxExecutor();
    }

    @Override
    public SinkWriterMetricGroup metricGroup() {
        return context.metricGroup();
    }

    @Override
    public InitializationContext asSerializationSchemaInitializationContext() {
        return context.asSerializationSchemaInitializationContext();
    }

    @Override
    public boolean isObjectReuseEnabled() {
        return context.isObjectReuseEnabled();
    }

    @Override
    public <T> TypeSerializer<T> createInputSerializer() {
        return context.createInputSerializer();
    }

    @Override
    public <T> Optional<Consumer<T>> metadataConsumer() {
        return context.metadataConsumer();
    }

    @Override
    public OptionalLong getRestoredCheckpointId() {
        return context.getRestoredCheckpointId();
    }

    @Override
    public JobInfo getJobInfo() {
        return context.getJobInfo();
    }

    @Override
    public TaskInfo getTaskInfo() {
        return context.getTaskInfo();
    }
}
