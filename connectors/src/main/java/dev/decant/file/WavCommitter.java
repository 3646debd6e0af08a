package dev.decant.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.core.fs.RecoverableWriter;
import org.apache.flink.util.IOUtils;

/**
 * Makes WAV files of finished bodies. For a group of them: (1) each body is made whole, (2) header and body are written to
 * the file, which appears at once, (3) the manifest gets its lines, (4) the bodies are deleted.
 *
 * <p>After a failure at any point the group comes again. A body that is there has not been through step 4: steps 2 and 3
 * are repeated, and a file that already holds the same bytes counts as written. A body that is gone has been through all
 * of them, so its file must be there.
 */
final class WavCommitter implements Committer<FinishedWav> {
    /** Bodies and files together take twice the space of one: so many at most, at a time. */
    static final int GROUP_SIZE = 500;

    private static final int COPY_BYTES = 64 * 1024;

    private final Path folder;
    private final FileSystem files;
    private final RecoverableWriter writer;
    private final WorkFolder workFolder;
    private final FileThreads threads;
    private boolean mayHaveLeftovers;

    /**
     * @param restored whether the first commit may repeat one that a failure broke off
     */
    WavCommitter(Path folder, FileSystem files, WorkFolder workFolder, boolean restored) throws IOException {
        this.folder = folder;
        this.files = files;
        this.writer = files.createRecoverableWriter();
        this.workFolder = workFolder;
        this.threads = new FileThreads("decant-wav-files-" + workFolder.subtask());
        this.mayHaveLeftovers = restored;
    }

    static WavCommitter open(Path folder, CommitterInitContext context) throws IOException {
        TaskInfo task = context.getTaskInfo();
        WorkFolder workFolder = new WorkFolder(
                folder,
                context.getJobInfo().getJobId(),
                task.getIndexOfThisSubtask(),
                task.getNumberOfParallelSubtasks());
        return new WavCommitter(
                folder,
                folder.getFileSystem(),
                workFolder,
                context.getRestoredCheckpointId().isPresent());
    }

    @Override
    public void commit(Collection<CommitRequest<FinishedWav>> requests) throws IOException, InterruptedException {
        List<FinishedWav> wavs =
                requests.stream().map(CommitRequest::getCommittable).toList();
        if (mayHaveLeftovers) {
            deleteLeftovers(wavs);
            mayHaveLeftovers = false;
        }
        for (int from = 0; from < wavs.size(); from += GROUP_SIZE) {
            commitGroup(wavs.subList(from, Math.min(wavs.size(), from + GROUP_SIZE)));
        }
    }

    @Override
    public void close() {
        threads.close();
        workFolder.removeIfEmpty();
    }

    private void commitGroup(List<FinishedWav> group) throws IOException, InterruptedException {
        // Files of one name, one stream's that ended and began again, are numbered in their order.
        Map<WavName, List<FinishedWav>> byName = new LinkedHashMap<>();
        for (FinishedWav wav : group) {
            byName.computeIfAbsent(WavName.of(wav), name -> new ArrayList<>()).add(wav);
        }
        List<WavManifest.Entry> entries = new ArrayList<>();
        threads.forEach(byName.entrySet(), wavs -> publishAll(wavs.getKey(), wavs.getValue()))
                .forEach(entries::addAll);
        writeManifest(entries);
        threads.forEach(group, this::deleteBody);
    }

    /**
     * @return the manifest's entries for those that were not through with it already
     */
    private List<WavManifest.Entry> publishAll(WavName name, List<FinishedWav> wavs) throws IOException {
        List<WavManifest.Entry> entries = new ArrayList<>();
        for (FinishedWav wav : wavs) {
            if (wav.body() == null) {
                entries.add(entry(wav, publish(wav, name, null)));
            } else if (makeWhole(wav, name)) {
                entries.add(entry(wav, publish(wav, name, new Path(wav.body().path()))));
            }
        }
        return entries;
    }

    private Void deleteBody(FinishedWav wav) throws IOException {
        if (wav.body() != null) {
            Path body = new Path(wav.body().path());
            files.delete(body, false);
            workFolder.removeIfForeignAndEmpty(body);
        }
        return null;
    }

    /**
     * Makes the body a file of its own.
     *
     * @return whether it is there; if not, an earlier commit has come to its end
     */
    private boolean makeWhole(FinishedWav wav, WavName name) throws IOException {
        Path body = new Path(wav.body().path());
        if (files.exists(body)) {
            return true;
        }
        IOException reason = null;
        try {
            writer.recoverForCommit(writer.getCommitRecoverableSerializer()
                            .deserialize(wav.body().version(), wav.body().recoverable()))
                    .commitAfterRecovery();
        } catch (IOException e) {
            reason = e; // for a body that is gone, some file systems throw, some say nothing
        }
        if (files.exists(body)) {
            return true;
        }
        if (isPublished(wav, name)) {
            return false;
        }
        throw new IOException(
                "Neither the body " + body + " of stream \"" + wav.streamId() + "\" nor its file "
                        + new Path(folder, name.candidate(1)) + " is there: one of them was deleted by somebody else",
                reason);
    }

    private boolean isPublished(FinishedWav wav, WavName name) throws IOException {
        byte[] header = header(wav);
        for (int number = 1; ; number++) {
            Path file = new Path(folder, name.candidate(number));
            if (!files.exists(file)) {
                return false;
            }
            FileStatus status = files.getFileStatus(file);
            if (!status.isDir() && status.getLen() == fileBytes(wav, header)) {
                try (InputStream in = files.open(file)) {
                    if (Arrays.equals(in.readNBytes(header.length), header)) {
                        return true;
                    }
                }
            }
        }
    }

    /**
     * Writes the file, unless it is there already.
     *
     * @return its path, relative to the folder
     */
    private String publish(FinishedWav wav, WavName name, Path body) throws IOException {
        byte[] header = header(wav);
        if (body != null && files.getFileStatus(body).getLen() != wav.dataBytes()) {
            throw new IOException("The body " + body + " of stream \"" + wav.streamId() + "\" has "
                    + files.getFileStatus(body).getLen() + " bytes: " + wav.dataBytes() + " were written");
        }
        for (int number = 1; ; number++) {
            String candidate = name.candidate(number);
            Path file = new Path(folder, candidate);
            if (files.exists(file) ? isSame(file, wav, header, body) : write(file, wav, header, body)) {
                return candidate;
            }
        }
    }

    private boolean isSame(Path file, FinishedWav wav, byte[] header, Path body) throws IOException {
        FileStatus status = files.getFileStatus(file);
        if (status.isDir() || status.getLen() != fileBytes(wav, header)) {
            return false;
        }
        try (InputStream there = files.open(file);
                InputStream ours = content(wav, header, body)) {
            byte[] part = ours.readNBytes(COPY_BYTES);
            while (part.length > 0) {
                if (!Arrays.equals(part, there.readNBytes(part.length))) {
                    return false;
                }
                part = ours.readNBytes(COPY_BYTES);
            }
        }
        return true;
    }

    /**
     * @return false if in the meantime another took the name
     */
    private boolean write(Path file, FinishedWav wav, byte[] header, Path body) throws IOException {
        RecoverableFsDataOutputStream out = writer.open(file);
        RecoverableFsDataOutputStream.Committer committer;
        try (InputStream content = content(wav, header, body)) {
            byte[] part = content.readNBytes(COPY_BYTES);
            while (part.length > 0) {
                out.write(part);
                part = content.readNBytes(COPY_BYTES);
            }
            committer = out.closeForCommit();
        } catch (IOException | RuntimeException e) {
            IOUtils.closeQuietly(out);
            throw e;
        }
        if (files.exists(file)) {
            // Only another job gets here, or a stream that ended twice, both ends committed by two subtasks after a
            // rescale.
            deleteTemporaryFiles(file.getParent(), Set.of(WavName.of(wav).last()));
            return isSame(file, wav, header, body);
        }
        committer.commit();
        return true;
    }

    private InputStream content(FinishedWav wav, byte[] header, Path body) throws IOException {
        List<InputStream> parts = new ArrayList<>();
        parts.add(new ByteArrayInputStream(header));
        if (body != null) {
            parts.add(files.open(body));
        }
        parts.add(new ByteArrayInputStream(new byte[WavHeader.padding(wav.dataBytes())]));
        return new SequenceInputStream(Collections.enumeration(parts));
    }

    private void writeManifest(List<WavManifest.Entry> entries) throws IOException {
        if (entries.isEmpty()) {
            return;
        }
        byte[] lines = WavManifest.lines(entries);
        Path file = WavManifest.path(folder, lines);
        if (files.exists(file)) {
            return;
        }
        try (RecoverableFsDataOutputStream out = writer.open(file)) {
            out.write(lines);
            out.closeForCommit().commit();
        }
    }

    /** Deletes what an earlier attempt to write these files left, where the file system keeps it beside the file. */
    private void deleteLeftovers(List<FinishedWav> wavs) throws IOException {
        Map<Path, Set<String>> namesByFolder = new HashMap<>();
        for (FinishedWav wav : wavs) {
            Path file = new Path(folder, WavName.of(wav).candidate(1));
            namesByFolder
                    .computeIfAbsent(file.getParent(), parent -> new HashSet<>())
                    .add(WavName.of(wav).last());
        }
        for (Map.Entry<Path, Set<String>> each : namesByFolder.entrySet()) {
            deleteTemporaryFiles(each.getKey(), each.getValue());
        }
    }

    private void deleteTemporaryFiles(Path parent, Set<String> names) throws IOException {
        for (FileStatus file : Listing.of(files, parent)) {
            String written = WavName.ofTemporaryFile(file.getPath().getName());
            if (written != null && names.contains(written)) {
                files.delete(file.getPath(), false);
            }
        }
    }

    private static byte[] header(FinishedWav wav) {
        return WavHeader.of(wav.format(), wav.samples());
    }

    private static long fileBytes(FinishedWav wav, byte[] header) {
        return header.length + wav.dataBytes() + WavHeader.padding(wav.dataBytes());
    }

    private static WavManifest.Entry entry(FinishedWav wav, String file) {
        return new WavManifest.Entry(file, wav.streamId(), wav.format(), wav.samples(), wav.start());
    }
}
