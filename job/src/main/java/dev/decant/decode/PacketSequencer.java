package dev.decant.decode;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.DeadLetter;
import dev.decant.audio.DeadLetter.Reason;
import dev.decant.audio.MalformedPacketException;
import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketFraming;
import dev.decant.audio.PacketOrigin;
import dev.decant.audio.UnsupportedLayoutException;
import dev.decant.decode.DecodeStep.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Turns the packets of a stream into decode steps: checks their framing, starts links, keeps the clock. What it decides
 * depends on the packets alone, never on the time of day, so that a replay decides the same.
 *
 * <p>The order is the one of Kafka or of the recording. A packet that cannot be used goes to {@link #DEAD_LETTERS}, and
 * its time is concealed.
 *
 * <p>A stream of which nothing comes for longer than the timeout, by the record times of its packets, is over: the next
 * packet begins a new one, of which nothing is known. Streams that never return are collected by a timer. It runs on the
 * clock, but it takes a stream only when the stream's partition has gone on for twice the timeout without it: then any
 * packet yet to come would find the stream over all the same, even one recorded a whole timeout before the last of the
 * partition. So the clock settles when {@link Kind#END} comes, and never a sample. Record times may run back further, as
 * those of old packets do that are sent beside live ones, as long as the packets keep coming: the timer spares a stream of
 * which anything came since it was set. A stream whose packets have no record times is ended by a null value only.
 */
final class PacketSequencer extends KeyedProcessFunction<String, OpusPacket, DecodeStep> {
    static final OutputTag<DeadLetter> DEAD_LETTERS = new OutputTag<>("dead-letters", DeadLetter.TYPE);

    private final Integer channels;
    private final int maxStreams;
    private final long timeout;

    private transient ValueState<SequencedStream> streams;
    private transient PartitionTimes partitionTimes;
    private transient DecodeMetrics.OfSequencer metrics;

    /**
     * @param channels 1 or 2 for the output of every stream; null: what each stream's header says
     * @param maxStreams the most that a packet may hold
     * @param timeout after so long without a packet a stream is over
     */
    PacketSequencer(Integer channels, int maxStreams, Duration timeout) {
        this.channels = channels;
        this.maxStreams = maxStreams;
        this.timeout = timeout.toMillis();
    }

    @Override
    public void open(OpenContext context) {
        streams = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("sequenced-stream", SequencedStreamSerializer.INSTANCE));
        partitionTimes = new PartitionTimes();
        metrics = new DecodeMetrics.OfSequencer(getRuntimeContext().getMetricGroup());
    }

    @Override
    public void processElement(OpusPacket packet, Context context, Collector<DecodeStep> steps) throws Exception {
        PacketOrigin origin = packet.origin();
        partitionTimes.advance(origin);
        SequencedStream stream = streams.value();
        if (stream != null && stream.isSilentLongerThan(timeout, origin.recordTime())) {
            timeOut(packet.streamId(), stream, context, steps);
            stream = null;
        }
        if (packet.endsStream()) {
            if (stream != null) {
                end(packet.streamId(), stream, origin, context, steps);
            }
            return;
        }
        if (stream == null || stream.isLeftBy(packet)) {
            try {
                stream = startLink(stream, packet);
                steps.collect(marker(packet.streamId(), Kind.RESET, stream, origin));
            } catch (UnsupportedLayoutException unsupported) {
                stream = known(stream).inUnsupportedLink(packet, unsupported.getMessage());
            }
        }
        long timer = stream.hasTimer() || origin.recordTime() == PacketOrigin.NO_TIME
                ? stream.timer()
                : setTimer(context.timerService());
        if (stream.refusal() != null) {
            giveUp(packet, Reason.UNSUPPORTED_STREAM, stream.refusal(), context);
            streams.update(stream.after(origin, timer));
            return;
        }
        int played = playedTicks(packet, stream, context);
        int ticks = played > 0 ? played : stream.usualTicks();
        steps.collect(timed(packet, played > 0 ? Kind.PACKET : Kind.CONCEAL, stream, ticks));
        streams.update(stream.after(origin, ticks, timer));
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<DecodeStep> steps) throws Exception {
        SequencedStream stream = streams.value();
        if (stream.idle() && stream.isSilentLongerThan(2 * timeout, partitionTimes.of(stream.lastOrigin()))) {
            timeOut(context.getCurrentKey(), stream, context, steps);
        } else {
            streams.update(stream.idleUntil(setTimer(context.timerService())));
        }
    }

    private long setTimer(TimerService timers) {
        long time = timers.currentProcessingTime() + timeout;
        timers.registerProcessingTimeTimer(time);
        return time;
    }

    private void timeOut(String streamId, SequencedStream stream, Context context, Collector<DecodeStep> steps) {
        metrics.recordStreamTimedOut();
        end(streamId, stream, stream.lastOrigin(), context, steps);
    }

    /** Ends the stream: nothing of it is left. */
    private void end(
            String streamId,
            SequencedStream stream,
            PacketOrigin origin,
            Context context,
            Collector<DecodeStep> steps) {
        if (stream.hasSegment()) {
            steps.collect(marker(streamId, Kind.END, stream, origin));
        }
        if (stream.hasTimer()) {
            context.timerService().deleteProcessingTimeTimer(stream.timer());
        }
        streams.clear();
    }

    private SequencedStream startLink(SequencedStream before, OpusPacket packet) throws UnsupportedLayoutException {
        OpusHead head = packet.head();
        ChannelLayout layout = ChannelLayout.of(head, wishedChannels(before), maxStreams);
        int gain = head == null ? 0 : head.outputGain();
        int preSkip = head == null || joinsInTheMiddle(before, packet) ? 0 : head.preSkip();
        return known(before).inLink(packet, new LinkSettings(layout, gain, preSkip));
    }

    private static SequencedStream known(SequencedStream before) {
        return before == null ? SequencedStream.UNSEEN : before;
    }

    /** A WAV has one number of channels from its first link to its last. */
    private Integer wishedChannels(SequencedStream before) {
        boolean isFirst = before == null || !before.hasSegment();
        return channels != null || isFirst
                ? channels
                : Integer.valueOf(before.link().channels());
    }

    /**
     * Whether the first packet that is seen of a stream is not the first of its link, so that nothing of it is pre-skip:
     * it has a number or a media time, and neither is 0. (A cropped recording begins with packet 0 at a later time.)
     */
    private static boolean joinsInTheMiddle(SequencedStream before, OpusPacket packet) {
        boolean numbered = packet.sequenceNumber() != OpusPacket.ABSENT;
        boolean timed = packet.timestamp() != OpusPacket.ABSENT;
        return before == null && (numbered || timed) && packet.sequenceNumber() != 0 && packet.timestamp() != 0;
    }

    /** How long the packet plays, 48 kHz ticks; 0: it was lost or cannot be used, and then it is a dead letter. */
    private int playedTicks(OpusPacket packet, SequencedStream stream, Context context) {
        if (packet.isLost()) {
            metrics.recordLost();
            return 0;
        }
        try {
            return PacketFraming.duration(
                    packet.payload(), stream.link().layout().streamCount());
        } catch (MalformedPacketException malformed) {
            giveUp(packet, malformed.reason(), malformed.getMessage(), context);
            return 0;
        }
    }

    private void giveUp(OpusPacket packet, Reason reason, String message, Context context) {
        metrics.recordDeadLetter(reason);
        context.output(
                DEAD_LETTERS,
                new DeadLetter(
                        packet.streamId().getBytes(StandardCharsets.UTF_8),
                        packet.payload(),
                        packet.origin(),
                        DeadLetter.Stage.SEQUENCE,
                        reason,
                        message));
    }

    /** A step that plays. Pre-skip and trims take their part of a concealed packet too: they are about its time. */
    private static DecodeStep timed(OpusPacket packet, Kind kind, SequencedStream stream, int ticks) {
        boolean isPacket = kind == Kind.PACKET;
        long start = stream.clock();
        long end = start + ticks;
        long keepFrom = Math.max(start + packet.trimStart(), stream.link().preSkip());
        return new DecodeStep(
                packet.streamId(),
                kind,
                isPacket ? packet.payload() : null,
                stream.link(),
                stream.segment(),
                start,
                ticks,
                Math.min(keepFrom, end),
                Math.max(start, end - packet.trimEnd()),
                isPacket ? packet.finalRange() : OpusPacket.ABSENT,
                packet.origin());
    }

    /** A step that lasts no time. */
    private static DecodeStep marker(String streamId, Kind kind, SequencedStream stream, PacketOrigin origin) {
        long at = Math.max(stream.clock(), stream.link().preSkip());
        return new DecodeStep(
                streamId,
                kind,
                null,
                stream.link(),
                stream.segment(),
                stream.clock(),
                0,
                at,
                at,
                OpusPacket.ABSENT,
                origin);
    }
}
