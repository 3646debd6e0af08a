package dev.decant.decode;

import dev.decant.audio.DeadLetter;
import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import dev.decant.audio.RtpCarrier;
import dev.decant.decode.DecodeStep.Kind;
import dev.decant.monitoring.DecantMetric;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.groups.OperatorMetricGroup;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/** A subtask of the sequencer, with its metrics and its keyed state: packets in, decode steps and dead letters out. */
final class SequencerHarness implements AutoCloseable {
    /** The record time of packets whose record time does not matter. */
    static final long NOON = 1_700_000_000_000L;

    /** Of links of more Opus streams than are decoded. */
    static final OpusHead NINE_STREAMS =
            new OpusHead(1, 9, 312, 48_000, 0, 255, 9, 0, new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8}, new byte[0]);

    private final RecordedMetrics metrics = new RecordedMetrics();
    private final KeyedOneInputStreamOperatorTestHarness<String, OpusPacket, DecodeStep> harness;

    private SequencerHarness(Integer channels, SequencerSettings settings) throws Exception {
        RecordedMetrics recorded = metrics;
        var sequencer = new KeyedProcessOperator<>(new PacketSequencer(channels, 8, settings)) {
            @Override
            public OperatorMetricGroup getMetricGroup() {
                return recorded;
            }
        };
        harness = new KeyedOneInputStreamOperatorTestHarness<>(sequencer, OpusPacket::streamId, Types.STRING);
    }

    static SequencerHarness open(SequencerSettings settings) throws Exception {
        return open(null, settings);
    }

    static SequencerHarness open(Integer channels, SequencerSettings settings) throws Exception {
        SequencerHarness opened = new SequencerHarness(channels, settings);
        opened.harness.open();
        return opened;
    }

    /** A sequencer that goes on from {@code state}. */
    static SequencerHarness restore(SequencerSettings settings, OperatorSubtaskState state) throws Exception {
        SequencerHarness restored = new SequencerHarness(null, settings);
        restored.harness.initializeState(state);
        restored.harness.open();
        return restored;
    }

    /** Settings under which so many packets may wait, for two seconds. */
    static SequencerSettings window(int packets) {
        return new SequencerSettings(Duration.ofHours(1), packets, Duration.ofSeconds(2), null, Duration.ofMillis(120));
    }

    /** A CELT packet of one 20 ms frame, with a name. */
    static byte[] payload(int name) {
        return new byte[] {(byte) 0xF8, (byte) name, 3};
    }

    /** A packet with its number, which is also its place in a media time of 20 ms a packet, and its place in the topic. */
    static OpusPacket numbered(long number, byte[] payload) {
        return packet(number, number * 960, payload, NOON + number * 20);
    }

    static OpusPacket packet(long number, long timestamp, byte[] payload, long recordTime) {
        return new OpusPacket(
                "stream",
                payload,
                number,
                timestamp,
                null,
                OpusPacket.ABSENT,
                0,
                0,
                OpusPacket.ABSENT,
                new PacketOrigin("packets", 0, 0, recordTime));
    }

    /** The packet with a header beside it. */
    static OpusPacket withHead(OpusHead head, OpusPacket packet) {
        return new OpusPacket(
                packet.streamId(),
                packet.payload(),
                packet.sequenceNumber(),
                packet.timestamp(),
                head,
                packet.link(),
                0,
                0,
                packet.finalRange(),
                packet.origin(),
                packet.rtp());
    }

    /** The packet, of a link with that number. */
    static OpusPacket withLink(long link, OpusPacket packet) {
        return new OpusPacket(
                packet.streamId(),
                packet.payload(),
                packet.sequenceNumber(),
                packet.timestamp(),
                packet.head(),
                link,
                packet.trimStart(),
                packet.trimEnd(),
                packet.finalRange(),
                packet.origin(),
                packet.rtp());
    }

    /** A packet of RTP, whose numbers are cut to their bits. */
    static OpusPacket rtp(long ssrc, long number, long timestamp, byte[] payload, boolean redundant) {
        return new OpusPacket(
                "stream",
                payload,
                number & 0xFFFF,
                timestamp & 0xFFFF_FFFFL,
                null,
                OpusPacket.ABSENT,
                0,
                0,
                OpusPacket.ABSENT,
                new PacketOrigin("packets", 0, 0, NOON + number * 20),
                new RtpCarrier(ssrc, redundant, new byte[] {1}));
    }

    SequencerHarness send(OpusPacket... packets) throws Exception {
        for (OpusPacket packet : packets) {
            harness.processElement(packet, 0);
        }
        return this;
    }

    /** A null value. */
    SequencerHarness end() throws Exception {
        return send(OpusPacket.end("stream", new PacketOrigin("packets", 0, 0, PacketOrigin.NO_TIME)));
    }

    /** Bounded input is over. */
    SequencerHarness endInput() throws Exception {
        harness.processWatermark(Watermark.MAX_WATERMARK);
        return this;
    }

    void setClock(long millis) throws Exception {
        harness.setProcessingTime(millis);
    }

    OperatorSubtaskState snapshot() throws Exception {
        return harness.snapshot(1, 1);
    }

    List<DecodeStep> steps() {
        return harness.extractOutputValues();
    }

    /** Gives away what came out since the last time, so that nothing of it is kept here. */
    void drain(Consumer<DecodeStep> steps, Consumer<DeadLetter> deadLetters) {
        for (Object out = harness.getOutput().poll();
                out != null;
                out = harness.getOutput().poll()) {
            if (out instanceof StreamRecord<?> record && record.getValue() instanceof DecodeStep step) {
                steps.accept(step);
            }
        }
        var letters = harness.getSideOutput(PacketSequencer.DEAD_LETTERS);
        for (var letter = letters == null ? null : letters.poll(); letter != null; letter = letters.poll()) {
            deadLetters.accept(letter.getValue());
        }
    }

    List<Kind> kinds() {
        return steps().stream().map(DecodeStep::kind).toList();
    }

    /** The names of the packets that were played, in order: the first bytes after the TOC, as {@link #payload} makes them. */
    List<Integer> played() {
        return steps().stream()
                .filter(step -> step.kind() == Kind.PACKET)
                .map(step -> (int) step.payload()[1])
                .toList();
    }

    List<DeadLetter> deadLetters() {
        List<DeadLetter> letters = new ArrayList<>();
        var output = harness.getSideOutput(PacketSequencer.DEAD_LETTERS);
        if (output != null) {
            output.forEach(letter -> letters.add(letter.getValue()));
        }
        return letters;
    }

    long metric(DecantMetric metric) {
        return metrics.value(metric.path());
    }

    long redundant(DecodeMetrics.Use use) {
        return metrics.value(DecodeMetrics.REDUNDANT_PACKETS.path(use));
    }

    RecordedMetrics metrics() {
        return metrics;
    }

    int stateEntries() {
        return harness.numKeyedStateEntries();
    }

    int timers() {
        return harness.numProcessingTimeTimers() + harness.numEventTimeTimers();
    }

    @Override
    public void close() {
        try {
            harness.close();
        } catch (Exception e) {
            throw new IllegalStateException("The operator did not close in good order", e);
        }
    }
}
