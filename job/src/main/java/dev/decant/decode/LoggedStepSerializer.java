package dev.decant.decode;

import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;

/** The name that savepoints of version 1 have for {@link LoggedStepsSerializer}. */
public final class LoggedStepSerializer {
    private LoggedStepSerializer() {}

    /** What is written there. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<LoggedSteps> {
        public Snapshot() {
            super(() -> LoggedStepsSerializer.INSTANCE);
        }
    }
}
