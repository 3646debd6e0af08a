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
 * @param linkNumber the link that the stream is in, or {@link OpusPacket#ABSENT}
 * @param head its header, or null
 * @param refusal why the link cannot be decoded, or null if it can
 * @param link what it settles; while it cannot be decoded, what the link before it settled
 * @param segment counts up from 0, or {@link #NO_SEGMENT} as long as nothing of the stream could be decoded
 * @param discontinuous whether the next packet begins a segment, although it is of the same link
 * @param clock from the start of the segment to the next packet
 * @param mediaStart the media time at which the clock is 0, or {@link OpusPacket#ABSENT} as long as no packet told one
 * @param recordStart the record time, in milliseconds, at which the media time is 0, as the segment's first packet has it; or
 *     {@link PacketOrigin#NO_TIME}
 * @param usualTicks how long the last packet was: what a lost one is taken to have lasted where no media time tells
 * @param frameTicks how long its frames were
 * @param mode their mode, or null before the first packet of a segment
 * @param lost packets before the next one that were lost and have not been made up for
 * @param lostTrimStart what is to be dropped from the start of the first of them
 * @param lostTrimEnd what is to be dropped from the end of the last of them
 */
record Timeline(
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

    /** One before the first. */
    static final int NO_SEGMENT = -1;

    /** No media time comes so far, 186 years; and nothing that is reckoned with two that do overflows. */
    static final long FARTHEST = 1L << 48;

    /** Of a stream before its first packet. */
    static final Timeline NONE = new Timeline(
            OpusPacket.ABSENT,
            null,
            null,
            new LinkSettings(ChannelLayout.USUAL_CHANNELS, 0, 0),
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
