package dev.decant.container;

import dev.decant.container.RecordingWalk.Step;

/**
 * How far a walk has come: all that a restored one needs to go on, however many recordings there are.
 *
 * @param name of the last recording that was passed; empty before the first one
 * @param line of the list, the last one that was passed; 0 if there is no list
 * @param found how many recordings were passed
 * @param skipped how many of these an earlier run has done
 * @param bytes the sizes of the others, as far as they are known
 */
record WalkPlace(String name, long line, long found, long skipped, long bytes) {
    static final WalkPlace START = new WalkPlace("", 0, 0, 0, 0);

    /** The place behind a step. */
    WalkPlace after(Step step, boolean isSkipped) {
        if (step.found() == null) {
            return new WalkPlace(name, step.line(), found, skipped, bytes);
        }
        return new WalkPlace(
                step.found().name(),
                step.line(),
                found + 1,
                skipped + (isSkipped ? 1 : 0),
                bytes + (isSkipped ? 0 : Math.max(0, step.bytes())));
    }
}
