package dev.decant.decode;

import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;

/**
 * When decoders run in a process of their own, so that a packet that crashes native code takes no TaskManager with it.
 *
 * @param when that is
 * @param checkpoints after a restore: for how many completed checkpoints
 * @param deadline how long one call may take in that process until the packet is taken to hang it
 */
public record IsolationSettings(When when, int checkpoints, Duration deadline) implements Serializable {

    /** When decoders are isolated. */
    public enum When {
        /** Never: they run in the TaskManager. */
        NEVER("never"),
        /** For some checkpoints after state was restored, since what made that necessary may have been a packet. */
        AFTER_RESTORE("after-restore"),
        /** From the start. */
        ALWAYS("always");

        private final String label;

        When(String label) {
            this.label = label;
        }

        @Override
        public String toString() {
            return label;
        }
    }

    public IsolationSettings {
        Objects.requireNonNull(when, "when");
        if (checkpoints < 1) {
            throw new IllegalArgumentException(
                    "decoder.isolation-checkpoints is " + checkpoints + ": at least 1 is needed");
        }
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("decoder.deadline is " + deadline + ": it must be longer than 0");
        }
    }
}
