package dev.decant.kafka;

import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/**
 * The reader of Flink's Kafka source, and what becomes of a job that wants to go on at offsets that Kafka does not have:
 * retention has deleted the records, or the topic was made anew. The job fails for good, since each restart would find the
 * same, and says what was lost and what to do.
 */
@SuppressWarnings("try")
final class LostOffsetReader<T> extends ForwardingReader<T> {
    private final GroupOffsets offsets;

    /**
     * @param offsets tells what the partitions hold
     */
    LostOffsetReader(SourceReader<T, KafkaPartitionSplit> reader, GroupOffsets offsets) {
        super(reader);
        this.offsets = offsets;
    }

    @Override
    public InputStatus pollNext(ReaderOutput<T> output) throws Exception {
        try {
            return super.pollNext(output);
        } catch (Exception e) {
            OffsetOutOfRangeException lost = ExceptionUtils.findThrowable(e, OffsetOutOfRangeException.class)
                    .orElseThrow(() -> e);
            throw new SuppressRestartsException(new IllegalStateException(sentence(lost), e));
        }
    }

    private String sentence(OffsetOutOfRangeException lost) {
        Map<TopicPartition, Long> wanted = lost.offsetOutOfRangePartitions();
        Map<TopicPartition, String> held = offsets.held(wanted.keySet());
        String partitions = wanted.entrySet().stream()
                .map(entry -> "partition " + entry.getKey().partition() + " of packet topic \""
                        + entry.getKey().topic() + "\" at offset " + entry.getValue() + ", but Kafka holds "
                        + held.getOrDefault(entry.getKey(), "nobody can tell what"))
                .sorted()
                .collect(Collectors.joining("; "));
        return "the job wants to go on in " + partitions + ": packets were deleted before they were read, or the topic"
                + " was made anew. Submit the job from a younger savepoint or checkpoint; or accept the gap and submit"
                + " it without one, with --start earliest";
    }
}
