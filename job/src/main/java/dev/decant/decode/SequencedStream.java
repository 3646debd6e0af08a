package dev.decant.decode;

import dev.decant.audio.PacketOrigin;

/**
 * What the sequencer remembers of a stream, besides the packets that wait: keyed state, a few small objects a stream. A
 * stream has a timer from its first packet with a record time on.
 *
 * <p>Changed where it lies. Anew with every packet, it would lie among all that the packets of thousands of other streams
 * have left on the heap since, and each packet would wait for memory that no cache holds. Where a checkpoint still reads it,
 * the state backend hands out a {@link #copy()} to be changed.
 */
final class SequencedStream {
    /** The time of a timer that is not set. */
    static final long NO_TIMER = Long.MIN_VALUE;

    /** Where no packet came from. */
    static final PacketOrigin NOWHERE = new PacketOrigin("", 0, 0, PacketOrigin.NO_TIME);

    private final Numbering numbering;
    private final Timeline timeline;
    private boolean hasStray;
    private boolean flushes;
    private long waitTimer;
    private long lastRecordTime;
    private PacketOrigin lastOrigin;
    private long timer;
    private boolean idle;

    /** As its accessors give it; numbering and timeline are its own from now on. */
    SequencedStream(
            Numbering numbering,
            Timeline timeline,
            boolean hasStray,
            boolean flushes,
            long waitTimer,
            long lastRecordTime,
            PacketOrigin lastOrigin,
            long timer,
            boolean idle) {
        this.numbering = numbering;
        this.timeline = timeline;
        this.hasStray = hasStray;
        this.flushes = flushes;
        this.waitTimer = waitTimer;
        this.lastRecordTime = lastRecordTime;
        this.lastOrigin = lastOrigin;
        this.timer = timer;
        this.idle = idle;
    }

    /** A stream before its first packet. */
    SequencedStream() {
        this(new Numbering(), new Timeline(), false, false, NO_TIMER, PacketOrigin.NO_TIME, NOWHERE, NO_TIMER, false);
    }

    /** One that goes its own way. */
    SequencedStream copy() {
        return new SequencedStream(
                numbering.copy(),
                timeline.copy(),
                hasStray,
                flushes,
                waitTimer,
                lastRecordTime,
                lastOrigin,
                timer,
                idle);
    }

    /** A packet has come. */
    void recordPacket(PacketOrigin origin) {
        lastRecordTime = Math.max(lastRecordTime, origin.recordTime());
        lastOrigin = origin;
        idle = false;
    }

    /** A packet waits to be told whether the sender has begun anew with it, or none does any more. */
    void setHasStray(boolean waits) {
        hasStray = waits;
    }

    /** A timer plays what waits when the input ends, or has done so. */
    void setFlushes(boolean set) {
        flushes = set;
    }

    /** What waits has waited long enough at {@code time}, or {@link #NO_TIMER}. */
    void setWaitTimer(long time) {
        waitTimer = time;
    }

    /** The stream's timer is set for {@code time}, with or without a packet having come. */
    void setTimer(long time, boolean isIdle) {
        timer = time;
        idle = isIdle;
    }

    /** Where its sequence numbers stand. */
    Numbering numbering() {
        return numbering;
    }

    /** Where its timeline stands. */
    Timeline timeline() {
        return timeline;
    }

    /** Whether a packet waits to be told whether the sender has begun anew with it. */
    boolean hasStray() {
        return hasStray;
    }

    /** Whether a timer is set that plays what waits when the input ends. */
    boolean flushes() {
        return flushes;
    }

    /** The processing time at which what waits has waited long enough, or {@link #NO_TIMER}. */
    long waitTimer() {
        return waitTimer;
    }

    /** The greatest record time of the stream's packets, or {@link PacketOrigin#NO_TIME}. */
    long lastRecordTime() {
        return lastRecordTime;
    }

    /** Of the last packet, or {@link #NOWHERE}. */
    PacketOrigin lastOrigin() {
        return lastOrigin;
    }

    /** The processing time of the stream's timer, or {@link #NO_TIMER}. */
    long timer() {
        return timer;
    }

    /** Whether no packet has come since the timer was set. */
    boolean idle() {
        return idle;
    }

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
}
