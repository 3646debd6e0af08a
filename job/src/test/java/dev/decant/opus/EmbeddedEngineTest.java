package dev.decant.opus;

/** The suite over the libopus in our jar. */
class EmbeddedEngineTest extends EngineConformance {
    EmbeddedEngineTest() {
        super("embedded");
    }
}
