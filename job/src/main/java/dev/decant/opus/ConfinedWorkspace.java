package dev.decant.opus;

/** What every workspace checks: its thread, whether it is closed, and whose samples it holds. */
abstract class ConfinedWorkspace implements DecoderWorkspace {
    /** More would be several streams in one packet (RFC 7845, section 5.1.1). */
    private static final int MAX_CHANNELS = 2;

    private final OwnerThread owner = new OwnerThread("This workspace");
    private final int maxChannels;
    /** Whose samples lie in the output. */
    private ConfinedDecoder lastUser;

    ConfinedWorkspace(int maxChannels) {
        requireChannels(maxChannels);
        this.maxChannels = maxChannels;
    }

    /**
     * @throws OpusException {@code UNIMPLEMENTED} if no decoder has so many channels
     */
    static void requireChannels(int channels) {
        if (channels < 1 || channels > MAX_CHANNELS) {
            throw new OpusException(OpusError.UNIMPLEMENTED, channels + " channels, where a decoder has 1 or 2");
        }
    }

    final void requireRoomFor(int channels) {
        requireOpen();
        requireChannels(channels);
        if (channels > maxChannels) {
            throw new IllegalArgumentException(channels + " channels in a workspace for at most " + maxChannels);
        }
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
}
