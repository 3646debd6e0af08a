package dev.decant.shard;

import static dev.decant.shard.ShardFile.audio;
import static dev.decant.shard.ShardFile.row;
import static dev.decant.shard.ShardFile.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.shard.ShardRow.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Shards as DuckDB reads them, which has a Parquet reader of its own. */
class ShardWriterTest {
    private static final int MIB = 1 << 20;

    @TempDir
    private Path folder;

    private ShardFile shard;

    @BeforeEach
    void create() {
        shard = new ShardFile(folder.resolve("shard.parquet"));
    }

    @Test
    void aShardWithoutRowsHasItsColumns() throws Exception {
        shard.write(writer -> {});

        List<Map<String, Object>> columns = shard.query("SELECT column_name, column_type FROM (DESCRIBE FROM %s)");

        assertThat(columns)
                .extracting(column -> column.get("column_name") + " " + column.get("column_type"))
                .containsExactly(
                        "audio STRUCT(bytes BLOB, path VARCHAR)",
                        "path VARCHAR",
                        "sampling_rate INTEGER",
                        "channels INTEGER",
                        "samples BIGINT",
                        "seconds DOUBLE",
                        "container VARCHAR",
                        "packets BIGINT",
                        "concealed_seconds DOUBLE",
                        "status VARCHAR",
                        "error VARCHAR",
                        "sha256 VARCHAR");
        assertThat(shard.values("SELECT count(*) FROM %s")).containsExactly(0L);
    }

    @Test
    void aRowComesBackAsItWas() throws Exception {
        byte[] audio = audio(1, 1_000);
        PcmFormat format = new PcmFormat(SampleFormat.F32LE, 48_000, 2);
        shard.write(writer -> writer.add(
                new ShardRow(
                        "calls/Grüße 你好 🎧.opus",
                        "calls/Grüße 你好 🎧.flac",
                        audio.length,
                        format,
                        5_000_000_000L,
                        "Ogg",
                        3_000_000_000L,
                        0.125,
                        Status.DAMAGED,
                        "byte 4711: the page’s checksum is wrong",
                        "c0ffee"),
                stream(audio)));

        Map<String, Object> row = shard.query("SELECT * EXCLUDE audio, audio.path AS audio_path FROM %s")
                .get(0);

        assertThat(row)
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("audio_path", "calls/Grüße 你好 🎧.flac"),
                        Map.entry("path", "calls/Grüße 你好 🎧.opus"),
                        Map.entry("sampling_rate", 48_000),
                        Map.entry("channels", 2),
                        Map.entry("samples", 5_000_000_000L),
                        Map.entry("seconds", 5_000_000_000L / 48_000.0),
                        Map.entry("container", "Ogg"),
                        Map.entry("packets", 3_000_000_000L),
                        Map.entry("concealed_seconds", 0.125),
                        Map.entry("status", "damaged"),
                        Map.entry("error", "byte 4711: the page’s checksum is wrong"),
                        Map.entry("sha256", "c0ffee")));
        assertThat(audioHashes()).containsExactly(sha256(audio));
    }

    @Test
    void nullsStandWhereTheyWere() throws Exception {
        shard.write(writer -> {
            for (String error : new String[] {null, null, "first", null, "second", "third", null}) {
                writer.add(row("r", 0, error), stream(new byte[0]));
            }
        });

        assertThat(shard.values("SELECT error FROM %s"))
                .containsExactly(null, null, "first", null, "second", "third", null);
        assertThat(shard.values("SELECT status FROM %s"))
                .containsExactly("ok", "ok", "damaged", "ok", "damaged", "damaged", "ok");
    }

    @Test
    void emptyAudioIsNotNull() throws Exception {
        shard.write(writer -> writer.add(row("r", 0), stream(new byte[0])));

        assertThat(shard.values("SELECT octet_length(audio.bytes) FROM %s")).containsExactly(0L);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "99, 99", "100, 100", "101, '100, 1'", "200, '100, 100'", "250, '100, 100, 50'"})
    void aRowGroupHasAHundredRows(int rows, String groups) throws Exception {
        shard.write(writer -> {
            for (int i = 0; i < rows; i++) {
                writer.add(row("row " + i, 100 + i), stream(audio(i, 100 + i)));
            }
        });

        assertThat(rowsOfGroups()).isEqualTo(longs(groups));
        assertThat(shard.values("SELECT path FROM %s"))
                .isEqualTo(LongStream.range(0, rows).mapToObj(i -> "row " + i).toList());
        assertThat(audioHashes())
                .isEqualTo(LongStream.range(0, rows)
                        .mapToObj(i -> sha256(audio(i, 100 + (int) i)))
                        .toList());
    }

    @Test
    void aRowGroupHasThirtyTwoMebibytesOfAudio() throws Exception {
        shard.write(writer -> {
            for (int mib : new int[] {20, 12, 20, 13, 1, 18}) {
                writer.add(row(mib + " MiB", mib * MIB), zeros(mib * MIB));
            }
        });

        assertThat(rowsOfGroups()).containsExactly(2L, 1L, 3L);
    }

    @Test
    void aRowLongerThanARowGroupStandsAlone() throws Exception {
        byte[] audio = audio(7, 40 * MIB);
        shard.write(writer -> {
            writer.add(row("before", 1), stream(new byte[1]));
            writer.add(row("long", audio.length), stream(audio));
            writer.add(row("after", 1), stream(new byte[1]));
        });

        assertThat(rowsOfGroups()).containsExactly(1L, 1L, 1L);
        assertThat(audioHashes()).containsExactly(sha256(new byte[1]), sha256(audio), sha256(new byte[1]));
    }

    @Test
    void theFooterKnowsNothingOfWhatTheAudioHolds() throws Exception {
        shard.write(writer -> writer.add(row("r", MIB), stream(audio(1, MIB))));

        Map<String, Object> column = shard.query("SELECT stats_min, stats_max, stats_min_value, stats_max_value,"
                        + " compression, encodings, dictionary_page_offset"
                        + " FROM parquet_metadata(%s) WHERE path_in_schema = 'audio, bytes'")
                .get(0);

        assertThat(column)
                .containsEntry("stats_min", null)
                .containsEntry("stats_max", null)
                .containsEntry("stats_min_value", null)
                .containsEntry("stats_max_value", null)
                .containsEntry("compression", "UNCOMPRESSED")
                .containsEntry("dictionary_page_offset", null);
        assertThat(column.get("encodings").toString()).contains("PLAIN").doesNotContain("DICTIONARY");
    }

    @Test
    void theColumnsOfARowGroupFillTheFile() throws Exception {
        shard.write(writer -> {
            for (int i = 0; i < 150; i++) {
                writer.add(row("row " + i, i), stream(audio(i, i)));
            }
        });

        List<Map<String, Object>> chunks =
                shard.query("SELECT data_page_offset AS start, total_compressed_size AS size FROM parquet_metadata(%s)"
                        + " ORDER BY start");

        assertThat(chunks).hasSize(2 * 13);
        long position = 4;
        for (Map<String, Object> chunk : chunks) {
            assertThat(chunk.get("start")).isEqualTo(position);
            position += (Long) chunk.get("size");
        }
    }

    @Test
    void theSameRowsAreTheSameBytes() throws Exception {
        assertThat(bytesOfThreeRows()).isEqualTo(bytesOfThreeRows());
    }

    @Test
    void ofARowOfAnyLengthNothingIsHeld() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (ShardWriter writer = new ShardWriter(OutputStream.nullOutputStream())) {
            writer.add(row("to load the classes", 1), zeros(1));
            InputStream audio = zeros(ShardWriter.MAX_AUDIO_BYTES);
            long before = threads.getCurrentThreadAllocatedBytes();

            writer.add(row("longest", ShardWriter.MAX_AUDIO_BYTES), audio);

            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(MIB);
        }
    }

    @Test
    void audioThatIsTooLongIsRefusedAndTheShardGoesOn() throws Exception {
        InputStream unread = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("The audio was read");
            }
        };

        shard.write(writer -> {
            writer.add(row("first", 10), stream(audio(1, 10)));
            assertThatThrownBy(() -> writer.add(row("calls/endless.opus", ShardWriter.MAX_AUDIO_BYTES + 1), unread))
                    .isInstanceOf(AudioTooLongException.class)
                    .hasMessage("calls/endless.opus: 268435457 bytes of audio are too many for a row of a shard, which"
                            + " takes 268435456 at most");
            writer.add(row("last", 10), stream(audio(2, 10)));
        });

        assertThat(shard.values("SELECT path FROM %s")).containsExactly("first", "last");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 9, 11})
    void audioOfAnotherLengthThanItsRowSaysLeavesNoShard(int length) throws Exception {
        shard.write(writer -> {
            writer.add(row("first", 10), zeros(10));
            assertThatThrownBy(() -> writer.add(row("calls/odd.opus", 10), zeros(length)))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("The audio of calls/odd.opus ")
                    .hasMessageContaining(" 10");
            assertThatThrownBy(() -> writer.add(row("next", 10), zeros(10))).isInstanceOf(IllegalStateException.class);
        });

        assertThatThrownBy(() -> shard.values("SELECT path FROM %s")).isInstanceOf(SQLException.class);
    }

    @Test
    void nothingIsAddedToAClosedShard() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ShardWriter writer = new ShardWriter(out);
        writer.close();
        int size = out.size();

        writer.close();

        assertThat(out.size()).isEqualTo(size);
        assertThatThrownBy(() -> writer.add(row("late", 0), zeros(0)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The shard is closed");
    }

    @Test
    void theOutputIsNotClosed() throws Exception {
        OutputStream out = new ByteArrayOutputStream() {
            @Override
            public void close() {
                throw new AssertionError("The output was closed");
            }
        };

        new ShardWriter(out).close();
    }

    private List<Object> rowsOfGroups() throws SQLException {
        return shard.values("SELECT DISTINCT ON (row_group_id) row_group_num_rows FROM parquet_metadata(%s)"
                + " ORDER BY row_group_id");
    }

    private List<Object> audioHashes() throws SQLException {
        return shard.values("SELECT sha256(audio.bytes) FROM %s");
    }

    private static byte[] bytesOfThreeRows() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ShardWriter writer = new ShardWriter(out)) {
            for (int i = 0; i < 3; i++) {
                writer.add(row("row " + i, 100), stream(audio(i, 100)));
            }
        }
        return out.toByteArray();
    }

    private static InputStream zeros(long length) {
        return new InputStream() {
            private long left = length;

            @Override
            public int read() {
                return left-- > 0 ? 0 : -1;
            }

            @Override
            public int read(byte[] bytes, int from, int count) {
                int read = (int) Math.min(left, count);
                left -= read;
                return read == 0 && count > 0 ? -1 : read;
            }
        };
    }

    private static List<Object> longs(String numbers) {
        return List.of(numbers.split(", ")).stream()
                .map(number -> (Object) Long.valueOf(number))
                .toList();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
