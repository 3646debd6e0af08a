package dev.decant.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import dev.decant.decode.DecodeStep.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.metrics.groups.OperatorMetricGroup;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a stream is over that nobody ended: by the rule about record times, and collected by a timer. */
class StreamTimeoutTest {
    private static final long TIMEOUT = 1_000;
    private static final long NOON = 1_700_000_000_000L;

    /** A SILK packet of one 20 ms frame. */
    private static final byte[] TWENTY_MS = {0x08, 1, 2, 3};

    private static final OpusHead MONO = OpusHead.of(1, 312, 0);

    private static final OpusHead NINE_STREAMS =
            new OpusHead(1, 9, 312, 48_000, 0, 255, 9, 0, new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8}, new byte[0]);

    private KeyedOneInputStreamOperatorTestHarness<String, OpusPacket, DecodeStep> harness;
    private RecordedMetrics metrics;
    private long now;
    private int offset;

    @BeforeEach
    void open() throws Exception {
        harness = newHarness();
        harness.open();
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void aPacketAfterALongerSilenceThanTheTimeoutBeginsAnotherStream() throws Exception {
        send(packet("alice", NOON));
        send(packet("alice", NOON + TIMEOUT));
        send(packet("alice", NOON + 2 * TIMEOUT + 1));

        assertThat(steps())
                .extracting(DecodeStep::kind)
                .containsExactly(Kind.RESET, Kind.PACKET, Kind.PACKET, Kind.END, Kind.RESET, Kind.PACKET);
        assertThat(steps()).extracting(DecodeStep::segment).containsOnly(0);
        assertThat(steps()).extracting(DecodeStep::start).containsExactly(0L, 0L, 960L, 1_920L, 0L, 0L);
        assertThat(steps().get(3).packet().origin())
                .as("of END: that of the last packet")
                .isEqualTo(origin(0, 1, NOON + 1_000));
        assertThat(timedOut()).isEqualTo(1);
        assertOneStreamWithItsTimer();
    }

    @Test
    void theOtherStreamIsJoinedLikeAnyThatIsNew() throws Exception {
        send(packet("alice", 0, MONO, NOON));
        send(packet("alice", 96_000, MONO, NOON + 2 * TIMEOUT));
        send(packet("alice", 0, MONO, NOON + 4 * TIMEOUT));

        assertThat(steps())
                .filteredOn(step -> step.kind() == Kind.RESET)
                .extracting(step -> step.link().preSkip())
                .as("pre-skip of a start, of one who joins in the middle, and of a start")
                .containsExactly(312, 0, 312);
    }

    @Test
    void theGreatestRecordTimeCountsWhereTheyRunBack() throws Exception {
        send(packet("alice", NOON + TIMEOUT));
        send(packet("alice", NOON - 5 * TIMEOUT));
        send(packet("alice", NOON + 2 * TIMEOUT));

        assertThat(steps()).extracting(DecodeStep::kind).doesNotContain(Kind.END);
        assertThat(timedOut()).isZero();
    }

    @Test
    void packetsWithoutARecordTimeNeverTimeOut() throws Exception {
        send(packet("recording", PacketOrigin.NO_TIME));
        assertThat(harness.numProcessingTimeTimers()).isZero();
        send(packet("alice", NOON));
        send(packet("alice", PacketOrigin.NO_TIME));
        send(packet("recording", PacketOrigin.NO_TIME));
        send(packet("alice", NOON + TIMEOUT));

        assertThat(steps()).extracting(DecodeStep::kind).doesNotContain(Kind.END);
        assertThat(harness.numProcessingTimeTimers()).isEqualTo(1);
    }

    @Test
    void aStreamThatNeverReturnsIsCollected() throws Exception {
        send(packet("alice", NOON));
        goOn("bob", NOON + 2 * TIMEOUT);
        fireTimers(2);
        assertThat(kindsOf("alice")).as("not longer than twice the timeout ago").doesNotContain(Kind.END);

        goOn("bob", NOON + 2 * TIMEOUT + 1);
        fireTimers(1);

        assertThat(kindsOf("alice")).containsExactly(Kind.RESET, Kind.PACKET, Kind.END);
        DecodeStep end = stepsByStream(steps()).get("alice").get(2);
        assertThat(end.start()).isEqualTo(960);
        assertThat(end.packet().origin()).isEqualTo(origin(0, 0, NOON));
        assertThat(timedOut()).isEqualTo(1);
        assertOneStreamWithItsTimer();
    }

    @Test
    void theTimeOfAnotherPartitionOrTopicDoesNotCollect() throws Exception {
        send(packet("alice", NOON));
        send(packet("bob", new PacketOrigin("packets", 1, 0, NOON + 10 * TIMEOUT)));
        send(packet("carol", new PacketOrigin("more-packets", 0, 0, NOON + 10 * TIMEOUT)));

        fireTimers(5);

        assertThat(steps()).extracting(DecodeStep::kind).doesNotContain(Kind.END);
        assertThat(harness.numProcessingTimeTimers()).isEqualTo(3);
    }

    @Test
    void aStreamOfOldPacketsIsNotCollectedWhileTheyCome() throws Exception {
        send(packet("live", NOON));
        for (int i = 0; i < 5; i++) {
            send(packet("backfill", NOON - 100 * TIMEOUT + i));
            fireTimers(1);
        }
        assertThat(kindsOf("backfill")).doesNotContain(Kind.END);

        fireTimers(1);
        assertThat(kindsOf("backfill")).endsWith(Kind.END);
    }

    @Test
    void aStreamOfWhichNothingCouldBeDecodedIsCollectedWithoutAStep() throws Exception {
        send(packet("alice", 0, NINE_STREAMS, NOON));
        send(packet("alice", 960, NINE_STREAMS, NOON + 10));
        assertThat(harness.numProcessingTimeTimers()).isEqualTo(1);
        goOn("bob", NOON + 2 * TIMEOUT + 11);

        fireTimers(2);

        assertThat(kindsOf("bob")).doesNotContain(Kind.END);
        assertThat(stepsByStream(steps())).doesNotContainKey("alice");
        assertThat(timedOut()).isEqualTo(1);
        assertOneStreamWithItsTimer();
    }

    @Test
    void anUnsupportedLinkKeepsTheStreamAlive() throws Exception {
        send(packet("alice", 0, MONO, NOON));
        send(packet("alice", 0, NINE_STREAMS, NOON + TIMEOUT));
        send(packet("alice", 0, MONO, NOON + 2 * TIMEOUT));

        assertThat(kindsOf("alice")).containsExactly(Kind.RESET, Kind.PACKET, Kind.RESET, Kind.PACKET);
        assertOneStreamWithItsTimer();
    }

    @Test
    void nothingIsLeftOfAStreamThatWasEnded() throws Exception {
        send(packet("alice", NOON));
        fireTimers(1);
        send(OpusPacket.end("alice", origin(NOON + 1)));

        assertThat(kindsOf("alice")).containsExactly(Kind.RESET, Kind.PACKET, Kind.END);
        assertThat(timedOut()).isZero();
        assertNothingIsLeft();
    }

    @Test
    void aStreamEndedAfterItTimedOutEndsOnce() throws Exception {
        send(packet("alice", NOON));
        send(OpusPacket.end("alice", origin(NOON + TIMEOUT + 1)));

        assertThat(kindsOf("alice")).containsExactly(Kind.RESET, Kind.PACKET, Kind.END);
        assertThat(steps().get(2).packet().origin()).isEqualTo(origin(0, 0, NOON));
        assertThat(timedOut()).isEqualTo(1);
        assertNothingIsLeft();
    }

    @Test
    void aStreamHasOneTimerHoweverManyPackets() throws Exception {
        for (int i = 0; i < 10; i++) {
            send(packet("alice", NOON + i));
            fireTimers(1);
            assertThat(harness.numProcessingTimeTimers()).isEqualTo(1);
        }
    }

    @Test
    void theRuleHoldsAfterARestore() throws Exception {
        send(packet("alice", NOON));
        send(packet("bob", NOON));

        restore();
        send(packet("alice", NOON + TIMEOUT));
        send(packet("bob", NOON + TIMEOUT + 1));

        assertThat(kindsOf("alice")).containsExactly(Kind.PACKET);
        assertThat(kindsOf("bob")).containsExactly(Kind.END, Kind.RESET, Kind.PACKET);
        send(OpusPacket.end("alice", origin(NOON + TIMEOUT)));
        send(OpusPacket.end("bob", origin(NOON + TIMEOUT + 1)));
        assertNothingIsLeft();
    }

    @Test
    void nothingIsCollectedAfterARestoreUntilThePartitionGoesOn() throws Exception {
        send(packet("alice", NOON));
        goOn("bob", NOON + 3 * TIMEOUT);
        fireTimers(1);

        restore();
        fireTimers(5);
        assertThat(steps()).isEmpty();
        assertThat(harness.numProcessingTimeTimers()).isEqualTo(2);

        goOn("bob", NOON + 3 * TIMEOUT + 1);
        fireTimers(1);
        assertThat(kindsOf("alice")).containsExactly(Kind.END);
        assertOneStreamWithItsTimer();
    }

    /** Record times run back by up to a timeout within their partition, and streams pause for up to six. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whetherAndWhenTheTimerFiresChangesNothingButThePlaceOfTheEnds(long seed) throws Exception {
        List<OpusPacket> packets = randomPackets(new Random(seed));
        for (OpusPacket packet : packets) {
            send(packet);
        }
        Map<String, List<DecodeStep>> byTheRule = stepsByStream(steps());
        long overByTheRule = timedOut();
        harness.close();

        Random clock = new Random(-seed);
        harness = newHarness();
        harness.open();
        long collected = 0;
        List<DecodeStep> steps = new ArrayList<>();
        for (OpusPacket packet : packets) {
            send(packet);
            long before = timedOut();
            fireTimers(clock.nextInt(3));
            collected += timedOut() - before;
            if (clock.nextInt(50) == 0) {
                steps.addAll(steps());
                restore();
            }
        }
        steps.addAll(steps());

        assertThat(collected).as("streams that the timer ended").isPositive();
        assertThat(overByTheRule).as("streams that the rule ended").isPositive();
        assertThat(stepsButLastEnds(stepsByStream(steps))).isEqualTo(stepsButLastEnds(byTheRule));
    }

    private List<OpusPacket> randomPackets(Random random) {
        List<OpusPacket> packets = new ArrayList<>();
        long[] partitionTimes = {NOON, NOON};
        for (int i = 0; i < 600; i++) {
            int stream = random.nextInt(6);
            int partition = stream % 2;
            partitionTimes[partition] += random.nextInt((int) TIMEOUT);
            if (random.nextInt(30) == 0) {
                partitionTimes[partition] += random.nextInt(6 * (int) TIMEOUT);
            }
            long recordTime = partitionTimes[partition] - random.nextInt((int) TIMEOUT + 1);
            PacketOrigin origin = new PacketOrigin("packets", partition, i, recordTime);
            packets.add(
                    random.nextInt(40) == 0
                            ? OpusPacket.end("stream-" + stream, origin)
                            : packet("stream-" + stream, random.nextInt(3) * 960, heads(random), origin));
        }
        return packets;
    }

    private static OpusHead heads(Random random) {
        int which = random.nextInt(20);
        return which == 0 ? NINE_STREAMS : which < 4 ? OpusHead.of(2, 312, 0) : MONO;
    }

    /** An END that nothing follows is there or not, as the timer has come to it or not. */
    private static Map<String, List<String>> stepsButLastEnds(Map<String, List<DecodeStep>> streams) {
        Map<String, List<String>> cut = new TreeMap<>();
        streams.forEach((streamId, steps) -> {
            int last = steps.size() - 1;
            List<DecodeStep> compared = steps.get(last).kind() == Kind.END ? steps.subList(0, last) : steps;
            cut.put(streamId, compared.stream().map(StreamTimeoutTest::bytes).toList());
        });
        return cut;
    }

    /** All that is in a step: arrays in records are not compared by what they hold. */
    private static String bytes(DecodeStep step) {
        DataOutputSerializer out = new DataOutputSerializer(256);
        try {
            DecodeStepSerializer.INSTANCE.serialize(step, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return HexFormat.of().formatHex(out.getCopyOfBuffer());
    }

    private KeyedOneInputStreamOperatorTestHarness<String, OpusPacket, DecodeStep> newHarness() throws Exception {
        RecordedMetrics recorded = new RecordedMetrics();
        metrics = recorded;
        var sequencer =
                new KeyedProcessOperator<>(new PacketSequencer(
                        null,
                        8,
                        new SequencerSettings(
                                Duration.ofMillis(TIMEOUT),
                                16,
                                Duration.ofMillis(500),
                                null,
                                Duration.ofMillis(120)))) {
                    @Override
                    public OperatorMetricGroup getMetricGroup() {
                        return recorded;
                    }
                };
        return new KeyedOneInputStreamOperatorTestHarness<>(sequencer, OpusPacket::streamId, Types.STRING);
    }

    private void restore() throws Exception {
        OperatorSubtaskState state = harness.snapshot(1, 1);
        harness.close();
        harness = newHarness();
        harness.setProcessingTime(now);
        harness.initializeState(state);
        harness.open();
    }

    private void send(OpusPacket packet) throws Exception {
        harness.processElement(packet, 0);
    }

    /** The clock runs so that each stream's timer fires so many times. */
    private void fireTimers(int times) throws Exception {
        for (int i = 0; i < times; i++) {
            now += TIMEOUT;
            harness.setProcessingTime(now);
        }
    }

    /** A packet of another stream of the same partition. */
    private void goOn(String streamId, long recordTime) throws Exception {
        send(packet(streamId, recordTime));
    }

    private List<DecodeStep> steps() {
        return harness.extractOutputValues();
    }

    private static Map<String, List<DecodeStep>> stepsByStream(List<DecodeStep> steps) {
        Map<String, List<DecodeStep>> streams = new TreeMap<>();
        steps.forEach(step -> streams.computeIfAbsent(step.streamId(), streamId -> new ArrayList<>())
                .add(step));
        return streams;
    }

    private List<Kind> kindsOf(String streamId) {
        return steps().stream()
                .filter(step -> step.streamId().equals(streamId))
                .map(DecodeStep::kind)
                .toList();
    }

    private long timedOut() {
        return metrics.value(DecodeMetrics.STREAMS_TIMED_OUT.path());
    }

    private void assertOneStreamWithItsTimer() {
        assertThat(harness.numKeyedStateEntries()).isEqualTo(1);
        assertThat(harness.numProcessingTimeTimers()).isEqualTo(1);
    }

    private void assertNothingIsLeft() {
        assertThat(harness.numKeyedStateEntries()).isZero();
        assertThat(harness.numProcessingTimeTimers()).isZero();
    }

    private OpusPacket packet(String streamId, long recordTime) {
        return packet(streamId, origin(recordTime));
    }

    private static OpusPacket packet(String streamId, PacketOrigin origin) {
        return OpusPacket.plain(streamId, TWENTY_MS, origin);
    }

    private OpusPacket packet(String streamId, long timestamp, OpusHead head, long recordTime) {
        return packet(streamId, timestamp, head, origin(recordTime));
    }

    private static OpusPacket packet(String streamId, long timestamp, OpusHead head, PacketOrigin origin) {
        return new OpusPacket(
                streamId,
                TWENTY_MS,
                OpusPacket.ABSENT,
                timestamp,
                head,
                OpusPacket.ABSENT,
                0,
                0,
                OpusPacket.ABSENT,
                origin);
    }

    private PacketOrigin origin(long recordTime) {
        return origin(0, offset++, recordTime);
    }

    private static PacketOrigin origin(int partition, long offset, long recordTime) {
        return new PacketOrigin("packets", partition, offset, recordTime);
    }
}
