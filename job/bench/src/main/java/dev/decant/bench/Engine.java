package dev.decant.bench;

/** The implementations of Opus whose decoders are measured. */
enum Engine {
    EMBEDDED(DecoderBenchmark.ENGINE, "the embedded library"),
    SYSTEM("system", "the libopus that is installed"),
    PURE_JAVA("java", "the pure Java decoder");

    private final String library;
    private final String description;

    Engine(String library, String description) {
        this.library = library;
        this.description = description;
    }

    /** As {@code opus.library} names it. */
    String library() {
        return library;
    }

    String description() {
        return description;
    }
}
