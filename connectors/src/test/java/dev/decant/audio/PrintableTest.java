package dev.decant.audio;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "alice", "Anrufer 7/ä", "電話", "می‌روم", "👨‍👩‍👧", "a\\b", "50 %"})
    void whatCanBeSeenStaysAsItIs(String text) {
        assertThat(Printable.of(text)).isSameAs(text);
    }

    @ParameterizedTest
    @CsvSource({
        "001B, \\u001b[2Jx", // clears a terminal
        "009B, \\u009b[2Jx", // the same in one character
        "000A, \\u000a[2Jx", // begins a line of its own in a log
        "000D, \\u000d[2Jx",
        "0000, \\u0000[2Jx",
        "007F, \\u007f[2Jx",
        "2028, \\u2028[2Jx",
        "202E, \\u202e[2Jx", // turns what follows around
        "2066, \\u2066[2Jx",
        "FEFF, \\ufeff[2Jx",
        "D83D, \\ud83d[2Jx" // half a character
    })
    void whatWouldBeObeyedIsShown(String hex, String shown) {
        assertThat(Printable.of((char) Integer.parseInt(hex, 16) + "[2Jx")).isEqualTo(shown);
    }

    @Test
    void aTagOfAnotherPlaneIsShownAsTwo() {
        assertThat(Printable.of(new String(Character.toChars(0xE0001)))).isEqualTo("\\udb40\\udc01");
    }
}
