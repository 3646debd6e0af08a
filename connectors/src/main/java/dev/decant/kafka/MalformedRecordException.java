package dev.decant.kafka;

import dev.decant.audio.CarrierHeader;
import dev.decant.audio.DeadLetter;
import dev.decant.audio.DeadLetter.Reason;
import dev.decant.audio.DeadLetter.Stage;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** A record breaks the contract. Made without a stack trace: a flood of broken records must stay cheap. */
final class MalformedRecordException extends Exception {
    private final Reason reason;

    MalformedRecordException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    /** The dead letter of the record that this is about. */
    DeadLetter deadLetter(ConsumerRecord<byte[], byte[]> record) {
        return new DeadLetter(
                record.key(),
                record.value(),
                headers(record),
                PacketRecordReader.origin(record),
                Stage.READ,
                reason,
                getMessage());
    }

    private static List<CarrierHeader> headers(ConsumerRecord<byte[], byte[]> record) {
        List<CarrierHeader> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(new CarrierHeader(header.key(), header.value()));
        }
        return headers;
    }
}
