package dev.decant.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputNamesTest {
    /** As {@code printf 'x%.0s' $(seq 201) | sha256sum} says. */
    private static final String SHA_256_OF_201_X = "84a0678c90937f5dcf9994d5866668da6b995109c8ad845410559b48a4ecafed";

    @ParameterizedTest
    @CsvSource({
        "a/b.opus, a/b",
        "a.OgG, a",
        "a.opus.ogg, a.opus",
        "a.wav, a.wav",
        "a, a",
        "b/.opus, b/.opus",
        ".webm, .webm",
        "a.m4a/b.mka, a.m4a/b",
        "a.mp3.m4b, a.mp3",
        "x.mKa, x",
        "x.m\u212Aa, x.m\u212Aa"
    })
    void onlyKnownEndingsAreCutOff(String path, String stem) {
        assertThat(OutputNames.stem(path)).isEqualTo(stem);
    }

    @ParameterizedTest
    @CsvSource({
        "a/b, a/b",
        "with space:and%percent, with space:and%percent",
        ".decant/a, %2Edecant/a",
        ".decanted, .decanted",
        "a/.decant, a/.decant",
        "_manifest, %5Fmanifest",
        "_report.jsonl, %5Freport.jsonl",
        "_rep, _rep",
        "%2Edecant/a, %252Edecant/a",
        "../../etc/passwd, %2E./%2E./etc/passwd",
        "/etc/./passwd, etc/%2E/passwd"
    })
    void whatDecantUsesItselfIsEncoded(String path, String name) {
        assertThat(OutputNames.of(path)).isEqualTo(name);
    }

    @Test
    void aLongNameKeepsItsBeginningAndGetsItsHash() {
        assertThat(OutputNames.of("d/" + "x".repeat(200))).isEqualTo("d/" + "x".repeat(200));
        assertThat(OutputNames.of("d/" + "x".repeat(201))).isEqualTo("d/" + "x".repeat(135) + "=" + SHA_256_OF_201_X);
    }

    @Test
    void aLongNameIsNotCutWithinACharacter() {
        String name = OutputNames.of("€".repeat(70));

        assertThat(name).startsWith("€".repeat(45) + "=").hasSize(45 + 65);
        assertThat(OutputNames.of("x" + "€".repeat(70))).startsWith("x" + "€".repeat(44) + "=");
    }

    @Test
    void differentNamesStayDifferentEvenIfTheyLookLikeChangedOnes() {
        String hashed = OutputNames.of("x".repeat(300));
        List<String> paths = List.of(
                "x".repeat(300),
                hashed,
                OutputNames.of(hashed),
                ".decant",
                "%2Edecant",
                "%252Edecant",
                "%25252Edecant");

        Set<String> names = new HashSet<>();
        paths.forEach(path -> names.add(OutputNames.of(path)));

        assertThat(names).hasSize(paths.size());
    }
}
