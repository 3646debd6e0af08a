package dev.decant.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.decode.IsolationSettings.When;
import java.time.Duration;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.operators.StreamMap;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** Attempts of a task, each restored from the last checkpoint of the one before. */
class IsolationTest {
    @Test
    void aTaskThatStartsForTheFirstTimeIsNotIsolated() throws Exception {
        assertThat(new Attempt(When.AFTER_RESTORE, 0, null).isolation.isActive())
                .isFalse();
    }

    @Test
    void aRestoredTaskIsIsolatedUntilSoManyCheckpointsAreComplete() throws Exception {
        OperatorSubtaskState checkpoint = new Attempt(When.AFTER_RESTORE, 0, null).checkpoint();

        Isolation restored = new Attempt(When.AFTER_RESTORE, 0, checkpoint).isolation;

        assertThat(checkpointsUntilFree(restored)).isEqualTo(3);
    }

    @Test
    void aTaskThatFailedBeforeItsFirstCheckpointIsIsolatedToo() throws Exception {
        assertThat(checkpointsUntilFree(new Attempt(When.AFTER_RESTORE, 1, null).isolation))
                .isEqualTo(3);
    }

    @Test
    void eachFurtherFailureDoublesTheStretch() throws Exception {
        OperatorSubtaskState checkpoint = new Attempt(When.AFTER_RESTORE, 0, null).checkpoint();

        Attempt second = new Attempt(When.AFTER_RESTORE, 1, checkpoint);
        second.isolation.recordCheckpoint();
        Attempt third = new Attempt(When.AFTER_RESTORE, 2, second.checkpoint());
        OperatorSubtaskState ofThird = third.checkpoint();
        Attempt fourth = new Attempt(When.AFTER_RESTORE, 3, ofThird);

        assertThat(checkpointsUntilFree(third.isolation)).isEqualTo(6);
        assertThat(checkpointsUntilFree(fourth.isolation)).isEqualTo(12);
    }

    @Test
    void aFailureSoonAfterTheStretchDoublesItTooAndALaterOneDoesNot() throws Exception {
        Attempt restored = new Attempt(When.AFTER_RESTORE, 0, new Attempt(When.AFTER_RESTORE, 0, null).checkpoint());
        checkpointsUntilFree(restored.isolation);
        OperatorSubtaskState soon = restored.checkpoint();
        for (int i = 0; i < 3; i++) {
            restored.isolation.recordCheckpoint();
        }
        OperatorSubtaskState late = restored.checkpoint();

        assertThat(checkpointsUntilFree(new Attempt(When.AFTER_RESTORE, 0, soon).isolation))
                .isEqualTo(6);
        assertThat(checkpointsUntilFree(new Attempt(When.AFTER_RESTORE, 0, late).isolation))
                .isEqualTo(3);
    }

    @Test
    void theStretchHasALimit() throws Exception {
        Attempt attempt = new Attempt(When.AFTER_RESTORE, 1, null);
        for (int i = 0; i < 40; i++) {
            attempt = new Attempt(When.AFTER_RESTORE, 1, attempt.checkpoint());
        }

        assertThat(checkpointsUntilFree(attempt.isolation)).isEqualTo(1_000);
    }

    @Test
    void neverAndAlwaysAreWhatTheySay() throws Exception {
        OperatorSubtaskState checkpoint = new Attempt(When.NEVER, 0, null).checkpoint();
        assertThat(new Attempt(When.NEVER, 5, checkpoint).isolation.isActive()).isFalse();

        Isolation always = new Attempt(When.ALWAYS, 0, null).isolation;
        assertThat(always.isActive()).isTrue();
        for (int i = 0; i < 10; i++) {
            always.recordCheckpoint();
        }
        assertThat(always.isActive()).isTrue();
    }

    private static int checkpointsUntilFree(Isolation isolation) {
        int checkpoints = 0;
        while (isolation.isActive()) {
            isolation.recordCheckpoint();
            checkpoints++;
        }
        return checkpoints;
    }

    /** One attempt of a task; its harness stays open, since it holds nothing but memory of this JVM. */
    private static final class Attempt {
        final Isolation isolation;
        private final OneInputStreamOperatorTestHarness<String, String> harness;

        Attempt(When when, int number, OperatorSubtaskState restored) throws Exception {
            isolation = new Isolation(new IsolationSettings(when, 3, Duration.ofSeconds(1)));
            harness = new OneInputStreamOperatorTestHarness<>(new StreamMap<>(new Isolated(isolation, number)));
            harness.setup();
            if (restored != null) {
                harness.initializeState(restored);
            }
            harness.open();
        }

        OperatorSubtaskState checkpoint() throws Exception {
            return harness.snapshot(1, 1);
        }
    }

    private static final class Isolated implements MapFunction<String, String>, CheckpointedFunction {
        private final transient Isolation isolation;
        private final int attempt;

        Isolated(Isolation isolation, int attempt) {
            this.isolation = isolation;
            this.attempt = attempt;
        }

        @Override
        public void initializeState(FunctionInitializationContext context) throws Exception {
            isolation.begin(context, attempt);
        }

        @Override
        public void snapshotState(FunctionSnapshotContext context) throws Exception {
            isolation.snapshot();
        }

        @Override
        public String map(String value) {
            return value;
        }
    }
}
