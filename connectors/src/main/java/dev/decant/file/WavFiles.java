package dev.decant.file;

import dev.decant.audio.PcmFrame;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * WAV files, exactly once: one a stream, or one a piece of a stream. A file is there when it is complete and its
 * checkpoint too, and never before; whatever fails and however the job is rescaled, it holds each sample once.
 *
 * <p>Below the folder stand
 *
 * <ul>
 *   <li>{@code <stream>.wav}, or with a segment length {@code <stream>/<start>.wav}, the start in milliseconds from the
 *       stream's beginning, 12 digits; {@code <stream>} is the stream ID, with what a file name may not hold
 *       percent-encoded, and an overlong ID cut and hashed;
 *   <li>{@code <stream>~2.wav} and so on where the name is taken by a file of other content: a stream that ended and
 *       began again, or an earlier run. Nothing is overwritten; a run repeated with the same data gives the same files;
 *   <li>{@code _manifest/}: a line for each finished file, see {@link WavManifest};
 *   <li>{@code .decant/}: what is being written. It is gone when a bounded job has ended well; what a cancelled job leaves
 *       there can still be resumed from its checkpoint.
 * </ul>
 *
 * <p>The folder must be the same place for every TaskManager, and stand on a file system that Flink can write to and
 * resume (local or mounted, S3 by flink-s3-fs-hadoop, GCS, Azure, HDFS).
 */
public final class WavFiles {
    /** How many streams a subtask keeps open at once unless told otherwise. */
    public static final int DEFAULT_MAX_OPEN_FILES = 1_000;

    private static final String BODIES_UID = "wav-bodies";
    private static final String FILES_UID = "wav-files";

    private final Path folder;
    private final Duration segment;
    private final int maxOpenFiles;

    private WavFiles(Path folder, Duration segment, int maxOpenFiles) {
        this.folder = folder;
        this.segment = segment;
        this.maxOpenFiles = maxOpenFiles;
    }

    /** Begins with the folder to write into; it need not exist. */
    public static Builder in(Path folder) {
        return new Builder(folder);
    }

    /**
     * Writes {@code frames} to files. They must be partitioned by stream ID as {@code keyBy} does it: either the output of
     * an operator on a stream keyed by stream ID, with nothing in between, or that keyed stream itself. A frame at the
     * wrong subtask fails the job.
     *
     * <p>Files appear when a checkpoint completes; without checkpoints, at the end of a bounded input.
     */
    public DataStreamSink<?> write(DataStream<PcmFrame> frames) {
        // A plain DataStream even where a keyed one came: keyed, the operator would get a state backend that it never
        // uses.
        DataStream<PcmFrame> partitioned =
                new DataStream<>(frames.getExecutionEnvironment(), frames.getTransformation());
        BodyShape shape = BodyShape.ofFiles(folder, FileFormat.WAV, false);
        SingleOutputStreamOperator<FinishedFile> finished = partitioned
                .transform("WAV bodies", FinishedFile.TYPE, new BodyWriter(folder, shape, segment, maxOpenFiles))
                .uid(BODIES_UID);
        if (!(frames instanceof KeyedStream)) {
            finished.setParallelism(frames.getParallelism());
            int maxParallelism = frames.getTransformation().getMaxParallelism();
            if (maxParallelism > 0) {
                finished.setMaxParallelism(maxParallelism);
            }
        }
        return finished.sinkTo(FileCommitter.sink(folder, FileFormat.WAV, Account.MANIFEST))
                .name("WAV files")
                .uid(FILES_UID)
                .setParallelism(finished.getParallelism());
    }

    /**
     * Tries the folder before a job is started: makes it, and writes and deletes a small file in it.
     *
     * @throws IOException if it cannot be written; the message is one sentence that names the folder and the reason
     */
    public void requireWritable() throws IOException {
        OutputFolder.requireWritable(folder);
    }

    /** The folder, absolute. */
    public Path folder() {
        return folder;
    }

    /** Gathers the options of {@link WavFiles}. */
    public static final class Builder {
        private final Path folder;
        private Duration segment;
        private int maxOpenFiles = DEFAULT_MAX_OPEN_FILES;

        private Builder(Path folder) {
            this.folder = Objects.requireNonNull(folder, "folder");
        }

        /**
         * Cuts each stream into pieces of exactly this length, the last one shorter; null, the default: one file a
         * stream.
         */
        public Builder segment(Duration segment) {
            this.segment = segment;
            return this;
        }

        /**
         * How many streams a subtask keeps open at once: so many file handles, and so many times 16 KiB. Streams beyond
         * that are written too, at the price of closing one file and opening another.
         */
        public Builder maxOpenFiles(int maxOpenFiles) {
            this.maxOpenFiles = maxOpenFiles;
            return this;
        }

        /**
         * Checks the options, not the folder: that is {@link WavFiles#requireWritable()}.
         *
         * @throws IllegalArgumentException if an option has a value that makes no sense, or the folder's file system is
         *     unknown
         */
        public WavFiles build() {
            if (segment != null
                    && (segment.isNegative() || segment.isZero() || segment.toNanosPart() % 1_000_000 != 0)) {
                throw new IllegalArgumentException(
                        "a segment of " + segment + ": take a whole number of milliseconds, at least 1");
            }
            if (maxOpenFiles < 1) {
                throw new IllegalArgumentException("at most " + maxOpenFiles + " open files: take at least 1");
            }
            return new WavFiles(OutputFolder.qualified(folder), segment, maxOpenFiles);
        }
    }
}
