package dev.decant.opus;

import dev.decant.audio.MediaClock;

/** The samples of the pure Java decoder. */
final class JavaWorkspace extends ConfinedWorkspace {
    private short[] samples;

    JavaWorkspace(int maxStreams, int maxChannels) {
        super(maxStreams, maxChannels);
        samples = new short[MediaClock.MAX_PACKET_TICKS * maxChannels];
    }

    short[] samples() {
        return samples;
    }

    @Override
    void free() {
        samples = null;
    }
}
