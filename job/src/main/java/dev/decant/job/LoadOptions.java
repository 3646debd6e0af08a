package dev.decant.job;

import static dev.decant.job.OptionValues.get;
import static dev.decant.job.UsageException.usage;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.MediaClock;
import dev.decant.audio.OpusHead;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.UnsupportedLayoutException;
import dev.decant.decode.DecodeSettings;
import dev.decant.decode.IsolationSettings.When;
import dev.decant.decode.NativeMemory;
import dev.decant.decode.StreamMemory;
import dev.decant.decode.StreamMemory.Backend;
import dev.decant.decode.StreamMemory.Packets;
import dev.decant.opus.OpusEngine;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import picocli.CommandLine.Option;

/** The load that memory is computed for, as {@code decant doctor} is told of it. */
final class LoadOptions {
    private static final int DEFAULT_SLOTS = 2;
    private static final int BITRATE_OF_A_CHANNEL = 32_000;
    /** Of one Opus stream (RFC 6716, section 2.1.1). */
    private static final int HIGHEST_BITRATE = 510_000;

    private static final int MOST_CHANNELS = 8;

    /** Streams and coupled streams of the layouts with so many channels, from 1 (RFC 7845, section 5.1.1.2). */
    private static final int[][] LAYOUTS = {{1, 0}, {1, 1}, {2, 1}, {2, 2}, {3, 2}, {4, 2}, {4, 3}, {5, 3}};

    @Option(
            names = "--streams",
            paramLabel = "<n>",
            description = "Compute the memory that a job with so many live streams needs, and the options to set."
                    + " --channels, the channels of each, may then be 1 to 8.")
    private Long streams;

    @Option(
            names = "--bitrate",
            paramLabel = "<bit/s>",
            description = "With --streams: of each stream, in packets of 20 ms. Default: 32000 for each channel.")
    private Long bitrate;

    @Option(
            names = "--parallelism",
            paramLabel = "<n>",
            description = "With --streams: subtasks. Default: as many as cores are needed if no stream is ever silent."
                    + " Key: parallelism.default")
    private Integer parallelism;

    @Option(
            names = "--slots",
            paramLabel = "<n>",
            description = "With --streams: slots of a TaskManager. Default: 2. Key: taskmanager.numberOfTaskSlots")
    private Integer slots;

    @Option(
            names = "--state-backend",
            paramLabel = "<hashmap|rocksdb>",
            description = "With --streams: where state is kept. Default: hashmap. Key: state.backend.type")
    private String stateBackend;

    /** Whether there is a load to compute for. */
    boolean isGiven() {
        return streams != null;
    }

    /** What is left for the options of decoding, which know no streams of more channels. */
    Configuration ofDecoding(Configuration given) {
        Configuration decoding = new Configuration(given);
        if (isGiven() && channels(given) > 2) {
            decoding.removeConfig(DecantOptions.PCM_CHANNELS);
        }
        return decoding;
    }

    /**
     * Makes sure that the options can be used, before anything is done about them.
     *
     * @throws UsageException if not
     */
    void check(Configuration given) {
        if (!isGiven()) {
            require(
                    bitrate == null && parallelism == null && slots == null && stateBackend == null,
                    "--bitrate, --parallelism, --slots and --state-backend need --streams");
            return;
        }
        require(
                streams >= 1 && streams <= Integer.MAX_VALUE,
                "--streams is " + streams + ": take 1 to " + Integer.MAX_VALUE);
        int subtasks = parallelism(given);
        require(
                subtasks >= 1 && subtasks <= JobDefaults.MAX_PARALLELISM,
                "--parallelism (parallelism.default) is " + subtasks + ": take 1 to " + JobDefaults.MAX_PARALLELISM);
        int ofTaskManager = slots(given);
        require(
                ofTaskManager >= 1,
                "--slots (taskmanager.numberOfTaskSlots) is " + ofTaskManager + ": at least 1 is needed");
        int channels = channels(given);
        require(
                channels >= 1 && channels <= MOST_CHANNELS,
                "--channels is " + channels + ": with --streams take 1 to " + MOST_CHANNELS);
        long highest = (long) HIGHEST_BITRATE * LAYOUTS[channels - 1][0];
        require(
                bitrate == null || bitrate >= 1 && bitrate <= highest,
                "--bitrate is " + bitrate + ": take 1 to " + highest + " bit/s");
        backend(given);
    }

    /**
     * The plan for the load.
     *
     * @param settings how the streams are decoded
     */
    MemoryPlan plan(Configuration given, DecodeSettings settings, OpusEngine engine) {
        ChannelLayout layout = layout(given);
        int subtasks = parallelism(given);
        long decoder = engine.nativeBytes(layout);
        StreamMemory stream = StreamMemory.of(
                settings,
                decoder,
                layout.decodedChannels(),
                image(engine, settings, layout),
                Packets.ofBitrate(bitrate(given), MediaClock.USUAL_PACKET_TICKS),
                backend(given));
        return new MemoryPlan(new MemoryPlan.Load(
                streams,
                given.contains(DecantOptions.DECODER_MAX_LIVE)
                        ? settings.limits().decoders()
                        : null,
                subtasks,
                Math.min(slots(given), subtasks),
                backend(given),
                settings.isolation().when() != When.NEVER,
                stream,
                NativeMemory.of(engine, settings.maxStreams())));
    }

    /** What kind of streams they are, for people. */
    String describe(Configuration given, DecodeSettings settings) {
        int channels = channels(given);
        return String.format(
                Locale.ROOT,
                "%d channel%s, %,d Hz %s, %,d bit/s in packets of 20 ms",
                channels,
                channels == 1 ? "" : "s",
                settings.rate(),
                settings.sampleFormat(),
                bitrate(given));
    }

    /** The largest image that is to be expected. Streams of a packet are decoded, and saved, each for itself. */
    private static long image(OpusEngine engine, DecodeSettings settings, ChannelLayout layout) {
        if (!settings.recovery() || !engine.makesImages()) {
            return 0;
        }
        if (layout.streamCount() == 1) {
            return SampleImages.largest(engine, format(settings, layout.decodedChannels()));
        }
        int coupled = layout.coupledCount();
        return coupled * SampleImages.largest(engine, format(settings, 2))
                + (layout.streamCount() - coupled) * SampleImages.largest(engine, format(settings, 1));
    }

    private static PcmFormat format(DecodeSettings settings, int channels) {
        return new PcmFormat(settings.sampleFormat(), settings.rate(), channels);
    }

    private ChannelLayout layout(Configuration given) {
        int channels = channels(given);
        if (channels <= 2) {
            return ChannelLayout.plain(channels);
        }
        int[] counts = LAYOUTS[channels - 1];
        byte[] mapping = new byte[channels];
        for (int i = 0; i < channels; i++) {
            mapping[i] = (byte) i;
        }
        try {
            OpusHead head = new OpusHead(1, channels, 0, 0, 0, 1, counts[0], counts[1], mapping, new byte[0]);
            return ChannelLayout.of(head, null, counts[0]);
        } catch (UnsupportedLayoutException e) {
            throw new IllegalStateException("A layout of RFC 7845 with " + channels + " channels", e);
        }
    }

    private int channels(Configuration given) {
        return get(given, DecantOptions.PCM_CHANNELS).orElse(ChannelLayout.USUAL_CHANNELS);
    }

    private long bitrate(Configuration given) {
        return bitrate != null ? bitrate : (long) BITRATE_OF_A_CHANNEL * channels(given);
    }

    private int parallelism(Configuration given) {
        if (parallelism != null) {
            return parallelism;
        }
        return given.contains(CoreOptions.DEFAULT_PARALLELISM)
                ? OptionValues.require(given, CoreOptions.DEFAULT_PARALLELISM)
                : MemoryPlan.Load.parallelismOf(streams);
    }

    private int slots(Configuration given) {
        if (slots != null) {
            return slots;
        }
        return given.contains(TaskManagerOptions.NUM_TASK_SLOTS)
                ? OptionValues.require(given, TaskManagerOptions.NUM_TASK_SLOTS)
                : DEFAULT_SLOTS;
    }

    private Backend backend(Configuration given) {
        String name = stateBackend != null
                ? stateBackend
                : get(given, StateBackendOptions.STATE_BACKEND).orElse("hashmap");
        return Arrays.stream(Backend.values())
                .filter(backend -> backend.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> usage("--state-backend (state.backend.type) is \"" + name + "\": take "
                        + Arrays.stream(Backend.values())
                                .map(backend -> backend.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(" or "))));
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw usage(message);
        }
    }
}
