package dev.decant.decode;

import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;

/**
 * What the sequencer remembers of a stream: keyed state, one small record a stream.
 *
 * @param linkNumber the link that the stream is in, or {@link OpusPacket#ABSENT}
 * @param head its header, or null
 * @param link what it settles
 * @param segment of the link, or {@link #NO_SEGMENT} as long as nothing of the stream could be decoded
 * @param clock 48 kHz ticks from the start of the segment to the next packet
 * @param usualTicks how long the last packet was: what a lost one is taken to have lasted
 */
record SequencedStream(long linkNumber, OpusHead head, LinkSettings link, int segment, long clock, int usualTicks) {
    /** One before the first. */
    static final int NO_SEGMENT = -1;

    /** Whether there have been steps. */
    boolean hasSegment() {
        return segment != NO_SEGMENT;
    }

    /** The stream after {@code ticks} more. */
    SequencedStream after(int ticks) {
        return new SequencedStream(linkNumber, head, link, segment, clock + ticks, ticks);
    }

    /**
     * Whether {@code packet} belongs to another link: its number is another one, or its header is. A packet that does
     * not tell goes on with the link.
     */
    boolean isLeftBy(OpusPacket packet) {
        return (packet.link() != OpusPacket.ABSENT && packet.link() != linkNumber)
                || (packet.head() != null
                        && packet.head() != head
                        && !packet.head().equals(head));
    }
}
