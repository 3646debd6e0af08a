package dev.decant.container;

import dev.decant.audio.PacketFraming;
import java.util.Arrays;

/**
 * The packets of one logical stream, put together from the segments of its pages (RFC 3533, section 5): after each
 * {@link #read} those that end on that page.
 */
final class OggPackets {
    /** More packets than segments cannot end on a page. */
    private static final int MOST = 255;

    private final int maxBytes;
    private final byte[][] payloads = new byte[MOST][];
    private final long[] offsets = new long[MOST];
    private final int[] durations = new int[MOST];
    private int count;

    /** A packet that goes on on the next page: its bytes so far, no more of them than a packet may have. */
    private byte[] begun = {};

    private long begunBytes;
    private long begunAt;
    private boolean unfinished;
    private boolean broken;

    /**
     * @param maxBytes what is longer is no packet: its bytes are passed over
     */
    OggPackets(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Reads the page that {@code page} stands at.
     *
     * @param afterLoss whether pages of the stream are missing before it
     */
    void read(OggPageReader page, boolean afterLoss) {
        Arrays.fill(payloads, 0, count, null);
        count = 0;
        boolean continues = unfinished && page.continued() && !afterLoss;
        broken = page.continued() ? !continues : unfinished;
        boolean beginningMissing = page.continued() && !continues;
        if (!continues) {
            unfinished = false;
            begunBytes = 0;
        }
        int at = page.bodyAt();
        int length = 0;
        for (int segment = 0, segments = page.segments(); segment < segments; segment++) {
            length += page.segmentBytes(segment);
            if (page.segmentBytes(segment) < 255) {
                if (!beginningMissing) {
                    end(page, at, length);
                }
                beginningMissing = false;
                at += length;
                length = 0;
            }
        }
        if (length > 0 && !beginningMissing) {
            begin(page, at, length);
        }
    }

    /** How many packets ended on the page. */
    int count() {
        return count;
    }

    /** The bytes of a packet, handed over; null: it is longer than a packet may be. */
    byte[] payload(int packet) {
        return payloads[packet];
    }

    /** Where in the file a packet begins. */
    long offset(int packet) {
        return offsets[packet];
    }

    /** What a packet says it lasts, 48 kHz ticks; 0 if it does not tell. */
    int duration(int packet) {
        return durations[packet];
    }

    /** Whether a packet, begun or continued, could not be put together on the page. */
    boolean broken() {
        return broken;
    }

    /** Whether a packet goes on after the page. */
    boolean unfinished() {
        return unfinished;
    }

    private void begin(OggPageReader page, int at, int length) {
        if (!unfinished) {
            unfinished = true;
            begunAt = page.offset() + at;
        }
        append(page, at, length);
    }

    private void end(OggPageReader page, int at, int length) {
        if (unfinished) {
            append(page, at, length);
            byte[] whole = Arrays.copyOf(begun, (int) Math.min(begunBytes, maxBytes));
            add(begunAt, begunBytes, whole);
            unfinished = false;
            begunBytes = 0;
        } else {
            byte[] whole = new byte[Math.min(length, maxBytes)];
            page.copy(at, whole, 0, whole.length);
            add(page.offset() + at, length, whole);
        }
    }

    private void add(long offset, long bytes, byte[] payload) {
        offsets[count] = offset;
        durations[count] = PacketFraming.statedDuration(payload);
        payloads[count] = bytes > maxBytes ? null : payload;
        count++;
    }

    /** The buffer grows with the bytes that are really there, never with what a header claims. */
    private void append(OggPageReader page, int at, int length) {
        int stored = (int) Math.min(begunBytes, maxBytes);
        int taken = Math.min(length, maxBytes - stored);
        if (begun.length < stored + taken) {
            begun = Arrays.copyOf(begun, Math.min(maxBytes, Math.max(2 * begun.length, stored + taken)));
        }
        page.copy(at, begun, stored, taken);
        begunBytes += length;
    }
}
