package dev.decant.opus;

import dev.decant.audio.MediaClock;
import dev.decant.audio.PacketFraming;
import dev.decant.audio.PcmFormat;
import java.util.Optional;

/**
 * What every decoder checks before its codec is called, so that the codec never hears of a wrong thread, length or
 * size, or of a call after close.
 */
abstract class ConfinedDecoder implements OpusDecoder {
    private final OwnerThread owner = new OwnerThread("This decoder");
    private final ConfinedWorkspace workspace;
    private final PcmFormat format;
    private final int maxPacketBytes;
    private final int ticksPerSample;
    /** Samples a channel of the last call. */
    private int samples;

    ConfinedDecoder(DecoderSettings settings, ConfinedWorkspace workspace) {
        this.workspace = workspace;
        format = settings.format();
        maxPacketBytes = settings.layout().streamCount() * PacketFraming.MAX_PACKET_BYTES;
        ticksPerSample = format.ticksPerSample();
    }

    @Override
    public final int decode(byte[] packet) {
        requireUsable();
        requirePacketLength(packet);
        takeWorkspace();
        samples = decodePacket(packet, MediaClock.MAX_PACKET_TICKS / ticksPerSample, false);
        return samples;
    }

    @Override
    public final int recover(byte[] nextPacket, int ticks) {
        requireUsable();
        requirePacketLength(nextPacket);
        requireLostLength(ticks);
        takeWorkspace();
        samples = decodePacket(nextPacket, ticks / ticksPerSample, true);
        return samples;
    }

    @Override
    public final int conceal(int ticks) {
        requireUsable();
        requireLostLength(ticks);
        takeWorkspace();
        samples = concealSamples(ticks / ticksPerSample);
        return samples;
    }

    @Override
    public final byte[] pcm(int from, int to) {
        requireUsable();
        if (from < 0 || to < from || to > samples) {
            throw new IndexOutOfBoundsException(
                    "Samples " + from + " to " + to + " of a call that returned " + samples);
        }
        if (!workspace.holdsSamplesOf(this)) {
            throw new IllegalStateException("Another decoder has used the workspace since: its samples are gone");
        }
        byte[] pcm = new byte[(to - from) * format.bytesPerSample()];
        copyPcm(from, pcm);
        return pcm;
    }

    @Override
    public final void reset() {
        requireUsable();
        samples = 0;
        resetState();
    }

    @Override
    public final Optional<DecoderImage> image() {
        requireUsable();
        return takeImage();
    }

    @Override
    public final long finalRange() {
        requireUsable();
        return Integer.toUnsignedLong(readFinalRange());
    }

    @Override
    public final void close() {
        if (owner.close()) {
            free();
        }
    }

    /** The codec's call for a packet; {@code samples} a channel is the room there is, or the length to recover. */
    abstract int decodePacket(byte[] packet, int samples, boolean fec);

    abstract int concealSamples(int samples);

    /** Fills {@code pcm} with the last call's samples, from the sample a channel {@code from} on. */
    abstract void copyPcm(int from, byte[] pcm);

    abstract void resetState();

    abstract int readFinalRange();

    /** By default none: an implementation whose memory is not its own cannot be saved. */
    Optional<DecoderImage> takeImage() {
        return Optional.empty();
    }

    /** Called once. */
    abstract void free();

    private void requireUsable() {
        owner.requireOpen();
        workspace.requireOpen();
    }

    /** A call that fails leaves no samples, neither new ones nor those of the call before. */
    private void takeWorkspace() {
        samples = 0;
        workspace.lendTo(this);
    }

    /** An empty packet would be taken for a lost one (opus.h, {@code opus_decode}). */
    private void requirePacketLength(byte[] packet) {
        if (packet.length == 0 || packet.length > maxPacketBytes) {
            throw new OpusException(
                    OpusError.BAD_ARG,
                    "A packet of " + packet.length + " bytes, where 1 to " + maxPacketBytes + " can be decoded");
        }
    }

    private static void requireLostLength(int ticks) {
        if (ticks <= 0 || ticks > MediaClock.MAX_PACKET_TICKS || ticks % MediaClock.STEP_TICKS != 0) {
            throw new OpusException(
                    OpusError.BAD_ARG,
                    ticks + " ticks lost, where a multiple of " + MediaClock.STEP_TICKS + " up to "
                            + MediaClock.MAX_PACKET_TICKS + " can be made up");
        }
    }
}
