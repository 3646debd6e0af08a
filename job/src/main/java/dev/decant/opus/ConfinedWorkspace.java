package dev.decant.opus;

import dev.decant.audio.ChannelLayout;

/** What every workspace checks: its thread, whether it is closed, and whose samples it holds. */
abstract class ConfinedWorkspace implements DecoderWorkspace {
    private final OwnerThread owner = new OwnerThread("This workspace");
    private final int maxStreams;
    private final int maxChannels;
    /** Whose samples lie in the output. */
    private ConfinedDecoder lastUser;

    ConfinedWorkspace(int maxStreams, int maxChannels) {
        requireUpTo255("streams", maxStreams);
        requireUpTo255("channels", maxChannels);
        this.maxStreams = maxStreams;
        this.maxChannels = maxChannels;
    }

    final void requireRoomFor(ChannelLayout layout) {
        requireOpen();
        if (!hasRoomFor(layout)) {
            throw new IllegalArgumentException(layout.streamCount() + " streams and " + layout.decodedChannels()
                    + " channels in a workspace for at most " + maxStreams + " and " + maxChannels);
        }
    }

    @Override
    public final boolean hasRoomFor(ChannelLayout layout) {
        return layout.streamCount() <= maxStreams && layout.decodedChannels() <= maxChannels;
    }

    final void requireOpen() {
        owner.requireOpen();
    }

    final void lendTo(ConfinedDecoder user) {
        lastUser = user;
    }

    final boolean holdsSamplesOf(ConfinedDecoder user) {
        return lastUser == user;
    }

    @Override
    public final void close() {
        if (owner.close()) {
            lastUser = null;
            free();
        }
    }

    /** Called once. */
    abstract void free();

    private static void requireUpTo255(String what, int number) {
        if (number < 1 || number > 255) {
            throw new IllegalArgumentException(number + " " + what + ": a workspace is for 1 to 255");
        }
    }
}
