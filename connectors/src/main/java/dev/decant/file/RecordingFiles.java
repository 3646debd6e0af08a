package dev.decant.file;

import dev.decant.audio.PcmFrame;
import dev.decant.container.RecordingEnd;
import java.io.IOException;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * Files of recordings, exactly once: one a recording, of the same name in the same folder below the output folder, and a
 * line for each in the {@link Report}. A file is there when it is complete and its checkpoint too, and never before.
 *
 * <p>Where the name is taken by a file of other content, it is {@code …~2.wav}: nothing is overwritten. {@code .decant/}
 * holds what is being written, and is gone when the job has ended well.
 */
public final class RecordingFiles {
    private final Path folder;
    private final FileFormat format;
    private final EmptyFormat emptyFormat;
    /** How many bytes of samples make a shard; null for a file a recording. */
    private final Long shardBytes;

    private RecordingFiles(Path folder, FileFormat format, EmptyFormat emptyFormat, Long shardBytes) {
        this.folder = folder;
        this.format = format;
        this.emptyFormat = emptyFormat;
        this.shardBytes = shardBytes;
    }

    /**
     * A file a recording in {@code folder}, which need not exist.
     *
     * @throws IllegalArgumentException if the folder's file system is unknown
     */
    public static RecordingFiles in(Path folder, FileFormat format, EmptyFormat emptyFormat) {
        Objects.requireNonNull(format, "format");
        return new RecordingFiles(OutputFolder.qualified(folder), format, emptyFormat, null);
    }

    /**
     * The same recordings as rows of Parquet files: {@link dev.decant.shard.ShardWriter} says of what shape.
     *
     * @param shardBytes with so many bytes of samples a shard is complete; the last ones of a run have fewer
     * @throws IllegalArgumentException if the format is none that tells its own shape, or no bytes make a shard
     */
    public RecordingFiles inShards(long shardBytes) {
        if (format == FileFormat.RAW) {
            throw new IllegalArgumentException("raw samples in shards could not be read: take wav or flac");
        }
        if (shardBytes < 1) {
            throw new IllegalArgumentException("shards of " + shardBytes + " bytes: take at least 1");
        }
        return new RecordingFiles(folder, format, emptyFormat, shardBytes);
    }

    /**
     * Writes {@code frames} to files.
     *
     * @param frames partitioned by stream ID as {@code keyBy} does it; a frame at the wrong subtask fails the job
     * @param ends the end of each recording; of one that had packets {@code frames} has one {@link PcmFrame.Outcome#END}
     */
    public void write(DataStream<PcmFrame> frames, DataStream<RecordingEnd> ends) {
        BodyShape shape = shardBytes == null ? BodyShape.ofFiles(folder, format, true) : BodyShape.ofRows(format);
        // Samples are read one recording after the other, so few files are open.
        SingleOutputStreamOperator<FinishedFile> bodies = frames.transform(
                        "Bodies",
                        FinishedFile.TYPE,
                        new BodyWriter(folder, shape, null, WavFiles.DEFAULT_MAX_OPEN_FILES))
                .uid("recording-bodies")
                .setParallelism(frames.getParallelism());
        SingleOutputStreamOperator<FinishedFile> finished = bodies.keyBy(FinishedFile::streamId, Types.STRING)
                .connect(ends.keyBy(RecordingEnd::streamId, Types.STRING))
                .process(new EndMatcher(emptyFormat), FinishedFile.TYPE)
                .name("What readers said of them")
                .uid("recording-ends");
        if (shardBytes == null) {
            finished.sinkTo(FileCommitter.sink(folder, format, Account.REPORT))
                    .name("Files and report")
                    .uid("recording-files")
                    .setParallelism(finished.getParallelism());
        } else {
            finished.transform("Gather shards", FinishedShard.TYPE, new ShardGatherer(shardBytes))
                    .uid("gather-shards")
                    .setParallelism(finished.getParallelism())
                    .sinkTo(ShardCommitter.sink(folder, format))
                    .name("Shards and report")
                    .uid("recording-shards")
                    .setParallelism(finished.getParallelism());
        }
    }

    /**
     * Tries the folder before a job is started: makes it, and writes and deletes a small file in it.
     *
     * @throws IOException if it cannot be written; the message is one sentence that names the folder and the reason
     */
    public void requireWritable() throws IOException {
        OutputFolder.requireWritable(folder);
    }

    /** Deletes what a run that was killed left half-written. No job may be writing into the folder. */
    public void deleteUnfinished() throws IOException {
        WorkFolder.deleteAll(folder);
        if (shardBytes != null) {
            ShardCommitter.deleteUnreported(folder);
        }
    }

    /** What is said of the recordings. */
    public Report report() throws IOException {
        return Report.of(folder);
    }

    /** The folder, absolute. */
    public Path folder() {
        return folder;
    }
}
