package dev.decant.decode;

import dev.decant.audio.MediaClock;

/**
 * What one stream costs, bytes. The sizes of decoders, images and packets are the caller's, who knows them; what Java and
 * Flink need around them was measured with the embedded library on 64-bit HotSpot 17 with compressed references, stream IDs
 * of 36 characters, and is measured again by {@code StreamMemoryTest}.
 *
 * @param decoder outside the heap, while the stream's decoder is in memory
 * @param decoderHeap on the heap, while it is: the objects around it, its log and its image
 * @param stateHeap on the heap, as long as the stream lasts; 0 with RocksDB, which has it on disk
 * @param checkpoint in a checkpoint
 */
public record StreamMemory(long decoder, long decoderHeap, long stateHeap, long checkpoint) {
    /** A decoder of libopus as Java sees it: the block, its two views, the settings, and its place among the live ones. */
    private static final long NATIVE_DECODER_HEAP = 700;

    /** The same of Concentus, whose memory is all on the heap, and what each of its channels takes. */
    private static final long JAVA_DECODER_HEAP = 6_000;

    private static final long JAVA_CHANNEL_HEAP = 14_000;

    /** An image and a log as Flink keeps them: two entries of its tables, and what holds the bytes. */
    private static final long DECODER_STATE_HEAP = 500;

    /** What the sequencer knows of a stream, the entry of its table, and the stream's timer. */
    private static final long SEQUENCED_STREAM_HEAP = 450;

    /** An image and a log in a checkpoint, without their bytes: the stream ID with each, versions and lengths. */
    private static final long DECODER_STATE_BYTES = 100;

    /** What the sequencer knows of a stream, and the stream's timer, in a checkpoint. */
    private static final long SEQUENCED_STREAM_BYTES = 300;

    /** A log grows by half when it is full, and stays as large: on average it has this much more room than its most. */
    private static final double LOG_ROOM = 1.23;

    /** Where the keyed state of a job is. */
    public enum Backend {
        HASHMAP,
        ROCKSDB
    }

    /**
     * The packets of a stream.
     *
     * @param bytes of one, on average
     * @param ticks of one, at 48 kHz
     */
    public record Packets(double bytes, int ticks) {
        /**
         * @param bitrate bits a second
         */
        public static Packets ofBitrate(double bitrate, int ticks) {
            return new Packets(bitrate / Byte.SIZE * ticks / MediaClock.HZ, ticks);
        }
    }

    /**
     * A stream whose decoder is let go seldom.
     *
     * @param settings how it is decoded
     * @param decoder bytes outside the heap that its decoder takes; 0 for pure Java
     * @param channels that its decoder gives
     * @param image bytes of an image of it; 0 if there are none
     */
    public static StreamMemory of(
            DecodeSettings settings, long decoder, int channels, long image, Packets packets, Backend backend) {
        long objects = decoder > 0 ? NATIVE_DECODER_HEAP : JAVA_DECODER_HEAP + channels * JAVA_CHANNEL_HEAP;
        if (!settings.recovery()) {
            return new StreamMemory(
                    decoder, objects, backend == Backend.HASHMAP ? SEQUENCED_STREAM_HEAP : 0, SEQUENCED_STREAM_BYTES);
        }
        double step = LoggedSteps.BYTES_BESIDES_PACKET + packets.bytes();
        double preRoll = (double) DecoderLog.PRE_ROLL_TICKS / packets.ticks();
        // From one image to the next a log grows from its pre-roll to that and an interval.
        long mostOfLog = Math.round((preRoll + settings.imageInterval()) * step);
        long usualLog = Math.round((preRoll + settings.imageInterval() / 2.0) * step);
        long decoderHeap = objects + image + Math.round(LOG_ROOM * mostOfLog);
        // State has the image of the last checkpoint; the decoder has taken others since.
        long stateHeap = SEQUENCED_STREAM_HEAP + DECODER_STATE_HEAP + image + usualLog;
        return new StreamMemory(
                decoder,
                decoderHeap,
                backend == Backend.HASHMAP ? stateHeap : 0,
                SEQUENCED_STREAM_BYTES + DECODER_STATE_BYTES + image + usualLog);
    }
}
