package dev.decant.job;

import dev.decant.audio.SampleFormat;
import dev.decant.container.ReadingSettings;
import dev.decant.container.ReadingSettings.Holes;
import dev.decant.decode.IsolationSettings.When;
import dev.decant.file.FileFormat;
import dev.decant.file.WavFiles;
import dev.decant.opus.DecoderVerification;
import dev.decant.rtp.RtpSettings;
import dev.decant.rtp.RtpSettings.SeveralSsrcs;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.connector.base.DeliveryGuarantee;

/**
 * Every option of Decant. The command line, its help and the table of options in the documentation are made from this
 * class. Keys that begin with {@value #KAFKA_PREFIX} go to the Kafka clients as they are; every other key that is not
 * listed here is Flink's.
 */
public final class DecantOptions {
    /** What stands before a property of the Kafka clients. */
    public static final String KAFKA_PREFIX = "kafka.";

    /** How the keys of our own options begin; a key that begins so and is not listed here is a mistake. */
    static final Set<String> NAMESPACES = Set.of(
            "packets.",
            "pcm.",
            "wav.",
            "dead-letters.",
            "opus.",
            "rtp.",
            "decoder.",
            "loss.",
            "recordings.",
            "output.");

    public static final ConfigOption<String> BROKERS = ConfigOptions.key(KAFKA_PREFIX + "bootstrap.servers")
            .stringType()
            .noDefaultValue()
            .withDescription("The Kafka brokers, host:port, separated by commas.");

    public static final ConfigOption<List<String>> PACKETS_TOPIC = ConfigOptions.key("packets.topic")
            .stringType()
            .asList()
            .noDefaultValue()
            .withDescription("The topics that packets come from, separated by semicolons.");

    public static final ConfigOption<String> PACKETS_TOPIC_PATTERN = ConfigOptions.key("packets.topic-pattern")
            .stringType()
            .noDefaultValue()
            .withDescription(
                    "Instead of topics: a regular expression; topics that match it later are taken in as they appear.");

    public static final ConfigOption<PacketFormat> PACKETS_FORMAT = ConfigOptions.key("packets.format")
            .enumType(PacketFormat.class)
            .defaultValue(PacketFormat.OPUS)
            .withDescription("What the values of packet records are: opus packets, or rtp packets that carry them.");

    public static final ConfigOption<List<Integer>> RTP_OPUS_PAYLOAD_TYPES = ConfigOptions.key("rtp.opus-payload-types")
            .intType()
            .asList()
            .defaultValues(RtpSettings.USUAL_OPUS_PAYLOAD_TYPE)
            .withDescription("The RTP payload types of Opus, separated by semicolons.");

    public static final ConfigOption<List<Integer>> RTP_RED_PAYLOAD_TYPES = ConfigOptions.key("rtp.red-payload-types")
            .intType()
            .asList()
            .defaultValues(RtpSettings.USUAL_RED_PAYLOAD_TYPE)
            .withDescription("The RTP payload types of redundant audio data (RED, RFC 2198), separated by semicolons: a"
                    + " copy of a lost packet goes before FEC.");

    public static final ConfigOption<SeveralSsrcs> RTP_SEVERAL_SSRCS = ConfigOptions.key("rtp.several-ssrcs")
            .enumType(SeveralSsrcs.class)
            .defaultValue(SeveralSsrcs.REFUSE)
            .withDescription(
                    "What happens to RTP packets of several SSRCs under one key. refuse: the key is one stream,"
                            + " which follows one SSRC at a time. split: each SSRC is a stream of its own,"
                            + " alice.ssrc-3735928559 for instance.");

    public static final ConfigOption<String> PACKETS_GROUP = ConfigOptions.key("packets.group")
            .stringType()
            .defaultValue("decant")
            .withDescription("The consumer group under which offsets are committed at each checkpoint.");

    public static final ConfigOption<String> PACKETS_START = ConfigOptions.key("packets.start")
            .stringType()
            .defaultValue("committed")
            .withDescription(
                    "Where a job without a checkpoint starts: committed (the group's offsets, else the earliest),"
                            + " earliest, latest, or a time (2026-01-31T12:00:00Z, or milliseconds since 1970).");

    public static final ConfigOption<String> PACKETS_END = ConfigOptions.key("packets.end")
            .stringType()
            .defaultValue("never")
            .withDescription("Where the job ends: never, latest (what is there when it starts), or a time.");

    public static final ConfigOption<String> PCM_TOPIC =
            ConfigOptions.key("pcm.topic").stringType().noDefaultValue().withDescription("The topic that PCM goes to.");

    public static final ConfigOption<DeliveryGuarantee> PCM_DELIVERY = ConfigOptions.key("pcm.delivery")
            .enumType(DeliveryGuarantee.class)
            .defaultValue(DeliveryGuarantee.EXACTLY_ONCE)
            .withDescription("exactly-once: PCM is visible to read_committed consumers when its checkpoint completes;"
                    + " at-least-once: at once, and after a failure some of it again, at the same pcm.position.");

    public static final ConfigOption<Integer> PCM_RATE = ConfigOptions.key("pcm.rate")
            .intType()
            .defaultValue(48_000)
            .withDescription("Samples a second and channel: 8000, 12000, 16000, 24000 or 48000.");

    public static final ConfigOption<Integer> PCM_CHANNELS = ConfigOptions.key("pcm.channels")
            .intType()
            .noDefaultValue()
            .withDescription(
                    "1 or 2 for every stream, to which more channels are mixed; without it what the OpusHead of"
                            + " the stream's first link says, else 2.");

    public static final ConfigOption<SampleFormat> PCM_SAMPLE_FORMAT = ConfigOptions.key("pcm.sample-format")
            .enumType(SampleFormat.class)
            .defaultValue(SampleFormat.S16LE)
            .withDescription("s16le, s24le or f32le; s16, s24 and f32 are the same.");

    public static final ConfigOption<Duration> PCM_CHUNK = ConfigOptions.key("pcm.chunk")
            .durationType()
            .noDefaultValue()
            .withDescription(
                    "Instead of a record of the PCM topic for each packet: one for each stretch of this length, 2.5"
                            + " ms to 10 s, aligned to pcm.position. Files are not concerned.");

    public static final ConfigOption<MemorySize> PCM_CHUNK_MEMORY = ConfigOptions.key("pcm.chunk-memory")
            .memoryType()
            .defaultValue(MemorySize.ofMebiBytes(64))
            .withDescription(
                    "Heap that the PCM of begun chunks takes at most, a subtask; what is more goes into state before the"
                            + " next checkpoint, which costs time.");

    public static final ConfigOption<String> WAV_FOLDER = ConfigOptions.key("wav.folder")
            .stringType()
            .noDefaultValue()
            .withDescription("The folder that WAV files go to, one a stream; a path, or a URI of any file system that"
                    + " Flink has.");

    public static final ConfigOption<Duration> WAV_SEGMENT = ConfigOptions.key("wav.segment")
            .durationType()
            .noDefaultValue()
            .withDescription("Instead of one file a stream: one for each stretch of this length.");

    public static final ConfigOption<Integer> WAV_MAX_OPEN_FILES = ConfigOptions.key("wav.max-open-files")
            .intType()
            .defaultValue(WavFiles.DEFAULT_MAX_OPEN_FILES)
            .withDescription(
                    "Files that a subtask holds open at most; with more streams than that, files are closed and"
                            + " opened again as packets come.");

    public static final ConfigOption<String> DEAD_LETTERS_TOPIC = ConfigOptions.key("dead-letters.topic")
            .stringType()
            .defaultValue("decant.dead-letters")
            .withDescription("The topic for records that could not be used, with their origin and the reason.");

    public static final ConfigOption<String> REPLAY_TOPIC = ConfigOptions.key("dead-letters.replay-topic")
            .stringType()
            .noDefaultValue()
            .withDescription("The topic that replay-dead-letters puts every dead letter on, by its key. Without it each"
                    + " goes back to the topic and the partition that it came from.");

    public static final ConfigOption<String> REPLAY_REASONS = ConfigOptions.key("dead-letters.replay-reasons")
            .stringType()
            .noDefaultValue()
            .withDescription("The reasons, separated by commas, of the dead letters that replay-dead-letters puts back;"
                    + " the others are passed over. Without it, all.");

    public static final ConfigOption<String> REPLAY_GROUP = ConfigOptions.key("dead-letters.replay-group")
            .stringType()
            .defaultValue("decant-replay")
            .withDescription(
                    "The consumer group whose offsets say how far replay-dead-letters has come: past what it put back"
                            + " and past what it passed over.");

    public static final ConfigOption<String> REPLAY_START = ConfigOptions.key("dead-letters.replay-start")
            .stringType()
            .defaultValue("committed")
            .withDescription(
                    "Where replay-dead-letters starts: committed (the group's offsets, else the earliest),"
                            + " earliest, latest, or a time of writing. From anywhere but committed, what was put back before is put back again.");

    public static final ConfigOption<Boolean> FAIL_ON_EXPIRED_TRANSACTION = ConfigOptions.key(
                    "pcm.fail-on-expired-transaction")
            .booleanType()
            .defaultValue(false)
            .withDescription(
                    "Whether a job fails, instead of only warning, when it is restored from a checkpoint that is"
                            + " older than the broker keeps a transaction: PCM of that checkpoint may be lost.");

    public static final ConfigOption<String> TRANSACTIONAL_ID_PREFIX = ConfigOptions.key("pcm.transactional-id-prefix")
            .stringType()
            .noDefaultValue()
            .withDescription(
                    "What the transactional IDs of the job begin with: the same in every run of a job, another one"
                            + " for each job that writes to the same topic, be it that of dead letters, or they"
                            + " abort each other's transactions. Without it, packets.group.");

    public static final ConfigOption<String> RECORDINGS_LIST = ConfigOptions.key("recordings.list")
            .stringType()
            .noDefaultValue()
            .withDescription("A file of the recordings to be read, one a line: paths relative to the input folder, or"
                    + " absolute below it. Without it, all that the patterns let through.");

    public static final ConfigOption<List<String>> RECORDINGS_INCLUDE = ConfigOptions.key("recordings.include")
            .stringType()
            .asList()
            .noDefaultValue()
            .withDescription(
                    "Patterns (globs) of the files that are recordings, separated by semicolons: one without a slash is"
                            + " about the name of a file in any folder, one with a slash about the path below the input folder; **"
                            + " takes all. Without it, files that end in .opus, .ogg, .oga, .webm, .mka, .mkv, .mp4, .m4a or .m4b. What"
                            + " begins with a dot or an underscore is passed over unless a pattern does too.");

    public static final ConfigOption<List<String>> RECORDINGS_EXCLUDE = ConfigOptions.key("recordings.exclude")
            .stringType()
            .asList()
            .noDefaultValue()
            .withDescription("Patterns of the files to be passed over, of those that are included.");

    public static final ConfigOption<Holes> RECORDINGS_HOLES = ConfigOptions.key("recordings.holes")
            .enumType(Holes.class)
            .noDefaultValue()
            .withDescription(
                    "What becomes of time for which a recording has no packets. fill: it is concealed or silent, so"
                            + " that what follows stays in its place. skip: what follows comes at once. Without it, fill for Ogg and"
                            + " skip for Matroska, WebM and MP4. It is reported in any case.");

    public static final ConfigOption<Duration> RECORDINGS_MAX_HOLES = ConfigOptions.key("recordings.max-holes")
            .durationType()
            .defaultValue(ReadingSettings.DEFAULT.maxHoles())
            .withDescription(
                    "How much of a recording is filled at most, all its holes together; the rest is skipped, so"
                            + " that a wild timestamp makes no day of silence.");

    public static final ConfigOption<Integer> RECORDINGS_TRACK = ConfigOptions.key("recordings.track")
            .intType()
            .defaultValue(ReadingSettings.FIRST_TRACK)
            .withDescription(
                    "The number of the track in Matroska, WebM and MP4 files; 0: the first track that is Opus.");

    public static final ConfigOption<FileFormat> OUTPUT_FORMAT = ConfigOptions.key("output.format")
            .enumType(FileFormat.class)
            .defaultValue(FileFormat.WAV)
            .withDescription(
                    "wav (RF64 beyond 4 GiB), flac (s16le and s24le, up to 8 channels), or raw: samples alone.");

    public static final ConfigOption<Boolean> OUTPUT_SHARDS = ConfigOptions.key("output.shards")
            .booleanType()
            .defaultValue(false)
            .withDescription("Parquet files that hold many recordings each, as wav or flac with what the report says of"
                    + " them, instead of a file a recording.");

    public static final ConfigOption<MemorySize> OUTPUT_SHARD_SIZE = ConfigOptions.key("output.shard-size")
            .memoryType()
            .defaultValue(MemorySize.ofMebiBytes(500))
            .withDescription("How large the samples of a shard are together; the last ones of a run have less.");

    public static final ConfigOption<Boolean> OUTPUT_RESUME = ConfigOptions.key("output.resume")
            .booleanType()
            .defaultValue(false)
            .withDescription(
                    "Go on where an earlier run into the same folder was broken off: what its report names is not"
                            + " read again, but for recordings whose bytes could not be read. That run must be over.");

    public static final ConfigOption<String> OPUS_LIBRARY = ConfigOptions.key("opus.library")
            .stringType()
            .defaultValue("auto")
            .withDescription(
                    "auto (embedded, else system), embedded (libopus 1.4), system, java (Concentus, s16le only),"
                            + " or the path of a libopus.");

    public static final ConfigOption<Integer> DECODER_MAX_LIVE = ConfigOptions.key("decoder.max-live")
            .intType()
            .defaultValue(10_000)
            .withDescription("Decoders in memory at most, a subtask; beyond it the least recently used is let go, and"
                    + " comes back from state with the next packet of its stream.");

    public static final ConfigOption<MemorySize> DECODER_MEMORY = ConfigOptions.key("decoder.memory")
            .memoryType()
            .noDefaultValue()
            .withDescription("Memory outside the heap that the decoders of a subtask take at most, as decoder.max-live"
                    + " limits their number. Without it, what Flink's taskmanager.memory.task.off-heap.size has for a slot;"
                    + " where that is not set either, 64 mb for all slots of a TaskManager, or 256 mb for each of a local"
                    + " Flink. \"decant doctor --streams\" computes what is needed.");

    public static final ConfigOption<Boolean> DECODER_RECOVERY = ConfigOptions.key("decoder.recovery")
            .booleanType()
            .defaultValue(true)
            .withDescription(
                    "Whether decoders are kept in state, so that after a failure or having been let go they come"
                            + " back exactly as they were. Without, they come back as new ones: less work, and a click.");

    public static final ConfigOption<Integer> DECODER_IMAGE_INTERVAL = ConfigOptions.key("decoder.image-interval")
            .intType()
            .defaultValue(100)
            .withDescription(
                    "Steps of a stream at most from one image of its decoder in state to the next; the steps in"
                            + " between are kept and run again when the decoder is brought back. Fewer are taken when decoders"
                            + " are let go often.");

    public static final ConfigOption<DecoderVerification> DECODER_VERIFY = ConfigOptions.key("decoder.verify")
            .enumType(DecoderVerification.class)
            .defaultValue(DecoderVerification.GUARDS)
            .withDescription("How damage to a decoder's memory is looked for: guards (overruns), checksum (any change"
                    + " between two calls; costs some microseconds a packet), or off.");

    public static final ConfigOption<When> DECODER_ISOLATION = ConfigOptions.key("decoder.isolation")
            .enumType(When.class)
            .defaultValue(When.AFTER_RESTORE)
            .withDescription("When decoders run in a process of their own, so that a packet that crashes native code"
                    + " takes no TaskManager with it: after-restore (until decoder.isolation-checkpoints are complete),"
                    + " always, or never.");

    public static final ConfigOption<Integer> DECODER_ISOLATION_CHECKPOINTS = ConfigOptions.key(
                    "decoder.isolation-checkpoints")
            .intType()
            .defaultValue(3)
            .withDescription("For how many completed checkpoints decoders stay isolated after a restore; twice as many"
                    + " after each further failure.");

    public static final ConfigOption<Duration> DECODER_DEADLINE = ConfigOptions.key("decoder.deadline")
            .durationType()
            .defaultValue(Duration.ofSeconds(10))
            .withDescription(
                    "How long decoding one packet may take in a process of its own until the packet is taken to"
                            + " hang it.");

    public static final ConfigOption<Duration> PACKETS_STREAM_TIMEOUT = ConfigOptions.key("packets.stream-timeout")
            .durationType()
            .defaultValue(Duration.ofHours(1))
            .withDescription("A stream without a packet for so long, by the Kafka record times of its packets, is over:"
                    + " a packet that comes later begins a new one.");

    public static final ConfigOption<Integer> PACKETS_REORDER_WINDOW = ConfigOptions.key("packets.reorder-window")
            .intType()
            .defaultValue(16)
            .withDescription("How many packets of a stream may wait for one before them, by opus.seq or RTP's sequence"
                    + " numbers. With one more it is taken for lost; when it comes after that it is late, and goes to the"
                    + " dead letters. 0 takes packets as they come. A stream that is joined in the middle starts when one"
                    + " more than that is there.");

    public static final ConfigOption<Duration> PACKETS_REORDER_TIME = ConfigOptions.key("packets.reorder-time")
            .durationType()
            .defaultValue(Duration.ofMillis(500))
            .withDescription("Media time for which packets may wait for one before them.");

    public static final ConfigOption<Duration> PACKETS_MAX_WAIT = ConfigOptions.key("packets.max-wait")
            .durationType()
            .noDefaultValue()
            .withDescription(
                    "How long a missing packet is waited for, by the clock. Without it, as long as the packets that"
                            + " follow take to come. With it, what a replay after a failure gives may differ from what was given"
                            + " before.");

    public static final ConfigOption<Duration> LOSS_MAX_CONCEALMENT = ConfigOptions.key("loss.max-concealment")
            .durationType()
            .defaultValue(Duration.ofMillis(120))
            .withDescription(
                    "How much of a loss the decoder makes up at most; the rest is silence. A last lost frame that the"
                            + " next packet carries once more (in-band FEC) is recovered besides.");

    public static final ConfigOption<Integer> DECODER_MAX_STREAMS = ConfigOptions.key("decoder.max-streams")
            .intType()
            .defaultValue(8)
            .withDescription(
                    "The most Opus streams that a packet may hold, 1 to 255: each takes a decoder's memory. A link may"
                            + " have twice as many channels. Packets of links with more go to the dead letters.");

    public static final ConfigOption<Integer> DECODER_COMPLEXITY = ConfigOptions.key("decoder.complexity")
            .intType()
            .defaultValue(0)
            .withDescription("0 to 10. Up to 5 the output is conformant; from 6 on a libopus with neural extensions"
                    + " (1.5 and later) changes good audio.");

    public static final ConfigOption<Boolean> DECODER_PHASE_INVERSION = ConfigOptions.key("decoder.phase-inversion")
            .booleanType()
            .defaultValue(true)
            .withDescription("Whether intensity stereo may invert phases, as the stream says.");

    private static final Flag BROKERS_FLAG = new Flag("--brokers", "<host:port,…>", BROKERS);

    private static final Flag DEAD_LETTER_TOPIC_FLAG = new Flag("--dead-letter-topic", "<topic>", DEAD_LETTERS_TOPIC);

    private static final Flag CHECKPOINTS_FLAG =
            new Flag("--checkpoints", "<folder>", CheckpointingOptions.CHECKPOINTS_DIRECTORY);

    private static final Flag PARALLELISM_FLAG = new Flag("--parallelism", "<n>", CoreOptions.DEFAULT_PARALLELISM);

    /** The flags of every command that talks to Kafka. */
    static final List<Flag> KAFKA_FLAGS = List.of(BROKERS_FLAG);

    /** The flags of decoding: of every command that gives PCM. */
    static final List<Flag> DECODING_FLAGS = List.of(
            new Flag("--rate", "<Hz>", PCM_RATE),
            new Flag("--channels", "<1|2>", PCM_CHANNELS),
            new Flag("--sample-format", "<format>", PCM_SAMPLE_FORMAT),
            new Flag("--library", "<library>", OPUS_LIBRARY));

    /** The flags of {@code stream}, besides those of decoding. */
    static final List<Flag> STREAM_FLAGS = List.of(
            BROKERS_FLAG,
            new Flag("--topic", "<topic;…>", PACKETS_TOPIC),
            new Flag("--topic-pattern", "<regex>", PACKETS_TOPIC_PATTERN),
            new Flag("--packet-format", "<opus|rtp>", PACKETS_FORMAT),
            new Flag("--group", "<group>", PACKETS_GROUP),
            new Flag("--start", "<where>", PACKETS_START),
            new Flag("--end", "<where>", PACKETS_END),
            new Flag("--pcm-topic", "<topic>", PCM_TOPIC),
            new Flag("--delivery", "<guarantee>", PCM_DELIVERY),
            new Flag("--chunk", "<length>", PCM_CHUNK),
            new Flag("--out", "<folder>", WAV_FOLDER),
            new Flag("--segment", "<length>", WAV_SEGMENT),
            DEAD_LETTER_TOPIC_FLAG,
            CHECKPOINTS_FLAG,
            PARALLELISM_FLAG);

    /** The flags of {@code transcode}, besides those of decoding. */
    static final List<Flag> TRANSCODE_FLAGS = List.of(
            new Flag("--format", "<wav|flac|raw>", OUTPUT_FORMAT),
            new Flag("--shards", "", OUTPUT_SHARDS),
            new Flag("--shard-size", "<size>", OUTPUT_SHARD_SIZE),
            new Flag("--resume", "", OUTPUT_RESUME),
            new Flag("--list", "<file>", RECORDINGS_LIST),
            new Flag("--include", "<pattern;…>", RECORDINGS_INCLUDE),
            new Flag("--exclude", "<pattern;…>", RECORDINGS_EXCLUDE),
            new Flag("--holes", "<fill|skip>", RECORDINGS_HOLES),
            new Flag("--track", "<number>", RECORDINGS_TRACK),
            CHECKPOINTS_FLAG,
            PARALLELISM_FLAG);

    /** The flags of {@code replay-dead-letters}. */
    static final List<Flag> REPLAY_FLAGS = List.of(
            BROKERS_FLAG,
            DEAD_LETTER_TOPIC_FLAG,
            new Flag("--topic", "<topic>", REPLAY_TOPIC),
            new Flag("--reason", "<reason,…>", REPLAY_REASONS),
            new Flag("--group", "<group>", REPLAY_GROUP),
            new Flag("--start", "<where>", REPLAY_START));

    /** Options of ours that have no flag of their own: {@code -D} sets them. */
    static final List<ConfigOption<?>> WITHOUT_FLAG = List.of(
            PCM_CHUNK_MEMORY,
            RTP_OPUS_PAYLOAD_TYPES,
            RTP_RED_PAYLOAD_TYPES,
            RTP_SEVERAL_SSRCS,
            WAV_MAX_OPEN_FILES,
            RECORDINGS_MAX_HOLES,
            TRANSACTIONAL_ID_PREFIX,
            DECODER_MAX_STREAMS,
            DECODER_MAX_LIVE,
            DECODER_MEMORY,
            DECODER_RECOVERY,
            DECODER_IMAGE_INTERVAL,
            DECODER_VERIFY,
            DECODER_ISOLATION,
            DECODER_ISOLATION_CHECKPOINTS,
            DECODER_DEADLINE,
            PACKETS_STREAM_TIMEOUT,
            PACKETS_REORDER_WINDOW,
            PACKETS_REORDER_TIME,
            PACKETS_MAX_WAIT,
            LOSS_MAX_CONCEALMENT,
            DECODER_COMPLEXITY,
            DECODER_PHASE_INVERSION,
            FAIL_ON_EXPIRED_TRANSACTION);

    private DecantOptions() {}

    /** Every flag, each once. */
    static List<Flag> flags() {
        return Stream.of(KAFKA_FLAGS, STREAM_FLAGS, TRANSCODE_FLAGS, REPLAY_FLAGS, DECODING_FLAGS)
                .flatMap(List::stream)
                .distinct()
                .toList();
    }

    /** The keys of every option of ours. */
    static Set<String> keys() {
        return Stream.concat(flags().stream().map(Flag::option), WITHOUT_FLAG.stream())
                .map(ConfigOption::key)
                .collect(Collectors.toSet());
    }

    /**
     * An option that the command line has a flag for.
     *
     * @param name with its dashes
     * @param label what stands for the value in the help; of a boolean option, which needs none, empty
     */
    record Flag(String name, String label, ConfigOption<?> option) {}
}
