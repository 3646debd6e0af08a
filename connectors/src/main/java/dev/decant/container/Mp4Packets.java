package dev.decant.container;

import java.io.IOException;

/** The packets of a track: its samples, and their bytes. What cannot be had is a problem. */
final class Mp4Packets {
    private final Mp4Cursor cursor;
    private final Mp4Samples samples;
    private final int maxBytes;
    private final ProblemList problems;

    /** How many bytes were asked for, and the end of the furthest of them: more than up to there cannot be sound. */
    private long taken;

    private long end;

    /** How many samples lie behind the end of the recording, and where the first of them should begin. */
    private long missing;

    private long missingAt;
    private boolean ended;

    /**
     * @param cursor of the recording; others may move it between two packets
     * @param maxBytes what is longer is no packet: its bytes are passed over
     */
    Mp4Packets(Mp4Cursor cursor, Mp4Samples samples, int maxBytes, ProblemList problems) {
        this.cursor = cursor;
        this.samples = samples;
        this.maxBytes = maxBytes;
        this.problems = problems;
    }

    /** The next packet, or null after the last one. */
    Mp4Packet next() throws IOException {
        boolean afterLoss = false;
        while (!ended) {
            Mp4Sample sample = samples.next();
            if (sample == null) {
                end();
                return null;
            }
            byte[] payload = read(sample);
            if (payload != null) {
                return new Mp4Packet(sample, payload, afterLoss);
            }
            afterLoss = true;
        }
        return null;
    }

    /** The end of the furthest packet, in bytes. */
    long furthest() {
        return end;
    }

    /** The bytes of a sample, or null if they cannot be had. */
    private byte[] read(Mp4Sample sample) throws IOException {
        if (sample.bytes() == 0) {
            problems.irregularity(sample.offset(), "an empty packet was passed over");
            return null;
        }
        long sampleEnd = Mp4Sample.plus(sample.offset(), sample.bytes());
        if (cursor.isKnownToEndBefore(sampleEnd)) {
            miss(sample);
            return null;
        }
        if (sample.bytes() > maxBytes) {
            problems.damage(sample.offset(), "a packet of more than %d bytes was passed over", maxBytes);
            return null;
        }
        cursor.seek(sample.offset());
        byte[] payload = cursor.read((int) sample.bytes());
        if (payload.length < sample.bytes()) {
            miss(sample);
            return null;
        }
        end = Math.max(end, sampleEnd);
        taken += payload.length;
        if (taken > end) {
            problems.damage(sample.offset(), "the same bytes are in packets again and again: no more of them are read");
            ended = true;
            return null;
        }
        return payload;
    }

    /** What follows a sample behind the end is behind the end too: that many samples are never looked at one by one. */
    private void miss(Mp4Sample sample) throws IOException {
        if (missing == 0) {
            missingAt = sample.offset();
        }
        missing += 1 + samples.leaveChunk();
    }

    private void end() {
        ended = true;
        if (missing > 0) {
            problems.damage(
                    missingAt, "%d packets are missing: they are said to be behind the end of the recording", missing);
        }
    }
}
