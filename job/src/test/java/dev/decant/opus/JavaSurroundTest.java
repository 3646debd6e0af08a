package dev.decant.opus;

class JavaSurroundTest extends SurroundConformance {
    JavaSurroundTest() {
        super(TestEngines.openOrSkip("java"), false);
    }
}
