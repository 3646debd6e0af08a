package dev.decant.job;

import static dev.decant.job.OptionValues.get;
import static dev.decant.job.OptionValues.require;
import static dev.decant.job.UsageException.usage;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.DeadLetter;
import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.UnsupportedLayoutException;
import dev.decant.container.ReadingSettings;
import dev.decant.container.RecordingEnd;
import dev.decant.container.RecordingEndSplitter;
import dev.decant.container.RecordingSource;
import dev.decant.decode.DecodeSettings;
import dev.decant.decode.SequencerSettings;
import dev.decant.file.DoneInReport;
import dev.decant.file.FileFormat;
import dev.decant.file.RecordingFiles;
import dev.decant.file.Report;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * The offline job: recordings from a folder, files into another, and a report. The graph between is the live job's.
 * Everything that can be wrong with options and folders is found before the job is submitted.
 */
final class TranscodeJob {
    private final Configuration options;
    private final DecodeSettings decoding;
    private final boolean resume;
    private final RecordingFiles files;
    private final RecordingSource source;
    private DataStream<RecordingEnd> ends;

    private TranscodeJob(Path in, Path out, Configuration given, Configuration cluster) {
        options = new Configuration(given);
        JobDefaults.complete(options, cluster);
        // What is finished must not stay behind on its way to the commit: its samples are watched for two checkpoints.
        options.set(CheckpointingOptions.ENABLE_UNALIGNED, false);
        Configuration effective = new Configuration(cluster);
        effective.addAll(options);
        JobDefaults.requireDurableCheckpoints(effective, "");
        decoding = decoding(options);
        resume = require(options, DecantOptions.OUTPUT_RESUME);
        try {
            files = files(out);
            source = source(in, effective.get(PipelineOptions.MAX_PARALLELISM));
        } catch (IllegalArgumentException wrong) {
            throw usage(wrong.getMessage());
        }
    }

    /**
     * The job that the options describe.
     *
     * @param in the folder of the recordings, or one of them
     * @param options what the user said
     * @param cluster what the cluster's configuration says
     * @throws UsageException if an option or a folder cannot be used
     */
    static TranscodeJob of(Path in, Path out, Configuration options, ReadableConfig cluster) {
        return new TranscodeJob(in, out, options, Configuration.fromMap(cluster.toMap()));
    }

    /** How the options want recordings to be decoded. */
    static DecodeSettings decoding(Configuration options) {
        Configuration offline = new Configuration(options);
        // A recording is over where it ends, however long it is silent.
        offline.set(DecantOptions.PACKETS_STREAM_TIMEOUT, SequencerSettings.LONGEST_TIMEOUT);
        return StreamJob.decoding(offline);
    }

    /**
     * Makes the output folder ready, and clears away what a run left there that is to be resumed.
     *
     * @throws UsageException if it cannot be written, or holds the report of another run
     */
    void prepare() {
        try {
            files.requireWritable();
            if (resume) {
                files.deleteUnfinished();
            } else if (files.report().exists()) {
                throw usage(files.folder() + " holds the report of an earlier run: go on with it by --resume"
                        + " (output.resume), or name another folder");
            }
        } catch (IOException unusable) {
            throw UsageException.failed(unusable.getMessage(), unusable);
        }
    }

    /** Adds the job to {@code environment}. */
    void addTo(StreamExecutionEnvironment environment) {
        environment.configure(options, TranscodeJob.class.getClassLoader());
        new DecodePipeline(this::read, decoding, List.of(this::write), TranscodeJob::drop).addTo(environment);
    }

    /** Puts the report together, once the job is over. */
    Report.Summary report() {
        try {
            Report.Summary summary = files.report().merge();
            files.deleteUnfinished();
            return summary;
        } catch (IOException unusable) {
            throw UsageException.failed("the report cannot be written: " + unusable.getMessage(), unusable);
        }
    }

    /** Where the report is. */
    Path reportPath() throws IOException {
        return files.report().path();
    }

    /** Whether the job goes on where an earlier run was broken off. */
    boolean resumes() {
        return resume;
    }

    int rate() {
        return decoding.rate();
    }

    private RecordingFiles files(Path out) {
        DecodeSettings settings = decoding;
        FileFormat format = require(options, DecantOptions.OUTPUT_FORMAT);
        format.requireHolds(settings.sampleFormat());
        RecordingFiles each = RecordingFiles.in(out, format, head -> formatOfEmpty(settings, head));
        return require(options, DecantOptions.OUTPUT_SHARDS)
                ? each.inShards(
                        require(options, DecantOptions.OUTPUT_SHARD_SIZE).getBytes())
                : each;
    }

    private RecordingSource source(Path in, int maxParallelism) {
        RecordingSource.Builder builder = RecordingSource.builder()
                .input(in)
                .outputFolder(files.folder())
                .settings(new ReadingSettings(
                        get(options, DecantOptions.RECORDINGS_HOLES).orElse(null),
                        require(options, DecantOptions.RECORDINGS_MAX_HOLES),
                        require(options, DecantOptions.RECORDINGS_TRACK)))
                .channels(decoding.channels())
                .maxStreams(decoding.maxStreams())
                .maxParallelism(maxParallelism);
        get(options, DecantOptions.RECORDINGS_INCLUDE).ifPresent(builder::include);
        get(options, DecantOptions.RECORDINGS_EXCLUDE).ifPresent(builder::exclude);
        get(options, DecantOptions.RECORDINGS_LIST).map(Locations::path).ifPresent(builder::list);
        if (resume) {
            builder.done(new DoneInReport(files.folder()));
        }
        return builder.build();
    }

    private DecodePipeline.Packets read(StreamExecutionEnvironment environment) {
        SingleOutputStreamOperator<OpusPacket> packets = environment
                .fromSource(source, WatermarkStrategy.noWatermarks(), "Recordings", RecordingSource.TYPE)
                .uid("recordings")
                .process(new RecordingEndSplitter())
                .name("Ends of recordings aside")
                .uid("recordings-ends-aside");
        ends = packets.getSideOutput(RecordingEndSplitter.ENDS);
        // A recording's stream ID belongs to the subtask that reads it: no shuffle.
        return new DecodePipeline.Packets(
                DataStreamUtils.reinterpretAsKeyedStream(packets, OpusPacket::streamId, Types.STRING), null);
    }

    private void write(DataStream<PcmFrame> frames) {
        files.write(frames, ends);
    }

    /** The readers have found the same out, and said it of the recording with the place of the packet. */
    private static void drop(DataStream<DeadLetter> letters) {
        letters.sinkTo(new DiscardingSink<>())
                .name("Packets that the report names")
                .uid("reported-packets");
    }

    private static PcmFormat formatOfEmpty(DecodeSettings settings, OpusHead head) {
        try {
            ChannelLayout layout = ChannelLayout.of(head, settings.channels(), settings.maxStreams());
            return new PcmFormat(settings.sampleFormat(), settings.rate(), layout.channels(), layout.order());
        } catch (UnsupportedLayoutException refused) {
            return null; // its reader has said why
        }
    }
}
