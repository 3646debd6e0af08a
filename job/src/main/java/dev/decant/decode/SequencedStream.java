package dev.decant.decode;

import dev.decant.audio.MediaClock;
import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;

/**
 * What the sequencer remembers of a stream: keyed state, one small record a stream. A stream has a timer from its first
 * packet with a record time on; before it, {@code lastRecordTime}, {@code lastOrigin} and {@code timer} say nothing.
 *
 * @param linkNumber the link that the stream is in, or {@link OpusPacket#ABSENT}
 * @param head its header, or null
 * @param refusal why it cannot be decoded, or null if it can
 * @param link what it settles; while it cannot be decoded, what the link before it settled
 * @param segment of the link, or {@link #NO_SEGMENT} as long as nothing of the stream could be decoded
 * @param clock 48 kHz ticks from the start of the segment to the next packet
 * @param usualTicks how long the last packet was: what a lost one is taken to have lasted
 * @param lastRecordTime the greatest record time of the stream's packets, or {@link PacketOrigin#NO_TIME}
 * @param lastOrigin of the last packet with a record time, or null
 * @param timer the processing time of the stream's timer, or {@link #NO_TIMER}
 * @param idle whether no packet has come since the timer was set
 */
record SequencedStream(
        long linkNumber,
        OpusHead head,
        String refusal,
        LinkSettings link,
        int segment,
        long clock,
        int usualTicks,
        long lastRecordTime,
        PacketOrigin lastOrigin,
        long timer,
        boolean idle) {

    /** One before the first. */
    static final int NO_SEGMENT = -1;

    /** The time of the timer of a stream without one. */
    static final long NO_TIMER = Long.MIN_VALUE;

    /** Output channels where neither an option nor a header says: a decoder gives stereo for either. */
    static final int USUAL_CHANNELS = 2;

    /** A stream before its first packet. */
    static final SequencedStream UNSEEN = new SequencedStream(
            OpusPacket.ABSENT,
            null,
            null,
            new LinkSettings(USUAL_CHANNELS, 0, 0),
            NO_SEGMENT,
            0,
            MediaClock.USUAL_PACKET_TICKS,
            PacketOrigin.NO_TIME,
            null,
            NO_TIMER,
            false);

    /** Whether there have been steps. */
    boolean hasSegment() {
        return segment != NO_SEGMENT;
    }

    boolean hasTimer() {
        return timer != NO_TIMER;
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

    /** Whether the stream's last packet was recorded more than {@code millis} before {@code until}; false where either is not known. */
    boolean isSilentLongerThan(long millis, long until) {
        return lastRecordTime != PacketOrigin.NO_TIME && until - lastRecordTime > millis;
    }

    /** The stream in the link that {@code first} begins: a new segment. */
    SequencedStream inLink(OpusPacket first, LinkSettings settings) {
        return new SequencedStream(
                first.link(),
                first.head(),
                null,
                settings,
                segment + 1,
                0,
                MediaClock.USUAL_PACKET_TICKS,
                lastRecordTime,
                lastOrigin,
                timer,
                idle);
    }

    /**
     * The stream in a link that {@code first} begins and that cannot be decoded. The link is remembered by its header,
     * since only its first packet need have one. It is no segment: the next link that can be decoded follows the segment
     * before it.
     *
     * @param why in one sentence
     */
    SequencedStream inUnsupportedLink(OpusPacket first, String why) {
        return new SequencedStream(
                first.link(),
                first.head(),
                why,
                link,
                segment,
                clock,
                usualTicks,
                lastRecordTime,
                lastOrigin,
                timer,
                idle);
    }

    /** The stream after a packet that took {@code ticks} of its time. */
    SequencedStream after(PacketOrigin origin, int ticks, long timer) {
        return heard(origin, clock + ticks, ticks, timer);
    }

    /** The stream after a packet that was given up. */
    SequencedStream after(PacketOrigin origin, long timer) {
        return heard(origin, clock, usualTicks, timer);
    }

    /** The stream whose timer is set anew, for {@code timer}. */
    SequencedStream idleUntil(long timer) {
        return new SequencedStream(
                linkNumber, head, refusal, link, segment, clock, usualTicks, lastRecordTime, lastOrigin, timer, true);
    }

    private SequencedStream heard(PacketOrigin origin, long clock, int usualTicks, long timer) {
        boolean isTimed = origin.recordTime() != PacketOrigin.NO_TIME;
        return new SequencedStream(
                linkNumber,
                head,
                refusal,
                link,
                segment,
                clock,
                usualTicks,
                Math.max(lastRecordTime, origin.recordTime()),
                isTimed ? origin : lastOrigin,
                timer,
                false);
    }
}
