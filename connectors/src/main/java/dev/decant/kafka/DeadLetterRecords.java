package dev.decant.kafka;

import static dev.decant.kafka.RequiredHeaders.header;
import static dev.decant.kafka.RequiredHeaders.malformed;
import static dev.decant.kafka.RequiredHeaders.refusal;
import static dev.decant.kafka.RequiredHeaders.text;

import dev.decant.audio.CarrierHeader;
import dev.decant.audio.DeadLetter;
import dev.decant.audio.DeadLetter.Reason;
import dev.decant.audio.DeadLetter.Stage;
import dev.decant.audio.PacketOrigin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Reads the records of a dead-letter topic: for consumers in Java. */
public final class DeadLetterRecords {
    private DeadLetterRecords() {}

    /**
     * The dead letter in {@code record}. Its headers are those of the record as it came, {@link DeadLetterHeaders#REPLAYS}
     * included; its message may have been shortened. Whether key, value and headers are all that came, {@link #missing}
     * tells.
     *
     * @throws IllegalArgumentException if the record breaks the contract of {@link DeadLetterHeaders}; the message names
     *     the record and what is wrong
     */
    public static DeadLetter read(ConsumerRecord<byte[], byte[]> record) {
        try {
            return letter(record);
        } catch (MalformedRecordException e) {
            throw refusal(record, e);
        }
    }

    /**
     * What {@code record} lacks of what came, since a record may not be longer than its topic takes: in words for a
     * message, or empty if nothing was cut.
     *
     * @throws IllegalArgumentException if a header that says so holds no number
     */
    public static Optional<String> missing(ConsumerRecord<byte[], byte[]> record) {
        try {
            return whatWasCut(record);
        } catch (MalformedRecordException e) {
            throw refusal(record, e);
        }
    }

    private static DeadLetter letter(ConsumerRecord<byte[], byte[]> record) throws MalformedRecordException {
        return new DeadLetter(
                record.key(),
                record.value(),
                asTheyCame(record),
                origin(record),
                constant(Stage.class, record, DeadLetterHeaders.STAGE),
                constant(Reason.class, record, DeadLetterHeaders.REASON),
                text(record, DeadLetterHeaders.EXCEPTION_MESSAGE));
    }

    private static Optional<String> whatWasCut(ConsumerRecord<byte[], byte[]> record) throws MalformedRecordException {
        List<String> cut = new ArrayList<>();
        Header keyBytes = record.headers().lastHeader(DeadLetterHeaders.KEY_BYTES);
        if (keyBytes != null) {
            cut.add(partOf("key", record.key(), keyBytes));
        }
        Header valueBytes = record.headers().lastHeader(DeadLetterHeaders.VALUE_BYTES);
        if (valueBytes != null) {
            cut.add(partOf("value", record.value(), valueBytes));
        }
        Header leftOut = record.headers().lastHeader(DeadLetterHeaders.HEADERS_LEFT_OUT);
        if (leftOut != null) {
            cut.add("the last " + count(leftOut) + " of its headers are left out");
        }
        return cut.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", cut));
    }

    private static String partOf(String part, byte[] left, Header bytes) throws MalformedRecordException {
        return "its " + part + " is cut to " + RecordBytes.length(left) + " of " + count(bytes) + " bytes";
    }

    private static long count(Header header) throws MalformedRecordException {
        return DecimalHeader.read(header, 0, Long.MAX_VALUE);
    }

    private static List<CarrierHeader> asTheyCame(ConsumerRecord<byte[], byte[]> record) {
        List<CarrierHeader> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            if (!DeadLetterHeaders.isAboutLetter(header.key())) {
                headers.add(new CarrierHeader(header.key(), header.value()));
            }
        }
        return headers;
    }

    private static PacketOrigin origin(ConsumerRecord<byte[], byte[]> record) throws MalformedRecordException {
        Header time = record.headers().lastHeader(DeadLetterHeaders.RECORD_TIME);
        return new PacketOrigin(
                text(record, DeadLetterHeaders.TOPIC),
                (int) DecimalHeader.read(header(record, DeadLetterHeaders.PARTITION), 0, Integer.MAX_VALUE),
                DecimalHeader.read(header(record, DeadLetterHeaders.OFFSET), 0, Long.MAX_VALUE),
                time == null ? PacketOrigin.NO_TIME : DecimalHeader.read(time, 0, Long.MAX_VALUE));
    }

    private static <E extends Enum<E>> E constant(Class<E> type, ConsumerRecord<byte[], byte[]> record, String name)
            throws MalformedRecordException {
        String word = text(record, name);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(word)) {
                return constant;
            }
        }
        throw malformed("header " + name + " holds "
                + DecimalHeader.shown(header(record, name).value()) + ": take "
                + Arrays.stream(type.getEnumConstants()).map(Enum::name).collect(Collectors.joining(", ")));
    }
}
