package dev.decant.kafka;

import dev.decant.audio.DeadLetter;
import dev.decant.audio.DeadLetter.Reason;
import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketFraming;
import dev.decant.audio.PacketHeaders;
import dev.decant.audio.PacketOrigin;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.types.Either;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A Kafka record whose value is an Opus packet into a packet, or into a dead letter if it breaks the contract of {@link PacketHeaders}; never an
 * exception. Of the payload only the length is looked at.
 */
final class PacketRecordReader implements KafkaRecordDeserializationSchema<Either<DeadLetter, OpusPacket>> {
    /** The most streams that a packet can hold: where no OpusHead says less, this many are assumed. */
    static final int MAX_STREAMS = 255;

    /** The least number that a header may hold; {@link OpusPacket#ABSENT} is less. */
    static final long MIN_NUMBER = -Long.MAX_VALUE;

    private static final long MAX_FINAL_RANGE = 0xFFFF_FFFFL;

    private transient OpusHeadCache heads;

    @Override
    public void open(DeserializationSchema.InitializationContext context) {
        heads = new OpusHeadCache();
    }

    @Override
    public void deserialize(
            ConsumerRecord<byte[], byte[]> record, Collector<Either<DeadLetter, OpusPacket>> collector) {
        collector.collect(read(record));
    }

    /** The packet (right), or the dead letter (left). */
    Either<DeadLetter, OpusPacket> read(ConsumerRecord<byte[], byte[]> record) {
        PacketOrigin origin = origin(record);
        try {
            return Either.Right(packet(record, origin));
        } catch (MalformedRecordException e) {
            return Either.Left(e.deadLetter(record));
        }
    }

    /** Whence a record came. */
    static PacketOrigin origin(ConsumerRecord<byte[], byte[]> record) {
        return new PacketOrigin(record.topic(), record.partition(), record.offset(), record.timestamp());
    }

    private OpusPacket packet(ConsumerRecord<byte[], byte[]> record, PacketOrigin origin)
            throws MalformedRecordException {
        String streamId = StreamIds.read(record.key());
        Header sequenceNumber = null;
        Header timestamp = null;
        Header head = null;
        Header link = null;
        Header trimStart = null;
        Header trimEnd = null;
        Header finalRange = null;
        // One pass, parsed afterwards: only the last header of a name counts, so only the last one may be malformed.
        for (Header header : record.headers()) {
            switch (header.key()) {
                case PacketHeaders.SEQUENCE_NUMBER -> sequenceNumber = header;
                case PacketHeaders.TIMESTAMP -> timestamp = header;
                case PacketHeaders.HEAD -> head = header;
                case PacketHeaders.LINK -> link = header;
                case PacketHeaders.TRIM_START -> trimStart = header;
                case PacketHeaders.TRIM_END -> trimEnd = header;
                case PacketHeaders.FINAL_RANGE -> finalRange = header;
                default -> {
                    // Somebody else's.
                }
            }
        }
        OpusHead opusHead = head == null ? null : heads.read(head);
        requireLength(record.value(), opusHead);
        return new OpusPacket(
                streamId,
                record.value(),
                number(sequenceNumber, MIN_NUMBER, Long.MAX_VALUE, OpusPacket.ABSENT),
                number(timestamp, MIN_NUMBER, Long.MAX_VALUE, OpusPacket.ABSENT),
                opusHead,
                number(link, MIN_NUMBER, Long.MAX_VALUE, OpusPacket.ABSENT),
                (int) number(trimStart, 0, Integer.MAX_VALUE, 0),
                (int) number(trimEnd, 0, Integer.MAX_VALUE, 0),
                number(finalRange, 0, MAX_FINAL_RANGE, OpusPacket.ABSENT),
                origin);
    }

    private static long number(Header header, long min, long max, long absent) throws MalformedRecordException {
        return header == null ? absent : DecimalHeader.read(header, min, max);
    }

    private static void requireLength(byte[] payload, OpusHead head) throws MalformedRecordException {
        int streams = head == null ? MAX_STREAMS : head.streamCount();
        if (payload != null && payload.length > streams * PacketFraming.MAX_PACKET_BYTES) {
            throw new MalformedRecordException(
                    Reason.PACKET_TOO_LARGE,
                    "the packet has " + payload.length + " bytes: with " + streams + " streams it has at most "
                            + streams * PacketFraming.MAX_PACKET_BYTES);
        }
    }

    @Override
    public TypeInformation<Either<DeadLetter, OpusPacket>> getProducedType() {
        return KafkaPacketSource.TYPE;
    }
}
