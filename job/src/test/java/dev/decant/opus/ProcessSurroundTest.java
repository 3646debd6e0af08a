package dev.decant.opus;

import java.time.Duration;
import java.util.List;

/** In a process of its own. */
class ProcessSurroundTest extends SurroundConformance {
    ProcessSurroundTest() {
        super(OpusEngine.openInOwnProcess("embedded", List.of(), Duration.ofMinutes(1)), true);
    }
}
