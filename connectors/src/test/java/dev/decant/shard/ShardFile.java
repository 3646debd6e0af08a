package dev.decant.shard;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.shard.ShardRow.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A shard on disk: rows go in by our writer, and come out by DuckDB's reader. */
final class ShardFile {
    private static final PcmFormat FORMAT = new PcmFormat(SampleFormat.S16LE, 16_000, 1);

    private final Path file;

    ShardFile(Path file) {
        this.file = file;
    }

    /** A row that says nothing remarkable. */
    static ShardRow row(String path, long audioBytes) {
        return row(path, audioBytes, null);
    }

    static ShardRow row(String path, long audioBytes, String error) {
        Status status = error == null ? Status.OK : Status.DAMAGED;
        return new ShardRow(path, path + ".wav", audioBytes, FORMAT, 16_000, "Ogg", 50, 0, status, error, "00");
    }

    /** Bytes that no two seeds share. */
    static byte[] audio(long seed, int length) {
        byte[] audio = new byte[length];
        new Random(seed).nextBytes(audio);
        return audio;
    }

    static InputStream stream(byte[] audio) {
        return new ByteArrayInputStream(audio);
    }

    /** Puts rows into a shard. */
    interface Rows {
        void writeTo(ShardWriter shard) throws IOException;
    }

    ShardFile write(Rows rows) throws IOException {
        try (var out = Files.newOutputStream(file);
                ShardWriter shard = new ShardWriter(out)) {
            rows.writeTo(shard);
        }
        return this;
    }

    /**
     * What DuckDB answers.
     *
     * @param sql with {@code %s} where the file's name, in quotes, belongs
     */
    List<Map<String, Object>> query(String sql) throws SQLException {
        try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = database.createStatement();
                ResultSet result = statement.executeQuery(sql.formatted("'" + file + "'"))) {
            List<Map<String, Object>> rows = new ArrayList<>();
            while (result.next()) {
                Map<String, Object> row = new LinkedHashMap<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.put(result.getMetaData().getColumnLabel(i), result.getObject(i));
                }
                rows.add(row);
            }
            return rows;
        }
    }

    /** The values of a query of one column. */
    List<Object> values(String sql) throws SQLException {
        return query(sql).stream().map(row -> row.values().iterator().next()).toList();
    }
}
