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
import java.util.List;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
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

    /** Whatever they are encoded to: so it is known before anything is written. */
    private static final long MAX_SAMPLE_BYTES = ShardWriter.MAX_AUDIO_BYTES - WavHeader.MAX_BYTES;

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
        Path path = new Path(folder, shard.name());
        List<FinishedFile> rows =
                shard.files().stream().filter(file -> refusal(file) == null).toList();
        IOException missing = makeWhole(shard);
        if (missing == null) {
            if (!rows.isEmpty() && !files.exists(path)) {
                write(rows, path);
            }
            report(shard, path);
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

    private void write(List<FinishedFile> rows, Path path) throws IOException {
        RecoverableFsDataOutputStream out = writer.open(path);
        try {
            BufferedOutputStream buffered = new BufferedOutputStream(out, COPY_BYTES);
            try (ShardWriter shard = new ShardWriter(buffered)) {
                for (FinishedFile file : rows) {
                    add(file, shard);
                }
            }
            buffered.flush();
            out.closeForCommit().commit();
        } catch (IOException | RuntimeException e) {
            IOUtils.closeQuietly(out);
            throw e;
        }
    }

    private void add(FinishedFile file, ShardWriter shard) throws IOException {
        if (file.body() != null) {
            bodies.requireWhole(file, 0);
        }
        ReportLine line = ReportLine.of(file, outcome(file, ""));
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
                            HexFormat.of().formatHex(bodies.sha256(file))),
                    encoded.open());
        }
    }

    private void report(FinishedShard shard, Path path) throws IOException {
        List<String> lines = new ArrayList<>();
        for (FinishedFile file : shard.files()) {
            lines.add(Account.REPORT.line(file, outcome(file, path.getName())));
        }
        Account.REPORT.write(lines, folder, files, writer);
    }

    private Outcome outcome(FinishedFile file, String output) throws IOException {
        String refusal = refusal(file);
        if (refusal == null) {
            return new Outcome(output, bodies.sha256(file), null);
        }
        return new Outcome(null, null, refusal.isEmpty() ? null : refusal);
    }
}
