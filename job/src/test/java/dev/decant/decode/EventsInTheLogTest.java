package dev.decant.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.decode.DecodeHarness.Backend;
import dev.decant.decode.IsolationSettings.When;
import dev.decant.opus.DecoderDamage;
import dev.decant.opus.TestStream;
import java.time.Duration;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One line for an event that matters, with the stream and the record; none for packets that are as they should be. */
class EventsInTheLogTest {
    private static final TestStream SPEECH = TestStream.withForwardErrorCorrection(1);

    private final CapturedLog log = CapturedLog.open();

    @AfterEach
    void closeLog() {
        log.close();
    }

    @Test
    void aStreamBeginsAndEnds() throws Exception {
        try (SequencerHarness sequencer = SequencerHarness.open(SequencerHarness.window(10))) {
            for (int i = 0; i < 50; i++) {
                sequencer.send(SequencerHarness.numbered(i, SPEECH.packets().get(i)));
            }
            sequencer.end();
        }
        assertThat(log.lines())
                .containsExactly(
                        "DEBUG Stream \"stream\" begins, packets-0@0", "DEBUG Stream \"stream\" ends, packets-0@0");
    }

    @Test
    void aDecoderIsRebuilt() throws Exception {
        TestSteps stream = TestSteps.of("eve\nINFO all is well", SPEECH);
        try (DecodeHarness harness = DecodeHarness.open(TestSettings.USUAL)) {
            run(harness, stream, 0, 20);
            DecoderDamage.overrun(harness.decoders().get(stream.streamId()).decoder());
            run(harness, stream, 20, 40);
        }
        assertThat(log.lines())
                .singleElement()
                .asString()
                .startsWith("WARN A decoder was thrown away and comes back from state, at PACKET of stream"
                        + " \"eve\\u000aINFO all is well\", packets-0@7: ");
    }

    @Test
    void aDecoderComesBackConverged() throws Exception {
        TestSteps stream = TestSteps.of("alice", SPEECH);
        try (DecodeHarness harness = DecodeHarness.open(TestSettings.USUAL)) {
            harness.map(stream.steps().get(20));
        }
        assertThat(log.lines())
                .containsExactly("WARN The decoder came back converged, not exact, for PACKET of stream \"alice\","
                        + " packets-0@7: no image of it is in state; it ran 0 steps again");
    }

    @Test
    void anImageCannotBeMade() throws Exception {
        TestSteps stream = TestSteps.of("alice", SPEECH);
        try (DecodeHarness harness = DecodeHarness.open(TestSettings.USUAL)) {
            run(harness, stream, 0, 20);
            DecoderDamage.plantAddress(harness.decoders().get("alice").decoder());
            run(harness, stream, 20, stream.size());
            assertThat(harness.metric(DecodeMetrics.IMAGES_REFUSED)).isPositive();
        }
        assertThat(log.lines())
                .isNotEmpty()
                .allMatch(line -> line.startsWith("INFO No image can be made of the decoder after PACKET of stream"
                        + " \"alice\", packets-0@7: "));
    }

    @Test
    void decodersAreIsolatedAndNoLonger() throws Exception {
        TestSettings settings =
                TestSettings.USUAL.isolation(new IsolationSettings(When.AFTER_RESTORE, 1, Duration.ofSeconds(30)));
        TestSteps stream = TestSteps.of("alice", SPEECH);
        OperatorSubtaskState checkpoint;
        try (DecodeHarness first = DecodeHarness.open(settings)) {
            run(first, stream, 0, 20);
            checkpoint = first.snapshot();
        }
        try (DecodeHarness restored = DecodeHarness.restore(settings, Backend.HASH_MAP, checkpoint)) {
            run(restored, stream, 20, 40);
            restored.snapshot();
            restored.complete();
        }
        assertThat(log.lines())
                .containsExactly(
                        "INFO Decoders are isolated, in a process of their own, until 1 checkpoints are complete",
                        "INFO Decoders are isolated no longer: 1 of 1 were moved out of their own process, as they were");
    }

    private static void run(DecodeHarness harness, TestSteps stream, int from, int to) throws Exception {
        for (DecodeStep step : stream.steps().subList(from, to)) {
            harness.map(step);
        }
    }
}
