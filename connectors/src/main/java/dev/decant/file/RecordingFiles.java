package dev.decant.file;

import dev.decant.audio.PcmFrame;
import dev.decant.container.RecordingEnd;
import java.io.IOException;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSink;
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

    private RecordingFiles(Path folder, FileFormat format, EmptyFormat emptyFormat) {
        this.folder = folder;
        this.format = format;
        this.emptyFormat = emptyFormat;
    }

    /**
     * Files in {@code folder}, which need not exist.
     *
     * @throws IllegalArgumentException if the folder's file system is unknown
     */
    public static RecordingFiles in(Path folder, FileFormat format, EmptyFormat emptyFormat) {
        Objects.requireNonNull(format, "format");
        return new RecordingFiles(OutputFolder.qualified(folder), format, emptyFormat);
    }

    /**
     * Writes {@code frames} to files.
     *
     * @param frames partitioned by stream ID as {@code keyBy} does it; a frame at the wrong subtask fails the job
     * @param ends the end of each recording; of one that had packets {@code frames} has one {@link PcmFrame.Outcome#END}
     */
    public DataStreamSink<?> write(DataStream<PcmFrame> frames, DataStream<RecordingEnd> ends) {
        // Samples are read one recording after the other, so few files are open.
        SingleOutputStreamOperator<FinishedFile> bodies = frames.transform(
                        "Bodies",
                        FinishedFile.TYPE,
                        new BodyWriter(
                                folder, BodyShape.in(folder, format, true), null, WavFiles.DEFAULT_MAX_OPEN_FILES))
                .uid("recording-bodies")
                .setParallelism(frames.getParallelism());
        SingleOutputStreamOperator<FinishedFile> matched = bodies.keyBy(FinishedFile::streamId, Types.STRING)
                .connect(ends.keyBy(RecordingEnd::streamId, Types.STRING))
                .process(new EndMatcher(emptyFormat), FinishedFile.TYPE)
                .name("What readers said of them")
                .uid("recording-ends");
        return matched.sinkTo(new FinishedFileSink(folder, format, Account.REPORT))
                .name("Files and report")
                .uid("recording-files")
                .setParallelism(matched.getParallelism());
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
