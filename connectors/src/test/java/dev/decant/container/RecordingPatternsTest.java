package dev.decant.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class RecordingPatternsTest {

    @Test
    void usualEndingsAreTakenInWhateverCase() {
        RecordingPatterns usual = new RecordingPatterns(List.of(), List.of());

        assertThat(List.of("a.opus", "d/b.OGG", "c.Webm", "x y:z%.m4a")).allMatch(usual::takes);
        assertThat(List.of("a.wav", "opus", "a.opus.txt", "d.opus/readme")).noneMatch(usual::takes);
    }

    @Test
    void aPatternWithoutASlashIsMatchedWithNamesWhereverTheyAre() {
        RecordingPatterns patterns = new RecordingPatterns(List.of("call-*.{ogg,opus}"), List.of("*-b.*"));

        assertThat(List.of("call-a.ogg", "x/y/call-a.opus")).allMatch(patterns::takes);
        assertThat(List.of("a.ogg", "call-a.webm", "call-x/a.ogg", "x/call-b.ogg"))
                .noneMatch(patterns::takes);
    }

    @Test
    void aPatternWithASlashIsMatchedWithTheWholePath() {
        RecordingPatterns patterns = new RecordingPatterns(List.of("2024/**"), List.of("2024/*/draft.*"));

        assertThat(List.of("2024/a", "2024/1/2/b.opus")).allMatch(patterns::takes);
        assertThat(List.of("a", "x/2024/a", "2024/1/draft.ogg")).noneMatch(patterns::takes);
    }

    @Test
    void twoStarsTakeAll() {
        RecordingPatterns all = new RecordingPatterns(List.of("**"), List.of());

        assertThat(List.of("a", "b/c.wav", "d\ne")).allMatch(all::takes);
    }

    @Test
    void hiddenNamesArePassedOverUnlessAPatternBeginsLikeThem() {
        RecordingPatterns usual = new RecordingPatterns(List.of("*.opus", "a/b_*"), List.of("_x"));
        RecordingPatterns hidden = new RecordingPatterns(List.of("raw/_old/*"), List.of());

        assertThat(List.of(".a", "_a")).allMatch(usual::passesOver).noneMatch(hidden::passesOver);
        assertThat(List.of("a_", "a.b")).noneMatch(usual::passesOver);
    }

    @Test
    void aWrongPatternIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RecordingPatterns(List.of("[a"), List.of()))
                .withMessage("the pattern \"[a\" is no glob: Missing ']");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RecordingPatterns(List.of(), List.of("/in/*.opus")))
                .withMessageStartingWith("the pattern \"/in/*.opus\" matches nothing: take one for names");
    }
}
