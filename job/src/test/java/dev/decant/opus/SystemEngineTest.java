package dev.decant.opus;

/** The suite over the libopus that is installed, if one is. */
class SystemEngineTest extends EngineConformance {
    SystemEngineTest() {
        super("system");
    }
}
