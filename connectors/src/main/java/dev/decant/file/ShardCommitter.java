package dev.decant.file;

import dev.decant.file.Account.Outcome;
import dev.decant.shard.ShardRow;
import dev.decant.shard.ShardRow.Status;
import dev.decant.shard.ShardWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.core.fs.RecoverableWriter;
import org.apache.flink.util.IOUtils;

/**
 * Makes shards of finished bodies: (1) each body is made whole, (2) the shard is written and appears at once, (3) the report
 * gets its lines, (4) the bodies are deleted.
 *
 * <p>After a failure at any point the shard comes again. If all bodies are there, step 4 has not begun, and what comes
 * before is repeated; if one is gone, the shard and its lines are there.
 */
final class ShardCommitter implements Committer<FinishedShard> {
    private static final int COPY_BYTES = 64 * 1024;

    /** Known before anything is written: headers, and what FLAC adds to mere noise, take less than the rest. */
    private static final long MAX_SAMPLE_BYTES = ShardWriter.MAX_AUDIO_BYTES - (1L << 20);

    private final Path folder;
    private final FileFormat format;
    private final FileSystem files;
    private final RecoverableWriter writer;
    private final WorkFolder workFolder;
    private final BodyFiles bodies;

    ShardCommitter(Path folder, FileFormat format, FileSystem files, WorkFolder workFolder) throws IOException {
        this.folder = folder;
        this.format = format;
        this.files = files;
        this.writer = files.createRecoverableWriter();
        this.workFolder = workFolder;
        this.bodies = new BodyFiles(files, writer, workFolder);
    }

    /** The sink of finished shards. */
    static FinishedSink<FinishedShard> sink(Path folder, FileFormat format) {
        return new FinishedSink<>(
                context -> open(folder, format, context),
                () -> new CommittableSerializer<>(FinishedShard.Serializer.INSTANCE));
    }

    private static ShardCommitter open(Path folder, FileFormat format, CommitterInitContext context)
            throws IOException {
        return new ShardCommitter(folder, format, folder.getFileSystem(), WorkFolder.of(folder, context));
    }

    /**
     * Deletes the shards of a run that died before it could report them, whole or not: their recordings are read again, and may
     * come together in another way. No job may be writing there.
     */
    static void deleteUnreported(Path folder) throws IOException {
        FileSystem files = folder.getFileSystem();
        Set<String> reported = Report.of(folder).outputs();
        for (FileStatus file : Listing.of(files, folder)) {
            String name = file.getPath().getName();
            if (!file.isDir() && FinishedShard.isName(name) && !reported.contains(name)) {
                files.delete(file.getPath(), false);
            }
        }
    }

    @Override
    public void commit(Collection<CommitRequest<FinishedShard>> requests) throws IOException {
        for (CommitRequest<FinishedShard> request : requests) {
            commit(request.getCommittable());
        }
    }

    @Override
    public void close() {
        workFolder.removeIfEmpty();
    }

    private void commit(FinishedShard shard) throws IOException {
        Path path = new Path(folder, shard.name(format));
        List<FinishedFile> rows =
                shard.files().stream().filter(file -> refusal(file) == null).toList();
        IOException missing = makeWhole(shard);
        if (missing == null) {
            Map<FinishedFile, byte[]> hashes = new IdentityHashMap<>();
            for (FinishedFile row : rows) {
                hashes.put(row, bodies.sha256(row));
            }
            if (!rows.isEmpty() && !files.exists(path)) {
                write(rows, hashes, path);
            }
            report(shard, hashes, path);
        } else if (!rows.isEmpty() && !files.exists(path)) {
            throw new IOException(
                    "Neither all bodies of the shard " + path + " nor the shard itself are there", missing);
        }
        bodies.deleteRemains(shard.files());
        for (FinishedFile file : shard.files()) {
            bodies.delete(file);
        }
    }

    /**
     * @return null if all bodies are there; else why one is not
     */
    private IOException makeWhole(FinishedShard shard) throws IOException {
        for (FinishedFile file : shard.files()) {
            IOException missing = file.body() == null ? null : bodies.makeWhole(file);
            if (missing != null) {
                return missing;
            }
        }
        return null;
    }

    /** Why a recording is no row, in a sentence, or nothing if there is nothing of it; null: it is one. */
    private String refusal(FinishedFile file) {
        if (file.format() == null) {
            return "";
        }
        if (file.dataBytes() > MAX_SAMPLE_BYTES) {
            return "a row of a shard holds at most 256 MiB of samples, and these are " + (file.dataBytes() >> 20)
                    + " MiB: leave out --shards";
        }
        return format.refusal(file);
    }

    private void write(List<FinishedFile> rows, Map<FinishedFile, byte[]> hashes, Path path) throws IOException {
        RecoverableFsDataOutputStream out = writer.open(path);
        try {
            BufferedOutputStream buffered = new BufferedOutputStream(out, COPY_BYTES);
            try (ShardWriter shard = new ShardWriter(buffered)) {
                for (FinishedFile file : rows) {
                    add(file, hashes.get(file), shard);
                }
            }
            buffered.flush();
            out.closeForCommit().commit();
        } catch (IOException | RuntimeException e) {
            IOUtils.closeQuietly(out);
            throw e;
        }
    }

    private void add(FinishedFile file, byte[] sha256, ShardWriter shard) throws IOException {
        if (file.body() != null) {
            bodies.requireWhole(file, 0);
        }
        ReportLine line = ReportLine.of(file, new Outcome("", sha256, null));
        try (EncodedFile encoded = EncodedFile.of(file, format, () -> bodies.open(file))) {
            shard.add(
                    new ShardRow(
                            line.path(),
                            file.end().outputName() + "." + format.suffix(),
                            encoded.bytes(),
                            file.format(),
                            file.samples(),
                            file.end().container().label(),
                            file.end().packets(),
                            file.format().seconds(file.tally().concealed()),
                            line.status() == RecordingStatus.OK ? Status.OK : Status.DAMAGED,
                            line.error().orElse(null),
                            HexFormat.of().formatHex(sha256)),
                    encoded.open());
        }
    }

    private void report(FinishedShard shard, Map<FinishedFile, byte[]> hashes, Path path) throws IOException {
        List<String> lines = new ArrayList<>();
        for (FinishedFile file : shard.files()) {
            lines.add(Account.REPORT.line(file, outcome(file, hashes.get(file), path)));
        }
        Account.REPORT.write(lines, folder, files, writer);
    }

    private Outcome outcome(FinishedFile file, byte[] sha256, Path path) {
        if (sha256 != null) {
            return new Outcome(path.getName(), sha256, null);
        }
        String refusal = refusal(file);
        return new Outcome(null, null, refusal.isEmpty() ? null : refusal);
    }
}
