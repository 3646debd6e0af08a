package dev.decant.container;

import dev.decant.container.RecordingWalk.Step;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What a walk finds, to its end. */
final class Walked {
    private Walked() {}

    static List<FoundRecording> found(RecordingWalk walk) throws IOException {
        List<FoundRecording> all = new ArrayList<>();
        for (Step step = walk.next(); step != null; step = walk.next()) {
            if (step.found() != null) {
                all.add(step.found());
            }
        }
        walk.close();
        return all;
    }

    static List<String> names(RecordingWalk walk) throws IOException {
        return found(walk).stream().map(FoundRecording::name).toList();
    }
}
