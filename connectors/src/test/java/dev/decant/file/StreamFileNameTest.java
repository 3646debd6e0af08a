package dev.decant.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamFileNameTest {

    @ParameterizedTest
    @CsvSource({
        "alice,alice",
        "Call-7_left.opus,Call-7_left.opus",
        "a/b,a%2Fb",
        "a\\b,a%5Cb",
        "../../etc/passwd,%2E.%2F..%2Fetc%2Fpasswd",
        "/abs,%2Fabs",
        ".,%2E",
        "..,%2E%2E",
        ".decant,%2Edecant",
        "_manifest,%5Fmanifest",
        "name.,name%2E",
        "100%,100%25",
        "a~2,a%7E2",
        "a=b,a%3Db",
        "a b,a%20b",
        "CON,%43ON",
        "nul.txt,%6Eul.txt",
        "Lpt1,%4Cpt1",
        "console,console",
        "käse,k%C3%A4se",
        "🎤,%F0%9F%8E%A4",
    })
    void standsForTheStreamAndForNoPath(String streamId, String name) {
        assertThat(StreamFileName.of(streamId)).isEqualTo(name);
        assertThat(StreamFileName.streamId(name)).hasValue(streamId);
    }

    @Test
    void escapesNulAndControlCharacters() {
        assertThat(StreamFileName.of("a\0b\n")).isEqualTo("a%00b%0A");
        assertThat(StreamFileName.streamId("a%00b%0A")).hasValue("a\0b\n");
    }

    @Test
    void hashesWhatIsTooLong() {
        String longest = "x".repeat(StreamFileName.MAX_LENGTH);
        String one = "ä".repeat(255) + "1";
        String other = "ä".repeat(255) + "2";

        assertThat(StreamFileName.of(longest)).isEqualTo(longest);
        assertThat(StreamFileName.of(longest + "x"))
                .isEqualTo("x".repeat(115) + "=dc31ed5afb940294fdd687c69bbba2aecc51b6093425c0047f6fa6c687303924");
        assertThat(StreamFileName.of(one))
                .matches("(%C3%A4)+(%C3)?=[0-9a-f]{64}")
                .hasSizeLessThanOrEqualTo(StreamFileName.MAX_LENGTH)
                .isNotEqualTo(StreamFileName.of(other));
        assertThat(StreamFileName.streamId(StreamFileName.of(one))).isEmpty();
    }

    @Test
    void hashesWhatHasNoUtf8() {
        assertThat(StreamFileName.of("\uD83C")).startsWith("%3F=").isNotEqualTo(StreamFileName.of("\uD83D"));
        assertThat(StreamFileName.of("")).matches("=[0-9a-f]{64}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "%2", "%zz", "%61", "a~2", "", "CON", ".hidden"})
    void whatIsNoNameStandsForNoStream(String name) {
        assertThat(StreamFileName.streamId(name)).isEmpty();
    }

    @Test
    void anyStreamIdComesBack() {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder id = new StringBuilder();
            int length = 1 + random.nextInt(15);
            for (int j = 0; j < length; j++) {
                id.appendCodePoint(
                        List.of(random.nextInt(0x80), 0x80 + random.nextInt(0x700), 0x1F300 + random.nextInt(99))
                                .get(random.nextInt(3)));
            }
            String name = StreamFileName.of(id.toString());

            assertThat(name).matches("[A-Za-z0-9%-][A-Za-z0-9._%-]*");
            assertThat(StreamFileName.streamId(name)).hasValue(id.toString());
        }
    }
}
