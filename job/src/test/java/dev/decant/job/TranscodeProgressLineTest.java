package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TranscodeProgressLineTest {
    private static final Map<String, Double> HALF_DONE = Map.of(
            "recordingsRead", 1_190.0,
            "recordingsFailed", 10.0,
            "recordingsFound", 5_000.0,
            "recordingsSkipped", 1_000.0,
            "recordingBytes", 2e9,
            "bytesFound", 4e9,
            "listed", 1.0,
            "samples", 16_000.0 * 7_200);

    @Test
    void aLineTellsHowFarItIsAndHowLongItWillTake() {
        assertThat(TranscodeProgressLine.of(HALF_DONE, 16_000, 3_700).text())
                .isEqualTo("1,200 of 4,000 recordings, 2.0 h of audio, 2 times real time, 10 failed, 1:01:40 left");
    }

    @Test
    void theBarIsAsLongAsBytesAreRead() {
        assertThat(TranscodeProgressLine.of(HALF_DONE, 16_000, 3_700).bar())
                .startsWith("[############------------] 1,200 of 4,000");
    }

    @Test
    void asLongAsNotAllIsListedNobodyKnowsTheEnd() {
        Map<String, Double> listing = new HashMap<>(HALF_DONE);
        listing.remove("listed");
        TranscodeProgressLine line = TranscodeProgressLine.of(listing, 16_000, 3_600);

        assertThat(line.text())
                .isEqualTo("1,200 of 4,000 or more recordings, 2.0 h of audio, 2 times real time, 10 failed");
        assertThat(line.bar()).startsWith("[------------------------] ");
    }

    @Test
    void beforeFlinkAnswersThereIsNothing() {
        assertThat(TranscodeProgressLine.of(Map.of(), 48_000, 1).text())
                .isEqualTo("0 of 0 or more recordings, 0.0 h of audio, 0 times real time, 0 failed");
    }
}
