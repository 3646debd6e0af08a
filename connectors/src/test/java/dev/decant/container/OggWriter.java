package dev.decant.container;

import dev.decant.audio.OpusHead;
import dev.decant.audio.PacketFraming;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes Ogg files for tests, page by page: good ones, and with {@link #page} whatever a test wants wrong. The checksum is
 * computed bit by bit, so that it does not share a mistake with the reader.
 */
public final class OggWriter {
    private static final int PACKETS_A_PAGE = 50;
    private static final int MOST_SEGMENTS = 255;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int serialNumber;
    private int sequenceNumber;

    public OggWriter(int serialNumber) {
        this.serialNumber = serialNumber;
    }

    /**
     * A whole recording of one link: 50 packets a page, granule positions from the packets.
     *
     * @param trimEnd 48 kHz ticks to take off the end
     */
    public static byte[] recording(OpusHead head, List<byte[]> packets, int trimEnd) {
        return new OggWriter(1).link(head, packets, trimEnd).toBytes();
    }

    /** Appends a whole link, headers and audio; it needs at least one packet. */
    public OggWriter link(OpusHead head, List<byte[]> packets, int trimEnd) {
        headers(head);
        long granulePosition = 0;
        for (int from = 0; from < packets.size(); from += PACKETS_A_PAGE) {
            List<byte[]> some = packets.subList(from, Math.min(packets.size(), from + PACKETS_A_PAGE));
            for (byte[] packet : some) {
                granulePosition += PacketFraming.statedDuration(packet);
            }
            boolean last = from + some.size() == packets.size();
            page(granulePosition - (last ? trimEnd : 0), last, some.toArray(byte[][]::new));
        }
        return this;
    }

    /** Appends OpusHead and empty OpusTags, each on its page. */
    public OggWriter headers(OpusHead head) {
        return first(head.toBytes()).page(0, false, tags(16));
    }

    /** Appends the first page of a stream. */
    public OggWriter first(byte[] packet) {
        sequenceNumber = 0;
        return page(2, 0, segmentsOf(packet), packet);
    }

    /** An OpusTags packet of that size. */
    public static byte[] tags(int bytes) {
        byte[] tags = new byte[bytes];
        System.arraycopy("OpusTags".getBytes(StandardCharsets.US_ASCII), 0, tags, 0, 8);
        return tags;
    }

    /**
     * Appends whole packets, on more than one page if there are more than 255 segments; pages on which no packet ends
     * have granule position -1.
     */
    public OggWriter page(long granulePosition, boolean last, byte[]... packets) {
        List<Integer> segments = new ArrayList<>();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] packet : packets) {
            segments.addAll(segmentsOf(packet));
            body.writeBytes(packet);
        }
        byte[] bytes = body.toByteArray();
        boolean continued = false;
        int at = 0;
        int from = 0;
        do {
            List<Integer> some = segments.subList(from, Math.min(segments.size(), from + MOST_SEGMENTS));
            from += some.size();
            int length = some.stream().mapToInt(Integer::intValue).sum();
            boolean end = from == segments.size();
            boolean endsPacket = some.stream().anyMatch(segment -> segment < 255);
            page(
                    (continued ? 1 : 0) | (last && end ? 4 : 0),
                    endsPacket ? granulePosition : -1,
                    some,
                    Arrays.copyOfRange(bytes, at, at + length));
            continued = !some.isEmpty() && some.get(some.size() - 1) == 255;
            at += length;
        } while (from < segments.size());
        return this;
    }

    /**
     * Appends one page as it is told.
     *
     * @param flags 1: continued, 2: first, 4: last
     */
    public OggWriter page(int flags, long granulePosition, List<Integer> segments, byte[] body) {
        ByteBuffer page =
                ByteBuffer.allocate(27 + segments.size() + body.length).order(ByteOrder.LITTLE_ENDIAN);
        page.put("OggS".getBytes(StandardCharsets.US_ASCII)).put((byte) 0).put((byte) flags);
        page.putLong(granulePosition)
                .putInt(serialNumber)
                .putInt(sequenceNumber++)
                .putInt(0);
        page.put((byte) segments.size());
        segments.forEach(segment -> page.put(segment.byteValue()));
        page.put(body);
        page.putInt(22, checksum(page.array()));
        out.writeBytes(page.array());
        return this;
    }

    /** Appends bytes that belong to no page. */
    public OggWriter junk(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    /** From here on pages belong to that logical stream. */
    public OggWriter stream(int newSerialNumber, int newSequenceNumber) {
        serialNumber = newSerialNumber;
        sequenceNumber = newSequenceNumber;
        return this;
    }

    /** How many bytes there are so far: where the next page begins. */
    public int size() {
        return out.size();
    }

    public byte[] toBytes() {
        return out.toByteArray();
    }

    /** The lacing values of a packet (RFC 3533, section 5). */
    public static List<Integer> segmentsOf(byte[] packet) {
        List<Integer> segments = new ArrayList<>();
        for (int left = packet.length; left >= 255; left -= 255) {
            segments.add(255);
        }
        segments.add(packet.length % 255);
        return segments;
    }

    private static int checksum(byte[] page) {
        int remainder = 0;
        for (byte octet : page) {
            for (int bit = 7; bit >= 0; bit--) {
                boolean carry = remainder < 0;
                remainder = remainder << 1 | octet >> bit & 1;
                remainder ^= carry ? 0x04C1_1DB7 : 0;
            }
        }
        for (int bit = 0; bit < 32; bit++) {
            remainder = remainder << 1 ^ (remainder < 0 ? 0x04C1_1DB7 : 0);
        }
        return remainder;
    }
}
