package dev.decant.shard;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;

/**
 * One row group, on its way to the file. A row group is its columns one after the other, and the audio is the first: it is
 * written as it comes, a page a row. The other columns, a page each, are held until the end.
 *
 * <p>No statistics: of audio they would put megabytes into the footer, and nothing else here is worth skipping a hundred
 * rows for.
 */
final class RowGroupWriter {
    /** Readers decode and shuffle by the row group: {@code datasets} itself writes audio a hundred rows at a time. */
    static final int MAX_ROWS = 100;

    /** What a reader that streams asks for in one request, in pyarrow and {@code datasets}; a longer row stands alone. */
    static final long MAX_AUDIO_BYTES = 32L << 20;

    private final ShardOutput out;
    private final long start;
    private final List<PlainPage> pages = new ArrayList<>();
    private int rows;
    private long audioBytes;

    RowGroupWriter(ShardOutput out) {
        this.out = out;
        this.start = out.position();
        for (ShardColumn column : ShardSchema.HELD) {
            pages.add(new PlainPage(column.path().size()));
        }
    }

    boolean hasRoomFor(ShardRow row) {
        return rows < MAX_ROWS && audioBytes + row.audioBytes() <= MAX_AUDIO_BYTES;
    }

    /**
     * @param audio exactly {@link ShardRow#audioBytes()} bytes; not closed
     */
    void add(ShardRow row, InputStream audio) throws IOException {
        writeAudio(row, audio);
        for (int i = 0; i < pages.size(); i++) {
            ShardSchema.HELD.get(i).values().accept(row, pages.get(i));
        }
        rows++;
        audioBytes += row.audioBytes();
    }

    /**
     * Writes the columns that were held.
     *
     * @return what the footer says of this row group
     */
    RowGroup end() throws IOException {
        List<ColumnChunk> chunks = new ArrayList<>();
        chunks.add(chunk(Type.BYTE_ARRAY, ShardSchema.AUDIO_BYTES, start));
        for (int i = 0; i < pages.size(); i++) {
            ShardColumn column = ShardSchema.HELD.get(i);
            long chunkStart = out.position();
            byte[] page = pages.get(i).toBytes();
            writePageHeader(rows, page.length);
            out.write(page);
            chunks.add(chunk(column.type(), column.path(), chunkStart));
        }
        long bytes = out.position() - start;
        return new RowGroup(chunks, bytes, rows).setFile_offset(start).setTotal_compressed_size(bytes);
    }

    private void writeAudio(ShardRow row, InputStream audio) throws IOException {
        byte[] levels = DefinitionLevels.ofOne(ShardSchema.AUDIO_BYTES.size());
        writePageHeader(1, levels.length + Integer.BYTES + (int) row.audioBytes());
        out.write(levels);
        out.writeInt((int) row.audioBytes());
        out.copy(audio, row.audioBytes(), "The audio of " + row.path());
    }

    private void writePageHeader(int values, int bytes) throws IOException {
        DataPageHeader data = new DataPageHeader(values, Encoding.PLAIN, Encoding.RLE, Encoding.RLE);
        Util.writePageHeader(new PageHeader(PageType.DATA_PAGE, bytes, bytes).setData_page_header(data), out);
    }

    /** What the footer says of the column that was written from {@code chunkStart} until now. */
    private ColumnChunk chunk(Type type, List<String> path, long chunkStart) {
        long bytes = out.position() - chunkStart;
        return new ColumnChunk()
                .setMeta_data(new ColumnMetaData(
                        type,
                        List.of(Encoding.PLAIN, Encoding.RLE),
                        path,
                        CompressionCodec.UNCOMPRESSED,
                        rows,
                        bytes,
                        bytes,
                        chunkStart));
    }
}
