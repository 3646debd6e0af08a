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
import org.apache.flink.api.java.typeutils.EitherTypeInfo;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.types.Either;

/**
 * Reads recordings: of each its packets, which {@link Recording#next} describes, and then at once the end of its stream, if
 * there was a packet, and its {@link RecordingEnd}. {@link RecordingEndSplitter} parts them. No recording fails the job:
 * what cannot be read says so in its end.
 *
 * <p>A recording's stream ID is its path below the input folder, {@code a/b.opus}, or the name of a single recording;
 * recordings come in the order of their paths, name by name, but readers share them. State is a place in that order and the
 * batches that are being read, however many recordings there are. They must not change while the job lasts.
 */
public final class RecordingSource
        implements Source<Either<RecordingEnd, OpusPacket>, RecordingBatch, EnumeratorState>,
                ResultTypeQueryable<Either<RecordingEnd, OpusPacket>> {
    /** A packet (right), or the end of a recording (left). */
    public static final TypeInformation<Either<RecordingEnd, OpusPacket>> TYPE =
            new EitherTypeInfo<>(RecordingEnd.TYPE, OpusPacket.TYPE);

    private static final long serialVersionUID = 1;

    private final RecordingInput input;
    private final ReadingSettings settings;
    private final PacketChecks checks;

    private RecordingSource(RecordingInput input, ReadingSettings settings, PacketChecks checks) {
        this.input = input;
        this.settings = settings;
        this.checks = checks;
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
        return new RecordingSourceReader(() -> new BatchReader(input.files(), settings, checks), context);
    }

    @Override
    public SplitEnumerator<RecordingBatch, EnumeratorState> createEnumerator(
            SplitEnumeratorContext<RecordingBatch> context) {
        return restoreEnumerator(context, new EnumeratorState(WalkPlace.START, List.of()));
    }

    @Override
    public SplitEnumerator<RecordingBatch, EnumeratorState> restoreEnumerator(
            SplitEnumeratorContext<RecordingBatch> context, EnumeratorState state) {
        return new RecordingEnumerator(context, input, state);
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

    /** The input is required. */
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
                    new PacketChecks(channels, maxStreams));
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
