package dev.decant.container;

import dev.decant.audio.OpusHead;
import dev.decant.audio.PacketFraming;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes Matroska for tests, element by element (RFC 8794, RFC 9559): good ones, and whatever a test wants wrong. Elements are
 * bytes, and those of a parent are put into it. It shares no ID with the reader.
 */
public final class MatroskaWriter {
    private static final int BLOCKS_A_CLUSTER = 50;

    private MatroskaWriter() {}

    /** A whole recording of one track, number 1: 50 SimpleBlocks a Cluster, times in milliseconds from the packets. */
    public static byte[] recording(OpusHead head, List<byte[]> packets) {
        List<byte[]> parts = new ArrayList<>();
        parts.add(info(1_000_000));
        parts.add(tracks(opusTrack(1, head)));
        long ticks = 0;
        for (int from = 0; from < packets.size(); from += BLOCKS_A_CLUSTER) {
            long start = ticks / 48;
            List<byte[]> blocks = new ArrayList<>();
            for (byte[] packet : packets.subList(from, Math.min(packets.size(), from + BLOCKS_A_CLUSTER))) {
                blocks.add(simpleBlock(1, (int) (ticks / 48 - start), packet));
                ticks += PacketFraming.statedDuration(packet);
            }
            parts.add(cluster(start, blocks.toArray(byte[][]::new)));
        }
        return document("webm", parts.toArray(byte[][]::new));
    }

    /** An EBML header, and a Segment of a known size. */
    public static byte[] document(String docType, byte[]... children) {
        return concat(header(docType), element(0x18538067, children));
    }

    /** An EBML header, and a Segment that is open to its end. */
    public static byte[] liveDocument(String docType, byte[]... children) {
        return concat(header(docType), open(0x18538067, children));
    }

    public static byte[] header(String docType) {
        return element(
                0x1A45DFA3,
                uint(0x4286, 1),
                uint(0x42F7, 1),
                uint(0x42F2, 4),
                uint(0x42F3, 8),
                text(0x4282, docType),
                uint(0x4287, 4),
                uint(0x4285, 2));
    }

    public static byte[] info(long timestampScale) {
        return element(0x1549A966, uint(0x2AD7B1, timestampScale), text(0x4D80, "a muxer"));
    }

    public static byte[] tracks(byte[]... entries) {
        return element(0x1654AE6B, entries);
    }

    /** A track with the OpusHead, and the CodecDelay that follows from it. */
    public static byte[] opusTrack(int number, OpusHead head, byte[]... more) {
        return track(
                number,
                "A_OPUS",
                concat(more),
                element(0x63A2, head.toBytes()),
                codecDelay(head.preSkip() * 1_000_000_000L / 48_000));
    }

    public static byte[] track(int number, String codecId, byte[]... more) {
        return element(
                0xAE, uint(0xD7, number), uint(0x73C5, number), uint(0x83, 2), text(0x86, codecId), concat(more));
    }

    /** The element Audio, with the number of channels. */
    public static byte[] channels(int channels) {
        return element(0xE1, element(0xB5, new byte[] {0x47, 0x3B, (byte) 0x80, 0}), uint(0x9F, channels));
    }

    public static byte[] codecDelay(long nanoseconds) {
        return uint(0x56AA, nanoseconds);
    }

    /** ContentEncodings with one compression. */
    public static byte[] compression(int algo, byte[] settings) {
        return element(0x6D80, encoding(element(0x5034, uint(0x4254, algo), element(0x4255, settings))));
    }

    /** One ContentEncoding. */
    public static byte[] encoding(byte[]... children) {
        return element(0x6240, uint(0x5031, 0), concat(children));
    }

    public static byte[] cluster(long timestamp, byte[]... blocks) {
        return element(0x1F43B675, uint(0xE7, timestamp), concat(blocks));
    }

    /** A Cluster that is open to the next one. */
    public static byte[] liveCluster(long timestamp, byte[]... blocks) {
        return open(0x1F43B675, uint(0xE7, timestamp), concat(blocks));
    }

    public static byte[] simpleBlock(int track, int timestamp, byte[] packet) {
        return element(0xA3, blockHead(track, timestamp, 0), packet);
    }

    /** A BlockGroup with one packet and a DiscardPadding. */
    public static byte[] paddedBlock(int track, int timestamp, long paddingNanos, byte[] packet) {
        return group(element(0xA1, blockHead(track, timestamp, 0), packet), paddingNanos);
    }

    /** A BlockGroup around a Block, with a DiscardPadding unless it is 0. */
    public static byte[] group(byte[] block, long paddingNanos) {
        byte[] padding = ByteBuffer.allocate(8).putLong(paddingNanos).array();
        return element(0xA0, block, uint(0x9B, 20), paddingNanos == 0 ? new byte[0] : element(0x75A2, padding));
    }

    /** The body of a Block with Xiph lacing: track, time, flags, number of frames, sizes, frames. */
    public static byte[] xiphLaced(int track, int timestamp, byte[]... packets) {
        ByteArrayOutputStream sizes = new ByteArrayOutputStream();
        for (int i = 0; i < packets.length - 1; i++) {
            for (int left = packets[i].length; left >= 255; left -= 255) {
                sizes.write(255);
            }
            sizes.write(packets[i].length % 255);
        }
        return laced(track, timestamp, 2, sizes.toByteArray(), packets);
    }

    /** The same with EBML lacing. */
    public static byte[] ebmlLaced(int track, int timestamp, byte[]... packets) {
        ByteArrayOutputStream sizes = new ByteArrayOutputStream();
        if (packets.length > 1) {
            sizes.writeBytes(size(packets[0].length, packets[0].length > 126 ? 2 : 1));
        }
        for (int i = 1; i < packets.length - 1; i++) {
            int difference = packets[i].length - packets[i - 1].length;
            int bytes = Math.abs(difference) < 63 ? 1 : 2;
            sizes.writeBytes(size(difference + (1 << 7 * bytes - 1) - 1, bytes));
        }
        return laced(track, timestamp, 6, sizes.toByteArray(), packets);
    }

    /** The same with packets of one size. */
    public static byte[] fixedLaced(int track, int timestamp, byte[]... packets) {
        return laced(track, timestamp, 4, new byte[0], packets);
    }

    /** A SimpleBlock with a body. */
    public static byte[] simpleBlock(byte[] body) {
        return element(0xA3, body);
    }

    /** A Block for a {@link #group} with a body. */
    public static byte[] block(byte[] body) {
        return element(0xA1, body);
    }

    public static byte[] uint(int id, long value) {
        int bytes = Math.max(1, (71 - Long.numberOfLeadingZeros(value)) / 8);
        byte[] all = ByteBuffer.allocate(8).putLong(value).array();
        return element(id, Arrays.copyOfRange(all, 8 - bytes, 8));
    }

    public static byte[] text(int id, String value) {
        return element(id, value.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** An element of a known size: of the fewest bytes that can state it. */
    public static byte[] element(int id, byte[]... children) {
        byte[] body = concat(children);
        int bytes = 1;
        while (body.length >= (1L << 7 * bytes) - 1) {
            bytes++;
        }
        return concat(id(id), size(body.length, bytes), body);
    }

    /** An element of unknown size. */
    public static byte[] open(int id, byte[]... children) {
        return concat(id(id), new byte[] {1, -1, -1, -1, -1, -1, -1, -1}, concat(children));
    }

    /** A size of so many bytes (RFC 8794, section 6). */
    public static byte[] size(long size, int bytes) {
        byte[] all = ByteBuffer.allocate(8).putLong(size | 1L << 7 * bytes).array();
        return Arrays.copyOfRange(all, 8 - bytes, 8);
    }

    public static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] id(int id) {
        int bytes = (39 - Integer.numberOfLeadingZeros(id)) / 8;
        return Arrays.copyOfRange(ByteBuffer.allocate(4).putInt(id).array(), 4 - bytes, 4);
    }

    private static byte[] laced(int track, int timestamp, int flags, byte[] sizes, byte[]... packets) {
        return concat(
                blockHead(track, timestamp, flags), new byte[] {(byte) (packets.length - 1)}, sizes, concat(packets));
    }

    private static byte[] blockHead(int track, int timestamp, int flags) {
        return concat(
                size(track, track > 126 ? 2 : 1), new byte[] {(byte) (timestamp >> 8), (byte) timestamp, (byte) flags});
    }
}
