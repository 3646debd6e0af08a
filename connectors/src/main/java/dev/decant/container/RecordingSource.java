package dev.decant.container;

import dev.decant.audio.OpusPacket;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SupportsSplitReassignmentOnRecovery;
import org.apache.flink.api.java.typeutils.EitherTypeInfo;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.types.Either;

/**
 * Reads recordings: of each its packets, which {@link Recording#next} describes, and then at once the end of its stream, if
 * there was a packet, and its {@link RecordingEnd}. {@link RecordingEndSplitter} parts them. No recording fails the job:
 * what cannot be read says so in its end.
 *
 * <p>A recording's name is its path below the input folder, {@code a/b.opus}; recordings come in the order of their paths,
 * element by element, but readers share them. State is a place in that order and the batches that are being read, however
 * many recordings there are. They must not change while the job lasts.
 *
 * <p>Packets come partitioned by stream ID as {@code keyBy} would do it, and may be reinterpreted as keyed: the stream ID of
 * a recording is its name, or its name and a number, so that its key group is one of the subtask that reads it. When the job
 * comes back with another parallelism, a recording that was begun keeps its stream ID, and goes to the subtask that owns it
 * now.
 */
public final class RecordingSource
        implements Source<Either<RecordingEnd, OpusPacket>, RecordingBatch, EnumeratorState>,
                ResultTypeQueryable<Either<RecordingEnd, OpusPacket>>,
                SupportsSplitReassignmentOnRecovery {
    /** A packet (right), or the end of a recording (left). */
    public static final TypeInformation<Either<RecordingEnd, OpusPacket>> TYPE =
            new EitherTypeInfo<>(RecordingEnd.TYPE, OpusPacket.TYPE);

    private static final long serialVersionUID = 1;

    private final RecordingInput input;
    private final ReadingSettings settings;
    private final PacketChecks checks;
    private final int maxParallelism;

    private RecordingSource(RecordingInput input, ReadingSettings settings, PacketChecks checks, int maxParallelism) {
        this.input = input;
        this.settings = settings;
        this.checks = checks;
        this.maxParallelism = maxParallelism;
    }

    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.BOUNDED;
    }

    @Override
    public SourceReader<Either<RecordingEnd, OpusPacket>, RecordingBatch> createReader(SourceReaderContext context) {
        RecordingStreamIds streamIds =
                new RecordingStreamIds(context.getIndexOfSubtask(), context.currentParallelism(), maxParallelism);
        return new RecordingSourceReader(() -> new BatchReader(input.files(), streamIds, settings, checks), context);
    }

    @Override
    public SplitEnumerator<RecordingBatch, EnumeratorState> createEnumerator(
            SplitEnumeratorContext<RecordingBatch> context) {
        return restoreEnumerator(context, new EnumeratorState(WalkPlace.START, List.of()));
    }

    @Override
    public SplitEnumerator<RecordingBatch, EnumeratorState> restoreEnumerator(
            SplitEnumeratorContext<RecordingBatch> context, EnumeratorState state) {
        return new RecordingEnumerator(context, maxParallelism, input, state);
    }

    @Override
    public SimpleVersionedSerializer<RecordingBatch> getSplitSerializer() {
        return new RecordingBatchSerializer();
    }

    @Override
    public SimpleVersionedSerializer<EnumeratorState> getEnumeratorCheckpointSerializer() {
        return new EnumeratorStateSerializer();
    }

    @Override
    public TypeInformation<Either<RecordingEnd, OpusPacket>> getProducedType() {
        return TYPE;
    }

    /** The input and the max parallelism are required. */
    public static final class Builder {
        private static final int MAX_STREAMS = 255;
        private static final int USUAL_MAX_STREAMS = 8;

        private Path input;
        private Path list;
        private List<String> include = List.of();
        private List<String> exclude = List.of();
        private Path outputFolder;
        private DoneRecordings done = DoneRecordings.none();
        private ReadingSettings settings = ReadingSettings.DEFAULT;
        private Integer channels;
        private int maxStreams = USUAL_MAX_STREAMS;
        private int maxParallelism;

        private Builder() {}

        /** A folder, which is read with all below it, or a single recording, on any file system that Flink has. */
        public Builder input(Path input) {
            this.input = input;
            return this;
        }

        /**
         * Reads what a text file names, UTF-8, one path a line, relative to the input folder or absolute below it, in the
         * order of its lines. The JobManager reads it, and holds 16 bytes of each path in a table that is half full.
         */
        public Builder list(Path list) {
            this.list = list;
            return this;
        }

        /**
         * Globs of {@link java.nio.file.FileSystem#getPathMatcher}: files that match one are read. Without a slash they are
         * matched with names, with one with paths below the input folder; case matters. Unless set, files are read that end in
         * .opus, .ogg, .oga, .webm, .mka, .mkv, .mp4, .m4a or .m4b, in whatever case; "**" takes all.
         *
         * <p>Files and folders whose names begin with a dot or an underscore are passed over, unless one of these patterns, or
         * an element of its path, begins with one: then all of them are as others.
         */
        public Builder include(List<String> include) {
            this.include = List.copyOf(include);
            return this;
        }

        /** Globs as those of {@link #include}: files that match one are not read. */
        public Builder exclude(List<String> exclude) {
            this.exclude = List.copyOf(exclude);
            return this;
        }

        /** Where output goes: if that is below the input folder it is passed over. */
        public Builder outputFolder(Path outputFolder) {
            this.outputFolder = outputFolder;
            return this;
        }

        /** What has been done, and is passed over; nothing unless set. */
        public Builder done(DoneRecordings done) {
            this.done = Objects.requireNonNull(done, "done");
            return this;
        }

        /** How recordings are read; {@link ReadingSettings#DEFAULT} unless set. */
        public Builder settings(ReadingSettings settings) {
            this.settings = Objects.requireNonNull(settings, "settings");
            return this;
        }

        /** The channels of the output, 1 or 2; null, as it is unless set: those of each recording. */
        public Builder channels(Integer channels) {
            this.channels = channels;
            return this;
        }

        /** The most Opus streams that a packet may hold, 1 to 255; 8 unless set. */
        public Builder maxStreams(int maxStreams) {
            this.maxStreams = maxStreams;
            return this;
        }

        /**
         * The job's max parallelism, which says how many key groups there are. With another one than the job really has,
         * packets come to subtasks that do not own their streams, and the job fails there.
         */
        public Builder maxParallelism(int maxParallelism) {
            this.maxParallelism = maxParallelism;
            return this;
        }

        /**
         * The source.
         *
         * @throws IllegalArgumentException if something is missing or wrong; the message names it
         */
        public RecordingSource build() {
            if (input == null) {
                throw new IllegalArgumentException("no input: give a folder, or a recording");
            }
            if (list != null && !(include.isEmpty() && exclude.isEmpty())) {
                throw new IllegalArgumentException("both a list and patterns are given: the list " + list
                        + " names what is read, take one of them");
            }
            if (channels != null && channels != 1 && channels != 2) {
                throw new IllegalArgumentException("pcm.channels is " + channels + ": take 1 or 2, or leave it out");
            }
            if (maxStreams < 1 || maxStreams > MAX_STREAMS) {
                throw new IllegalArgumentException(
                        "decoder.max-streams is " + maxStreams + ": take 1 to " + MAX_STREAMS);
            }
            if (maxParallelism < 1 || maxParallelism > KeyGroupRangeAssignment.UPPER_BOUND_MAX_PARALLELISM) {
                throw new IllegalArgumentException("the max parallelism is " + maxParallelism
                        + ": give the job's, 1 to " + KeyGroupRangeAssignment.UPPER_BOUND_MAX_PARALLELISM);
            }
            new RecordingPatterns(include, exclude);
            return new RecordingSource(
                    new RecordingInput(
                            qualified("input", input),
                            list == null ? null : qualified("list", list),
                            include,
                            exclude,
                            outputFolder == null ? null : qualified("output folder", outputFolder),
                            done),
                    settings,
                    new PacketChecks(channels, maxStreams),
                    maxParallelism);
        }

        /** Where the job runs, a relative path would begin elsewhere. */
        private static Path qualified(String name, Path path) {
            if (path.toUri().getScheme() != null) {
                return path;
            }
            try {
                return path.makeQualified(path.getFileSystem());
            } catch (IOException failure) {
                throw new IllegalArgumentException(
                        "the " + name + " " + path + " is on no file system that Flink has: " + failure.getMessage(),
                        failure);
            }
        }
    }
}
