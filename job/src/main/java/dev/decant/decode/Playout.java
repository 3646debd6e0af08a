package dev.decant.decode;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.DeadLetter.Reason;
import dev.decant.audio.MalformedPacketException;
import dev.decant.audio.MediaClock;
import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketContents;
import dev.decant.audio.PacketFraming;
import dev.decant.audio.PacketOrigin;
import dev.decant.audio.Toc;
import dev.decant.audio.UnsupportedLayoutException;
import dev.decant.decode.DecodeMetrics.Use;
import dev.decant.decode.DecodeStep.Kind;

/**
 * Turns the packets of a stream, in their order, into decode steps: starts links and segments, keeps the clock, makes up for
 * what was lost. Works on one stream at a time, whose {@link Timeline} it changes.
 *
 * <p>What was lost is made up for when the next packet is there, since that one may carry the last lost frame once more:
 * first the decoder conceals, as much as may be; what is longer is filled; then the last frame is recovered; then the
 * packet is decoded. Media time that passed without a packet having been lost is no loss: nobody spoke, and the decoder
 * makes comfort noise.
 */
final class Playout {
    /** A longer pause is filled: nobody listens to an hour of noise, and a step is no more than 120 ms of it. */
    private static final long MAX_COMFORT_NOISE_TICKS = 3_600L * MediaClock.HZ;

    /** What SILK conceals is at least 10 ms, and a multiple of it (opus_decoder.c, opus_decode_frame). */
    private static final int SILK_STEP_TICKS = 480;

    /** Where the steps go, and the packets that cannot be used. */
    interface Output {
        void step(DecodeStep step);

        void deadLetter(OpusPacket packet, Reason reason, String message);
    }

    private final Integer channels;
    private final int maxStreams;
    private final long maxConcealmentTicks;
    private final DecodeMetrics.OfSequencer metrics;

    private Output output;
    private Timeline timeline;

    /**
     * @param channels 1 or 2 for the output of every stream; null: what each stream's header says
     * @param maxStreams the most Opus streams that a packet may hold
     */
    Playout(Integer channels, int maxStreams, long maxConcealmentTicks, DecodeMetrics.OfSequencer metrics) {
        this.channels = channels;
        this.maxStreams = maxStreams;
        this.maxConcealmentTicks = maxConcealmentTicks;
        this.metrics = metrics;
    }

    /** Goes on with another stream, whose timeline it changes. */
    void take(Timeline other, Output to) {
        output = to;
        timeline = other;
    }

    /** The next packet of the stream, or word that it was lost. */
    void play(OpusPacket packet) {
        if (packet.isNumberOnly()) {
            metrics.recordNumberOnly();
            return;
        }
        if (isLeftBy(packet)) {
            makeUpForLoss(packet);
            startLink(packet);
        } else if (timeline.discontinuous && timeline.refusal == null) {
            startSegmentOfSameLink(packet);
        }
        if (timeline.refusal != null) {
            timeline.lost = 0;
            if (packet.isRedundant()) {
                metrics.recordRedundantPacket(Use.UNUSED);
            } else {
                output.deadLetter(packet, Reason.UNSUPPORTED_STREAM, timeline.refusal);
            }
            return;
        }
        int ticks = usableTicks(packet);
        if (ticks == 0) {
            timeline.lost++;
            timeline.lostTrimStart = timeline.lost == 1 ? packet.trimStart() : timeline.lostTrimStart;
            timeline.lostTrimEnd = packet.trimEnd();
            return;
        }
        catchUp(packet, ticks);
        Toc toc = Toc.of(packet.payload()[0]);
        timeline.usualTicks = ticks;
        timeline.frameTicks = toc.frameTicks();
        timeline.mode = toc.mode();
        long keepFrom = timeline.clock + packet.trimStart();
        emit(Kind.PACKET, packet, ticks, ticks, keepFrom, timeline.clock + ticks - packet.trimEnd());
    }

    /** So many packets never came. */
    void skip(long packets) {
        timeline.lost += packets;
        timeline.lostTrimEnd = 0;
        metrics.recordLost(packets);
    }

    /** The packets before and the ones to come are no one timeline: a segment ends, and the next packet begins another. */
    void breakOff(OpusPacket next) {
        makeUpForLoss(next);
        timeline.discontinuous = timeline.segment != Timeline.NO_SEGMENT;
    }

    /**
     * Makes up for what was lost, without the packet after it; of a link that cannot be decoded nothing is made up.
     *
     * @param witness by which it became known that none follows
     */
    void makeUpForLoss(OpusPacket witness) {
        if (timeline.lost == 0) {
            return;
        }
        long ticks = timeline.lost * timeline.usualTicks;
        if (timeline.segment != Timeline.NO_SEGMENT && !timeline.discontinuous && timeline.refusal == null) {
            conceal(witness, ticks, timeline.clock + ticks - timeline.lostTrimEnd);
        }
        forgetLoss();
    }

    /** Tells that the stream is over, if any of it was decoded. */
    void end(OpusPacket last) {
        if (timeline.segment != Timeline.NO_SEGMENT) {
            mark(Kind.END, last);
        }
    }

    /** What a packet lasts where no media time tells. */
    int usualTicks() {
        return timeline.usualTicks;
    }

    /** The media time up to which the stream has been played, or {@link OpusPacket#ABSENT}. */
    long mediaTime() {
        return timeline.mediaStart == OpusPacket.ABSENT || timeline.discontinuous
                ? OpusPacket.ABSENT
                : timeline.mediaStart + timeline.clock;
    }

    private boolean isOtherHead(OpusHead other) {
        return other != null && other != timeline.head && !other.equals(timeline.head);
    }

    /**
     * Whether {@code packet} belongs to another link: its number is another one, or its header is. A packet that does
     * not tell goes on with the link.
     */
    boolean isLeftBy(OpusPacket packet) {
        boolean isFirst = timeline.segment == Timeline.NO_SEGMENT && timeline.refusal == null;
        if (isFirst || packet.isRedundant()) {
            // What came beside a copy is about the packet that it came with.
            return isFirst;
        }
        return (packet.link() != OpusPacket.ABSENT && packet.link() != timeline.linkNumber)
                || isOtherHead(packet.head());
    }

    /**
     * A link that cannot be decoded is remembered by its header, since only its first packet need have one. It is no
     * segment: the next link that can be decoded follows the segment before it.
     */
    private void startLink(OpusPacket first) {
        boolean joins = timeline.segment == Timeline.NO_SEGMENT
                && timeline.head == null
                && timeline.linkNumber == OpusPacket.ABSENT;
        timeline.linkNumber = first.link();
        timeline.head = first.head();
        try {
            ChannelLayout layout = ChannelLayout.of(timeline.head, wishedChannels(), maxStreams);
            timeline.refusal = null;
            // RFC 7587 knows no pre-skip.
            boolean hasPreSkip = timeline.head != null && first.rtp() == null && !(joins && isInTheMiddle(first));
            int preSkip = hasPreSkip ? timeline.head.preSkip() : 0;
            startSegment(
                    first, new LinkSettings(layout, timeline.head == null ? 0 : timeline.head.outputGain(), preSkip));
        } catch (UnsupportedLayoutException unsupported) {
            timeline.refusal = unsupported.getMessage();
        }
    }

    /** Pre-skip is at the start of a link, not of every segment. */
    private void startSegmentOfSameLink(OpusPacket first) {
        startSegment(first, new LinkSettings(timeline.link.layout(), timeline.link.gain(), 0));
    }

    private void startSegment(OpusPacket first, LinkSettings settings) {
        timeline.link = settings;
        timeline.segment++;
        timeline.discontinuous = false;
        timeline.clock = 0;
        timeline.mediaStart = OpusPacket.ABSENT;
        timeline.recordStart = PacketOrigin.NO_TIME;
        timeline.usualTicks = MediaClock.USUAL_PACKET_TICKS;
        timeline.frameTicks = MediaClock.USUAL_PACKET_TICKS;
        timeline.mode = null;
        forgetLoss();
        mark(Kind.RESET, first);
    }

    /** A WAV has one number of channels from its first link to its last. */
    private Integer wishedChannels() {
        return channels != null || timeline.segment == Timeline.NO_SEGMENT
                ? channels
                : Integer.valueOf(timeline.link.channels());
    }

    /**
     * Whether the first packet that is seen of a stream is not the first of its link, so that nothing of it is pre-skip:
     * it has a number or a media time, and neither is 0. (A cropped recording begins with packet 0 at a later time.)
     */
    private static boolean isInTheMiddle(OpusPacket packet) {
        boolean numbered = packet.sequenceNumber() != OpusPacket.ABSENT;
        boolean timed = packet.timestamp() != OpusPacket.ABSENT;
        return (numbered || timed) && packet.sequenceNumber() != 0 && packet.timestamp() != 0;
    }

    /** How long the packet plays, 48 kHz ticks; 0: it was lost or cannot be used, and then it is a dead letter. */
    private int usableTicks(OpusPacket packet) {
        if (packet.isLost()) {
            metrics.recordLost(1);
            return 0;
        }
        if (packet.isRedundant()) {
            return usableTicksOfCopy(packet);
        }
        try {
            return PacketFraming.duration(
                    packet.payload(), timeline.link.layout().streamCount());
        } catch (MalformedPacketException malformed) {
            output.deadLetter(packet, malformed.reason(), malformed.getMessage());
            return 0;
        }
    }

    /**
     * The number of a copy is a guess, by its place among others (RFC 2198 gives none): one whose time is over is of another
     * packet, and the one of its number was lost. No copy is a dead letter: its record was of use all the same.
     */
    private int usableTicksOfCopy(OpusPacket copy) {
        boolean over = timeline.mediaStart != OpusPacket.ABSENT
                && Timeline.mediaTime(copy, timeline.mediaStart + timeline.clock)
                        <= timeline.mediaStart + timeline.clock - MediaClock.STEP_TICKS;
        try {
            int ticks = over
                    ? 0
                    : PacketFraming.duration(
                            copy.payload(), timeline.link.layout().streamCount());
            metrics.recordRedundantPacket(over ? Use.UNUSED : Use.USED);
            metrics.recordLost(over ? 1 : 0);
            return ticks;
        } catch (MalformedPacketException malformed) {
            metrics.recordRedundantPacket(Use.UNUSED);
            metrics.recordLost(1);
            return 0;
        }
    }

    /** Plays all that is before {@code packet} and did not come. */
    private void catchUp(OpusPacket packet, int ticks) {
        long missing = timeline.lost * timeline.usualTicks;
        long time = Timeline.mediaTime(
                packet,
                timeline.mediaStart == OpusPacket.ABSENT ? packet.timestamp() : timeline.mediaStart + timeline.clock);
        if (time != OpusPacket.ABSENT) {
            if (timeline.mediaStart == OpusPacket.ABSENT) {
                timeline.mediaStart = time - timeline.clock - missing;
                timeline.recordStart = recordStartOf(packet, time);
            }
            missing = missing(packet, time);
            recordDrift(packet, time);
        }
        if (missing > 0) {
            // A packet lasts 120 ms at most: what is longer was not sent, and so not lost.
            long lostTicks = Math.min(missing, timeline.lost * MediaClock.MAX_PACKET_TICKS);
            makeComfortNoise(packet, missing - lostTicks);
            long recovered = recoverableTicks(packet, ticks, lostTicks);
            conceal(packet, lostTicks - recovered, Long.MAX_VALUE);
            if (recovered > 0) {
                emit(Kind.FEC, packet, recovered, recovered, timeline.clock, timeline.clock + recovered);
            }
        }
        forgetLoss();
    }

    /** How much media time there is between the clock and the packet. */
    private long missing(OpusPacket packet, long time) {
        long gap = time - timeline.mediaStart - timeline.clock;
        if (gap < -MediaClock.MAX_PACKET_TICKS || isWild(gap, packet)) {
            startSegmentOfSameLink(packet);
            timeline.mediaStart = time;
            timeline.recordStart = recordStartOf(packet, time);
            return 0;
        }
        if (gap < 0) {
            if (gap <= -MediaClock.STEP_TICKS) {
                // Packets that overlap: how long they last is sure, what their carrier says is not.
                timeline.mediaStart += gap;
            }
            return 0;
        }
        // Less than a decoder can make up for is a clock that trembles.
        return timeline.lost == 0 && gap < MediaClock.STEP_TICKS ? 0 : gap;
    }

    /**
     * Whether a gap is longer than record times can bear out, be they hours off. Most that are not genuine were found out when
     * their packet came; not so that of a packet whose link had been left by then.
     */
    private boolean isWild(long gap, OpusPacket packet) {
        long recordTime = packet.origin().recordTime();
        boolean known = recordTime != PacketOrigin.NO_TIME && timeline.recordStart != PacketOrigin.NO_TIME;
        long elapsed = known
                ? recordTime
                        - timeline.recordStart
                        - (timeline.mediaStart + timeline.clock) / MediaClock.TICKS_PER_MILLI
                : 0;
        long most = Timeline.FARTHEST / MediaClock.TICKS_PER_MILLI;
        return gap > Math.max(0, Math.min(elapsed, most)) * MediaClock.TICKS_PER_MILLI + MAX_COMFORT_NOISE_TICKS;
    }

    private static long recordStartOf(OpusPacket packet, long time) {
        long recordTime = packet.origin().recordTime();
        return recordTime == PacketOrigin.NO_TIME ? recordTime : recordTime - time / MediaClock.TICKS_PER_MILLI;
    }

    private void recordDrift(OpusPacket packet, long time) {
        long start = recordStartOf(packet, time);
        if (start != PacketOrigin.NO_TIME && timeline.recordStart != PacketOrigin.NO_TIME) {
            metrics.recordClockDrift(start - timeline.recordStart);
        }
    }

    /**
     * How much of a loss the packet after it carries: its last frame, if that packet has it, and the decoder can use it (opus.h,
     * {@code decode_fec}): CELT has none, and after CELT libopus conceals all the same (opus_decoder.c, opus_decode_native). A
     * decoder of several streams refuses to recover less than the packet lasts (opus_multistream_decoder.c).
     */
    private int recoverableTicks(OpusPacket next, int nextTicks, long lostTicks) {
        Toc toc = Toc.of(next.payload()[0]);
        boolean recoverable = toc.frameTicks() <= lostTicks
                && toc.mode() != Toc.Mode.CELT
                && timeline.mode != Toc.Mode.CELT
                && (timeline.link.layout().decoder() == ChannelLayout.Decoder.PLAIN || toc.frameTicks() == nextTicks)
                && PacketContents.hasLbrr(next.payload(), timeline.link.layout().streamCount());
        return recoverable ? toc.frameTicks() : 0;
    }

    /** Conceals as much as may be, in steps as long as the frames before. */
    private void conceal(OpusPacket witness, long ticks, long keepTo) {
        makeUp(
                Kind.CONCEAL,
                witness,
                ticks,
                maxConcealmentTicks,
                timeline.frameTicks,
                timeline.clock + timeline.lostTrimStart,
                keepTo);
    }

    private void makeComfortNoise(OpusPacket next, long ticks) {
        makeUp(
                Kind.COMFORT_NOISE,
                next,
                ticks,
                MAX_COMFORT_NOISE_TICKS,
                MediaClock.MAX_PACKET_TICKS,
                timeline.clock,
                Long.MAX_VALUE);
    }

    /** Has the decoder make up {@code most} ticks at most, in steps of {@code longest}, and fills the rest. */
    private void makeUp(Kind kind, OpusPacket witness, long ticks, long most, int longest, long keepFrom, long keepTo) {
        int unit = timeline.mode == Toc.Mode.CELT ? MediaClock.STEP_TICKS : SILK_STEP_TICKS;
        for (long left = Math.min(ticks, most); left > 0; ) {
            long wanted = Math.min(left, Math.max(longest, unit));
            // What the decoder gives beyond what is wanted is dropped.
            long asked = (wanted + unit - 1) / unit * unit;
            emit(kind, witness, asked, wanted, keepFrom, keepTo);
            left -= wanted;
        }
        if (ticks > most) {
            emit(Kind.FILL, witness, ticks - most, ticks - most, keepFrom, keepTo);
        }
    }

    /**
     * A step of which {@code played} ticks go into the timeline. Pre-skip and trims take their part of what is made up too: they
     * are about its time.
     */
    private void emit(Kind kind, OpusPacket packet, long ticks, long played, long keepFrom, long keepTo) {
        long start = timeline.clock;
        long end = start + played;
        timeline.clock = end;
        output.step(new DecodeStep(
                kind,
                packet,
                timeline.link,
                timeline.segment,
                start,
                ticks,
                Math.min(Math.max(start, Math.max(keepFrom, timeline.link.preSkip())), end),
                Math.max(start, Math.min(keepTo, end))));
    }

    /** A step that lasts no time. */
    private void mark(Kind kind, OpusPacket packet) {
        long at = Math.max(timeline.clock, timeline.link.preSkip());
        output.step(new DecodeStep(kind, packet, timeline.link, timeline.segment, timeline.clock, 0, at, at));
    }

    private void forgetLoss() {
        timeline.lost = 0;
        timeline.lostTrimStart = 0;
        timeline.lostTrimEnd = 0;
    }
}
