package dev.decant.container;

import dev.decant.audio.OpusHead;
import dev.decant.audio.PacketFraming;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes MP4 files for tests (ISO 14496-12; Encapsulation of Opus in ISO Base Media File Format): whole recordings of one
 * track, good ones unless told otherwise, and with {@link #box} whatever a test wants. The timescales of track and movie are
 * 48 kHz unless another one is set, so that numbers are ticks.
 */
public final class Mp4Writer {
    static final byte[] FTYP = box("ftyp", text("isom"), u32(512), text("isomiso2Opus"));

    private static final int MATRIX_BYTES = 36;

    private final List<byte[]> packets;
    private final List<Long> durations = new ArrayList<>();
    private byte[] sampleEntry;
    private long track = 1;
    private long timescale = 48_000;
    private long movieTimescale = 48_000;
    private byte[] edits = {};
    private byte[] otherTracks = {};
    private int packetsAChunk = 10;
    private byte[] betweenChunks = {};
    private boolean largeOffsets;
    private boolean largeMediaData;
    private boolean endlessMediaData;
    private int sizeBits = 32;
    private boolean extended;
    private Long mediaDuration;

    public Mp4Writer(OpusHead head, List<byte[]> packets) {
        this.packets = packets;
        this.sampleEntry = opus(dOps(head));
        packets.forEach(packet -> durations.add((long) PacketFraming.statedDuration(packet)));
    }

    /** Gives a packet another duration, in units of the timescale. */
    public Mp4Writer duration(int packet, long duration) {
        durations.set(packet, duration);
        return this;
    }

    /** Gives all packets a duration. */
    public Mp4Writer durations(long duration) {
        durations.replaceAll(old -> duration);
        return this;
    }

    /** What the media header says instead of the sum of the durations. */
    Mp4Writer mediaDuration(long units) {
        mediaDuration = units;
        return this;
    }

    public Mp4Writer track(long id) {
        track = id;
        return this;
    }

    public Mp4Writer timescales(long ofTrack, long ofMovie) {
        timescale = ofTrack;
        movieTimescale = ofMovie;
        return this;
    }

    /** Rows of {@link #edit}. */
    public Mp4Writer edits(byte[]... rows) {
        edits = box("edts", box("elst", u32(0), u32(rows.length), concat(rows)));
        return this;
    }

    Mp4Writer edts(byte[] box) {
        edits = box;
        return this;
    }

    Mp4Writer sampleEntry(byte[] entry) {
        sampleEntry = entry;
        return this;
    }

    /** Tracks that stand before the one with the packets. */
    Mp4Writer otherTracks(byte[]... boxes) {
        otherTracks = concat(boxes);
        return this;
    }

    public Mp4Writer packetsAChunk(int count) {
        packetsAChunk = count;
        return this;
    }

    /** Bytes of nobody behind each chunk. */
    Mp4Writer betweenChunks(byte[] bytes) {
        betweenChunks = bytes;
        return this;
    }

    Mp4Writer largeOffsets() {
        largeOffsets = true;
        return this;
    }

    Mp4Writer largeMediaData() {
        largeMediaData = true;
        return this;
    }

    Mp4Writer endlessMediaData() {
        endlessMediaData = true;
        return this;
    }

    /** 4, 8 or 16: a compact table of sizes; 0: all packets have one size, and no table. */
    Mp4Writer sizeBits(int bits) {
        sizeBits = bits;
        return this;
    }

    /** Has a Movie Extends Box, though nothing need come of it. */
    Mp4Writer extended() {
        extended = true;
        return this;
    }

    /** A file whose tables stand before the packets. */
    public byte[] moovFirst() {
        int moovBytes = moov(0).length;
        return concat(FTYP, moov(FTYP.length + moovBytes + mdatHeaderBytes()), mdat());
    }

    /** A file whose tables stand behind the packets. */
    public byte[] moovLast() {
        return concat(FTYP, mdat(), moov(FTYP.length + mdatHeaderBytes()));
    }

    /** A file whose tables are empty: all packets are in fragments, each of which counts from its own beginning. */
    public byte[] fragmented(int packetsAFragment) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(concat(FTYP, emptyMoov(u32(0), u32(0))));
        long time = 0;
        for (int from = 0; from < packets.size(); from += packetsAFragment) {
            int to = Math.min(packets.size(), from + packetsAFragment);
            out.writeBytes(fragment(from, to, time));
            time += durations.subList(from, to).stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
        return out.toByteArray();
    }

    /**
     * The Movie Box of a file that is fragmented.
     *
     * @param defaultDuration four bytes
     * @param defaultSize four bytes
     */
    byte[] emptyMoov(byte[] defaultDuration, byte[] defaultSize) {
        byte[] tables = concat(
                box("stts", u32(0), u32(0)),
                box("stsc", u32(0), u32(0)),
                box("stsz", u32(0), u32(0), u32(0)),
                box("stco", u32(0), u32(0)));
        byte[] mvex = box("mvex", box("trex", u32(0), u32(track), u32(1), defaultDuration, defaultSize, u32(0)));
        return box("moov", mvhd(), otherTracks, trak(0, tables), mvex);
    }

    /** One fragment with its data: durations and sizes in the run, data from the fragment's beginning on. */
    byte[] fragment(int from, int to, long time) {
        byte[] header = box("tfhd", u32(0x2_0000), u32(track));
        byte[] start = box("tfdt", u32(0x0100_0000), u64(time));
        byte[] moof = {};
        for (int dataAt = 0, pass = 0; pass < 2; pass++, dataAt = moof.length + 8) {
            byte[] run = box("trun", u32(0x301), u32(to - from), u32(dataAt), rows(from, to));
            moof = box("moof", box("mfhd", u32(0), u32(1)), box("traf", header, start, run));
        }
        return concat(moof, box("mdat", concat(packets.subList(from, to).toArray(byte[][]::new))));
    }

    /** Durations and sizes of packets, as a run has them. */
    byte[] rows(int from, int to) {
        ByteBuffer rows = ByteBuffer.allocate(8 * (to - from));
        for (int i = from; i < to; i++) {
            rows.putInt(durations.get(i).intValue()).putInt(packets.get(i).length);
        }
        return rows.array();
    }

    /**
     * The Movie Box.
     *
     * @param dataAt where the first packet begins in the file
     */
    byte[] moov(long dataAt) {
        byte[] tables = concat(
                stts(), stsc(), sizeBits == 4 || sizeBits == 8 || sizeBits == 16 ? stz2() : stsz(), stco(dataAt));
        long sum = durations.stream().mapToLong(Long::longValue).sum();
        byte[] mvex =
                extended ? box("mvex", box("trex", u32(0), u32(track), u32(1), u32(0), u32(0), u32(0))) : new byte[0];
        return box("moov", mvhd(), otherTracks, trak(mediaDuration == null ? sum : mediaDuration, tables), mvex);
    }

    /** The Media Data Box with all packets. */
    byte[] mdat() {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (int i = 0; i < packets.size(); i++) {
            data.writeBytes(packets.get(i));
            if ((i + 1) % packetsAChunk == 0) {
                data.writeBytes(betweenChunks);
            }
        }
        if (largeMediaData) {
            return concat(u32(1), text("mdat"), u64(16 + data.size()), data.toByteArray());
        }
        return concat(u32(endlessMediaData ? 0 : 8 + data.size()), text("mdat"), data.toByteArray());
    }

    /** A row of an edit list. */
    public static byte[] edit(long length, long mediaTime) {
        return concat(u32(length), u32(mediaTime), u32(0x1_0000));
    }

    /** A track with one sample entry of another kind, and no samples. */
    static byte[] otherTrack(long id, byte[] sampleEntry) {
        return box(
                "trak",
                tkhd(id),
                box("mdia", mdhd(90_000, 0), box("minf", box("stbl", box("stsd", u32(0), u32(1), sampleEntry)))));
    }

    /** An Opus sample entry around boxes. */
    static byte[] opus(byte[]... boxes) {
        return box(
                "Opus", new byte[6], u16(1), new byte[8], u16(2), u16(16), u32(0), u32(48_000L << 16), concat(boxes));
    }

    /** The Opus Specific Box: big-endian, unlike an OpusHead. */
    static byte[] dOps(OpusHead head) {
        byte[] mapping = head.mappingFamily() == 0
                ? new byte[0]
                : concat(
                        new byte[] {(byte) head.streamCount(), (byte) head.coupledCount()},
                        head.mapping(),
                        head.demixingMatrix());
        return box(
                "dOps",
                new byte[] {0, (byte) head.channels()},
                u16(head.preSkip()),
                u32(head.inputSampleRate()),
                u16(head.outputGain()),
                new byte[] {(byte) head.mappingFamily()},
                mapping);
    }

    static byte[] box(String type, byte[]... contents) {
        byte[] content = concat(contents);
        return concat(u32(8 + content.length), text(type), content);
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] u16(int value) {
        return ByteBuffer.allocate(2).putShort((short) value).array();
    }

    static byte[] u32(long value) {
        return ByteBuffer.allocate(4).putInt((int) value).array();
    }

    static byte[] u64(long value) {
        return ByteBuffer.allocate(8).putLong(value).array();
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private int mdatHeaderBytes() {
        return largeMediaData ? 16 : 8;
    }

    private byte[] mvhd() {
        return box("mvhd", u32(0), u32(0), u32(0), u32(movieTimescale), u32(0), new byte[80]);
    }

    private static byte[] tkhd(long id) {
        return box("tkhd", u32(3), u32(0), u32(0), u32(id), u32(0), u32(0), new byte[24 + MATRIX_BYTES]);
    }

    private static byte[] mdhd(long timescale, long duration) {
        return box("mdhd", u32(0x0100_0000), u64(0), u64(0), u32(timescale), u64(duration), u32(0));
    }

    private byte[] trak(long duration, byte[] tables) {
        byte[] stsd = box("stsd", u32(0), u32(1), sampleEntry);
        return box(
                "trak",
                tkhd(track),
                edits,
                box("mdia", mdhd(timescale, duration), box("minf", box("smhd", u64(0)), box("stbl", stsd, tables))));
    }

    private byte[] stts() {
        ByteArrayOutputStream rows = new ByteArrayOutputStream();
        durations.forEach(duration -> rows.writeBytes(concat(u32(1), u32(duration))));
        return box("stts", u32(0), u32(durations.size()), rows.toByteArray());
    }

    private byte[] stsc() {
        int rest = packets.size() % packetsAChunk;
        int whole = packets.size() / packetsAChunk;
        byte[] first = whole == 0 ? new byte[0] : concat(u32(1), u32(packetsAChunk), u32(1));
        byte[] last = rest == 0 ? new byte[0] : concat(u32(whole + 1), u32(rest), u32(1));
        return box("stsc", u32(0), u32((first.length + last.length) / 12), first, last);
    }

    private byte[] stsz() {
        if (sizeBits == 0) {
            return box("stsz", u32(0), u32(packets.get(0).length), u32(packets.size()));
        }
        ByteArrayOutputStream sizes = new ByteArrayOutputStream();
        packets.forEach(packet -> sizes.writeBytes(u32(packet.length)));
        return box("stsz", u32(0), u32(0), u32(packets.size()), sizes.toByteArray());
    }

    private byte[] stz2() {
        ByteArrayOutputStream sizes = new ByteArrayOutputStream();
        for (int i = 0; i < packets.size(); i++) {
            int size = packets.get(i).length;
            switch (sizeBits) {
                case 4 -> {
                    int second = i + 1 < packets.size() ? packets.get(++i).length : 0;
                    sizes.write(size << 4 | second);
                }
                case 8 -> sizes.write(size);
                default -> sizes.writeBytes(u16(size));
            }
        }
        return box("stz2", u32(0), u32(sizeBits), u32(packets.size()), sizes.toByteArray());
    }

    private byte[] stco(long dataAt) {
        ByteArrayOutputStream offsets = new ByteArrayOutputStream();
        int chunks = 0;
        long at = dataAt;
        for (int i = 0; i < packets.size(); i++) {
            if (i % packetsAChunk == 0) {
                offsets.writeBytes(largeOffsets ? u64(at) : u32(at));
                chunks++;
            }
            at += packets.get(i).length + ((i + 1) % packetsAChunk == 0 ? betweenChunks.length : 0);
        }
        return box(largeOffsets ? "co64" : "stco", u32(0), u32(chunks), offsets.toByteArray());
    }
}
