package dev.decant.file;

import dev.decant.audio.Digests;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.core.fs.RecoverableWriter;
import org.apache.flink.util.IOUtils;

/**
 * What a folder says of its finished files: a JSON object a line, a line a file. Nothing is appended, since object stores
 * cannot: each commit writes a part of its own, named by the hash of its lines. So a commit repeated after a failure may
 * repeat a line, and a reader takes the last one for each file.
 */
enum Account implements Serializable {
    /** Of streams: see {@link WavManifest}. */
    MANIFEST("_manifest") {
        @Override
        String line(FinishedFile file, Outcome outcome) {
            return WavManifest.line(file, outcome.output());
        }
    },
    /** Of recordings: see {@link Report}. */
    REPORT("_report") {
        @Override
        String line(FinishedFile file, Outcome outcome) {
            return ReportLine.of(file, outcome).toJson();
        }
    };

    private static final String SUFFIX = ".jsonl";

    private final String folder;

    Account(String folder) {
        this.folder = folder;
    }

    /**
     * What became of a finished file.
     *
     * @param output its path relative to the folder, with {@code /}; null if there is none
     * @param sha256 of its samples; null if nobody wants to know
     * @param refusal why there is no output; null if there is, or if there was nothing to put out
     */
    record Outcome(String output, byte[] sha256, String refusal) {}

    /** What there is to say of a file. */
    abstract String line(FinishedFile file, Outcome outcome);

    /** The folder of the parts. */
    Path folder(Path out) {
        return new Path(out, folder);
    }

    /** Whether a file of {@link #folder} is a part. */
    static boolean isPart(String name) {
        return name.endsWith(SUFFIX) && !name.startsWith(".");
    }

    /** Writes a part, unless it is there. */
    void write(List<String> lines, Path out, FileSystem files, RecoverableWriter writer) throws IOException {
        if (lines.isEmpty()) {
            return;
        }
        byte[] bytes = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        // The same lines have the same name.
        String name = HexFormat.of().formatHex(Digests.sha256(bytes), 0, 16) + SUFFIX;
        Path part = new Path(folder(out), name);
        if (files.exists(part)) {
            return;
        }
        RecoverableFsDataOutputStream stream = writer.open(part);
        RecoverableFsDataOutputStream.Committer committer;
        try {
            stream.write(bytes);
            committer = stream.closeForCommit();
        } catch (IOException | RuntimeException e) {
            // Not in any case: S3's stream, once closed for the commit, refuses to be closed.
            IOUtils.closeQuietly(stream);
            throw e;
        }
        committer.commit();
    }
}
