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
import dev.decant.decode.IsolationSettings.When;
import dev.decant.opus.DecoderVerification;
import dev.decant.opus.OpusLibraryException;
import dev.decant.opus.ReferenceDecoder;
import dev.decant.opus.TestEncoder.Bandwidth;
import dev.decant.opus.TestEncoder.Mode;
import dev.decant.opus.TestStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.flink.metrics.groups.OperatorMetricGroup;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.util.MockStreamingRuntimeContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Steps in, frames out, compared with what libopus' C API gives for the same calls. */
class DecodeFunctionTest {
    private static final LinkSettings STEREO = new LinkSettings(2, 0, 0);
    private static final PcmFormat PCM = new PcmFormat(SampleFormat.S16LE, 48_000, 2);
    private static final PacketOrigin ORIGIN = new PacketOrigin("packets", 0, 7, 0);
    private static final TestStream SPEECH = TestStream.withForwardErrorCorrection(2);

    private RecordedMetrics metrics;
    private DecodeFunction function;

    @BeforeEach
    void open() throws Exception {
        open("embedded", 10);
    }

    @AfterEach
    void close() throws Exception {
        function.close();
    }

    @Test
    void packetsAreDecodedAsTheCApiDoes() {
        ByteArrayOutputStream pcm = new ByteArrayOutputStream();
        for (byte[] packet : SPEECH.packets()) {
            PcmFrame frame = function.map(packet("a", packet));
            assertThat(frame.outcome()).isEqualTo(Outcome.DECODED);
            assertThat(frame.sampleCount()).isEqualTo(960);
            pcm.writeBytes(frame.pcm());
        }

        assertThat(pcm.toByteArray()).isEqualTo(ReferenceDecoder.decode(PCM, 0, SPEECH.packets()));
        assertThat(metrics.value("decant.packets")).isEqualTo(SPEECH.packets().size());
        assertThat(metrics.value("decant.outcome.DECODED.samples"))
                .isEqualTo(960L * SPEECH.packets().size());
        assertThat(metrics.histogram("decant.decodeNanos").getCount()).isPositive();
        assertThat(metrics.histogram("decant.decodeNanos").getStatistics().getMin())
                .isPositive();
    }

    @Test
    void lossIsConcealedAndRecoveredAsTheCApiDoes() {
        try (ReferenceDecoder reference = new ReferenceDecoder(PCM, 0)) {
            for (int i = 0; i < 20; i++) {
                assertThat(function.map(packet("a", SPEECH.packets().get(i))).pcm())
                        .isEqualTo(reference.decode(SPEECH.packets().get(i)));
            }
            PcmFrame concealed = function.map(step("a", Kind.CONCEAL, null, 960));
            assertThat(concealed.outcome()).isEqualTo(Outcome.CONCEALED);
            assertThat(concealed.pcm()).isEqualTo(reference.conceal(960));

            byte[] next = SPEECH.packets().get(22);
            PcmFrame recovered = function.map(step("a", Kind.FEC, next, 960));
            assertThat(recovered.outcome()).isEqualTo(Outcome.FEC);
            assertThat(recovered.pcm()).isEqualTo(reference.recover(next, 960));
            assertThat(function.map(packet("a", next)).pcm()).isEqualTo(reference.decode(next));
        }
    }

    @Test
    void onlyWhatIsKeptComesOutAtItsPosition() {
        byte[] all = function.map(packet("a", SPEECH.packets().get(0))).pcm();
        LinkSettings preSkip = new LinkSettings(2, 0, 312);

        PcmFrame frame = function.map(new DecodeStep(
                "b", Kind.PACKET, SPEECH.packets().get(0), preSkip, 4, 0, 960, 400, 900, OpusPacket.ABSENT, ORIGIN));

        assertThat(frame.sampleCount()).isEqualTo(500);
        assertThat(frame.position()).isEqualTo(400 - 312);
        assertThat(frame.segment()).isEqualTo(4);
        assertThat(frame.pcm()).isEqualTo(Arrays.copyOfRange(all, 400 * 4, 900 * 4));
    }

    @Test
    void aGapIsACountAndResetAndEndCarryNoSamples() {
        PcmFrame filled = function.map(step("a", Kind.FILL, null, 480_000));
        assertThat(filled.outcome()).isEqualTo(Outcome.FILLED);
        assertThat(filled.sampleCount()).isEqualTo(480_000);
        assertThat(filled.pcm()).isEmpty();

        assertThat(function.map(step("a", Kind.RESET, null, 0)).outcome()).isEqualTo(Outcome.RESET);
        assertThat(metrics.value("decant.liveDecoders")).isEqualTo(1);
        assertThat(metrics.value("decant.nativeBytes")).isPositive();

        assertThat(function.map(step("a", Kind.END, null, 0)).outcome()).isEqualTo(Outcome.END);
        assertThat(metrics.value("decant.liveDecoders")).isZero();
        assertThat(metrics.value("decant.nativeBytes")).isZero();
    }

    @Test
    void aResetStartsFromTheFirstState() {
        byte[] first = SPEECH.packets().get(5);
        byte[] fresh = function.map(packet("fresh", first)).pcm();
        function.map(packet("a", SPEECH.packets().get(0)));
        function.map(packet("a", SPEECH.packets().get(1)));

        function.map(step("a", Kind.RESET, null, 0));

        assertThat(function.map(packet("a", first)).pcm()).isEqualTo(fresh);
    }

    @Test
    void aResetCanChangeTheGain() {
        function.map(packet("a", SPEECH.packets().get(0)));
        LinkSettings quieter = new LinkSettings(2, -1_536, 0);

        function.map(new DecodeStep("a", Kind.RESET, null, quieter, 1, 0, 0, 0, 0, OpusPacket.ABSENT, ORIGIN));
        PcmFrame frame = function.map(new DecodeStep(
                "a", Kind.PACKET, SPEECH.packets().get(0), quieter, 1, 0, 960, 0, 960, OpusPacket.ABSENT, ORIGIN));

        assertThat(frame.pcm())
                .isEqualTo(ReferenceDecoder.decode(PCM, -1_536, SPEECH.packets().subList(0, 1)));
    }

    @Test
    void streamsDoNotDisturbEachOther() {
        TestStream music = TestStream.of(Mode.CELT, Bandwidth.FULL, 2, 960, 96_000);
        ByteArrayOutputStream speechPcm = new ByteArrayOutputStream();
        ByteArrayOutputStream musicPcm = new ByteArrayOutputStream();
        for (int i = 0; i < 50; i++) {
            speechPcm.writeBytes(
                    function.map(packet("speech", SPEECH.packets().get(i))).pcm());
            musicPcm.writeBytes(
                    function.map(packet("music", music.packets().get(i))).pcm());
        }

        assertThat(speechPcm.toByteArray())
                .isEqualTo(ReferenceDecoder.decode(PCM, 0, SPEECH.packets().subList(0, 50)));
        assertThat(musicPcm.toByteArray())
                .isEqualTo(ReferenceDecoder.decode(PCM, 0, music.packets().subList(0, 50)));
    }

    @Test
    void theLeastRecentlyUsedDecoderIsLetGo() throws Exception {
        close();
        open("embedded", 2);
        byte[] packet = SPEECH.packets().get(0);

        function.map(packet("a", packet));
        function.map(packet("b", packet));
        long two = metrics.value("decant.nativeBytes");
        function.map(packet("a", packet));
        function.map(packet("c", packet));

        assertThat(metrics.value("decant.decodersEvicted")).isEqualTo(1);
        assertThat(metrics.value("decant.liveDecoders")).isEqualTo(2);
        assertThat(metrics.value("decant.nativeBytes")).isEqualTo(two);
        byte[] fresh = ReferenceDecoder.decode(PCM, 0, List.of(packet));
        assertThat(function.map(packet("a", packet)).pcm()).isNotEqualTo(fresh);
        assertThat(function.map(packet("b", packet)).pcm()).isEqualTo(fresh);
    }

    /** With the pure Java engine: libopus makes something of every packet whose framing is sound. */
    @Test
    void aPacketThatTheDecoderRefusesIsADeadLetterAndItsTimeIsConcealed() throws Exception {
        close();
        open("java", 10);
        PcmFrame rejected = decodeNoiseUntilAPacketIsRejected();
        byte[] refused = rejected.deadLetter().value();

        assertThat(rejected.sampleCount()).isEqualTo(PacketFraming.duration(refused));
        assertThat(rejected.pcm()).hasSize((int) rejected.sampleCount() * PCM.bytesPerSample());
        assertThat(rejected.deadLetter().reason()).isEqualTo(DeadLetter.Reason.REJECTED_BY_DECODER);
        assertThat(rejected.deadLetter().key()).asString().isEqualTo("a");
        assertThat(rejected.deadLetter().origin()).isEqualTo(ORIGIN);
        assertThat(metrics.value("decant.reason.REJECTED_BY_DECODER.deadLetters"))
                .isEqualTo(1);
        PcmFrame next = function.map(packet("a", SPEECH.packets().get(0)));
        assertThat(next.outcome()).isEqualTo(Outcome.DECODED);
        assertThat(next.sampleCount()).isEqualTo(960);
    }

    @Test
    void aFinalRangeThatIsNotTheEncodersIsCounted() {
        try (ReferenceDecoder reference = new ReferenceDecoder(PCM, 0)) {
            reference.decode(SPEECH.packets().get(0));
            function.map(withFinalRange(reference.finalRange()));
            assertThat(metrics.value("decant.finalRangeMismatches")).isZero();
            function.map(step("a", Kind.RESET, null, 0));
            function.map(withFinalRange(reference.finalRange() ^ 1));
            assertThat(metrics.value("decant.finalRangeMismatches")).isEqualTo(1);
        }
    }

    @Test
    void closeWorksAfterAnOpenThatFailedAndTwice() throws Exception {
        DecodeFunction failing = newFunction(settings("/nowhere/libopus.so", 10));

        assertThatThrownBy(() -> failing.open(null))
                .isInstanceOf(SuppressRestartsException.class)
                .hasCauseInstanceOf(OpusLibraryException.class);

        assertThatCode(failing::close).doesNotThrowAnyException();
        assertThatCode(failing::close).doesNotThrowAnyException();
        function.close();
        assertThatCode(function::close).doesNotThrowAnyException();
    }

    private void open(String library, int maxLive) throws Exception {
        function = newFunction(settings(library, maxLive));
        function.open(null);
    }

    private DecodeFunction newFunction(DecodeSettings settings) {
        RecordedMetrics recorded = new RecordedMetrics();
        metrics = recorded;
        DecodeFunction made = new DecodeFunction(settings);
        made.setRuntimeContext(new MockStreamingRuntimeContext(1, 0) {
            @Override
            public OperatorMetricGroup getMetricGroup() {
                return recorded;
            }
        });
        return made;
    }

    private static DecodeSettings settings(String library, int maxLive) {
        return new DecodeSettings(
                library,
                SampleFormat.S16LE,
                48_000,
                null,
                0,
                true,
                DecoderVerification.GUARDS,
                new LiveLimits(maxLive, 1 << 30),
                true,
                100,
                new IsolationSettings(When.NEVER, 3, Duration.ofSeconds(10)),
                Duration.ofHours(1));
    }

    private PcmFrame decodeNoiseUntilAPacketIsRejected() throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            byte[] packet = new byte[2 + random.nextInt(60)];
            random.nextBytes(packet);
            packet[0] &= (byte) 0xFC;
            PcmFrame frame = function.map(step("a", Kind.PACKET, packet, PacketFraming.duration(packet)));
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
        return new DecodeStep("a", Kind.PACKET, SPEECH.packets().get(0), STEREO, 0, 0, 960, 0, 960, finalRange, ORIGIN);
    }

    private static DecodeStep step(String streamId, Kind kind, byte[] packet, long ticks) {
        return new DecodeStep(streamId, kind, packet, STEREO, 0, 0, ticks, 0, ticks, OpusPacket.ABSENT, ORIGIN);
    }
}
