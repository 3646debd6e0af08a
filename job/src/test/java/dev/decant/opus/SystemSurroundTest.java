package dev.decant.opus;

class SystemSurroundTest extends SurroundConformance {
    SystemSurroundTest() {
        super(TestEngines.openOrSkip("system"), true);
    }
}
