package dev.decant.opus;

import dev.decant.audio.MediaClock;
import dev.decant.opus.ProcessProtocol.Request;

/** The samples of a decoder in another process, where its workspace is too. */
final class ProcessWorkspace extends ConfinedWorkspace {
    private final DecoderProcess process;
    private final int number;
    private byte[] pcm;

    ProcessWorkspace(int maxStreams, int maxChannels, DecoderProcess process) {
        super(maxStreams, maxChannels);
        this.process = process;
        process.request(Request.NEW_WORKSPACE).putInt(maxStreams).putInt(maxChannels);
        number = process.callForNumber();
        process.hold();
        pcm = new byte[MediaClock.MAX_PACKET_TICKS * maxChannels * Float.BYTES];
    }

    /** Which workspace of the process this is. */
    int number() {
        return number;
    }

    boolean isOf(DecoderProcess other) {
        return process == other;
    }

    /** What the last call gave, from the first byte on. */
    byte[] pcm() {
        return pcm;
    }

    @Override
    void free() {
        pcm = null;
        process.free(Request.CLOSE_WORKSPACE, number);
    }
}
