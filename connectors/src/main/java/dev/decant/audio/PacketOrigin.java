package dev.decant.audio;

import java.util.Objects;

/**
 * Where a packet came from, so that it can be found again.
 *
 * @param source the Kafka topic, or the path of the recording
 * @param partition the Kafka partition, or the track of the recording
 * @param offset the Kafka offset, or the byte offset in the recording
 * @param recordTime the Kafka record time in milliseconds since the epoch, the milliseconds since the beginning of the
 *     recording, or {@link #NO_TIME}
 */
public record PacketOrigin(String source, int partition, long offset, long recordTime) {
    /** The record time of what has none: Kafka records of before message format 1. */
    public static final long NO_TIME = -1;

    public PacketOrigin {
        Objects.requireNonNull(source, "source");
    }

    /** The same place, at no time. */
    public PacketOrigin withoutTime() {
        return new PacketOrigin(source, partition, offset, NO_TIME);
    }

    @Override
    public String toString() {
        return source + "-" + partition + "@" + offset;
    }
}
