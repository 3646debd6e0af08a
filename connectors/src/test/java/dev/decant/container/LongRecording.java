package dev.decant.container;

import static dev.decant.container.Mp4Writer.box;
import static dev.decant.container.Mp4Writer.concat;
import static dev.decant.container.Mp4Writer.text;
import static dev.decant.container.Mp4Writer.u32;

import dev.decant.audio.OpusHead;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * An MP4 of millions of packets that is nowhere: its bytes are made when they are read. Each packet has three bytes. It counts
 * what is asked for.
 */
final class LongRecording implements RecordingBytes {
    private static final byte[] PACKET = {9 << 3, 1, 2};
    private static final int PACKETS_A_CHUNK = 50;

    /** Rows of one size, one behind the other. */
    private record Part(long from, int rowBytes, long rows, IntFunction<byte[]> row) {
        private long end() {
            return from + rowBytes * rows;
        }
    }

    private final List<Part> parts = new ArrayList<>();
    private int open;
    int mostOpen;
    int largestRead;
    long read;

    private LongRecording() {}

    /** Tables first, then the packets. */
    static LongRecording inTables(int packets) {
        int chunks = packets / PACKETS_A_CHUNK;
        long tableBytes = 4L * packets + 4L * chunks;
        byte[] model = new Mp4Writer(OpusHead.of(1, 312, 0), List.of(PACKET)).moovFirst();
        // The tables of the model make room for ours: each is there as its header only.
        byte[] stts = box("stts", u32(0), u32(1), u32(packets), u32(960));
        byte[] stsc = box("stsc", u32(0), u32(1), u32(1), u32(PACKETS_A_CHUNK), u32(1));
        byte[] stsz = concat(u32(20 + 4L * packets), text("stsz"), u32(0), u32(0), u32(packets));
        byte[] stco = concat(u32(16 + 4L * chunks), text("stco"), u32(0), u32(chunks));
        int modelTables = indexOf(model, "stts") - 4;
        int modelEnd = indexOf(model, "mdat") - 4;
        long grown = stts.length + stsc.length + stsz.length + stco.length + tableBytes - (modelEnd - modelTables);
        byte[] start = Arrays.copyOf(model, modelTables);
        for (String around : List.of("moov", "trak", "mdia", "minf", "stbl")) {
            int at = indexOf(start, around) - 4;
            ByteBuffer.wrap(start).putInt(at, (int) (ByteBuffer.wrap(start).getInt(at) + grown));
        }
        LongRecording recording = new LongRecording();
        recording.add(concat(start, stts, stsc, stsz));
        recording.add(4, packets, i -> u32(PACKET.length));
        recording.add(stco);
        long dataAt = recording.size() + 4L * chunks + 8;
        recording.add(4, chunks, i -> u32(dataAt + (long) i * PACKETS_A_CHUNK * PACKET.length));
        recording.add(concat(u32(8 + (long) packets * PACKET.length), text("mdat")));
        recording.add(PACKET.length, packets, i -> PACKET);
        return recording;
    }

    /** One fragment with one run of all packets. */
    static LongRecording inOneRun(int packets) {
        Mp4Writer writer = new Mp4Writer(OpusHead.of(1, 312, 0), List.of(PACKET));
        LongRecording recording = new LongRecording();
        recording.add(concat(Mp4Writer.FTYP, writer.emptyMoov(u32(960), u32(0))));
        byte[] mfhd = box("mfhd", u32(0), u32(1));
        byte[] tfhd = box("tfhd", u32(0x2_0000), u32(1));
        long trun = 20 + 4L * packets;
        long traf = 8 + tfhd.length + trun;
        long moof = 8 + mfhd.length + traf;
        recording.add(concat(
                u32(moof),
                text("moof"),
                mfhd,
                u32(traf),
                text("traf"),
                tfhd,
                u32(trun),
                text("trun"),
                u32(0x201),
                u32(packets),
                u32(moof + 8)));
        recording.add(4, packets, i -> u32(PACKET.length));
        recording.add(concat(u32(8 + (long) packets * PACKET.length), text("mdat")));
        recording.add(PACKET.length, packets, i -> PACKET);
        return recording;
    }

    long size() {
        return parts.isEmpty() ? 0 : parts.get(parts.size() - 1).end();
    }

    @Override
    public InputStream open(long offset) {
        open++;
        mostOpen = Math.max(mostOpen, open);
        return new InputStream() {
            private long at = offset;
            private boolean closed;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] target, int from, int length) {
                largestRead = Math.max(largestRead, length);
                int count = (int) Math.min(length, size() - at);
                if (count <= 0) {
                    return -1;
                }
                for (int i = 0; i < count; ) {
                    i += copy(at + i, target, from + i, count - i);
                }
                at += count;
                LongRecording.this.read += count;
                return count;
            }

            @Override
            public long skip(long count) {
                at += count;
                return count;
            }

            @Override
            public void close() {
                open -= closed ? 0 : 1;
                closed = true;
            }
        };
    }

    /** Copies what is left of one row. */
    private int copy(long at, byte[] target, int from, int length) {
        for (Part part : parts) {
            if (at < part.end()) {
                byte[] row = part.row.apply((int) ((at - part.from) / part.rowBytes));
                int skipped = (int) ((at - part.from) % part.rowBytes);
                int count = Math.min(length, part.rowBytes - skipped);
                System.arraycopy(row, skipped, target, from, count);
                return count;
            }
        }
        throw new IllegalStateException("byte " + at + " is behind the end");
    }

    private void add(byte[] bytes) {
        add(bytes.length, 1, i -> bytes);
    }

    private void add(int rowBytes, long rows, IntFunction<byte[]> row) {
        parts.add(new Part(size(), rowBytes, rows, row));
    }

    private static int indexOf(byte[] file, String type) {
        String all = new String(file, StandardCharsets.ISO_8859_1);
        return all.indexOf(type);
    }
}
