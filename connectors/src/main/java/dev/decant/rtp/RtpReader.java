package dev.decant.rtp;

import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.metrics.MetricGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads RTP packets as Opus packets (RFC 3550, RFC 7587), with the redundant copies that they carry (RFC 2198). Nothing is
 * remembered from one to the next: numbers stay as RTP has them, 16 and 32 bits. For one thread at a time.
 */
public final class RtpReader {
    private static final Logger LOG = LoggerFactory.getLogger(RtpReader.class);

    private final boolean[] isOpus;
    private final boolean[] isRed;
    /** Payload types of which the log has told: each once, since they come in floods. */
    private final boolean[] isKnown = new boolean[RtpSettings.PAYLOAD_TYPES];

    private final boolean splits;
    private final RtpMetrics metrics;

    /**
     * A reader for packets of the payload types that {@code settings} name.
     *
     * @param reader the group that {@link RtpMetrics} go to
     */
    public RtpReader(RtpSettings settings, MetricGroup reader) {
        isOpus = table(settings.opusPayloadTypes());
        isRed = table(settings.redPayloadTypes());
        splits = settings.severalSsrcs() == RtpSettings.SeveralSsrcs.SPLIT;
        metrics = new RtpMetrics(reader);
    }

    /**
     * The packets in one record: redundant copies, the oldest first, then the packet of the record's own number. That one
     * is there for every RTP packet; it takes its number and nothing else if it has no payload, or one that is not Opus. RTCP
     * gives none. The payloads are copies, {@code record} is kept as it is.
     *
     * @param record the bytes; not to be changed
     * @param key the key of the record: the stream ID, or what it begins with if several SSRCs are split
     * @param head what came beside the record, or null
     * @param link what came beside the record, or {@link OpusPacket#ABSENT}
     * @throws MalformedRtpException if it is neither RTP nor RTCP, or there is no telling where its payload stands
     */
    public List<OpusPacket> read(byte[] record, String key, OpusHead head, long link, PacketOrigin origin)
            throws MalformedRtpException {
        if (RtpHeader.isRtcp(record)) {
            metrics.recordRtcp();
            return List.of();
        }
        RtpHeader header = RtpHeader.parse(record);
        RtpRecord rtp = new RtpRecord(record, header, key, splits, head, link, origin);
        if (isRed[header.payloadType()] && header.hasPayload()) {
            return redundantPackets(rtp);
        }
        return List.of(primary(rtp, header.payloadType(), header.payloadStart(), header.payloadEnd()));
    }

    private List<OpusPacket> redundantPackets(RtpRecord rtp) throws MalformedRtpException {
        RtpHeader header = rtp.header();
        List<RedBlock> blocks = RedBlock.parse(rtp.bytes(), header.payloadStart(), header.payloadEnd());
        int last = blocks.size() - 1;
        List<OpusPacket> packets = new ArrayList<>(blocks.size());
        for (int i = 0; i < last; i++) {
            RedBlock block = blocks.get(i);
            if (block.isEmpty()) {
                continue;
            }
            // A copy that claims the primary packet's own time would come out twice.
            if (isOpus[block.payloadType()] && block.timestampOffset() != 0) {
                // RFC 2198 gives copies a time and no number. Senders put the packets just before this one into
                // it, each once, and an empty block where there is nothing to repeat: the place tells the number.
                packets.add(rtp.redundant(block, last - i));
            } else {
                metrics.recordIgnoredPayload();
            }
        }
        RedBlock primary = blocks.get(last);
        packets.add(primary(rtp, primary.payloadType(), primary.start(), primary.end()));
        return packets;
    }

    private OpusPacket primary(RtpRecord rtp, int payloadType, int start, int end) {
        if (isOpus[payloadType] || start == end) {
            return rtp.primary(start, end);
        }
        metrics.recordIgnoredPayload();
        if (!isKnown[payloadType]) {
            isKnown[payloadType] = true;
            LOG.info("Payload type {} is not decoded: rtp.opus-payload-types does not name it", payloadType);
        }
        return rtp.numberOnly();
    }

    private static boolean[] table(List<Integer> payloadTypes) {
        boolean[] contains = new boolean[RtpSettings.PAYLOAD_TYPES];
        payloadTypes.forEach(payloadType -> contains[payloadType] = true);
        return contains;
    }
}
