package dev.decant.bench;

/** The recordings of a corpus, by number from 0: the same on every machine. */
interface CorpusContent {
    int recordings();

    /** Of a recording. */
    int channels(int recording);

    /** What a recording lasts, 48 kHz ticks. */
    int ticks(int recording);

    /** A recording as an Ogg Opus file. */
    byte[] file(int recording);
}
