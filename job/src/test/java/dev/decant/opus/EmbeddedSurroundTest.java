package dev.decant.opus;

class EmbeddedSurroundTest extends SurroundConformance {
    EmbeddedSurroundTest() {
        super(TestEngines.embedded(), true);
    }
}
