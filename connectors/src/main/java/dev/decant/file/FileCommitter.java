package dev.decant.file;

import dev.decant.file.Account.Outcome;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes files of finished bodies. For a group of them: (1) each body is made whole, (2) the file appears at once: the body
 * itself under another name where that can be, else a copy with what belongs around it, (3) the account gets its lines, (4)
 * the bodies are deleted.
 *
 * <p>After a failure at any point the group comes again. A body that is there has not been through step 4: steps 2 and 3
 * are repeated, and a file that already holds the same bytes counts as written. A body that is gone has been through all
 * of them, so its file must be there.
 */
final class FileCommitter implements Committer<FinishedFile> {
    /** Bodies and files together take twice the space of one: so many at most, at a time. */
    static final int GROUP_SIZE = 500;

    private static final Logger LOG = LoggerFactory.getLogger(FileCommitter.class);
    private static final int COPY_BYTES = 64 * 1024;

    /** What Linux takes, its terminating zero not counted; others take less, and then say so. */
    private static final int LONGEST_PATH_BYTES = 4_095;

    private final Path folder;
    private final FileFormat format;
    private final Account account;
    private final FileSystem files;
    private final RecoverableWriter writer;
    private final WorkFolder workFolder;
    private final BodyFiles bodies;
    private final FileThreads threads;
    private boolean mayHaveLeftovers;
    private volatile boolean linksFail;

    /**
     * @param restored whether the first commit may repeat one that a failure broke off
     */
    FileCommitter(
            Path folder, FileFormat format, Account account, FileSystem files, WorkFolder workFolder, boolean restored)
            throws IOException {
        this.folder = folder;
        this.format = format;
        this.account = account;
        this.files = files;
        this.writer = files.createRecoverableWriter();
        this.workFolder = workFolder;
        this.bodies = new BodyFiles(files, writer, workFolder);
        this.threads = new FileThreads("decant-files-" + workFolder.subtask());
        this.mayHaveLeftovers = restored;
    }

    /** The sink of finished files. */
    static FinishedSink<FinishedFile> sink(Path folder, FileFormat format, Account account) {
        return new FinishedSink<>(
                context -> open(folder, format, account, context),
                () -> new CommittableSerializer<>(FinishedFileSerializer.INSTANCE));
    }

    private static FileCommitter open(Path folder, FileFormat format, Account account, CommitterInitContext context)
            throws IOException {
        return new FileCommitter(
                folder,
                format,
                account,
                folder.getFileSystem(),
                WorkFolder.of(folder, context),
                context.getRestoredCheckpointId().isPresent());
    }

    @Override
    public void commit(Collection<CommitRequest<FinishedFile>> requests) throws IOException, InterruptedException {
        List<FinishedFile> finished =
                requests.stream().map(CommitRequest::getCommittable).toList();
        if (mayHaveLeftovers) {
            deleteLeftovers(finished);
            mayHaveLeftovers = false;
        }
        for (int from = 0; from < finished.size(); from += GROUP_SIZE) {
            commitGroup(finished.subList(from, Math.min(finished.size(), from + GROUP_SIZE)));
        }
    }

    @Override
    public void close() {
        threads.close();
        workFolder.removeIfEmpty();
    }

    private void commitGroup(List<FinishedFile> group) throws IOException, InterruptedException {
        // Files of one name, one stream's that ended and began again, are numbered in their order.
        Map<FileName, List<FinishedFile>> byName = new LinkedHashMap<>();
        for (FinishedFile file : group) {
            byName.computeIfAbsent(FileName.of(file), name -> new ArrayList<>()).add(file);
        }
        List<String> lines = new ArrayList<>();
        threads.forEach(byName.entrySet(), each -> publishAll(each.getKey(), each.getValue()))
                .forEach(lines::addAll);
        account.write(lines, folder, files, writer);
        bodies.deleteRemains(group);
        threads.forEach(group, this::deleteBody);
    }

    /**
     * @return the account's lines for those that were not through with it already
     */
    private List<String> publishAll(FileName name, List<FinishedFile> sameName) throws IOException {
        List<String> lines = new ArrayList<>();
        for (FinishedFile file : sameName) {
            if (file.body() == null || makeWhole(file, name)) {
                lines.add(account.line(file, publish(file, name)));
            }
        }
        return lines;
    }

    private Void deleteBody(FinishedFile file) throws IOException {
        bodies.delete(file);
        return null;
    }

    /**
     * @return whether the body is there; if not, an earlier commit has come to its end
     */
    private boolean makeWhole(FinishedFile file, FileName name) throws IOException {
        IOException missing = bodies.makeWhole(file);
        if (missing == null) {
            return true;
        }
        if (file.format() == null || format.refusal(file) != null || isPublished(file, name)) {
            return false;
        }
        throw new IOException(
                "Neither the body " + BodyFiles.path(file) + " of stream \"" + file.streamId() + "\" nor its file "
                        + path(name, 1) + " is there: one of them was deleted by somebody else",
                missing);
    }

    private boolean isPublished(FinishedFile file, FileName name) throws IOException {
        byte[] beginning = format.beginning(file);
        for (int number = 1; ; number++) {
            Path candidate = path(name, number);
            if (!files.exists(candidate)) {
                return false;
            }
            if (mayBe(candidate, file)) {
                try (InputStream in = files.open(candidate)) {
                    if (Arrays.equals(in.readNBytes(beginning.length), beginning)) {
                        return true;
                    }
                }
            }
        }
    }

    /** Writes the file, unless it is there already. */
    private Outcome publish(FinishedFile file, FileName name) throws IOException {
        if (file.format() == null) {
            return new Outcome(null, null, null);
        }
        String refusal = format.refusal(file);
        if (refusal != null) {
            return new Outcome(null, null, refusal);
        }
        if (file.body() != null) {
            bodies.requireWhole(file, format.padding(file));
        }
        byte[] sha256 = account == Account.REPORT ? bodies.sha256(file) : null;
        boolean inPlace = completeInPlace(file);
        for (int number = 1; ; number++) {
            Path candidate = path(name, number);
            try {
                if (files.exists(candidate)
                        ? isSame(candidate, file)
                        : inPlace && !linksFail ? link(candidate, file) : write(candidate, file)) {
                    return new Outcome(name.candidate(number, format), sha256, null);
                }
            } catch (IOException e) {
                String problem = account == Account.REPORT ? namingProblem(candidate) : null;
                if (problem == null) {
                    throw e;
                }
                return new Outcome(null, null, problem);
            }
        }
    }

    /** Why no file can be called so, which is that file's bad luck alone; null: that is not why. */
    private String namingProblem(Path candidate) throws IOException {
        if (LocalPlace.isLocal(candidate)
                && candidate.getPath().getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH_BYTES) {
            return "the path of its output is too long: " + candidate.getPath();
        }
        for (Path above = candidate.getParent(); above != null && !above.equals(folder); above = above.getParent()) {
            if (files.exists(above) && !files.getFileStatus(above).isDir()) {
                return above + " is a file, so that its output can have no folder of that name";
            }
        }
        return null;
    }

    /**
     * Makes the body what the file is to be, where the body has room for that.
     *
     * @return whether it is
     */
    private boolean completeInPlace(FinishedFile file) throws IOException {
        if (file.body() == null || !LocalPlace.isLocal(BodyFiles.path(file)) || !format.isSamplesWithin()) {
            return false;
        }
        byte[] beginning = format.beginning(file);
        if (beginning.length != file.room()) {
            return false; // too long for the header that there is room for, or a body of an older version
        }
        LocalPlace.complete(BodyFiles.path(file), beginning, file.dataBytes(), format.padding(file));
        return true;
    }

    /**
     * @return false if in the meantime another took the name
     */
    private boolean link(Path candidate, FinishedFile file) throws IOException {
        try {
            return LocalPlace.link(BodyFiles.path(file), candidate);
        } catch (FileSystemException e) {
            if (namingProblem(candidate) != null) {
                throw e;
            }
            LOG.info("No link can be made in {}: files are copied", folder, e);
            linksFail = true;
            return write(candidate, file);
        }
    }

    private boolean isSame(Path candidate, FinishedFile file) throws IOException {
        if (!mayBe(candidate, file)) {
            return false;
        }
        if (file.body() != null
                && LocalPlace.isLocal(candidate)
                && LocalPlace.isSame(candidate, BodyFiles.path(file))) {
            return true;
        }
        try (InputStream there = files.open(candidate)) {
            ComparingStream comparison = new ComparingStream(there);
            try (OutputStream out = new BufferedOutputStream(comparison, COPY_BYTES)) {
                format.write(file, () -> bodies.open(file), out);
            }
            return comparison.isSame();
        }
    }

    /** Whether what is there has the length that the file would have, if that can be told. */
    private boolean mayBe(Path candidate, FinishedFile file) throws IOException {
        FileStatus status = files.getFileStatus(candidate);
        return !status.isDir() && (!format.isSamplesWithin() || status.getLen() == format.bytes(file));
    }

    /**
     * @return false if in the meantime another took the name
     */
    private boolean write(Path candidate, FinishedFile file) throws IOException {
        if (format.isSamplesWithin() && format.bytes(file) == 0) {
            // The recoverable writer of S3 makes no object of nothing, and does not say so.
            files.create(candidate, FileSystem.WriteMode.NO_OVERWRITE).close();
            return true;
        }
        RecoverableFsDataOutputStream out = writer.open(candidate);
        RecoverableFsDataOutputStream.Committer committer;
        try {
            OutputStream buffered = new BufferedOutputStream(out, COPY_BYTES);
            format.write(file, () -> bodies.open(file), buffered);
            buffered.flush();
            committer = out.closeForCommit();
        } catch (IOException | RuntimeException e) {
            IOUtils.closeQuietly(out);
            throw e;
        }
        if (files.exists(candidate)) {
            // Only another job gets here, or a stream that ended twice, both ends committed by two subtasks after a
            // rescale.
            deleteTemporaryFiles(candidate.getParent(), Set.of(FileName.of(file).last()));
            return isSame(candidate, file);
        }
        committer.commit();
        return true;
    }

    private Path path(FileName name, int number) {
        return FileName.below(folder, name.candidate(number, format));
    }

    /** Deletes what an earlier attempt to write these files left, where the file system keeps it beside the file. */
    private void deleteLeftovers(List<FinishedFile> finished) throws IOException {
        Map<Path, Set<String>> namesByFolder = new HashMap<>();
        for (FinishedFile file : finished) {
            FileName name = FileName.of(file);
            namesByFolder
                    .computeIfAbsent(path(name, 1).getParent(), parent -> new HashSet<>())
                    .add(name.last());
        }
        for (Map.Entry<Path, Set<String>> each : namesByFolder.entrySet()) {
            deleteTemporaryFiles(each.getKey(), each.getValue());
        }
    }

    private void deleteTemporaryFiles(Path parent, Set<String> names) throws IOException {
        for (FileStatus file : Listing.of(files, parent)) {
            String written = FileName.ofTemporaryFile(file.getPath().getName(), format);
            if (written != null && names.contains(written)) {
                files.delete(file.getPath(), false);
            }
        }
    }
}
