package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CpuFeaturesTest {
    @Test
    void onlyWhatLibopusLooksAtCounts() {
        CpuFeatures x86 = CpuFeatures.of(
                List.of("processor\t: 0", "flags\t\t: fpu vme sse sse2 ssse3 sse4_1 avx", "bugs\t\t: fma", "power:"));
        assertThat(x86).hasToString("sse sse2 sse4_1 avx").isEqualTo(CpuFeatures.named("sse", "sse2", "sse4_1", "avx"));
        CpuFeatures arm = CpuFeatures.of(List.of("Features\t: fp asimd evtstrm asimddp", "CPU part\t: 0xd0c"));
        assertThat(arm).hasToString("asimd asimddp");
    }

    @Test
    void whatOneProcessorLacksDoesNotCount() {
        assertThat(CpuFeatures.of(List.of("Features\t: fp asimd asimddp", "Features\t: fp asimd")))
                .hasToString("asimd");
    }

    @Test
    void aCpuIncludesThoseThatCanDoLess() {
        CpuFeatures old = CpuFeatures.named("sse", "sse2");
        CpuFeatures recent = CpuFeatures.named("sse", "sse2", "avx2");
        assertThat(recent.include(old)).isTrue();
        assertThat(recent.include(recent)).isTrue();
        assertThat(old.include(recent)).isFalse();
        assertThat(recent.include(CpuFeatures.named("asimd"))).isFalse();
    }

    @Test
    void featuresOfALaterVersionAreInNoCpu() {
        assertThat(CpuFeatures.named("sse").include(new CpuFeatures(1L << 63))).isFalse();
    }

    @Test
    void withoutALineOfFlagsNothingIsKnown() {
        assertThat(CpuFeatures.of(List.of("processor\t: 0")).areKnown()).isFalse();
        assertThat(CpuFeatures.of(List.of()).areKnown()).isFalse();
    }

    /** They are bits of stored images. */
    @Test
    void theBitsStayWhatTheyAre() {
        assertThat(CpuFeatures.named("sse", "sse2", "sse4_1", "avx", "avx2", "fma")
                        .bits())
                .isEqualTo(0b0011_1111);
        assertThat(CpuFeatures.named("asimd", "asimddp").bits()).isEqualTo(0b1100_0000);
    }
}
