package dev.decant.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.DeadLetter;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import dev.decant.decode.DecodeHarness.Backend;
import dev.decant.decode.DecodeStep.Kind;
import dev.decant.decode.IsolationSettings.When;
import dev.decant.opus.PoisonedLibrary;
import dev.decant.opus.ReferenceDecoder;
import dev.decant.opus.TestStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Decoders in a process of their own: what happens there changes no sample of what can be decoded. */
class IsolatedDecodersTest {
    private static final int TICKS = 960;
    private static final LinkSettings MONO = new LinkSettings(1, 0, 0);
    private static final List<byte[]> PACKETS =
            TestStream.withForwardErrorCorrection(1).packets();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPacketThatEndsTwoProcessesIsADeadLetterAndItsTimeIsConcealed(boolean crashes) throws Exception {
        byte[] poison = crashes ? PoisonedLibrary.crashingPacket() : PoisonedLibrary.hangingPacket();
        TestSettings settings = TestSettings.USUAL
                .library(PoisonedLibrary.write(folder).toString())
                .isolation(new IsolationSettings(When.ALWAYS, 3, Duration.ofSeconds(3)));
        try (DecodeHarness harness = DecodeHarness.open(settings);
                ReferenceDecoder poisoned = new ReferenceDecoder(settings.format(1), 0);
                ReferenceDecoder other = new ReferenceDecoder(settings.format(1), 0)) {
            harness.map(step("poisoned", Kind.RESET, null));
            harness.map(step("other", Kind.RESET, null));
            for (int i = 0; i < 60; i++) {
                byte[] packet = PACKETS.get(i);
                assertThat(harness.map(step("other", Kind.PACKET, packet)).pcm())
                        .isEqualTo(other.decode(packet));
                if (i != 30) {
                    assertThat(harness.map(step("poisoned", Kind.PACKET, packet))
                                    .pcm())
                            .isEqualTo(poisoned.decode(packet));
                    continue;
                }
                PcmFrame rejected = harness.map(step("poisoned", Kind.PACKET, poison));
                assertThat(rejected.outcome()).isEqualTo(Outcome.REJECTED);
                assertThat(rejected.pcm()).isEqualTo(poisoned.conceal(TICKS));
                assertThat(rejected.deadLetter().reason()).isEqualTo(DeadLetter.Reason.CRASHED_DECODER);
                assertThat(rejected.deadLetter().value()).isEqualTo(poison);
            }
            assertThat(harness.metric(DecodeMetrics.PROCESSES_REPLACED)).isEqualTo(2);
            assertThat(harness.restored(DecodeMetrics.Exactness.CONVERGED)).isZero();
        }
    }

    @Test
    void aRestoredTaskDecodesInAProcessOfItsOwnUntilThreeCheckpointsAreComplete() throws Exception {
        TestSettings settings =
                TestSettings.USUAL.isolation(new IsolationSettings(When.AFTER_RESTORE, 3, Duration.ofSeconds(30)));
        try (ReferenceDecoder reference = new ReferenceDecoder(settings.format(1), 0)) {
            OperatorSubtaskState checkpoint;
            try (DecodeHarness first = DecodeHarness.open(settings)) {
                first.map(step("a", Kind.RESET, null));
                assertDecoded(first, reference, 0, 20);
                assertThat(first.metric(DecodeMetrics.ISOLATED)).isZero();
                checkpoint = first.snapshot();
            }
            try (DecodeHarness restored = DecodeHarness.restore(settings, Backend.HASH_MAP, checkpoint)) {
                for (int i = 0; i < 3; i++) {
                    assertThat(restored.metric(DecodeMetrics.ISOLATED)).isEqualTo(1);
                    assertDecoded(restored, reference, 20 + 10 * i, 30 + 10 * i);
                    restored.snapshot();
                    restored.complete();
                }
                assertThat(restored.metric(DecodeMetrics.ISOLATED)).isZero();
                assertThat(restored.metric(DecodeMetrics.LIVE_DECODERS)).isEqualTo(1);
                assertDecoded(restored, reference, 50, 90);
                assertThat(restored.restored(DecodeMetrics.Exactness.EXACT))
                        .as("from the checkpoint; out of the process it is moved")
                        .isEqualTo(1);
                assertThat(restored.restored(DecodeMetrics.Exactness.CONVERGED)).isZero();
            }
        }
    }

    private static void assertDecoded(DecodeHarness harness, ReferenceDecoder reference, int from, int to)
            throws Exception {
        for (byte[] packet : PACKETS.subList(from, to)) {
            assertThat(harness.map(step("a", Kind.PACKET, packet)).pcm()).isEqualTo(reference.decode(packet));
        }
    }

    private static DecodeStep step(String streamId, Kind kind, byte[] packet) {
        return TestSteps.step(streamId, kind, packet, MONO, 0, kind == Kind.RESET ? 0 : TICKS, OpusPacket.ABSENT);
    }
}
