package dev.decant.opus;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

/** In a process of its own, which serves all tests. */
class ProcessSurroundTest extends SurroundConformance {
    private static OpusEngine shared;

    ProcessSurroundTest() {
        super(shared(), true);
    }

    @Override
    void closeEngine() {
        // With the last test.
    }

    @AfterAll
    static void closeShared() {
        shared.close();
        shared = null;
    }

    private static OpusEngine shared() {
        if (shared == null) {
            shared = OpusEngine.openInOwnProcess("embedded", List.of(), Duration.ofMinutes(1));
        }
        return shared;
    }
}
