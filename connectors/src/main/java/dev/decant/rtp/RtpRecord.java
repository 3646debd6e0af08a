package dev.decant.rtp;

import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import dev.decant.audio.RtpCarrier;
import java.util.Arrays;

/**
 * One record that holds an RTP packet: what all the Opus packets in it have in common.
 *
 * @param bytes the RTP packet
 * @param header its header
 * @param split whether the SSRC tells the stream from others of its key
 */
record RtpRecord(
        byte[] bytes, RtpHeader header, String key, boolean split, OpusHead head, long link, PacketOrigin origin) {
    private static final byte[] NOTHING = {};

    /** The packet of the record's own sequence number and timestamp, whose bytes are those from {@code start} to {@code end}. */
    OpusPacket primary(int start, int end) {
        return packet(copy(start, end), header.sequenceNumber(), header.timestamp(), false);
    }

    /** As {@link #primary}, but without any bytes: its sequence number is taken, and nothing else is known. */
    OpusPacket numberOnly() {
        return packet(NOTHING, header.sequenceNumber(), header.timestamp(), false);
    }

    /**
     * The copy of an earlier packet.
     *
     * @param packetsBefore how many packets it was before this one
     */
    OpusPacket redundant(RedBlock block, int packetsBefore) {
        return packet(
                copy(block.start(), block.end()),
                header.sequenceNumber() - packetsBefore & 0xFFFF,
                header.timestamp() - block.timestampOffset() & 0xFFFF_FFFFL,
                true);
    }

    private byte[] copy(int start, int end) {
        return start == end ? NOTHING : Arrays.copyOfRange(bytes, start, end);
    }

    private OpusPacket packet(byte[] payload, int sequenceNumber, long timestamp, boolean redundant) {
        RtpCarrier carrier = new RtpCarrier(header.ssrc(), redundant, split, redundant ? NOTHING : bytes);
        return new OpusPacket(
                carrier.streamId(key),
                payload,
                sequenceNumber,
                timestamp,
                head,
                link,
                0,
                0,
                OpusPacket.ABSENT,
                origin,
                carrier);
    }
}
