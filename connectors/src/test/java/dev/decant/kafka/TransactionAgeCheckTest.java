package dev.decant.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.api.operators.StreamMap;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

// Closing Flink's harness may throw anything.
@SuppressWarnings("try")
class TransactionAgeCheckTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(15);

    /** Milliseconds since 1970; static, since functions are copied. */
    private static final AtomicLong NOW = new AtomicLong();

    @BeforeEach
    void start() {
        NOW.set(1_700_000_000_000L);
    }

    @Test
    void passesEverythingOn() throws Exception {
        try (Subtask subtask = new Subtask(false)) {
            subtask.open(null);
            subtask.harness.processElement("a", 1);
            subtask.harness.processElement("b", 2);

            assertThat(subtask.harness.extractOutputValues()).containsExactly("a", "b");
            assertThat(subtask.check.expired()).isZero();
        }
    }

    @Test
    void saysNothingOfACheckpointThatIsYoungEnough() throws Exception {
        OperatorSubtaskState checkpoint = checkpoint();
        pass(TIMEOUT);

        try (Subtask subtask = new Subtask(true)) {
            subtask.open(checkpoint);

            assertThat(subtask.check.expired()).isZero();
        }
    }

    @Test
    void countsARestoreFromACheckpointThatIsTooOld() throws Exception {
        OperatorSubtaskState checkpoint = checkpoint();
        pass(TIMEOUT.plusMillis(1));

        try (Subtask subtask = new Subtask(false)) {
            subtask.open(checkpoint);
            subtask.harness.processElement("a", 1);

            assertThat(subtask.check.expired()).isEqualTo(1);
            assertThat(subtask.harness.extractOutputValues()).containsExactly("a");
        }
    }

    @Test
    void failsTheJobForGoodIfItIsTo() throws Exception {
        OperatorSubtaskState checkpoint = checkpoint();
        pass(Duration.ofHours(2));

        try (Subtask subtask = new Subtask(true)) {
            assertThatExceptionOfType(SuppressRestartsException.class)
                    .isThrownBy(() -> subtask.open(checkpoint))
                    .havingCause()
                    .withMessageContaining("begun at 2023-11-14T22:13:20Z, 7200 s ago")
                    .withMessageContaining("abort them after 900 s");
        }
    }

    @Test
    void countsFromTheBeginOfTheOldestTransactionThatMayBeOpen() throws Exception {
        OperatorSubtaskState notKnownToBeComplete;
        OperatorSubtaskState complete;
        try (Subtask subtask = new Subtask(false)) {
            subtask.open(null);
            pass(Duration.ofMinutes(5));
            subtask.harness.snapshot(1, 1);
            pass(Duration.ofMinutes(5));
            notKnownToBeComplete = subtask.harness.snapshot(2, 2);
            subtask.harness.notifyOfCompletedCheckpoint(2);
            complete = subtask.harness.snapshot(3, 3);
        }
        pass(Duration.ofMinutes(6));

        try (Subtask subtask = new Subtask(false)) {
            subtask.open(notKnownToBeComplete);
            assertThat(subtask.check.expired()).isEqualTo(1);
        }
        try (Subtask subtask = new Subtask(false)) {
            subtask.open(complete);
            assertThat(subtask.check.expired()).isZero();
        }
    }

    @Test
    void startsAnewAfterARestore() throws Exception {
        OperatorSubtaskState checkpoint = checkpoint();
        pass(Duration.ofHours(2));
        OperatorSubtaskState next;
        try (Subtask subtask = new Subtask(false)) {
            subtask.open(checkpoint);
            next = subtask.harness.snapshot(2, 2);
        }

        try (Subtask subtask = new Subtask(true)) {
            subtask.open(next);
            assertThat(subtask.check.expired()).isZero();
        }
    }

    @Test
    void isToldOnceByTheFirstSubtaskThoughAnotherOneHadTheOldTransaction() throws Exception {
        OperatorSubtaskState old = checkpoint();
        pass(Duration.ofHours(2));
        OperatorSubtaskState both = AbstractStreamOperatorTestHarness.repackageState(checkpoint(), old);

        for (int index = 0; index < 2; index++) {
            try (Subtask subtask = new Subtask(false, 2, index)) {
                subtask.open(AbstractStreamOperatorTestHarness.repartitionOperatorState(both, 2, 2, 2, index));
                assertThat(subtask.check.expired()).isEqualTo(index == 0 ? 1 : 0);
            }
        }
    }

    private static OperatorSubtaskState checkpoint() throws Exception {
        try (Subtask subtask = new Subtask(false)) {
            subtask.open(null);
            return subtask.harness.snapshot(1, 1);
        }
    }

    private static void pass(Duration time) {
        NOW.addAndGet(time.toMillis());
    }

    private static final class Subtask implements AutoCloseable {
        final TransactionAgeCheck<String> check;
        final OneInputStreamOperatorTestHarness<String, String> harness;

        Subtask(boolean failJob) throws Exception {
            this(failJob, 1, 0);
        }

        Subtask(boolean failJob, int parallelism, int index) throws Exception {
            check = new TransactionAgeCheck<>(TIMEOUT, failJob, NOW::get);
            harness = new OneInputStreamOperatorTestHarness<>(new StreamMap<>(check), 2, parallelism, index);
        }

        void open(OperatorSubtaskState restored) throws Exception {
            harness.setup();
            if (restored != null) {
                harness.initializeState(restored);
            }
            harness.open();
        }

        @Override
        public void close() throws Exception {
            harness.close();
        }
    }
}
