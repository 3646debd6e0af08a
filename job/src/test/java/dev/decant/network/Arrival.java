package dev.decant.network;

import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import dev.decant.audio.RtpCarrier;
import dev.decant.rtp.RtpSettings;
import dev.decant.rtp.RtpWriter;
import dev.decant.rtp.RtpWriter.Copy;
import java.util.ArrayList;
import java.util.List;

/**
 * A record that comes out of the network.
 *
 * @param sender who sent it
 * @param packet what it is
 * @param copies the earlier packets that it brings along, oldest first
 * @param sentAt 48 kHz ticks from the first packet of the stream
 * @param arrivedAt the same
 */
public record Arrival(Sender sender, SentPacket packet, List<SentPacket> copies, long sentAt, long arrivedAt) {
    /** When the stream begins, milliseconds since the epoch. */
    private static final long BEGINNING = 1_700_000_000_000L;

    private static final String TOPIC = "packets";

    private static final int OPUS_PAYLOAD_TYPE = RtpSettings.USUAL_OPUS_PAYLOAD_TYPE;

    /** The Kafka record time, milliseconds since the epoch. */
    public long recordTime() {
        return BEGINNING + arrivedAt / 48;
    }

    /** The RTP packet (RFC 3550; with copies, RFC 2198). */
    public byte[] rtp() {
        RtpWriter writer = new RtpWriter(sender.ssrc(), OPUS_PAYLOAD_TYPE);
        long sequenceNumber = sender.sequenceNumber(packet);
        long timestamp = sender.timestamp(packet);
        if (copies.isEmpty()) {
            return writer.packet(sequenceNumber, timestamp, packet.payload());
        }
        Copy[] blocks = copies.stream()
                .map(copy -> new Copy((int) (packet.timestamp() - copy.timestamp()), copy.payload()))
                .toArray(Copy[]::new);
        return writer.red(sequenceNumber, timestamp, packet.payload(), blocks);
    }

    /** The record as one with headers {@code opus.seq} and {@code opus.timestamp}; copies cannot be carried so. */
    public OpusPacket numbered(String streamId, long offset) {
        return opusPacket(streamId, packet, sender.sequenceNumber(packet), sender.timestamp(packet), offset, null);
    }

    /** What an RTP packet brings: the copies, then the packet itself. */
    public List<OpusPacket> overRtp(String streamId, long offset) {
        List<OpusPacket> packets = new ArrayList<>();
        copies.forEach(copy -> packets.add(overRtp(streamId, copy, true, new byte[0], offset)));
        packets.add(overRtp(streamId, packet, false, rtp(), offset));
        return packets;
    }

    private OpusPacket overRtp(String streamId, SentPacket sent, boolean redundant, byte[] record, long offset) {
        return opusPacket(
                streamId,
                sent,
                sender.sequenceNumber(sent) & 0xFFFF,
                sender.timestamp(sent) & 0xFFFF_FFFFL,
                offset,
                new RtpCarrier(sender.ssrc(), redundant, record));
    }

    private OpusPacket opusPacket(
            String streamId, SentPacket sent, long sequenceNumber, long timestamp, long offset, RtpCarrier rtp) {
        return new OpusPacket(
                streamId,
                sent.payload(),
                sequenceNumber,
                timestamp,
                null,
                OpusPacket.ABSENT,
                0,
                0,
                OpusPacket.ABSENT,
                new PacketOrigin(TOPIC, 0, offset, recordTime()),
                rtp);
    }
}
