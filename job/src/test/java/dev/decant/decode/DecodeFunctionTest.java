package dev.decant.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.audio.DeadLetter;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketFraming;
import dev.decant.audio.PacketOrigin;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import dev.decant.audio.SampleFormat;
import dev.decant.decode.DecodeStep.Kind;
import dev.decant.monitoring.DeadLetterRecorder;
import dev.decant.opus.OpusLibraryException;
import dev.decant.opus.ReferenceDecoder;
import dev.decant.opus.TestEncoder.Bandwidth;
import dev.decant.opus.TestEncoder.Mode;
import dev.decant.opus.TestStream;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Steps in, frames out, compared with what libopus' C API gives for the same calls. */
class DecodeFunctionTest {
    private static final LinkSettings STEREO = new LinkSettings(2, 0, 0);
    private static final PcmFormat PCM = new PcmFormat(SampleFormat.S16LE, 48_000, 2);
    private static final PacketOrigin ORIGIN = new PacketOrigin("packets", 0, 7, 0);
    private static final TestStream SPEECH = TestStream.withForwardErrorCorrection(2);

    private DecodeHarness harness;

    @BeforeEach
    void open() throws Exception {
        harness = DecodeHarness.open(TestSettings.USUAL);
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void packetsAreDecodedAsTheCApiDoes() throws Exception {
        ByteArrayOutputStream pcm = new ByteArrayOutputStream();
        for (byte[] packet : SPEECH.packets()) {
            PcmFrame frame = harness.map(packet("a", packet));
            assertThat(frame.outcome()).isEqualTo(Outcome.DECODED);
            assertThat(frame.sampleCount()).isEqualTo(960);
            pcm.writeBytes(frame.pcm());
        }

        assertThat(pcm.toByteArray()).isEqualTo(ReferenceDecoder.decode(PCM, 0, SPEECH.packets()));
        assertThat(harness.metric(DecodeMetrics.PACKETS))
                .isEqualTo(SPEECH.packets().size());
        assertThat(harness.metric(DecodeMetrics.SAMPLES, Outcome.DECODED))
                .isEqualTo(960L * SPEECH.packets().size());
        assertThat(harness.histogram(DecodeMetrics.DECODE_NANOS).getCount()).isPositive();
        assertThat(harness.histogram(DecodeMetrics.DECODE_NANOS).getStatistics().getMin())
                .isPositive();
    }

    @Test
    void lossIsConcealedAndRecoveredAsTheCApiDoes() throws Exception {
        try (ReferenceDecoder reference = new ReferenceDecoder(PCM, 0)) {
            for (int i = 0; i < 20; i++) {
                assertThat(harness.map(packet("a", SPEECH.packets().get(i))).pcm())
                        .isEqualTo(reference.decode(SPEECH.packets().get(i)));
            }
            PcmFrame concealed = harness.map(step("a", Kind.CONCEAL, null, 960));
            assertThat(concealed.outcome()).isEqualTo(Outcome.CONCEALED);
            assertThat(concealed.pcm()).isEqualTo(reference.conceal(960));

            byte[] next = SPEECH.packets().get(22);
            PcmFrame recovered = harness.map(step("a", Kind.FEC, next, 960));
            assertThat(recovered.outcome()).isEqualTo(Outcome.FEC);
            assertThat(recovered.pcm()).isEqualTo(reference.recover(next, 960));
            assertThat(harness.map(packet("a", next)).pcm()).isEqualTo(reference.decode(next));
        }
    }

    @Test
    void onlyWhatIsKeptComesOutAtItsPosition() throws Exception {
        byte[] all = harness.map(packet("a", SPEECH.packets().get(0))).pcm();
        LinkSettings preSkip = new LinkSettings(2, 0, 312);

        PcmFrame frame = harness.map(
                new DecodeStep(Kind.PACKET, sent("b", SPEECH.packets().get(0)), preSkip, 4, 0, 960, 400, 900));

        assertThat(frame.sampleCount()).isEqualTo(500);
        assertThat(frame.position()).isEqualTo(400 - 312);
        assertThat(frame.segment()).isEqualTo(4);
        assertThat(frame.pcm()).isEqualTo(Arrays.copyOfRange(all, 400 * 4, 900 * 4));
    }

    @Test
    void aGapIsACountAndResetAndEndCarryNoSamples() throws Exception {
        PcmFrame filled = harness.map(step("a", Kind.FILL, null, 480_000));
        assertThat(filled.outcome()).isEqualTo(Outcome.FILLED);
        assertThat(filled.sampleCount()).isEqualTo(480_000);
        assertThat(filled.pcm()).isEmpty();

        assertThat(harness.map(step("a", Kind.RESET, null, 0)).outcome()).isEqualTo(Outcome.RESET);
        assertThat(harness.metric(DecodeMetrics.LIVE_DECODERS)).isEqualTo(1);
        assertThat(harness.metric(DecodeMetrics.NATIVE_BYTES)).isPositive();

        assertThat(harness.map(step("a", Kind.END, null, 0)).outcome()).isEqualTo(Outcome.END);
        assertThat(harness.metric(DecodeMetrics.LIVE_DECODERS)).isZero();
        assertThat(harness.metric(DecodeMetrics.NATIVE_BYTES)).isZero();
    }

    @Test
    void aResetStartsFromTheFirstState() throws Exception {
        byte[] first = SPEECH.packets().get(5);
        byte[] fresh = harness.map(packet("fresh", first)).pcm();
        harness.map(packet("a", SPEECH.packets().get(0)));
        harness.map(packet("a", SPEECH.packets().get(1)));

        harness.map(step("a", Kind.RESET, null, 0));

        assertThat(harness.map(packet("a", first)).pcm()).isEqualTo(fresh);
    }

    @Test
    void aResetCanChangeTheGain() throws Exception {
        harness.map(packet("a", SPEECH.packets().get(0)));
        LinkSettings quieter = new LinkSettings(2, -1_536, 0);

        harness.map(new DecodeStep(Kind.RESET, sent("a", null), quieter, 1, 0, 0, 0, 0));
        PcmFrame frame = harness.map(
                new DecodeStep(Kind.PACKET, sent("a", SPEECH.packets().get(0)), quieter, 1, 0, 960, 0, 960));

        assertThat(frame.pcm())
                .isEqualTo(ReferenceDecoder.decode(PCM, -1_536, SPEECH.packets().subList(0, 1)));
    }

    @Test
    void streamsDoNotDisturbEachOther() throws Exception {
        TestStream music = TestStream.of(Mode.CELT, Bandwidth.FULL, 2, 960, 96_000);
        ByteArrayOutputStream speechPcm = new ByteArrayOutputStream();
        ByteArrayOutputStream musicPcm = new ByteArrayOutputStream();
        for (int i = 0; i < 50; i++) {
            speechPcm.writeBytes(
                    harness.map(packet("speech", SPEECH.packets().get(i))).pcm());
            musicPcm.writeBytes(
                    harness.map(packet("music", music.packets().get(i))).pcm());
        }

        assertThat(speechPcm.toByteArray())
                .isEqualTo(ReferenceDecoder.decode(PCM, 0, SPEECH.packets().subList(0, 50)));
        assertThat(musicPcm.toByteArray())
                .isEqualTo(ReferenceDecoder.decode(PCM, 0, music.packets().subList(0, 50)));
    }

    @Test
    void moreDecodersThanMayBeAreNotInMemory() throws Exception {
        close();
        harness = DecodeHarness.open(TestSettings.USUAL.maxLive(2));
        byte[] packet = SPEECH.packets().get(0);

        harness.map(packet("a", packet));
        harness.map(packet("b", packet));
        long two = harness.metric(DecodeMetrics.NATIVE_BYTES);
        harness.map(packet("a", packet));
        harness.map(packet("c", packet));

        assertThat(harness.metric(DecodeMetrics.DECODERS_EVICTED)).isEqualTo(1);
        assertThat(harness.metric(DecodeMetrics.LIVE_DECODERS)).isEqualTo(2);
        assertThat(harness.metric(DecodeMetrics.NATIVE_BYTES)).isEqualTo(two);
    }

    /** With the pure Java engine: libopus makes something of every packet whose framing is sound. */
    @Test
    void aPacketThatTheDecoderRefusesIsADeadLetterAndItsTimeIsConcealed() throws Exception {
        close();
        harness = DecodeHarness.open(TestSettings.USUAL.library("java"));
        PcmFrame rejected = decodeNoiseUntilAPacketIsRejected();
        byte[] refused = rejected.deadLetter().value();

        assertThat(rejected.sampleCount()).isEqualTo(PacketFraming.duration(refused));
        assertThat(rejected.pcm()).hasSize((int) rejected.sampleCount() * PCM.bytesPerSample());
        assertThat(rejected.deadLetter().reason()).isEqualTo(DeadLetter.Reason.REJECTED_BY_DECODER);
        assertThat(rejected.deadLetter().key()).asString().isEqualTo("a");
        assertThat(rejected.deadLetter().origin()).isEqualTo(ORIGIN);
        assertThat(harness.metric(DeadLetterRecorder.DEAD_LETTERS, DeadLetter.Reason.REJECTED_BY_DECODER))
                .isEqualTo(1);
        PcmFrame next = harness.map(packet("a", SPEECH.packets().get(0)));
        assertThat(next.outcome()).isEqualTo(Outcome.DECODED);
        assertThat(next.sampleCount()).isEqualTo(960);
    }

    @Test
    void aFinalRangeThatIsNotTheEncodersIsCounted() throws Exception {
        try (ReferenceDecoder reference = new ReferenceDecoder(PCM, 0)) {
            reference.decode(SPEECH.packets().get(0));
            harness.map(withFinalRange(reference.finalRange()));
            assertThat(harness.metric(DecodeMetrics.FINAL_RANGE_MISMATCHES)).isZero();
            harness.map(step("a", Kind.RESET, null, 0));
            harness.map(withFinalRange(reference.finalRange() ^ 1));
            assertThat(harness.metric(DecodeMetrics.FINAL_RANGE_MISMATCHES)).isEqualTo(1);
        }
    }

    @Test
    void closeWorksAfterAnOpenThatFailedAndTwice() throws Exception {
        TestSettings nowhere = TestSettings.USUAL.library("/nowhere/libopus.so");
        assertThatThrownBy(() -> DecodeHarness.open(nowhere))
                .isInstanceOf(SuppressRestartsException.class)
                .hasCauseInstanceOf(OpusLibraryException.class);

        DecodeFunction neverOpened = new DecodeFunction(nowhere.build());
        assertThatCode(neverOpened::close).doesNotThrowAnyException();
        assertThatCode(neverOpened::close).doesNotThrowAnyException();
    }

    private PcmFrame decodeNoiseUntilAPacketIsRejected() throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            byte[] packet = new byte[2 + random.nextInt(60)];
            random.nextBytes(packet);
            packet[0] &= (byte) 0xFC;
            PcmFrame frame = harness.map(step("a", Kind.PACKET, packet, PacketFraming.duration(packet)));
            if (frame.outcome() == Outcome.REJECTED) {
                return frame;
            }
        }
        throw new AssertionError("100,000 packets of noise were decoded");
    }

    private static DecodeStep packet(String streamId, byte[] packet) {
        return step(streamId, Kind.PACKET, packet, 960);
    }

    private static DecodeStep withFinalRange(long finalRange) {
        return TestSteps.step("a", Kind.PACKET, SPEECH.packets().get(0), STEREO, 0, 960, finalRange);
    }

    private static DecodeStep step(String streamId, Kind kind, byte[] packet, long ticks) {
        return TestSteps.step(streamId, kind, packet, STEREO, 0, ticks, OpusPacket.ABSENT);
    }

    private static OpusPacket sent(String streamId, byte[] payload) {
        return TestSteps.packet(streamId, payload, OpusPacket.ABSENT);
    }
}
