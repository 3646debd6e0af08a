package dev.decant.kafka;

import java.util.Set;

/**
 * The headers of a dead-letter record, values UTF-8 text: those of Kafka Connect's dead-letter queues (its class
 * {@code DeadLetterQueueReporter}), so that tools made for these read ours, and a few of our own.
 *
 * <p>Before them stand the headers of the record as it came, in their order, but not those that are listed here: a record
 * that is put back and fails again says why it failed last. {@link #REPLAYS} alone travels with the record.
 */
public final class DeadLetterHeaders {
    /** The topic (or the recording) that the record came from. */
    public static final String TOPIC = "__connect.errors.topic";

    /** Its partition (or the track), decimal. */
    public static final String PARTITION = "__connect.errors.partition";

    /** Its offset (or the byte offset in the recording), decimal. */
    public static final String OFFSET = "__connect.errors.offset";

    /** Always {@code decant}. */
    public static final String CONNECTOR_NAME = "__connect.errors.connector.name";

    /** The subtask of the sink that wrote the dead letter, decimal. */
    public static final String TASK_ID = "__connect.errors.task.id";

    /** The step that gave the record up: {@code READ}, {@code SEQUENCE} or {@code DECODE}. */
    public static final String STAGE = "__connect.errors.stage";

    /** The Java name of that step. */
    public static final String CLASS_NAME = "__connect.errors.class.name";

    /** The Java name of the reason: Decant throws nothing for a broken record. */
    public static final String EXCEPTION_CLASS_NAME = "__connect.errors.exception.class.name";

    /** The reason in a sentence. */
    public static final String EXCEPTION_MESSAGE = "__connect.errors.exception.message";

    /** The reason in a word, as metrics name it too: {@code MALFORMED_KEY}, {@code REJECTED_BY_DECODER} … */
    public static final String REASON = "decant.reason";

    /** The time of the record, milliseconds since 1970, decimal; not there where it had none. */
    public static final String RECORD_TIME = "decant.record-time";

    /**
     * How often the record was put back on a packet topic, decimal; not there where it never was. A header of the packet
     * record too: {@link DeadLetterReplay} counts it up. What the sequencer or a decoder gives up comes without it, since
     * packets carry no headers that are not theirs.
     */
    public static final String REPLAYS = "decant.replays";

    /** Only where the key was cut to what a record may hold: its length before, in bytes, decimal. */
    public static final String KEY_BYTES = "decant.key-bytes";

    /** Only where the value was cut to what a record may hold: its length before, in bytes, decimal. */
    public static final String VALUE_BYTES = "decant.value-bytes";

    /**
     * Only where the headers of the record as it came, together with key and value, are more than a record may hold: how
     * many are left out, the last ones, decimal.
     */
    public static final String HEADERS_LEFT_OUT = "decant.headers-left-out";

    private static final String CONNECT_PREFIX = "__connect.errors.";

    private static final Set<String> OWN = Set.of(REASON, RECORD_TIME, KEY_BYTES, VALUE_BYTES, HEADERS_LEFT_OUT);

    private DeadLetterHeaders() {}

    /** Whether a header of this name is about the dead letter, and none of the record as it came. */
    static boolean isAboutLetter(String name) {
        return name.startsWith(CONNECT_PREFIX) || OWN.contains(name);
    }
}
