package dev.decant.decode;

import org.junit.jupiter.api.Test;

/** {@link ManyStreamsChaos} is the long form. */
class ManyStreamsTest {
    @Test
    void tenThousandStreamsShareAHundredDecoders() throws Exception {
        ManyStreams.assertDecoded(10_000, 100);
    }
}
