package dev.decant.file;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a subtask keeps its bodies: {@code OUT/.decant/<job>/<subtask>/<32 hexadecimal digits>}.
 *
 * <p>A folder belongs to the subtask of that number, and to the one of number modulo parallelism if the job has become
 * narrower. A task tidies its folders before it opens its first body: at that moment every file in them is either named
 * by the restored state, and perhaps goes on somewhere else, or was left by a task that died before a checkpoint knew of
 * it, and is deleted. Folders of other jobs are let be: such a job may still run, or be resumed.
 */
final class WorkFolder {
    private static final Logger LOG = LoggerFactory.getLogger(WorkFolder.class);
    private static final String NAME = ".decant";
    /** A body, or what a recoverable writer keeps of it until it is committed: ".BODY.inprogress.RANDOM", "_BODY_tmp_…". */
    private static final Pattern BODY_FILE = Pattern.compile("[._]?([0-9a-f]{32})(?:[._].*)?");

    private final FileSystem files;
    private final Path all;
    private final Path job;
    private final int subtask;
    private final int parallelism;
    private final Path own;

    /** The folders of one subtask of {@code job}. */
    WorkFolder(Path folder, JobID job, int subtask, int parallelism) throws IOException {
        this.files = folder.getFileSystem();
        this.all = new Path(folder, NAME);
        this.job = new Path(all, job.toHexString());
        this.subtask = subtask;
        this.parallelism = parallelism;
        this.own = new Path(this.job, Integer.toString(subtask));
    }

    /** The folders of a committer's subtask. */
    static WorkFolder of(Path folder, CommitterInitContext context) throws IOException {
        TaskInfo task = context.getTaskInfo();
        return new WorkFolder(
                folder,
                context.getJobInfo().getJobId(),
                task.getIndexOfThisSubtask(),
                task.getNumberOfParallelSubtasks());
    }

    /** Deletes all that any job has left half-written in {@code folder}; no job may be writing there. */
    static void deleteAll(Path folder) throws IOException {
        folder.getFileSystem().delete(new Path(folder, NAME), true);
    }

    int subtask() {
        return subtask;
    }

    /** Makes the subtask's folder. It stays until {@link #removeIfEmpty()}, so that no other subtask removes its parents. */
    void create() throws IOException {
        files.mkdirs(own);
    }

    /** A path for a new body. */
    Path newBody() {
        return new Path(own, UUID.randomUUID().toString().replace("-", ""));
    }

    /**
     * Deletes what dead tasks left in this subtask's folders.
     *
     * @param known paths of all bodies that some state still names
     */
    void tidy(Set<String> known) throws IOException {
        for (FileStatus folder : Listing.of(files, job)) {
            if (belongsToUs(folder)) {
                for (FileStatus file : Listing.of(files, folder.getPath())) {
                    Matcher body = BODY_FILE.matcher(file.getPath().getName());
                    if (body.matches() && !known.contains(new Path(folder.getPath(), body.group(1)).toString())) {
                        LOG.info("Deleting {}: a task that died left it, and no checkpoint names it", file.getPath());
                        files.delete(file.getPath(), false);
                    }
                }
            }
        }
    }

    /**
     * Deletes what a recoverable writer keeps beside bodies to resume them, on S3 their last short parts. A task that saved
     * a body and died before that checkpoint was complete leaves some of it: no state names it, but as long as the body may
     * be resumed {@link #tidy} cannot tell it from what a state names.
     *
     * @param bodies paths of bodies that will not be resumed
     */
    void deleteRemains(Collection<Path> bodies) throws IOException {
        Map<Path, Set<String>> namesByFolder = new HashMap<>();
        for (Path body : bodies) {
            namesByFolder
                    .computeIfAbsent(body.getParent(), folder -> new HashSet<>())
                    .add(body.getName());
        }
        for (Map.Entry<Path, Set<String>> names : namesByFolder.entrySet()) {
            for (FileStatus file : Listing.of(files, names.getKey())) {
                String name = file.getPath().getName();
                Matcher body = BODY_FILE.matcher(name);
                if (body.matches() && names.getValue().contains(body.group(1)) && !name.equals(body.group(1))) {
                    files.delete(file.getPath(), false);
                }
            }
        }
    }

    /** Removes this subtask's folders, and the folders around them, as far as they are empty. */
    void removeIfEmpty() {
        try {
            for (FileStatus folder : Listing.of(files, job)) {
                if (belongsToUs(folder)) {
                    removeIfEmpty(files, folder.getPath());
                }
            }
        } catch (IOException e) {
            LOG.debug("The folder {} stays", job, e);
        }
        removeIfEmpty(files, job);
        removeIfEmpty(files, all);
    }

    /** Removes the folders around a deleted body if they are another job's, which has left it to us, and empty. */
    void removeIfForeignAndEmpty(Path body) {
        Path foreignJob = body.getParent().getParent();
        if (!foreignJob.equals(job)) {
            removeIfEmpty(files, body.getParent());
            removeIfEmpty(files, foreignJob);
        }
    }

    private boolean belongsToUs(FileStatus folder) {
        try {
            int number = Integer.parseInt(folder.getPath().getName());
            return folder.isDir() && (number == subtask || number >= parallelism && number % parallelism == subtask);
        } catch (NumberFormatException e) {
            return false; // no folder that we made
        }
    }

    private static void removeIfEmpty(FileSystem files, Path folder) {
        try {
            if (files.exists(folder) && Listing.of(files, folder).length == 0) {
                files.delete(folder, false);
            }
        } catch (IOException e) {
            // An empty folder is no loss, and another task may have been faster, on either side.
            LOG.debug("The folder {} stays", folder, e);
        }
    }
}
