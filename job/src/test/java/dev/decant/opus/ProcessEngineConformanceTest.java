package dev.decant.opus;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The suite over the libopus in our jar, in a process of its own, which is one for all tests. */
class ProcessEngineConformanceTest extends EngineConformance {
    private static OpusEngine shared;

    ProcessEngineConformanceTest() {
        super(shared, true);
    }

    @BeforeAll
    static void startProcess() {
        shared = OpusEngine.openInOwnProcess("embedded", List.of(), Duration.ofMinutes(1));
    }

    @AfterAll
    static void endProcess() {
        shared.close();
    }

    @Override
    void closeEngine() {
        // The next test uses it.
    }
}
