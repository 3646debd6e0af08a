package dev.decant.decode;

import org.junit.jupiter.api.AfterEach;

/** A test of one sequencer, which is closed after it. */
abstract class SequencerTestCase {
    SequencerHarness sequencer;

    @AfterEach
    void close() {
        if (sequencer != null) {
            sequencer.close();
        }
    }

    /** As {@link SequencerHarness#window} says. */
    final void open(int window) throws Exception {
        sequencer = SequencerHarness.open(SequencerHarness.window(window));
    }
}
