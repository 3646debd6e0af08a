package dev.decant.shard;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;

/**
 * Writes one shard: a Parquet file (format version 1) of the columns of {@link ShardSchema}, one row a recording. The same
 * rows give the same bytes.
 *
 * <p>Memory: the audio is copied through a buffer; what is held is the rest of the rows of one row group, and of each
 * row group before it a few kilobytes for the footer.
 *
 * <p>Not thread safe. The output stream belongs to the caller, who closes it after this.
 */
public final class ShardWriter implements AutoCloseable {
    /**
     * The longest audio file of a row, in bytes: 256 MiB, which is 2.3 h of 16 kHz s16 mono. A reader has to hold a row,
     * and holds the decoded samples beside it, four times as many bytes for s16.
     */
    public static final long MAX_AUDIO_BYTES = 256L << 20;

    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final int FORMAT_VERSION = 1;

    private enum State {
        OPEN,
        BROKEN,
        CLOSED
    }

    private final ShardOutput out;
    private final List<RowGroup> rowGroups = new ArrayList<>();
    private RowGroupWriter rowGroup;
    private long rows;
    private State state = State.OPEN;

    /**
     * @param out where the shard goes, from its first byte on; not closed
     */
    public ShardWriter(OutputStream out) throws IOException {
        this.out = new ShardOutput(out);
        this.out.write(MAGIC);
    }

    /**
     * Writes a row.
     *
     * @param audio the audio file, of exactly {@link ShardRow#audioBytes()} bytes; read to its end, not closed
     * @throws AudioTooLongException if it has more than {@link #MAX_AUDIO_BYTES}; the writer goes on without the row
     * @throws IOException if it has not the bytes that the row says, or if reading or writing fails; the shard cannot be
     *     finished then
     */
    public void add(ShardRow row, InputStream audio) throws IOException {
        requireOpen();
        if (row.audioBytes() > MAX_AUDIO_BYTES) {
            throw new AudioTooLongException(row);
        }
        state = State.BROKEN;
        if (rowGroup != null && !rowGroup.hasRoomFor(row)) {
            endRowGroup();
        }
        if (rowGroup == null) {
            rowGroup = new RowGroupWriter(out);
        }
        rowGroup.add(row, audio);
        rows++;
        state = State.OPEN;
    }

    /**
     * Writes what makes the shard whole, and flushes the output. After a failed {@link #add} nothing is written: without
     * its footer the shard is no Parquet file, and no reader takes it for one.
     */
    @Override
    public void close() throws IOException {
        if (state != State.OPEN) {
            return;
        }
        state = State.CLOSED;
        if (rowGroup != null) {
            endRowGroup();
        }
        long start = out.position();
        Util.writeFileMetaData(footer(), out);
        out.writeInt((int) (out.position() - start));
        out.write(MAGIC);
        out.flush();
    }

    private void requireOpen() {
        if (state == State.CLOSED) {
            throw new IllegalStateException("The shard is closed");
        }
        if (state == State.BROKEN) {
            throw new IllegalStateException("A row of the shard was not written to its end: nothing can follow it");
        }
    }

    private void endRowGroup() throws IOException {
        rowGroups.add(rowGroup.end());
        rowGroup = null;
    }

    private FileMetaData footer() {
        FileMetaData footer = new FileMetaData(FORMAT_VERSION, ShardSchema.elements(), rows, rowGroups);
        footer.addToKey_value_metadata(new KeyValue("huggingface").setValue(ShardSchema.features()));
        return footer.setCreated_by("Decant");
    }
}
