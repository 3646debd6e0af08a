package dev.decant.container;

import dev.decant.container.RecordingProblem.Kind;
import java.io.IOException;

/** The walk to one single recording. */
final class SingleRecording implements RecordingWalk {
    private final InputFiles files;
    private final String path;
    private boolean passed;

    /**
     * @param passed whether the walk is over already
     */
    SingleRecording(InputFiles files, String path, boolean passed) {
        this.files = files;
        this.path = path;
        this.passed = passed;
    }

    @Override
    public Step next() throws IOException {
        if (passed) {
            return null;
        }
        passed = true;
        String name = OutputNames.lastElement(path);
        String why = files.refusal(path);
        RecordingProblem refusal = why == null ? null : new RecordingProblem(0, Kind.DAMAGE, why);
        String outputName = OutputNames.of(OutputNames.stem(name));
        return new Step(new FoundRecording(name, outputName, path, refusal), files.size(path), 0);
    }
}
