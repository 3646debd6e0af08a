package dev.decant.decode;

import org.junit.jupiter.api.Test;

/** The long form of {@link ManyStreamsTest}, which the profile {@code chaos} runs with a larger heap. */
class ManyStreamsChaos {
    @Test
    void aHundredThousandStreamsShareAThousandDecoders() throws Exception {
        ManyStreams.assertDecoded(100_000, 1_000);
    }
}
