package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecoderSettingsTest {
    @ParameterizedTest
    @ValueSource(ints = {-32_769, 32_768})
    void aGainThatOpusDoesNotKnowIsRefused(int gain) {
        assertThatThrownBy(() ->
                        new DecoderSettings(TestEngines.s16(48_000, 1), gain, 0, true, DecoderVerification.GUARDS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A decoder gain of " + gain + ": take -32768 to 32767");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 11})
    void aComplexityThatOpusDoesNotKnowIsRefused(int complexity) {
        assertThatThrownBy(() -> new DecoderSettings(
                        TestEngines.s16(48_000, 1), 0, complexity, true, DecoderVerification.GUARDS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A decoder complexity of " + complexity + ": take 0 to 10");
    }
}
