package dev.decant.kafka;

import dev.decant.audio.PcmFormat;
import java.io.Serializable;
import java.time.Duration;

/**
 * How long the chunks are that PCM is regrouped into. Chunk n of a segment has the positions from n times this length to
 * n + 1 times.
 *
 * @param duration 2.5 ms to 10 s, a whole number of samples at {@code rate}
 * @param rate of the PCM, one of {@link PcmFormat}'s
 */
public record ChunkLength(Duration duration, int rate) implements Serializable {
    private static final int SHORTEST_MICROS = 2_500;
    private static final Duration SHORTEST = Duration.ofNanos(SHORTEST_MICROS * 1_000L);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final int NANOS_A_SECOND = 1_000_000_000;

    /** More than key, batch and all headers but {@link PcmHeaders#ORIGINS} take. */
    private static final int OVERHEAD_BYTES = 2_048;

    /** More than a run takes in {@link PcmHeaders#ORIGINS}: its word, a colon, its samples, a comma. */
    private static final int RUN_BYTES = 24;

    /** No step of a decoder is shorter than 2.5 ms, and between two there can be a gap that is filled. */
    private static final int RUNS_A_STEP = 2;

    /**
     * @throws IllegalArgumentException if there are no such chunks; the message names {@code pcm.chunk}
     */
    public ChunkLength {
        PcmFormat.requireRate(rate);
        if (duration.compareTo(SHORTEST) < 0 || duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("pcm.chunk is " + seconds(duration) + ": take 2.5 ms to 10 s");
        }
        if (duration.toNanos() * rate % NANOS_A_SECOND != 0) {
            throw new IllegalArgumentException("pcm.chunk is " + seconds(duration) + ", which is no whole number of"
                    + " samples at " + rate + " Hz: take whole milliseconds, or multiples of 2.5 ms");
        }
    }

    /** Samples a channel, if records are long enough for them. */
    public long samples() {
        return duration.toNanos() * rate / NANOS_A_SECOND;
    }

    /**
     * Samples a channel in PCM of this format: those of the whole length, or where a record cannot hold them, of the
     * largest whole fraction of it that fits. So a stream of more channels than were thought of fails no job.
     *
     * @param maxRecordBytes the longest record that topic and producer take
     */
    long samples(PcmFormat format, int maxRecordBytes) {
        long samples = samples();
        long parts = 1;
        while (parts < samples && (samples % parts != 0 || recordBytes(format, samples / parts) > maxRecordBytes)) {
            parts++;
        }
        return samples / parts;
    }

    /**
     * Makes sure that records can hold whole chunks of this format.
     *
     * @param maxRecordBytes the longest record that topic and producer take
     * @throws IllegalArgumentException if they cannot; the message says what they can hold
     */
    public void requireFits(PcmFormat format, int maxRecordBytes) {
        long bytes = recordBytes(format, samples());
        if (bytes > maxRecordBytes) {
            throw new IllegalArgumentException("pcm.chunk is " + seconds(duration) + ": as " + format.sampleFormat()
                    + " at " + rate + " Hz with " + format.channels()
                    + (format.channels() == 1 ? " channel" : " channels")
                    + " that takes up to " + bytes + " bytes, and a record of the PCM topic is " + maxRecordBytes
                    + " bytes long at most (the topic's max.message.bytes, and the producer's max.request.size): take "
                    + longest(format, maxRecordBytes) + " ms at most");
        }
    }

    private static long longest(PcmFormat format, int maxRecordBytes) {
        long millis = LONGEST.toMillis();
        while (millis > 0 && recordBytes(format, millis * format.rate() / 1_000) > maxRecordBytes) {
            millis--;
        }
        return millis;
    }

    private static long recordBytes(PcmFormat format, long samples) {
        long steps = samples * 1_000_000 / ((long) format.rate() * SHORTEST_MICROS) + 1;
        return samples * format.bytesPerSample() + steps * RUNS_A_STEP * RUN_BYTES + OVERHEAD_BYTES;
    }

    private static String seconds(Duration duration) {
        return duration.getSeconds() + duration.getNano() / (double) NANOS_A_SECOND + " s";
    }
}
