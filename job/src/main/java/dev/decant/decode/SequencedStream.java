package dev.decant.decode;

import dev.decant.audio.PacketOrigin;

/**
 * What the sequencer remembers of a stream, besides the packets that wait: keyed state, one small record a stream. A stream
 * has a timer from its first packet with a record time on.
 *
 * @param numbering where its sequence numbers stand
 * @param timeline where its timeline stands
 * @param hasStray whether a packet waits to be told whether the sender has begun anew with it
 * @param flushes whether a timer is set that plays what waits when the input ends
 * @param waitTimer the processing time at which what waits has waited long enough, or {@link #NO_TIMER}
 * @param lastRecordTime the greatest record time of the stream's packets, or {@link PacketOrigin#NO_TIME}
 * @param lastOrigin of the last packet, or {@link #NOWHERE}
 * @param timer the processing time of the stream's timer, or {@link #NO_TIMER}
 * @param idle whether no packet has come since the timer was set
 */
record SequencedStream(
        Numbering numbering,
        Timeline timeline,
        boolean hasStray,
        boolean flushes,
        long waitTimer,
        long lastRecordTime,
        PacketOrigin lastOrigin,
        long timer,
        boolean idle) {

    /** The time of a timer that is not set. */
    static final long NO_TIMER = Long.MIN_VALUE;

    /** Where no packet came from. */
    static final PacketOrigin NOWHERE = new PacketOrigin("", 0, 0, PacketOrigin.NO_TIME);

    /** A stream before its first packet. */
    static final SequencedStream UNSEEN = new SequencedStream(
            Numbering.NONE, Timeline.NONE, false, false, NO_TIMER, PacketOrigin.NO_TIME, NOWHERE, NO_TIMER, false);

    boolean hasTimer() {
        return timer != NO_TIMER;
    }

    boolean hasWaitTimer() {
        return waitTimer != NO_TIMER;
    }

    /** Whether something is held back that only another packet, or the end, lets go. */
    boolean holdsBack() {
        return numbering.waiting() > 0 || hasStray || timeline.hasLoss();
    }

    /** Whether the stream's last packet was recorded more than {@code millis} before {@code until}; false where either is not known. */
    boolean isSilentLongerThan(long millis, long until) {
        return lastRecordTime != PacketOrigin.NO_TIME && until - lastRecordTime > millis;
    }

    /** The stream after a packet from {@code origin}. */
    SequencedStream heard(PacketOrigin origin) {
        return new SequencedStream(
                numbering,
                timeline,
                hasStray,
                flushes,
                waitTimer,
                Math.max(lastRecordTime, origin.recordTime()),
                origin,
                timer,
                false);
    }

    /** The stream with what its packets have changed. */
    SequencedStream with(Numbering otherNumbering, Timeline otherTimeline, boolean holdsStray) {
        return new SequencedStream(
                otherNumbering, otherTimeline, holdsStray, flushes, waitTimer, lastRecordTime, lastOrigin, timer, idle);
    }

    /** The stream with or without a timer that plays what waits when the input ends. */
    SequencedStream flushing(boolean set) {
        return new SequencedStream(
                numbering, timeline, hasStray, set, waitTimer, lastRecordTime, lastOrigin, timer, idle);
    }

    /** The stream whose packets wait until {@code time} at most, or {@link #NO_TIMER}. */
    SequencedStream waitingUntil(long time) {
        return new SequencedStream(
                numbering, timeline, hasStray, flushes, time, lastRecordTime, lastOrigin, timer, idle);
    }

    /** The stream whose timer is set for {@code time}, with or without a packet having come. */
    SequencedStream withTimer(long time, boolean isIdle) {
        return new SequencedStream(
                numbering, timeline, hasStray, flushes, waitTimer, lastRecordTime, lastOrigin, time, isIdle);
    }
}
