package dev.decant.opus;

import dev.decant.audio.PcmFormat;
import io.github.jaredmdobson.concentus.OpusDecoder;

/** A decoder of Concentus. */
final class JavaDecoder extends ConfinedDecoder {
    private final JavaWorkspace workspace;
    private final OpusDecoder decoder;

    JavaDecoder(DecoderSettings settings, JavaWorkspace workspace) {
        super(settings.format(), workspace);
        this.workspace = workspace;
        PcmFormat format = settings.format();
        try {
            decoder = new OpusDecoder(format.rate(), format.channels());
        } catch (io.github.jaredmdobson.concentus.OpusException e) {
            throw new OpusException(OpusError.INTERNAL_ERROR, "A decoder to " + format.rate() + " Hz", e);
        }
        decoder.setGain(settings.gain());
    }

    @Override
    int decodePacket(byte[] packet, int samples, boolean fec) {
        return call(packet, packet.length, samples, fec);
    }

    /** As to libopus, no packet is a lost packet. */
    @Override
    int concealSamples(int samples) {
        return call(null, 0, samples, false);
    }

    @Override
    void copyPcm(int first, byte[] pcm) {
        Samples.toS16(workspace.samples(), first, pcm);
    }

    @Override
    void resetState() {
        decoder.resetState();
    }

    @Override
    int readFinalRange() {
        return decoder.getFinalRange();
    }

    @Override
    void free() {}

    private int call(byte[] packet, int length, int samples, boolean fec) {
        try {
            return decoder.decode(packet, 0, length, workspace.samples(), 0, samples, fec);
        } catch (io.github.jaredmdobson.concentus.OpusException e) {
            throw new OpusException(
                    errorOf(e), packet == null ? "A lost packet" : "A packet of " + length + " bytes", e);
        } catch (RuntimeException | AssertionError e) {
            // It checks less than libopus does: bad data may show as an array index, or as an assertion.
            throw new OpusException(
                    OpusError.INTERNAL_ERROR, "The pure Java decoder failed on a packet of " + length + " bytes", e);
        }
    }

    /** It keeps its error code to itself, but its message ends with that of opus_strerror. */
    private static OpusError errorOf(io.github.jaredmdobson.concentus.OpusException e) {
        return e.getMessage().endsWith("corrupted stream") ? OpusError.INVALID_PACKET : OpusError.INTERNAL_ERROR;
    }
}
