package dev.decant.container;

import java.util.List;

/**
 * What a checkpoint keeps of {@link RecordingEnumerator}.
 *
 * @param place behind the last batch that was handed out
 * @param returned batches that came back from readers, and wait
 */
record EnumeratorState(WalkPlace place, List<RecordingBatch> returned) {
    EnumeratorState {
        returned = List.copyOf(returned);
    }
}
