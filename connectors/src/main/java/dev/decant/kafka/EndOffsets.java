package dev.decant.kafka;

import java.io.Serializable;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;

/** Where reading a topic ends, in each of its partitions. */
public final class EndOffsets implements Serializable {
    /** Null: nowhere. */
    private final OffsetsInitializer initializer;

    private EndOffsets(OffsetsInitializer initializer) {
        this.initializer = initializer;
    }

    /** Nowhere: reading goes on until the job is stopped. */
    public static EndOffsets none() {
        return new EndOffsets(null);
    }

    /** At the end that each partition has when the job starts. */
    public static EndOffsets latest() {
        return new EndOffsets(OffsetsInitializer.latest());
    }

    /**
     * Before the first record whose time is {@code epochMillis} or later; where there is none when the job starts, at
     * the end that the partition has then.
     */
    public static EndOffsets timestamp(long epochMillis) {
        if (epochMillis < 0) {
            throw new IllegalArgumentException(
                    "the end " + epochMillis + " is no time: take milliseconds since 1970, 0 or more");
        }
        return new EndOffsets(OffsetsInitializer.timestamp(epochMillis));
    }

    /** Whether reading ends at all. */
    public boolean isBounded() {
        return initializer != null;
    }

    /** For the connector; only if {@link #isBounded}. */
    OffsetsInitializer initializer() {
        return initializer;
    }
}
