package dev.decant.decode;

import dev.decant.audio.DeadLetter;
import dev.decant.audio.DeadLetter.Reason;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import dev.decant.decode.DecodeMetrics.Use;
import dev.decant.decode.DecodeStep.Kind;
import dev.decant.monitoring.DeadLetterRecorder;
import dev.decant.monitoring.LogText;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.TimeDomain;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the packets of a stream in order and turns them into decode steps. What it decides depends on the packets and their
 * record times alone, never on the time of day, so that a replay decides the same; only {@link SequencerSettings#maxWait},
 * where it is set, goes by the clock.
 *
 * <p>A packet that is next is played at once; one that is not waits until those before it have come, or as many packets or as
 * much media time have come after them as may wait. {@link Numbering} says where a packet belongs, {@link PacketWindow} keeps
 * those that wait, {@link Playout} makes the steps. What cannot be used goes to {@link #DEAD_LETTERS}.
 *
 * <p>A packet that is nowhere near those before it may be a stray, or the first of a sender that has begun anew: the next
 * packet tells. If it goes on from there, a segment begins; else the stray is a dead letter.
 *
 * <p>A stream of which nothing comes for longer than the timeout, by the record times of its packets, is over: the next
 * packet begins a new one, of which nothing is known. Streams that never return are collected by a timer. It runs on the
 * clock, but it takes a stream only when the stream's partition has gone on for twice the timeout without it: then any
 * packet yet to come would find the stream over all the same, even one recorded a whole timeout before the last of the
 * partition. So the clock settles when {@link Kind#END} comes, and never a sample. Record times may run back further, as
 * those of old packets do that are sent beside live ones, as long as the packets keep coming: the timer spares a stream of
 * which anything came since it was set. A stream whose packets have no record times is ended by a null value only.
 */
final class PacketSequencer extends KeyedProcessFunction<String, OpusPacket, DecodeStep> implements Playout.Output {
    private static final Logger LOG = LoggerFactory.getLogger(PacketSequencer.class);

    static final OutputTag<DeadLetter> DEAD_LETTERS = new OutputTag<>("dead-letters", DeadLetter.TYPE);

    /** When bounded input ends, Flink's event time comes here. */
    private static final long END_OF_INPUT = Long.MAX_VALUE;

    private final Integer channels;
    private final int maxStreams;
    private final SequencerSettings settings;
    private final long timeout;
    private final long reorderTicks;
    private final int reach;

    private transient ValueState<SequencedStream> streams;
    private transient PacketWindow window;
    private transient Playout playout;
    private transient PartitionTimes partitionTimes;
    private transient DecodeMetrics.OfSequencer metrics;
    private transient DeadLetterRecorder deadLetters;

    // Of the stream whose packet or timer is being dealt with.
    private transient Context context;
    private transient Collector<DecodeStep> steps;
    private transient SequencedStream stream;
    private transient Numbering numbering;

    /**
     * @param channels 1 or 2 for the output of every stream; null: what each stream's header says
     * @param maxStreams the most Opus streams that a packet may hold
     */
    PacketSequencer(Integer channels, int maxStreams, SequencerSettings settings) {
        this.channels = channels;
        this.maxStreams = maxStreams;
        this.settings = settings;
        timeout = settings.streamTimeout().toMillis();
        reorderTicks = settings.reorderTicks();
        reach = Math.max(Numbering.REMEMBERED, settings.reorderPackets());
    }

    @Override
    public void open(OpenContext opening) {
        streams = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("sequenced-stream", SequencedStreamSerializer.INSTANCE));
        window = new PacketWindow(getRuntimeContext());
        partitionTimes = new PartitionTimes();
        metrics = new DecodeMetrics.OfSequencer(getRuntimeContext().getMetricGroup());
        deadLetters = new DeadLetterRecorder(getRuntimeContext().getMetricGroup());
        playout = new Playout(channels, maxStreams, settings.maxConcealmentTicks(), metrics);
    }

    @Override
    public void processElement(OpusPacket packet, Context element, Collector<DecodeStep> collector) throws Exception {
        PacketOrigin origin = packet.origin();
        SequencedStream known = streams.value();
        if (settings.timesOut()) {
            partitionTimes.advance(origin);
            if (known != null && known.isSilentLongerThan(timeout, origin.recordTime())) {
                turnTo(known, element, collector);
                timeOut();
                known = null;
            }
        }
        if (packet.endsStream()) {
            if (known != null) {
                log("ends", packet);
                turnTo(known, element, collector);
                end(packet);
            }
            return;
        }
        turnTo(known == null ? new SequencedStream() : known, element, collector);
        long awaited = numbering.next();
        take(packet);
        stream.recordPacket(origin);
        keep(awaited);
    }

    @Override
    public void onTimer(long time, OnTimerContext timer, Collector<DecodeStep> collector) throws Exception {
        turnTo(streams.value(), timer, collector);
        if (timer.timeDomain() == TimeDomain.EVENT_TIME) {
            long awaited = numbering.next();
            flush(lastPacket());
            stream.setFlushes(false);
            keep(awaited);
            return;
        }
        if (time == stream.waitTimer()) {
            stopWaiting();
        }
        if (time == stream.timer()) {
            collectOrSpare();
        }
    }

    @Override
    public void close() {
        if (deadLetters != null) {
            deadLetters.close();
        }
    }

    @Override
    public void step(DecodeStep step) {
        steps.collect(step);
    }

    @Override
    public void deadLetter(OpusPacket packet, Reason reason, String message) {
        DeadLetter letter = DeadLetter.of(packet, DeadLetter.Stage.SEQUENCE, reason, message);
        deadLetters.record(letter);
        context.output(DEAD_LETTERS, letter);
    }

    private void turnTo(SequencedStream other, Context element, Collector<DecodeStep> collector) {
        context = element;
        steps = collector;
        stream = other;
        numbering = other.numbering();
        playout.take(other.timeline(), this);
    }

    /**
     * Sets what timers the stream needs after what has happened to it, and keeps it.
     *
     * @param awaited the number that was next before
     */
    private void keep(long awaited) throws Exception {
        TimerService timers = context.timerService();
        if (settings.timesOut() && !stream.hasTimer() && stream.lastRecordTime() != PacketOrigin.NO_TIME) {
            setTimer(timers, false);
        }
        if (!stream.flushes() && stream.holdsBack()) {
            timers.registerEventTimeTimer(END_OF_INPUT);
            stream.setFlushes(true);
        }
        if (settings.maxWait() != null) {
            keepWaitTimer(awaited == numbering.next(), timers);
        }
        streams.update(stream);
    }

    /** The timer is that of the packet that is missing: for the next one that is, it is set anew. */
    private void keepWaitTimer(boolean forTheSame, TimerService timers) {
        boolean waits = numbering.waiting() > 0;
        if (stream.hasWaitTimer() ? waits && forTheSame : !waits) {
            return;
        }
        // Flink has one timer for a time, whatever it was set for.
        if (stream.hasWaitTimer() && stream.waitTimer() != stream.timer()) {
            timers.deleteProcessingTimeTimer(stream.waitTimer());
        }
        if (!waits) {
            stream.setWaitTimer(SequencedStream.NO_TIMER);
            return;
        }
        long time = timers.currentProcessingTime() + settings.maxWait().toMillis();
        timers.registerProcessingTimeTimer(time);
        stream.setWaitTimer(time);
    }

    private void stopWaiting() throws Exception {
        long awaited = numbering.next();
        skipMissing();
        playWhatFollows();
        stream.setWaitTimer(SequencedStream.NO_TIMER);
        keep(awaited);
    }

    private void collectOrSpare() throws Exception {
        if (stream.idle() && stream.isSilentLongerThan(2 * timeout, partitionTimes.of(stream.lastOrigin()))) {
            timeOut();
        } else {
            setTimer(context.timerService(), true);
            streams.update(stream);
        }
    }

    /** Finds out where a packet belongs. */
    private void take(OpusPacket packet) throws Exception {
        if (!numbering.hasBegun()) {
            log("begins", packet);
            begin(packet);
            return;
        }
        long number = numbering.numberOf(packet, playout.usualTicks());
        switch (numbering.fit(packet, number, playout.usualTicks(), reach)) {
            case GOES_ON -> {
                giveUpStray();
                place(packet, number);
            }
            case COUNTS_ANEW -> {
                flush(packet);
                if (!playout.isLeftBy(packet)) {
                    playout.breakOff(packet);
                }
                begin(packet);
            }
            case STRAY -> takeStray(packet);
            case FORMER_SSRC -> giveUpForItsSource(packet);
        }
    }

    private void begin(OpusPacket first) throws Exception {
        numbering.begin(first);
        if (numbering.started()) {
            // Nothing can come before it, so it need not wait in state.
            numbering.recordPlayedInOrder(first);
            playout.play(first);
        } else {
            place(first, numbering.newest());
        }
    }

    private void takeStray(OpusPacket packet) throws Exception {
        OpusPacket stray = stream.hasStray() ? window.removeStray() : null;
        if (stray != null && Numbering.goesOnFrom(stray, packet)) {
            stream.setHasStray(false);
            metrics.recordDiscontinuity();
            log("goes on elsewhere", packet);
            flush(packet);
            playout.breakOff(packet);
            begin(stray);
            place(packet, numbering.numberOf(packet, playout.usualTicks()));
        } else if (packet.isRedundant()) {
            metrics.recordRedundantPacket(Use.UNUSED);
            keepStray(stray);
        } else if (stray != null && Numbering.isRepeated(stray, packet)) {
            metrics.recordDuplicate();
            keepStray(stray);
        } else {
            if (stray != null) {
                giveUp(stray);
            }
            keepStray(packet);
        }
    }

    private void keepStray(OpusPacket stray) throws Exception {
        stream.setHasStray(stray != null);
        if (stray != null) {
            window.putStray(stray);
        }
    }

    private void giveUpStray() throws Exception {
        if (stream.hasStray()) {
            stream.setHasStray(false);
            giveUp(window.removeStray());
        }
    }

    private void giveUp(OpusPacket stray) {
        if (stray.rtp() != null && stray.rtp().ssrc() != numbering.ssrc()) {
            giveUpForItsSource(stray);
        } else {
            deadLetter(
                    stray,
                    Reason.STRAY_PACKET,
                    "neither the stream nor a new beginning goes on from here: the number before was "
                            + numbering.newest());
        }
    }

    private void giveUpForItsSource(OpusPacket packet) {
        if (packet.isRedundant()) {
            metrics.recordRedundantPacket(Use.UNUSED);
        } else {
            deadLetter(
                    packet,
                    Reason.OTHER_SSRC,
                    "the packet is of SSRC " + packet.rtp().ssrc() + ", but the stream follows SSRC " + numbering.ssrc()
                            + "; rtp.several-ssrcs=split makes a stream of each");
        }
    }

    /** Plays a packet that goes on from what was there, or lets it wait. */
    private void place(OpusPacket packet, long number) throws Exception {
        if (numbering.started() && number < numbering.next()) {
            dropLate(packet, number);
            return;
        }
        if (numbering.started()
                && numbering.waiting() == 0
                && number == numbering.next()
                && number > numbering.newest()) {
            numbering.recordPlayedInOrder(packet);
            playout.play(packet);
            return;
        }
        numbering.recordHeard(packet, number);
        OpusPacket other = numbering.waiting() == 0 ? null : window.get(number);
        if (other != null) {
            dropOneOf(packet, other, number);
            return;
        }
        window.put(number, packet);
        numbering.recordWaiting();
        playWhatFollows();
    }

    private void dropLate(OpusPacket packet, long number) {
        if (packet.isRedundant()) {
            metrics.recordRedundantPacket(Use.UNUSED);
        } else if (numbering.wasPlayed(number)) {
            metrics.recordDuplicate();
        } else {
            deadLetter(
                    packet,
                    Reason.LATE_PACKET,
                    "number " + number + " came when number " + (numbering.next() - 1)
                            + " had been given out; packets.reorder-window lets more packets wait");
        }
    }

    /** Two packets have one number: the first stays, unless it is a copy and the other is not. */
    private void dropOneOf(OpusPacket packet, OpusPacket waiting, long number) throws Exception {
        if (!packet.isRedundant() && !waiting.isRedundant()) {
            metrics.recordDuplicate();
            return;
        }
        if (!packet.isRedundant()) {
            window.put(number, packet);
        }
        metrics.recordRedundantPacket(Use.UNUSED);
    }

    /** Plays what is next, and gives up what has been waited for long enough. */
    private void playWhatFollows() throws Exception {
        if (!numbering.started()) {
            boolean isFirst = numbering.next() == 0 && numbering.ssrc() == OpusPacket.ABSENT;
            if (!isFirst && !isOverfull() && !isOverdue()) {
                return;
            }
            numbering.start();
        }
        while (numbering.waiting() > 0) {
            if (!playsNext()) {
                if (!isOverfull() && !isOverdue()) {
                    return;
                }
                skipMissing();
            }
        }
    }

    /** Plays the next packet, if it is among those that wait. */
    private boolean playsNext() throws Exception {
        OpusPacket packet = window.remove(numbering.next());
        if (packet == null) {
            return false;
        }
        numbering.recordPlayedWaiting();
        playout.play(packet);
        return true;
    }

    private boolean isOverfull() {
        return numbering.waiting() > settings.reorderPackets();
    }

    /**
     * Whether what waits has waited for long enough. Its own time counts, not that of what is missing: the last before it may
     * have been sent just before it, after a long loss or a pause.
     */
    private boolean isOverdue() throws Exception {
        long played = playout.mediaTime();
        long newestEnd = numbering.newestEnd();
        // What ends before it begins is of a link whose times begin anew.
        if (newestEnd >= played && played != OpusPacket.ABSENT && newestEnd - played <= reorderTicks) {
            return false;
        }
        long least = window.leastNumber();
        long time =
                newestEnd == OpusPacket.ABSENT ? OpusPacket.ABSENT : Timeline.mediaTime(window.get(least), newestEnd);
        long waited =
                time == OpusPacket.ABSENT ? (numbering.newest() + 1 - least) * playout.usualTicks() : newestEnd - time;
        return waited > reorderTicks;
    }

    /** Goes on with the first of those that wait: what is missing before it has not come. */
    private void skipMissing() throws Exception {
        long number = window.leastNumber();
        playout.skip(number - numbering.next());
        numbering.skipTo(number);
    }

    /**
     * Plays all that waits: nothing will come before it.
     *
     * @param witness by which that became known
     */
    private void flush(OpusPacket witness) throws Exception {
        while (numbering.waiting() > 0) {
            if (!playsNext()) {
                skipMissing();
            }
        }
        giveUpStray();
        playout.makeUpForLoss(witness);
    }

    private void timeOut() throws Exception {
        metrics.recordStreamTimedOut();
        OpusPacket last = lastPacket();
        log("ends, since nothing came for longer than packets.stream-timeout; its last packet was", last);
        end(last);
    }

    /** Ends the stream: nothing of it is left. */
    private void end(OpusPacket last) throws Exception {
        flush(last);
        playout.end(last);
        TimerService timers = context.timerService();
        if (stream.hasTimer()) {
            timers.deleteProcessingTimeTimer(stream.timer());
        }
        if (stream.hasWaitTimer()) {
            timers.deleteProcessingTimeTimer(stream.waitTimer());
        }
        if (stream.flushes()) {
            timers.deleteEventTimeTimer(END_OF_INPUT);
        }
        streams.clear();
    }

    private static void log(String what, OpusPacket packet) {
        if (LOG.isDebugEnabled()) {
            LOG.debug(LogText.escaped("Stream \"" + packet.streamId() + "\" " + what + ", " + packet.origin()));
        }
    }

    private OpusPacket lastPacket() {
        return OpusPacket.end(context.getCurrentKey(), stream.lastOrigin());
    }

    private void setTimer(TimerService timers, boolean idle) {
        long time = timers.currentProcessingTime() + timeout;
        timers.registerProcessingTimeTimer(time);
        stream.setTimer(time, idle);
    }
}
