package dev.decant.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;

/**
 * Where reading a topic starts, in each of its partitions, when the job starts without a checkpoint or savepoint.
 * Whatever is chosen becomes an explicit offset once and for all: a consumer that resets its offset by itself skips
 * records and says nothing, so it is told never to do that, and the job fails instead. Partitions that are added while
 * the job runs are read from their beginning.
 */
public abstract class StartOffsets implements OffsetsInitializer {

    private StartOffsets() {}

    /**
     * Where the consumer group left off; a partition in which it never was is read from its beginning. An offset that
     * the partition no longer has (or does not have yet) is refused, since records would be lost.
     */
    public static StartOffsets committed() {
        return new Committed();
    }

    /** At the first record that is still there. */
    public static StartOffsets earliest() {
        return new Earliest();
    }

    /** At the end: only what comes after the job's start. */
    public static StartOffsets latest() {
        return new Latest();
    }

    /** At the first record whose time is {@code epochMillis} or later; where there is none, at the end. */
    public static StartOffsets timestamp(long epochMillis) {
        if (epochMillis < 0) {
            throw new IllegalArgumentException(
                    "the start " + epochMillis + " is no time: take milliseconds since 1970, 0 or more");
        }
        return new Timestamp(epochMillis);
    }

    // The connector asks for the class that Kafka deprecates.
    @SuppressWarnings("deprecation")
    @Override
    public final OffsetResetStrategy getAutoOffsetResetStrategy() {
        return OffsetResetStrategy.NONE;
    }

    private static final class Committed extends StartOffsets {
        @Override
        public Map<TopicPartition, Long> getPartitionOffsets(
                Collection<TopicPartition> partitions, PartitionOffsetsRetriever offsets) {
            Map<TopicPartition, Long> committed = offsets.committedOffsets(partitions);
            Map<TopicPartition, Long> beginnings = offsets.beginningOffsets(partitions);
            Map<TopicPartition, Long> ends = offsets.endOffsets(partitions);
            Map<TopicPartition, Long> starts = new HashMap<>(beginnings);
            committed.forEach((partition, offset) -> {
                requireReadable(partition, offset, beginnings.get(partition), ends.get(partition));
                starts.put(partition, offset);
            });
            return starts;
        }

        private static void requireReadable(TopicPartition partition, long committed, long beginning, long end) {
            if (committed < beginning || committed > end) {
                throw new IllegalStateException("the consumer group left partition " + partition + " at offset "
                        + committed + ", but Kafka holds " + beginning + " to " + end
                        + ": start at earliest, latest or a timestamp to accept the gap");
            }
        }
    }

    private static final class Earliest extends StartOffsets {
        @Override
        public Map<TopicPartition, Long> getPartitionOffsets(
                Collection<TopicPartition> partitions, PartitionOffsetsRetriever offsets) {
            return offsets.beginningOffsets(partitions);
        }
    }

    private static final class Latest extends StartOffsets {
        @Override
        public Map<TopicPartition, Long> getPartitionOffsets(
                Collection<TopicPartition> partitions, PartitionOffsetsRetriever offsets) {
            return offsets.endOffsets(partitions);
        }
    }

    private static final class Timestamp extends StartOffsets {
        private final long epochMillis;

        private Timestamp(long epochMillis) {
            this.epochMillis = epochMillis;
        }

        @Override
        public Map<TopicPartition, Long> getPartitionOffsets(
                Collection<TopicPartition> partitions, PartitionOffsetsRetriever offsets) {
            // The ends first: a record that comes between the two questions is read, not skipped.
            Map<TopicPartition, Long> starts = new HashMap<>(offsets.endOffsets(partitions));
            Map<TopicPartition, OffsetAndTimestamp> found = offsets.offsetsForTimes(
                    partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> epochMillis)));
            found.forEach((partition, record) -> starts.put(partition, record.offset()));
            return starts;
        }
    }
}
