package dev.decant.opus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What a CPU can do, of what libopus looks at to choose between implementations of a function. It keeps its choice in
 * the decoder's state ({@code arch}), so that a state is of no use to a CPU that can do less.
 *
 * @param bits one for each of {@link #NAMES}
 */
record CpuFeatures(long bits) {
    /** As {@code /proc/cpuinfo} has them. They are bits of images: new ones are added at the end. */
    private static final List<String> NAMES =
            List.of("sse", "sse2", "sse4_1", "avx", "avx2", "fma", "asimd", "asimddp");

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    private static final CpuFeatures OF_THIS_MACHINE = read();

    /** Those of this machine; none where it is not known. */
    static CpuFeatures ofThisMachine() {
        return OF_THIS_MACHINE;
    }

    boolean areKnown() {
        return bits != 0;
    }

    /** Whether this CPU can do all that the other can. */
    boolean include(CpuFeatures other) {
        return (other.bits & ~bits) == 0;
    }

    /** Of the lines of {@code /proc/cpuinfo}: those that every processor has. */
    static CpuFeatures of(List<String> cpuInfo) {
        long bits = cpuInfo.stream()
                .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
                .mapToLong(CpuFeatures::ofLine)
                .reduce((one, other) -> one & other)
                .orElse(0);
        return new CpuFeatures(bits);
    }

    static CpuFeatures named(String... names) {
        return new CpuFeatures(bits(Set.of(names)));
    }

    private static long ofLine(String line) {
        return bits(Set.copyOf(
                Arrays.asList(line.substring(line.indexOf(':') + 1).strip().split(" +"))));
    }

    private static long bits(Set<String> names) {
        long bits = 0;
        for (int i = 0; i < NAMES.size(); i++) {
            bits |= names.contains(NAMES.get(i)) ? 1L << i : 0;
        }
        return bits;
    }

    private static CpuFeatures read() {
        try {
            return of(Files.isReadable(CPU_INFO) ? Files.readAllLines(CPU_INFO) : List.of());
        } catch (IOException e) {
            return new CpuFeatures(0);
        }
    }

    @Override
    public String toString() {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < NAMES.size(); i++) {
            if ((bits >> i & 1) != 0) {
                names.append(names.isEmpty() ? "" : " ").append(NAMES.get(i));
            }
        }
        return names.toString();
    }
}
