package dev.decant.rtp;

import java.util.ArrayList;
import java.util.List;

/**
 * One block of redundant audio data (RFC 2198, section 3): a copy of an earlier payload, or the primary one, which comes
 * last.
 *
 * @param payloadType of what is in the block, 0 to 127
 * @param timestampOffset how much earlier than the RTP packet's the block's timestamp is, 14 bit, 48 kHz ticks; 0 for the
 *     primary block
 * @param start the index of its first byte in the RTP packet
 * @param end the index behind its last one
 */
record RedBlock(int payloadType, int timestampOffset, int start, int end) {
    private static final int HEADER_BYTES = 4;

    /** What WebRTC agrees to at most. Each block becomes a packet that refers to the whole record, so there must be a limit. */
    private static final int MAX_REDUNDANT_BLOCKS = 32;

    /**
     * The blocks of a payload, in their order: the primary one is the last.
     *
     * @param packet the whole RTP packet
     * @param start the index of the payload's first byte
     * @param end the index behind its last one
     * @throws MalformedRtpException if there is no telling where the primary block stands
     */
    static List<RedBlock> parse(byte[] packet, int start, int end) throws MalformedRtpException {
        int primaryHeader = primaryHeader(packet, start, end);
        int redundantBlocks = (primaryHeader - start) / HEADER_BYTES;
        List<RedBlock> blocks = new ArrayList<>(redundantBlocks + 1);
        int blockStart = primaryHeader + 1;
        for (int header = start; header < primaryHeader; header += HEADER_BYTES) {
            int offsetAndLength =
                    (packet[header + 1] & 0xFF) << 16 | (packet[header + 2] & 0xFF) << 8 | packet[header + 3] & 0xFF;
            int length = offsetAndLength & 0x3FF;
            blocks.add(new RedBlock(packet[header] & 0x7F, offsetAndLength >> 10, blockStart, blockStart + length));
            blockStart += length;
        }
        if (blockStart > end) {
            throw new MalformedRtpException("the redundant blocks of the RTP packet end at " + blockStart
                    + ", its payload at " + end + " (RFC 2198, section 3)");
        }
        blocks.add(new RedBlock(packet[primaryHeader] & 0x7F, 0, blockStart, end));
        return blocks;
    }

    boolean isEmpty() {
        return end == start;
    }

    /** The index of the primary block's header, one byte, before which the others stand: their first bit says so. */
    private static int primaryHeader(byte[] packet, int start, int end) throws MalformedRtpException {
        int header = start;
        while (header < end && packet[header] < 0) {
            header += HEADER_BYTES;
        }
        if (header >= end) {
            throw new MalformedRtpException("the payload of the RTP packet ends at " + end
                    + ", before the header of its primary block (RFC 2198, section 3)");
        }
        int redundantBlocks = (header - start) / HEADER_BYTES;
        if (redundantBlocks > MAX_REDUNDANT_BLOCKS) {
            throw new MalformedRtpException("the RTP packet has " + redundantBlocks + " redundant blocks: at most "
                    + MAX_REDUNDANT_BLOCKS + " are read");
        }
        return header;
    }
}
