package dev.decant.opus;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.ChannelLayout.Decoder;

/** A decoder of Concentus. */
final class JavaDecoder extends ConfinedDecoder {
    private final JavaWorkspace workspace;
    private final JavaCodec codec;
    private final int channels;
    /** Null where the output is what the codec gives. */
    private final ChannelMix mix;

    JavaDecoder(DecoderSettings settings, JavaWorkspace workspace) {
        super(settings, workspace);
        this.workspace = workspace;
        int rate = settings.format().rate();
        try {
            codec = JavaCodec.of(settings.layout(), rate);
        } catch (io.github.jaredmdobson.concentus.OpusException e) {
            throw new OpusException(OpusError.INTERNAL_ERROR, "A decoder to " + rate + " Hz", e);
        }
        codec.setGain(settings.gain());
        channels = settings.format().channels();
        mix = mix(settings.layout());
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
    void copyPcm(int from, byte[] pcm) {
        if (mix == null) {
            Samples.toS16(workspace.samples(), from * channels, pcm);
        } else {
            mix.copy(workspace.samples(), from, pcm);
        }
    }

    @Override
    void resetState() {
        codec.reset();
    }

    @Override
    int readFinalRange() {
        return codec.finalRange();
    }

    @Override
    void free() {}

    private int call(byte[] packet, int length, int samples, boolean fec) {
        try {
            int result = codec.decode(packet, length, workspace.samples(), samples, fec);
            if (result < 0) {
                throw new OpusException(OpusError.ofCode(result), what(packet, length));
            }
            return result;
        } catch (OpusException e) {
            throw e;
        } catch (io.github.jaredmdobson.concentus.OpusException e) {
            throw new OpusException(errorOf(e), what(packet, length), e);
        } catch (RuntimeException | AssertionError e) {
            // It checks less than libopus does: bad data may show as an array index, or as an assertion.
            throw new OpusException(
                    OpusError.INTERNAL_ERROR, "The pure Java decoder failed on a packet of " + length + " bytes", e);
        }
    }

    private static String what(byte[] packet, int length) {
        return packet == null ? "A lost packet" : "A packet of " + length + " bytes";
    }

    private static ChannelMix mix(ChannelLayout layout) {
        ChannelMix mix = layout.isMixed() ? ChannelMix.of(layout) : null;
        if (layout.decoder() != Decoder.PROJECTION) {
            return mix;
        }
        ChannelMix demixing = ChannelMix.demixing(layout);
        return mix == null ? demixing : mix.after(demixing);
    }

    /** It keeps its error code to itself, but its message ends with that of opus_strerror. */
    private static OpusError errorOf(io.github.jaredmdobson.concentus.OpusException e) {
        return e.getMessage().endsWith("corrupted stream") ? OpusError.INVALID_PACKET : OpusError.INTERNAL_ERROR;
    }
}
