package dev.decant.kafka;

import dev.decant.audio.DeadLetter;
import dev.decant.audio.DeadLetter.Reason;
import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketHeaders;
import dev.decant.audio.RtpCarrier;
import dev.decant.rtp.MalformedRtpException;
import dev.decant.rtp.RtpReader;
import dev.decant.rtp.RtpSettings;
import dev.decant.rtp.RtpSettings.SeveralSsrcs;
import java.util.List;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.types.Either;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A Kafka record whose value is an RTP packet into the packets in it, or into one dead letter if it breaks the contract of
 * {@link PacketHeaders} or is no RTP packet; never an exception.
 */
final class RtpRecordReader implements KafkaRecordDeserializationSchema<Either<DeadLetter, OpusPacket>> {
    private final RtpSettings settings;

    private transient OpusHeadCache heads;
    private transient RtpReader rtp;

    RtpRecordReader(RtpSettings settings) {
        this.settings = settings;
    }

    @Override
    public void open(DeserializationSchema.InitializationContext context) {
        heads = new OpusHeadCache();
        rtp = new RtpReader(settings, context.getMetricGroup());
    }

    @Override
    public void deserialize(
            ConsumerRecord<byte[], byte[]> record, Collector<Either<DeadLetter, OpusPacket>> collector) {
        List<OpusPacket> packets;
        try {
            packets = read(record);
        } catch (MalformedRecordException e) {
            collector.collect(Either.Left(e.deadLetter(record)));
            return;
        }
        for (OpusPacket packet : packets) {
            collector.collect(Either.Right(packet));
        }
    }

    private List<OpusPacket> read(ConsumerRecord<byte[], byte[]> record) throws MalformedRecordException {
        String key = StreamIds.read(record.key());
        if (record.value() == null) {
            return List.of(end(key, record));
        }
        Header head = null;
        Header link = null;
        for (Header header : record.headers()) {
            switch (header.key()) {
                case PacketHeaders.HEAD -> head = header;
                case PacketHeaders.LINK -> link = header;
                default -> {
                    // Somebody else's, or of a packet that comes without RTP.
                }
            }
        }
        OpusHead opusHead = head == null ? null : heads.read(head);
        long linkNumber = link == null
                ? OpusPacket.ABSENT
                : DecimalHeader.read(link, PacketRecordReader.MIN_NUMBER, Long.MAX_VALUE);
        try {
            List<OpusPacket> packets =
                    rtp.read(record.value(), key, opusHead, linkNumber, PacketRecordReader.origin(record));
            if (splits() && !packets.isEmpty()) {
                // They are all of one SSRC, and so of one stream.
                StreamIds.requireLength(packets.get(0).streamId());
            }
            return packets;
        } catch (MalformedRtpException e) {
            throw new MalformedRecordException(Reason.MALFORMED_RTP, e.getMessage());
        }
    }

    /** A key that stands for several streams does not say which of them is over: a header must. */
    private OpusPacket end(String key, ConsumerRecord<byte[], byte[]> record) throws MalformedRecordException {
        if (!splits()) {
            return OpusPacket.end(key, PacketRecordReader.origin(record));
        }
        Header ssrc = record.headers().lastHeader(PacketHeaders.SSRC);
        if (ssrc == null) {
            throw new MalformedRecordException(
                    Reason.MALFORMED_HEADER,
                    "the null value has no header " + PacketHeaders.SSRC
                            + ": where SSRCs are split, it must say which of the key's streams ends");
        }
        String streamId = RtpCarrier.splitStreamId(key, DecimalHeader.read(ssrc, 0, RtpCarrier.MAX_SSRC));
        StreamIds.requireLength(streamId);
        return OpusPacket.end(streamId, PacketRecordReader.origin(record));
    }

    private boolean splits() {
        return settings.severalSsrcs() == SeveralSsrcs.SPLIT;
    }

    @Override
    public TypeInformation<Either<DeadLetter, OpusPacket>> getProducedType() {
        return KafkaPacketSource.TYPE;
    }
}
