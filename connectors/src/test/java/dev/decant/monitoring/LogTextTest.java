package dev.decant.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogTextTest {
    @ParameterizedTest
    @ValueSource(strings = {"alice", "", "{} %s ${jndi:ldap://x} \\n", "Zoë, 愛, مرحبا, 🎤"})
    void whatCanBeReadStaysAsItIs(String text) {
        assertThat(LogText.escaped(text)).isEqualTo(text);
    }

    @Test
    void whatWouldEndTheLineIsEscaped() {
        assertThat(LogText.escaped("a\nb\r\nc\u0085d\u2028e\u2029f"))
                .isEqualTo("a\\u000ab\\u000d\\u000ac\\u0085d\\u2028e\\u2029f");
    }

    @Test
    void whatATerminalObeysIsEscaped() {
        assertThat(LogText.escaped("\u001b[2J\u009b1m\b\u0000\u007f"))
                .isEqualTo("\\u001b[2J\\u009b1m\\u0008\\u0000\\u007f");
    }

    @Test
    void whatCannotBeSeenOrTurnsTheTextIsEscaped() {
        assertThat(LogText.escaped("\u202eelif\u200b\ufeff\ud83d\udb40\udc41"))
                .isEqualTo("\\u202eelif\\u200b\\ufeff\\ud83d\\udb40\\udc41");
    }

    @Test
    void whatIsTooLongIsCut() {
        String longest = "x".repeat(LogText.MOST_CHARACTERS);
        assertThat(LogText.escaped(longest)).isEqualTo(longest);
        assertThat(LogText.escaped(longest + "y")).isEqualTo(longest + "…");
        assertThat(LogText.escaped("ö".repeat(1_000_000))).hasSize(LogText.MOST_CHARACTERS + 1);
    }
}
