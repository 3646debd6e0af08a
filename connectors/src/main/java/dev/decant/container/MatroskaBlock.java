package dev.decant.container;

import dev.decant.audio.PacketFraming;
import java.io.IOException;
import java.util.Arrays;

/** The packets of one Block or SimpleBlock (RFC 9559, section 10): one, or as many as are laced together. */
final class MatroskaBlock {
    /** A lacing of more frames cannot be written. */
    private static final int MOST = 256;

    private static final int LACING_NONE = 0;
    private static final int LACING_XIPH = 1;
    private static final int LACING_FIXED = 2;

    private final int maxPacketBytes;
    private final byte[] stripped;
    private final byte[][] payloads = new byte[MOST][];
    private final int[] sizes = new int[MOST];
    private final long[] offsets = new long[MOST];
    private final int[] durations = new int[MOST];
    private final int[] trimStarts = new int[MOST];
    private final int[] trimEnds = new int[MOST];
    private int count;
    private int timestamp;

    /**
     * @param streamCount Opus streams in a packet
     * @param stripped what all packets begin with and Blocks leave out
     */
    MatroskaBlock(int streamCount, byte[] stripped) {
        this.maxPacketBytes = streamCount * PacketFraming.MAX_PACKET_BYTES;
        this.stripped = stripped;
    }

    /**
     * Reads the Block that {@code ebml} stands at, behind its track number, to its end.
     *
     * @return false: it is none, which is noted as a problem; there are no packets
     */
    boolean read(EbmlReader ebml, ProblemList problems) throws IOException, DamagedElementException {
        Arrays.fill(payloads, 0, count, null);
        count = 0;
        timestamp = (short) ebml.readBigEndian(Short.BYTES);
        int lacing = (int) ebml.readBigEndian(1) >> 1 & 3;
        int frames = lacing == LACING_NONE ? 1 : 1 + (int) ebml.readBigEndian(1);
        long bytes = ebml.end() - ebml.position();
        if (bytes > maxBytes(frames)) {
            problems.damage(
                    ebml.offset(),
                    "a Block with %d bytes for %d packets was passed over: at most %d can be Opus",
                    bytes,
                    frames,
                    maxBytes(frames));
            return false;
        }
        long begin = ebml.position();
        byte[] body = ebml.readBytes((int) bytes);
        int at = sizes(body, lacing, frames);
        if (at < 0) {
            problems.damage(ebml.offset(), "a Block whose lacing does not add up was passed over");
            return false;
        }
        for (int frame = 0; frame < frames; frame++) {
            add(begin + at, body, at, sizes[frame]);
            at += sizes[frame];
        }
        return true;
    }

    /**
     * Trims the packets (DiscardPadding, section 5.1.3.5.7).
     *
     * @param ticks 48 kHz ticks: positive from the end of the last packet backwards, negative from the start of the first
     * @return how many ticks are left when the packets are used up
     */
    long discard(long ticks) {
        long left = ticks;
        for (int packet = count - 1; packet >= 0 && left > 0; packet--) {
            trimEnds[packet] = (int) Math.min(left, durations[packet]);
            left -= trimEnds[packet];
        }
        for (int packet = 0; packet < count && left < 0; packet++) {
            trimStarts[packet] = (int) Math.min(-left, durations[packet]);
            left += trimStarts[packet];
        }
        return Math.abs(left);
    }

    /** When it begins, in units of the TimestampScale after its Cluster: -32,768 to 32,767. */
    int timestamp() {
        return timestamp;
    }

    /** How many packets it has. */
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

    /** What is to be dropped of the start of a packet, 48 kHz ticks. */
    int trimStart(int packet) {
        return trimStarts[packet];
    }

    /** What is to be dropped of its end, 48 kHz ticks. */
    int trimEnd(int packet) {
        return trimEnds[packet];
    }

    private void add(long offset, byte[] body, int at, int size) {
        byte[] payload = new byte[stripped.length + Math.min(size, maxPacketBytes)];
        System.arraycopy(stripped, 0, payload, 0, stripped.length);
        System.arraycopy(body, at, payload, stripped.length, payload.length - stripped.length);
        offsets[count] = offset;
        durations[count] = PacketFraming.statedDuration(payload);
        trimStarts[count] = 0;
        trimEnds[count] = 0;
        payloads[count] = stripped.length + size > maxPacketBytes ? null : payload;
        count++;
    }

    /** What the packets can have together; no more than the longest lacing of one stream has, so that it can be held. */
    private long maxBytes(int frames) {
        return Math.min((long) frames * maxPacketBytes, (long) MOST * PacketFraming.MAX_PACKET_BYTES);
    }

    /** Tells the sizes of the frames; answers where the first one begins, or -1 if they do not add up. */
    private int sizes(byte[] body, int lacing, int frames) {
        return switch (lacing) {
            case LACING_NONE -> fixedSizes(body, 1);
            case LACING_FIXED -> fixedSizes(body, frames);
            case LACING_XIPH -> xiphSizes(body, frames);
            default -> ebmlSizes(body, frames);
        };
    }

    private int fixedSizes(byte[] body, int frames) {
        Arrays.fill(sizes, 0, frames, body.length / frames);
        return body.length % frames == 0 ? 0 : -1;
    }

    /** Section 10.3.2: bytes that add up to the size, of which only the last is not 255. */
    private int xiphSizes(byte[] body, int frames) {
        int at = 0;
        int sum = 0;
        for (int frame = 0; frame < frames - 1; frame++) {
            int size = 0;
            int octet;
            do {
                if (at == body.length) {
                    return -1;
                }
                octet = body[at++] & 0xFF;
                size += octet;
            } while (octet == 255);
            sizes[frame] = size;
            sum += size;
        }
        return lastSize(body, frames, at, sum);
    }

    /** Section 10.3.3: the first size as a number with its length, the others as differences, whose middle is 0. */
    private int ebmlSizes(byte[] body, int frames) {
        int at = 0;
        long size = 0;
        int sum = 0;
        for (int frame = 0; frame < frames - 1; frame++) {
            int bytes = at == body.length ? Long.SIZE : Integer.numberOfLeadingZeros(body[at] & 0xFF) - 23;
            if (bytes > Long.BYTES || at + bytes > body.length) {
                return -1;
            }
            long number = body[at] & 0xFF;
            for (int i = 1; i < bytes; i++) {
                number = number << 8 | body[at + i] & 0xFF;
            }
            number &= (1L << 7 * bytes) - 1;
            size = frame == 0 ? number : size + number - ((1L << 7 * bytes - 1) - 1);
            if (size < 0 || size > body.length) {
                return -1;
            }
            sizes[frame] = (int) size;
            sum += sizes[frame];
            at += bytes;
        }
        return lastSize(body, frames, at, sum);
    }

    /** The last frame has what is left. */
    private int lastSize(byte[] body, int frames, int at, int sum) {
        sizes[frames - 1] = body.length - at - sum;
        return sizes[frames - 1] < 0 ? -1 : at;
    }
}
