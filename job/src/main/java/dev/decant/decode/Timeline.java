package dev.decant.decode;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.MediaClock;
import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import dev.decant.audio.Toc;

/**
 * Where the timeline of a stream stands, between two packets. All times are 48 kHz ticks.
 *
 * <p>Changed where it lies, with every packet, by {@link Playout} alone: see {@link SequencedStream}.
 */
final class Timeline {
    /** One before the first. */
    static final int NO_SEGMENT = -1;

    /** No media time comes so far, 186 years; and nothing that is reckoned with two that do overflows. */
    static final long FARTHEST = 1L << 48;

    private static final LinkSettings NO_LINK = new LinkSettings(ChannelLayout.USUAL_CHANNELS, 0, 0);

    /** The link that the stream is in, or {@link OpusPacket#ABSENT}. */
    long linkNumber;
    /** Its header, or null. */
    OpusHead head;
    /** Why the link cannot be decoded, or null if it can. */
    String refusal;
    /** What it settles; while it cannot be decoded, what the link before it settled. */
    LinkSettings link;
    /** Counts up from 0, or {@link #NO_SEGMENT} as long as nothing of the stream could be decoded. */
    int segment;
    /** Whether the next packet begins a segment, although it is of the same link. */
    boolean discontinuous;
    /** From the start of the segment to the next packet. */
    long clock;
    /** The media time at which the clock is 0, or {@link OpusPacket#ABSENT} as long as no packet told one. */
    long mediaStart;
    /**
     * The record time, in milliseconds, at which the media time is 0, as the segment's first packet has it; or
     * {@link PacketOrigin#NO_TIME}.
     */
    long recordStart;
    /** How long the last packet was: what a lost one is taken to have lasted where no media time tells. */
    int usualTicks;
    /** How long its frames were. */
    int frameTicks;
    /** Their mode, or null before the first packet of a segment. */
    Toc.Mode mode;
    /** Packets before the next one that were lost and have not been made up for. */
    long lost;
    /** What is to be dropped from the start of the first of them. */
    int lostTrimStart;
    /** What is to be dropped from the end of the last of them. */
    int lostTrimEnd;

    /** As its fields say. */
    Timeline(
            long linkNumber,
            OpusHead head,
            String refusal,
            LinkSettings link,
            int segment,
            boolean discontinuous,
            long clock,
            long mediaStart,
            long recordStart,
            int usualTicks,
            int frameTicks,
            Toc.Mode mode,
            long lost,
            int lostTrimStart,
            int lostTrimEnd) {
        this.linkNumber = linkNumber;
        this.head = head;
        this.refusal = refusal;
        this.link = link;
        this.segment = segment;
        this.discontinuous = discontinuous;
        this.clock = clock;
        this.mediaStart = mediaStart;
        this.recordStart = recordStart;
        this.usualTicks = usualTicks;
        this.frameTicks = frameTicks;
        this.mode = mode;
        this.lost = lost;
        this.lostTrimStart = lostTrimStart;
        this.lostTrimEnd = lostTrimEnd;
    }

    /** Of a stream before its first packet. */
    Timeline() {
        this(
                OpusPacket.ABSENT,
                null,
                null,
                NO_LINK,
                NO_SEGMENT,
                false,
                0,
                OpusPacket.ABSENT,
                PacketOrigin.NO_TIME,
                MediaClock.USUAL_PACKET_TICKS,
                MediaClock.USUAL_PACKET_TICKS,
                null,
                0,
                0,
                0);
    }

    /** One that goes its own way. */
    Timeline copy() {
        return new Timeline(
                linkNumber,
                head,
                refusal,
                link,
                segment,
                discontinuous,
                clock,
                mediaStart,
                recordStart,
                usualTicks,
                frameTicks,
                mode,
                lost,
                lostTrimStart,
                lostTrimEnd);
    }

    /** Whether there is a loss that nothing has been made up for. */
    boolean hasLoss() {
        return lost > 0;
    }

    /**
     * The media time of a packet, unwrapped.
     *
     * @param near of RTP, whose 32 bits wrap (RFC 3550, section 5.1), the time that is nearest to this
     */
    static long mediaTime(OpusPacket packet, long near) {
        if (packet.timestamp() == OpusPacket.ABSENT) {
            return OpusPacket.ABSENT;
        }
        return packet.rtp() == null
                ? Math.max(-FARTHEST, Math.min(FARTHEST, packet.timestamp()))
                : near + (int) (packet.timestamp() - near);
    }
}
