package dev.decant.container;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The elements of an EBML document (RFC 8794), one after the other, read forward only. A header is taken before its body,
 * and the body is read, entered, or skipped by the caller. CRC-32 elements are passed over: they cover whole Clusters, which
 * would have to be held in memory to be checked, and hardly anything writes them.
 */
final class EbmlReader extends WindowedReader {
    /** The end of an element of unknown size: it goes on until something begins that cannot be in it. */
    static final long UNKNOWN_END = Long.MAX_VALUE;

    private static final int WINDOW_BYTES = 1 << 16;
    private static final int MAX_ID_BYTES = 4;
    private static final int MAX_SIZE_BYTES = 8;
    private static final int MAX_STRING_BYTES = 32;

    /** An ID and a size of the longest kind, and the first byte of what follows. */
    private static final int CLUSTER_START_BYTES = MAX_ID_BYTES + MAX_SIZE_BYTES + 1;

    /** What a Cluster may begin with: Timestamp, CRC-32, Void, Position, PrevSize (RFC 9559, section 5.1.3). */
    private static final int[] CLUSTER_BEGINS_WITH = {0xE7, 0xBF, 0xEC, 0xA7, 0xAB};

    private MatroskaElement element;
    private int id;
    private long offset;
    private long end;

    EbmlReader(InputStream in) {
        super(in, WINDOW_BYTES);
    }

    /** Reads the header of the next element; false: the file ends here. */
    boolean next() throws IOException, DamagedElementException {
        if (!fill(1)) {
            return false;
        }
        offset = position();
        int idBytes = vintBytes(from);
        if (idBytes > MAX_ID_BYTES) {
            throw DamagedElementException.damaged(
                    offset, "no element begins with the byte 0x%02X", buffer[from] & 0xFF);
        }
        int headerBytes = idBytes + 1;
        if (fill(headerBytes)) {
            headerBytes = idBytes + vintBytes(from + idBytes);
            if (headerBytes > idBytes + MAX_SIZE_BYTES) {
                throw DamagedElementException.damaged(offset, "an element states no size");
            }
        }
        if (!fill(headerBytes)) {
            long there = bytesRead() - offset;
            throw DamagedElementException.cut(
                    offset, "the recording ends within the header of an element, %d of %d bytes", there, headerBytes);
        }
        take((int) bigEndian(from, idBytes), idBytes, headerBytes);
        return true;
    }

    /**
     * Reads the header of the next element of a parent.
     *
     * @param parentEnd where the parent ends; its size is known
     * @return false: the parent has no more of them
     */
    boolean nextWithin(long parentEnd) throws IOException, DamagedElementException {
        if (position() == parentEnd) {
            return false;
        }
        if (!next()) {
            throw DamagedElementException.cut(
                    position(), "the recording ends %d bytes before an element does", parentEnd - position());
        }
        requireWithin(parentEnd);
        return true;
    }

    /** Refuses an element that cannot be in its parent, so that something else is at its place; its header is next again. */
    void requireWithin(long parentEnd) throws DamagedElementException {
        if (end > parentEnd || element == MatroskaElement.CLUSTER) {
            from -= (int) (position() - offset);
            throw DamagedElementException.damaged(offset, "the element %s does not fit into what it is in", name());
        }
    }

    MatroskaElement element() {
        return element;
    }

    /** Where the element begins in the file. */
    long offset() {
        return offset;
    }

    /** Where it ends, or {@link #UNKNOWN_END}. */
    long end() {
        return end;
    }

    /** Where the next byte is in the file. */
    long position() {
        return before + from;
    }

    /** The element as an unsigned integer (section 7.2); what is longer than a long is its largest value. */
    long readUnsigned() throws IOException, DamagedElementException {
        requireNumber();
        long value = readBigEndian((int) (end - position()));
        return value < 0 ? Long.MAX_VALUE : value;
    }

    /** The element as a signed integer (section 7.1). */
    long readSigned() throws IOException, DamagedElementException {
        requireNumber();
        int bytes = (int) (end - position());
        int unused = Long.SIZE - Byte.SIZE * bytes;
        return bytes == 0 ? 0 : readBigEndian(bytes) << unused >> unused;
    }

    /** The next bytes of the element, 0 to 8, as they stand. */
    long readBigEndian(int bytes) throws IOException, DamagedElementException {
        require(bytes);
        long value = bigEndian(from, bytes);
        from += bytes;
        return value;
    }

    /** The next bytes of the element as a number that states its own length (section 4). */
    long readVint() throws IOException, DamagedElementException {
        require(1);
        int bytes = vintBytes(from);
        if (bytes > MAX_SIZE_BYTES) {
            throw DamagedElementException.damaged(offset, "the element %s states a number that has no length", name());
        }
        return readBigEndian(bytes) & vintMask(bytes);
    }

    /** The next bytes of the element. The array grows with what is really there, never with what a size claims. */
    byte[] readBytes(int bytes) throws IOException, DamagedElementException {
        byte[] read = new byte[Math.min(bytes, WINDOW_BYTES)];
        for (int at = 0; at < bytes; ) {
            require(1);
            int some = Math.min(bytes - at, to - from);
            if (read.length < at + some) {
                read = Arrays.copyOf(read, Math.min(bytes, Math.max(2 * read.length, at + some)));
            }
            System.arraycopy(buffer, from, read, at, some);
            from += some;
            at += some;
        }
        return read;
    }

    /**
     * The element as a string (section 7.4), up to its first zero. It comes to stand in messages: whatever a hostile recording
     * says, it is short and printable.
     */
    String readString() throws IOException, DamagedElementException {
        long last = end;
        byte[] bytes = readBytes((int) Math.min(last - position(), MAX_STRING_BYTES));
        skipTo(last);
        String text = new String(bytes, StandardCharsets.US_ASCII);
        int zero = text.indexOf(0);
        return (zero < 0 ? text : text.substring(0, zero)).replaceAll("[^ -~]", "?");
    }

    /** Goes to a byte of the file, not before the next one. */
    void skipTo(long position) throws IOException, DamagedElementException {
        while (position() < position) {
            if (!fill(1)) {
                throw cut();
            }
            from += (int) Math.min(position - position(), to - from);
        }
    }

    /**
     * Goes to the next Cluster: its ID, a size, and what a Cluster begins with.
     *
     * @param limit where to stop
     * @return false: none begins before, and the reader stands at the limit or at the end of the file
     */
    boolean findCluster(long limit) throws IOException {
        while (position() < limit && fill(1)) {
            if (buffer[from] == (byte) (MatroskaElement.CLUSTER.id() >>> 24) && isCluster()) {
                return true;
            }
            from++;
        }
        return false;
    }

    private void take(int elementId, int idBytes, int headerBytes) throws DamagedElementException {
        int sizeBytes = headerBytes - idBytes;
        long mask = vintMask(sizeBytes);
        long size = bigEndian(from + idBytes, sizeBytes) & mask;
        id = elementId;
        element = MatroskaElement.of(id);
        if (size == mask && !element.sizeMayBeUnknown()) {
            throw DamagedElementException.damaged(offset, "the element %s states no size", name());
        }
        from += headerBytes;
        end = size == mask ? UNKNOWN_END : position() + size;
    }

    private boolean isCluster() throws IOException {
        if (!fill(CLUSTER_START_BYTES) || (int) bigEndian(from, MAX_ID_BYTES) != MatroskaElement.CLUSTER.id()) {
            return false;
        }
        int sizeBytes = vintBytes(from + MAX_ID_BYTES);
        int first = buffer[from + Math.min(MAX_ID_BYTES + sizeBytes, CLUSTER_START_BYTES - 1)] & 0xFF;
        return sizeBytes <= MAX_SIZE_BYTES && Arrays.stream(CLUSTER_BEGINS_WITH).anyMatch(id -> id == first);
    }

    private void requireNumber() throws DamagedElementException {
        if (end - position() > Long.BYTES) {
            throw DamagedElementException.damaged(
                    offset, "the element %s is a number of %d bytes: at most 8 are allowed", name(), end - position());
        }
    }

    /** Sees to it that the element has so many more bytes, and that they are in the buffer. */
    private void require(int bytes) throws IOException, DamagedElementException {
        if (bytes > end - position()) {
            throw DamagedElementException.damaged(
                    offset, "the element %s of %d bytes is too short", name(), end - offset);
        }
        if (!fill(bytes)) {
            throw cut();
        }
    }

    private DamagedElementException cut() {
        return DamagedElementException.cut(
                offset,
                "the recording ends within the element %s, %d of %d bytes",
                name(),
                bytesRead() - offset,
                end - offset);
    }

    private String name() {
        return element == MatroskaElement.OTHER ? "0x%X".formatted(id) : element.toString();
    }

    /** How many bytes the number at {@code at} has: as many as its first byte has zeros before its first one, and one. */
    private int vintBytes(int at) {
        return Integer.numberOfLeadingZeros(buffer[at] & 0xFF) - 23;
    }

    private static long vintMask(int bytes) {
        return (1L << 7 * bytes) - 1;
    }

    private long bigEndian(int at, int bytes) {
        long value = 0;
        for (int i = at; i < at + bytes; i++) {
            value = value << 8 | buffer[i] & 0xFF;
        }
        return value;
    }
}
