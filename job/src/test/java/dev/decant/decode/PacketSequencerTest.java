package dev.decant.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.DeadLetter;
import dev.decant.audio.DeadLetter.Reason;
import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import dev.decant.decode.DecodeStep.Kind;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Packets in, decode steps and dead letters out. */
class PacketSequencerTest {
    /** A SILK packet of one 20 ms frame. */
    private static final byte[] TWENTY_MS = {0x08, 1, 2, 3};

    /** A SILK packet of one 60 ms frame. */
    private static final byte[] SIXTY_MS = {0x18, 1, 2, 3};

    /** Code 3 with no frames: breaks R5. */
    private static final byte[] MALFORMED = {0x0B, 0};

    private static final OpusHead SURROUND =
            new OpusHead(1, 6, 312, 48_000, 0, 1, 4, 2, new byte[] {0, 4, 1, 2, 3, 5}, new byte[0]);

    /** Of SILK, a byte a frame. */
    private static final byte[] SURROUND_20_MS = {9 << 3, 1, 7, 9 << 3, 1, 7, 9 << 3, 1, 7, 9 << 3, 7};

    private static final OpusHead NINE_STREAMS =
            new OpusHead(1, 9, 312, 48_000, 0, 255, 9, 0, new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8}, new byte[0]);

    private static final OpusHead STEREO = OpusHead.of(2, 312, -256);

    private KeyedOneInputStreamOperatorTestHarness<String, OpusPacket, DecodeStep> harness;
    private int offset;

    @AfterEach
    void close() throws Exception {
        if (harness != null) {
            harness.close();
        }
    }

    @Test
    void aPlainPacketStartsTheStreamInStereo() throws Exception {
        open(null);

        assertThat(steps(plain(TWENTY_MS))).extracting(DecodeStep::kind).containsExactly(Kind.RESET, Kind.PACKET);
        DecodeStep step = allSteps().get(1);
        assertThat(step.link()).isEqualTo(new LinkSettings(2, 0, 0));
        assertThat(step.payload()).isEqualTo(TWENTY_MS);
        assertThat(span(step)).containsExactly(0, 960, 0, 960);
        assertThat(step.segment()).isZero();
    }

    @Test
    void theClockAddsUpTheDurationsOfPackets() throws Exception {
        open(null);

        List<DecodeStep> steps = steps(plain(TWENTY_MS), plain(SIXTY_MS), plain(TWENTY_MS));

        assertThat(steps).extracting(DecodeStep::start).containsExactly(0L, 0L, 960L, 3_840L);
    }

    @Test
    void theHeaderSettlesChannelsGainAndPreSkip() throws Exception {
        open(null);

        List<DecodeStep> steps = steps(with(STEREO, 0, 0), with(STEREO, 960, 0));

        assertThat(steps).extracting(DecodeStep::link).containsOnly(new LinkSettings(2, -256, 312));
        assertThat(span(steps.get(1))).containsExactly(0, 960, 312, 960);
        assertThat(span(steps.get(2))).containsExactly(960, 960, 960, 1_920);
    }

    @Test
    void preSkipIsNotTakenFromAStreamThatIsJoinedInTheMiddle() throws Exception {
        open(null);

        List<DecodeStep> steps = steps(with(STEREO, 96_000, 0));

        assertThat(steps.get(1).link().preSkip()).isZero();
        assertThat(span(steps.get(1))).containsExactly(0, 960, 0, 960);
    }

    @Test
    void anotherLinkStartsASegmentWithItsPreSkip() throws Exception {
        open(null);

        List<DecodeStep> steps = steps(with(STEREO, 0, 0), with(STEREO, 960, 0), with(STEREO, 0, 1));

        assertThat(steps)
                .extracting(DecodeStep::kind)
                .containsExactly(Kind.RESET, Kind.PACKET, Kind.PACKET, Kind.RESET, Kind.PACKET);
        assertThat(steps).extracting(DecodeStep::segment).containsExactly(0, 0, 0, 1, 1);
        assertThat(span(steps.get(4))).containsExactly(0, 960, 312, 960);
    }

    @Test
    void anotherHeaderStartsASegmentButKeepsTheChannelsOfTheFirst() throws Exception {
        open(null);

        List<DecodeStep> steps = steps(with(STEREO, 0, 0), with(OpusHead.of(1, 0, 0), 960, 0));

        assertThat(steps).extracting(DecodeStep::segment).containsExactly(0, 0, 1, 1);
        assertThat(steps.get(3).link()).isEqualTo(new LinkSettings(2, 0, 0));
    }

    @Test
    void theOptionForChannelsGoesBeforeTheHeader() throws Exception {
        open(1);

        assertThat(steps(with(STEREO, 0, 0)).get(1).link().channels()).isEqualTo(1);
    }

    @Test
    void trimsTakeSamplesFromBothEndsOfAPacket() throws Exception {
        open(null);

        List<DecodeStep> steps = steps(
                trimmed(TWENTY_MS, 100, 200),
                trimmed(TWENTY_MS, 960, 960),
                trimmed(TWENTY_MS, 5_000, 0),
                trimmed(TWENTY_MS, 0, 5_000));

        assertThat(span(steps.get(1))).containsExactly(0, 960, 100, 760);
        assertThat(steps.subList(2, 5)).allSatisfy(step -> {
            assertThat(step.keepFrom()).isBetween(step.start(), step.start() + step.ticks());
            assertThat(step.keepTo()).isBetween(step.start(), step.start() + step.ticks());
            assertThat(step.keepTo()).isLessThanOrEqualTo(step.keepFrom());
        });
    }

    @Test
    void aLostPacketIsConcealedForAsLongAsTheOneBefore() throws Exception {
        open(null);

        List<DecodeStep> steps = steps(plain(SIXTY_MS), plain(new byte[0]), plain(TWENTY_MS));

        assertThat(steps)
                .extracting(DecodeStep::kind)
                .containsExactly(Kind.RESET, Kind.PACKET, Kind.CONCEAL, Kind.PACKET);
        assertThat(span(steps.get(2))).containsExactly(2_880, 2_880, 2_880, 5_760);
        assertThat(deadLetters()).isEmpty();
    }

    @Test
    void aMalformedPacketIsADeadLetterAndItsTimeIsConcealed() throws Exception {
        open(null);

        List<DecodeStep> steps = steps(plain(TWENTY_MS), plain(MALFORMED), plain(TWENTY_MS));

        assertThat(steps)
                .extracting(DecodeStep::kind)
                .containsExactly(Kind.RESET, Kind.PACKET, Kind.CONCEAL, Kind.PACKET);
        DeadLetter letter = deadLetters().get(0);
        assertThat(letter.reason()).isEqualTo(Reason.MALFORMED_PACKET);
        assertThat(letter.message()).contains("R5");
        assertThat(letter.key()).asString().isEqualTo("stream");
        assertThat(letter.value()).isEqualTo(MALFORMED);
        assertThat(letter.origin()).isEqualTo(new PacketOrigin("packets", 0, 1, 1_000));
    }

    @Test
    void trimsTakeTheirPartOfAConcealedPacketToo() throws Exception {
        open(null);

        List<DecodeStep> steps = steps(
                trimmed(MALFORMED, 100, 0),
                trimmed(TWENTY_MS, 0, 0),
                trimmed(MALFORMED, 0, 200),
                OpusPacket.end("stream", origin()));

        assertThat(steps)
                .extracting(DecodeStep::kind)
                .containsExactly(Kind.RESET, Kind.CONCEAL, Kind.PACKET, Kind.CONCEAL, Kind.END);
        assertThat(span(steps.get(1))).containsExactly(0, 960, 100, 960);
        assertThat(span(steps.get(3))).containsExactly(1_920, 960, 1_920, 2_680);
    }

    @Test
    void aPacketLongerThanAnyIsADeadLetter() throws Exception {
        open(null);

        steps(plain(new byte[61_441]));

        assertThat(deadLetters()).extracting(DeadLetter::reason).containsExactly(Reason.PACKET_TOO_LARGE);
    }

    @Test
    void aStreamOfTooManyStreamsIsRefusedPacketByPacket() throws Exception {
        open(null);

        assertThat(steps(with(NINE_STREAMS, 0, 0), with(NINE_STREAMS, 960, 0))).isEmpty();

        assertThat(deadLetters())
                .extracting(DeadLetter::reason)
                .containsExactly(Reason.UNSUPPORTED_STREAM, Reason.UNSUPPORTED_STREAM);
        assertThat(deadLetters().get(0).message())
                .contains("9 channels in 9 streams")
                .contains("decoder.max-streams");
    }

    @Test
    void aLinkOfTooManyStreamsIsRefusedWhereOnlyItsFirstPacketSaysSo() throws Exception {
        open(null);

        assertThat(steps(with(NINE_STREAMS, 0, 0), with(null, 960, 0), plain(TWENTY_MS)))
                .isEmpty();
        assertThat(deadLetters())
                .extracting(DeadLetter::reason)
                .containsOnly(Reason.UNSUPPORTED_STREAM)
                .hasSize(3);

        OpusHead mono = OpusHead.of(1, 312, 0);
        List<DecodeStep> steps = steps(with(mono, 0, 1), with(NINE_STREAMS, 0, 2), plain(TWENTY_MS), with(mono, 0, 3));
        assertThat(steps)
                .extracting(DecodeStep::kind)
                .containsExactly(Kind.RESET, Kind.PACKET, Kind.RESET, Kind.PACKET);
        assertThat(steps).extracting(DecodeStep::segment).containsExactly(0, 0, 1, 1);
        assertThat(steps).extracting(DecodeStep::link).containsOnly(new LinkSettings(1, 0, 312));
        assertThat(deadLetters()).hasSize(5);
    }

    @Test
    void aStreamOfWhichNothingCouldBeDecodedEndsWithoutAStep() throws Exception {
        open(null);

        assertThat(steps(with(NINE_STREAMS, 0, 0), OpusPacket.end("stream", origin())))
                .isEmpty();
        assertThat(harness.numKeyedStateEntries()).isZero();
    }

    @Test
    void aLinkOfSeveralStreamsIsDecodedAsItsHeaderSays() throws Exception {
        open(null);

        List<DecodeStep> steps = steps(surround(0));

        assertThat(steps).extracting(DecodeStep::kind).containsExactly(Kind.RESET, Kind.PACKET);
        assertThat(steps.get(1).ticks()).isEqualTo(960);
        assertThat(steps.get(1).link()).isEqualTo(new LinkSettings(ChannelLayout.of(SURROUND, null, 8), 0, 312));
        assertThat(deadLetters()).isEmpty();
    }

    @Test
    void aPacketThatIsMalformedInOneOfItsStreamsIsConcealed() throws Exception {
        open(null);

        List<DecodeStep> steps = steps(with(SURROUND, 0, 0), OpusPacket.end("stream", origin()));

        assertThat(steps).extracting(DecodeStep::kind).containsExactly(Kind.RESET, Kind.CONCEAL, Kind.END);
        assertThat(deadLetters().get(0).message()).startsWith("stream 2 of 4: ");
    }

    @Test
    void aLaterLinkOfMoreChannelsIsMixedToThoseOfTheFirst() throws Exception {
        open(null);

        List<DecodeStep> steps = steps(with(STEREO, 0, 0), with(SURROUND, 0, 1));

        assertThat(steps.get(2).kind()).isEqualTo(Kind.RESET);
        assertThat(steps.get(2).link().layout()).isEqualTo(ChannelLayout.of(SURROUND, 2, 8));
    }

    @Test
    void aLaterLinkOfFewerChannelsThanAFirstOfManyIsRefused() throws Exception {
        open(null);

        List<DecodeStep> steps =
                steps(surround(0), with(STEREO, 0, 1), surround(2), OpusPacket.end("stream", origin()));

        assertThat(steps)
                .extracting(DecodeStep::kind)
                .containsExactly(Kind.RESET, Kind.PACKET, Kind.RESET, Kind.PACKET, Kind.END);
        assertThat(deadLetters().get(0).reason()).isEqualTo(Reason.UNSUPPORTED_STREAM);
        assertThat(deadLetters().get(0).message()).contains("the 6 channels that the stream began with");
    }

    @Test
    void channelsWithoutAMeaningAreNotMixed() throws Exception {
        open(1);
        OpusHead head = new OpusHead(1, 2, 312, 48_000, 0, 255, 2, 0, new byte[] {0, 1}, new byte[0]);

        assertThat(steps(with(head, 0, 0))).isEmpty();
        assertThat(deadLetters().get(0).reason()).isEqualTo(Reason.UNSUPPORTED_STREAM);
        assertThat(deadLetters().get(0).message())
                .contains("mapping family 255")
                .contains("pcm.channels");
    }

    @Test
    void monoOfMappingFamilyOneIsMono() throws Exception {
        open(null);
        OpusHead mono = new OpusHead(1, 1, 0, 48_000, 0, 1, 1, 0, new byte[] {0}, new byte[0]);

        assertThat(steps(with(mono, 0, 0)).get(1).link().channels()).isEqualTo(1);
    }

    @Test
    void theEndOfAStreamClearsItsState() throws Exception {
        open(null);

        List<DecodeStep> steps =
                steps(plain(TWENTY_MS), OpusPacket.end("stream", origin()), OpusPacket.end("stream", origin()));

        assertThat(steps).extracting(DecodeStep::kind).containsExactly(Kind.RESET, Kind.PACKET, Kind.END);
        assertThat(harness.numKeyedStateEntries()).isZero();
    }

    @Test
    void aRestoredSequencerGoesOnWhereItWas() throws Exception {
        open(null);
        steps(with(STEREO, 0, 7), with(STEREO, 960, 7));
        OperatorSubtaskState state = harness.snapshot(1, 1);
        harness.close();

        harness = newHarness(null);
        harness.initializeState(state);
        harness.open();

        List<DecodeStep> steps = steps(with(STEREO, 1_920, 7));
        assertThat(steps).extracting(DecodeStep::kind).containsExactly(Kind.PACKET);
        assertThat(span(steps.get(0))).containsExactly(1_920, 960, 1_920, 2_880);
    }

    private void open(Integer channels) throws Exception {
        harness = newHarness(channels);
        harness.open();
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, OpusPacket, DecodeStep> newHarness(Integer channels)
            throws Exception {
        return new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(new PacketSequencer(channels, 8, SequencerSettings.usual())),
                OpusPacket::streamId,
                Types.STRING);
    }

    private List<DecodeStep> steps(OpusPacket... packets) throws Exception {
        for (OpusPacket packet : packets) {
            harness.processElement(packet, 0);
        }
        return allSteps();
    }

    private List<DecodeStep> allSteps() {
        return harness.extractOutputValues();
    }

    private List<DeadLetter> deadLetters() {
        List<DeadLetter> letters = new ArrayList<>();
        var output = harness.getSideOutput(PacketSequencer.DEAD_LETTERS);
        if (output != null) {
            output.forEach(letter -> letters.add(letter.getValue()));
        }
        return letters;
    }

    private static long[] span(DecodeStep step) {
        return new long[] {step.start(), step.ticks(), step.keepFrom(), step.keepTo()};
    }

    private OpusPacket plain(byte[] payload) {
        return OpusPacket.plain("stream", payload, origin());
    }

    private OpusPacket with(OpusHead head, long timestamp, long link) {
        return new OpusPacket(
                "stream", TWENTY_MS, OpusPacket.ABSENT, timestamp, head, link, 0, 0, OpusPacket.ABSENT, origin());
    }

    private OpusPacket surround(long link) {
        return new OpusPacket(
                "stream", SURROUND_20_MS, OpusPacket.ABSENT, 0, SURROUND, link, 0, 0, OpusPacket.ABSENT, origin());
    }

    private OpusPacket trimmed(byte[] payload, int trimStart, int trimEnd) {
        return new OpusPacket(
                "stream",
                payload,
                OpusPacket.ABSENT,
                OpusPacket.ABSENT,
                null,
                OpusPacket.ABSENT,
                trimStart,
                trimEnd,
                OpusPacket.ABSENT,
                origin());
    }

    private PacketOrigin origin() {
        return new PacketOrigin("packets", 0, offset++, 1_000);
    }
}
