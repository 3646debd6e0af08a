package dev.decant.kafka;

import java.io.IOException;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.connector.kafka.sink.TwoPhaseCommittingStatefulSink.PrecommittingStatefulSinkWriter;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writer of Flink's exactly-once Kafka sink, and the client that it forgets to close (so in version 5.0.0): it looks for
 * open transactions with an admin client, whose thread, connection and JMX bean stay in the TaskManager, and by the thread
 * the class loader of the job; one for each time that a task is started, or is to be started while brokers cannot be reached.
 */
// Flink's interfaces may throw anything from close(), an interruption too.
@SuppressWarnings("try")
final class WatchedKafkaWriter<T> implements PrecommittingStatefulSinkWriter<T, KafkaWriterState, KafkaCommittable> {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedKafkaWriter.class);

    private final PrecommittingStatefulSinkWriter<T, KafkaWriterState, KafkaCommittable> writer;

    private WatchedKafkaWriter(PrecommittingStatefulSinkWriter<T, KafkaWriterState, KafkaCommittable> writer) {
        this.writer = writer;
    }

    /** Makes Flink's writer. */
    interface Maker<T> {
        PrecommittingStatefulSinkWriter<T, KafkaWriterState, KafkaCommittable> make(WriterInitContext context)
                throws IOException;
    }

    /** The writer that {@code maker} makes; if it makes none, it leaves nothing behind. */
    static <T> WatchedKafkaWriter<T> make(WriterInitContext context, Maker<T> maker) throws IOException {
        WriterInTheMaking making = new WriterInTheMaking(context);
        try {
            return new WatchedKafkaWriter<>(maker.make(making));
        } catch (Throwable failure) {
            closeAdminClientOf(making);
            throw failure;
        }
    }

    @Override
    public void write(T element, Context context) throws IOException, InterruptedException {
        writer.write(element, context);
    }

    @Override
    public void flush(boolean endOfInput) throws IOException, InterruptedException {
        writer.flush(endOfInput);
    }

    @Override
    public void writeWatermark(Watermark watermark) throws IOException, InterruptedException {
        writer.writeWatermark(watermark);
    }

    @Override
    public Collection<KafkaCommittable> prepareCommit() throws IOException, InterruptedException {
        return writer.prepareCommit();
    }

    @Override
    public List<KafkaWriterState> snapshotState(long checkpointId) throws IOException {
        return writer.snapshotState(checkpointId);
    }

    @Override
    public void close() throws Exception {
        try {
            writer.close();
        } finally {
            closeAdminClient(writer);
        }
    }

    /** For a writer that the connector has closed already, but for this client. */
    private static void closeAdminClientOf(WriterInTheMaking making) {
        try {
            making.writer().ifPresent(WatchedKafkaWriter::closeAdminClient);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.warn("A Kafka writer could not be made, and its admin client may stay open", e);
        }
    }

    /** The client is in a field that nobody else can see. */
    private static void closeAdminClient(Object writer) {
        for (Field field : writer.getClass().getDeclaredFields()) {
            if (Admin.class.isAssignableFrom(field.getType())) {
                try {
                    field.setAccessible(true);
                    Admin admin = (Admin) field.get(writer);
                    if (admin != null) {
                        // Nothing that was asked is waited for.
                        admin.close(Duration.ZERO);
                    }
                } catch (ReflectiveOperationException | RuntimeException e) {
                    LOG.warn("{} of {} stays open", field.getName(), writer, e);
                }
            }
        }
    }
}
