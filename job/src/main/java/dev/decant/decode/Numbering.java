package dev.decant.decode;

import dev.decant.audio.MediaClock;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketFraming;
import dev.decant.audio.PacketOrigin;
import dev.decant.audio.RtpCarrier;

/**
 * Where the sequence numbers of a stream stand, and whether a packet goes on from there. A packet without a number is the
 * one after the newest. Numbers and media times of RTP are unwrapped to the ones nearest to the newest (RFC 3550, appendix
 * A.1).
 *
 * <p>Changed where it lies, with every packet: see {@link SequencedStream}.
 */
final class Numbering {
    /** For how many numbers it is known whether they were played. */
    static final int REMEMBERED = Long.SIZE;

    /** No number is greater, so that no difference of two overflows. */
    private static final long GREATEST = 1L << 61;

    /** RTP counts packets with so many numbers. */
    private static final long CYCLE = 1L << 16;

    /** Where a numbering of RTP begins, so that what comes before its first packet has a number too. */
    private static final long FIRST_CYCLE = CYCLE;

    /** By how much more the media clock may advance than Kafka's record times do. */
    private static final long GENUINE_TICKS = 5L * MediaClock.HZ;

    /** How a packet and a numbering go together. */
    enum Fit {
        /** It goes on from there, or is late, or a duplicate. */
        GOES_ON,
        /** It is the first of a link that counts anew. */
        COUNTS_ANEW,
        /** It is somewhere else altogether; if the next packet is there too, the sender has begun anew. */
        STRAY,
        /** It is of the synchronization source that the stream followed before. */
        FORMER_SSRC
    }

    /** The synchronization source that the stream follows, or {@link OpusPacket#ABSENT}. */
    private long ssrc;
    /** The one that it followed before, or {@link OpusPacket#ABSENT}. */
    private long formerSsrc;
    /** Whether a packet has been played since the numbering began. */
    private boolean started;
    /** The number that is played next; before the start the least one seen. */
    private long next;
    /** Whether the 64 numbers before it were played, the last one in the lowest bit: the others never came in time. */
    private long played;
    /** The greatest number seen, or {@link OpusPacket#ABSENT} of a stream before its first packet. */
    private long newest;
    /** The media time at which its packet ends, or {@link OpusPacket#ABSENT}. */
    private long newestEnd;
    /** The link of the newest packet that named one, or {@link OpusPacket#ABSENT}. */
    private long newestLink;
    /**
     * The record time of the newest packet, of the one that told {@link #newestEnd} if one did, or
     * {@link PacketOrigin#NO_TIME}.
     */
    private long newestRecordTime;
    /** How many packets wait for one before them. */
    private int waiting;

    /** As its accessors give it. */
    Numbering(
            long ssrc,
            long formerSsrc,
            boolean started,
            long next,
            long played,
            long newest,
            long newestEnd,
            long newestLink,
            long newestRecordTime,
            int waiting) {
        this.ssrc = ssrc;
        this.formerSsrc = formerSsrc;
        this.started = started;
        this.next = next;
        this.played = played;
        this.newest = newest;
        this.newestEnd = newestEnd;
        this.newestLink = newestLink;
        this.newestRecordTime = newestRecordTime;
        this.waiting = waiting;
    }

    /** Of a stream before its first packet. */
    Numbering() {
        this(
                OpusPacket.ABSENT,
                OpusPacket.ABSENT,
                false,
                0,
                0,
                OpusPacket.ABSENT,
                OpusPacket.ABSENT,
                OpusPacket.ABSENT,
                PacketOrigin.NO_TIME,
                0);
    }

    /** One that goes its own way. */
    Numbering copy() {
        return new Numbering(
                ssrc, formerSsrc, started, next, played, newest, newestEnd, newestLink, newestRecordTime, waiting);
    }

    /** Begins with {@code first}; the stream may have followed another source before. */
    void begin(OpusPacket first) {
        long source = ssrcOf(first);
        long number = first.sequenceNumber() == OpusPacket.ABSENT
                ? 0
                : first.rtp() == null ? limited(first.sequenceNumber()) : FIRST_CYCLE + first.sequenceNumber();
        formerSsrc = source == ssrc ? formerSsrc : ssrc;
        ssrc = source;
        // Kafka's order is the order of packets without numbers, and nothing comes before number 0.
        started = first.sequenceNumber() == OpusPacket.ABSENT || (number == 0 && first.rtp() == null);
        next = number;
        played = 0;
        newest = number;
        newestEnd = endOf(first, unwrappedTime(first));
        newestLink = first.link();
        newestRecordTime = first.origin().recordTime();
        waiting = 0;
    }

    boolean hasBegun() {
        return newest != OpusPacket.ABSENT;
    }

    /**
     * The number of a packet, unwrapped.
     *
     * @param usualTicks what a packet lasts, by which a long outage of RTP tells how often its numbers have wrapped
     */
    long numberOf(OpusPacket packet, int usualTicks) {
        if (packet.sequenceNumber() == OpusPacket.ABSENT) {
            return newest + 1;
        }
        if (packet.rtp() == null) {
            return limited(packet.sequenceNumber());
        }
        int ahead = (short) (packet.sequenceNumber() - newest);
        long time = timeOf(packet);
        long gap = newestEnd == OpusPacket.ABSENT || time == OpusPacket.ABSENT ? 0 : time - newestEnd;
        // The next number after a long pause is just that.
        boolean near = ahead > 0 && ahead <= REMEMBERED;
        long cycles = near || gap <= 0 ? 0 : Math.floorDiv(gap / usualTicks - ahead + CYCLE / 2, CYCLE);
        return newest + ahead + cycles * CYCLE;
    }

    /**
     * @param number of the packet
     * @param usualTicks what a packet lasts where its media time does not tell
     * @param reach how far behind the newest a packet of a numbering that has not started may be
     */
    Fit fit(OpusPacket packet, long number, int usualTicks, int reach) {
        if (ssrcOf(packet) != ssrc) {
            boolean former = packet.rtp() != null && ssrcOf(packet) == formerSsrc && !isLongAfterNewest(packet);
            return former ? Fit.FORMER_SSRC : Fit.STRAY;
        }
        long ahead = number - newest;
        if (!isOfNewestLink(packet)) {
            boolean far = Math.abs(ahead) > REMEMBERED;
            // Of a copy the link is not known, but that of the packet that it came with.
            boolean mayBegin = packet.link() > newestLink && !packet.isRedundant();
            if (far) {
                return mayBegin ? Fit.COUNTS_ANEW : Fit.STRAY;
            }
            return mayBegin && ahead <= 0 ? Fit.COUNTS_ANEW : Fit.GOES_ON;
        }
        if (number < (started ? next - REMEMBERED : newest - reach)) {
            return Fit.STRAY;
        }
        long time = timeOf(packet);
        if (time == OpusPacket.ABSENT || newestEnd == OpusPacket.ABSENT) {
            return ahead <= 0 || isGenuine(ahead - 1, usualTicks, packet) ? Fit.GOES_ON : Fit.STRAY;
        }
        long gap = time - newestEnd;
        boolean plausible = ahead > 0
                ? gap >= -MediaClock.MAX_PACKET_TICKS && isGenuine(gap, 1, packet) && hasRoomFor(ahead - 1, gap)
                : gap <= 0 && isGenuine(-gap - (1 - ahead) * MediaClock.MAX_PACKET_TICKS, 1, packet);
        return plausible ? Fit.GOES_ON : Fit.STRAY;
    }

    /** Whether {@code packet} is {@code stray} once more. */
    static boolean isRepeated(OpusPacket stray, OpusPacket packet) {
        return ssrcOf(stray) == ssrcOf(packet)
                && stray.sequenceNumber() != OpusPacket.ABSENT
                && stray.sequenceNumber() == packet.sequenceNumber()
                && stray.timestamp() == packet.timestamp();
    }

    /** Whether {@code stray} and {@code packet} are of one sender that began anew, in whatever order they come. */
    static boolean goesOnFrom(OpusPacket stray, OpusPacket packet) {
        if (ssrcOf(stray) != ssrcOf(packet)) {
            return false;
        }
        Numbering begun = new Numbering();
        begun.begin(stray);
        boolean numbered = stray.sequenceNumber() != OpusPacket.ABSENT || packet.sequenceNumber() != OpusPacket.ABSENT;
        long ahead = begun.numberOf(packet, MediaClock.USUAL_PACKET_TICKS) - begun.newest;
        if (numbered && (packet.sequenceNumber() == OpusPacket.ABSENT || ahead == 0 || Math.abs(ahead) > REMEMBERED)) {
            return false;
        }
        long time = begun.timeOf(packet);
        if (time == OpusPacket.ABSENT || begun.newestEnd == OpusPacket.ABSENT) {
            return numbered;
        }
        long gap = time - begun.newestEnd;
        return gap >= (ahead < 0 ? -GENUINE_TICKS : -MediaClock.MAX_PACKET_TICKS) && gap <= GENUINE_TICKS;
    }

    /** A packet has come that goes on from here. */
    void recordHeard(OpusPacket packet, long number) {
        if (number > newest) {
            recordNewest(packet, number);
            return;
        }
        if (!started) {
            next = Math.min(next, number);
        }
        // The newest may not have told its time; one before it tells what is too far.
        if (newestEnd == OpusPacket.ABSENT && isOfNewestLink(packet)) {
            newestEnd = endOf(packet, unwrappedTime(packet));
        }
    }

    /** The next packet has come and was played, and none waits: so it is with most packets of most streams. */
    void recordPlayedInOrder(OpusPacket packet) {
        recordNewest(packet, next);
        recordPlayed();
    }

    private void recordNewest(OpusPacket packet, long number) {
        boolean sameLink = isOfNewestLink(packet);
        long time = sameLink ? timeOf(packet) : unwrappedTime(packet);
        long endBefore = sameLink ? newestEnd : OpusPacket.ABSENT;
        newest = number;
        if (packet.link() != OpusPacket.ABSENT) {
            newestLink = packet.link();
        }
        if (time != OpusPacket.ABSENT) {
            newestEnd = endOf(packet, time);
            newestRecordTime = packet.origin().recordTime();
        } else {
            newestEnd = endBefore;
            // The record time belongs to the media time: gaps of the one are held against gaps of the other.
            if (endBefore == OpusPacket.ABSENT) {
                newestRecordTime = packet.origin().recordTime();
            }
        }
    }

    private boolean isOfNewestLink(OpusPacket packet) {
        return packet.link() == OpusPacket.ABSENT || packet.link() == newestLink;
    }

    /** The least number seen is the first: what is before it will be late. */
    void start() {
        started = true;
    }

    /** The packet with the next number, which waited, was played. */
    void recordPlayedWaiting() {
        recordPlayed();
        waiting--;
    }

    private void recordPlayed() {
        started = true;
        next++;
        played = played << 1 | 1;
    }

    /** The next numbers up to {@code number} never came. */
    void skipTo(long number) {
        long skipped = number - next;
        started = true;
        next = number;
        played = skipped >= REMEMBERED ? 0 : played << skipped;
    }

    /** One more packet waits. */
    void recordWaiting() {
        waiting++;
    }

    /** Whether a number before the next one was played, as far as that is remembered. */
    boolean wasPlayed(long number) {
        long ago = next - 1 - number;
        return ago < REMEMBERED && (played >>> ago & 1) != 0;
    }

    /** Whether a gap is no longer than the one between the record times allows: a wild number must not write a day of silence. */
    private boolean isGenuine(long units, int ticks, OpusPacket packet) {
        long millis = Math.min(Math.max(0, millisAfterNewest(packet)), Timeline.FARTHEST / MediaClock.TICKS_PER_MILLI);
        return units <= (millis * MediaClock.TICKS_PER_MILLI + GENUINE_TICKS) / ticks;
    }

    /** Whether so many packets can have been lost in a gap: each lasts 2.5 ms at least. */
    private static boolean hasRoomFor(long packets, long gap) {
        return packets <= (Math.max(0, gap) + GENUINE_TICKS) / MediaClock.STEP_TICKS;
    }

    /** Whether the stream has been silent for so long that another source may have taken its place. */
    private boolean isLongAfterNewest(OpusPacket packet) {
        return millisAfterNewest(packet) > GENUINE_TICKS / MediaClock.TICKS_PER_MILLI;
    }

    /** By the record times; 0 where they are not known. */
    private long millisAfterNewest(OpusPacket packet) {
        long recordTime = packet.origin().recordTime();
        boolean known = recordTime != PacketOrigin.NO_TIME && newestRecordTime != PacketOrigin.NO_TIME;
        return known ? recordTime - newestRecordTime : 0;
    }

    private long timeOf(OpusPacket packet) {
        return timeNear(newestEnd == OpusPacket.ABSENT ? packet.timestamp() : newestEnd, packet);
    }

    /** The media time where nothing is near. */
    private static long unwrappedTime(OpusPacket packet) {
        return timeNear(packet.timestamp(), packet);
    }

    /** A packet that is number only tells no time: a telephone event has that of its beginning (RFC 4733). */
    private static long timeNear(long near, OpusPacket packet) {
        return packet.isNumberOnly() ? OpusPacket.ABSENT : Timeline.mediaTime(packet, near);
    }

    private static long endOf(OpusPacket packet, long time) {
        return time == OpusPacket.ABSENT ? time : time + PacketFraming.statedDuration(packet.payload());
    }

    private static long ssrcOf(OpusPacket packet) {
        RtpCarrier rtp = packet.rtp();
        return rtp == null ? OpusPacket.ABSENT : rtp.ssrc();
    }

    private static long limited(long number) {
        return Math.max(-GREATEST, Math.min(GREATEST, number));
    }

    long ssrc() {
        return ssrc;
    }

    long formerSsrc() {
        return formerSsrc;
    }

    boolean started() {
        return started;
    }

    long next() {
        return next;
    }

    long played() {
        return played;
    }

    long newest() {
        return newest;
    }

    long newestEnd() {
        return newestEnd;
    }

    long newestLink() {
        return newestLink;
    }

    long newestRecordTime() {
        return newestRecordTime;
    }

    int waiting() {
        return waiting;
    }
}
