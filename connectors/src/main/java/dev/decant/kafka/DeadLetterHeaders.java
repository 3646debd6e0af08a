package dev.decant.kafka;

/**
 * The headers of a dead-letter record, values UTF-8 text: those of Kafka Connect's dead-letter queues (its class
 * {@code DeadLetterQueueReporter}), so that tools made for these read ours, and a few of our own.
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

    /** Only where the key was cut to what a record may hold: its length before, in bytes, decimal. */
    public static final String KEY_BYTES = "decant.key-bytes";

    /** Only where the value was cut to what a record may hold: its length before, in bytes, decimal. */
    public static final String VALUE_BYTES = "decant.value-bytes";

    private DeadLetterHeaders() {}
}
