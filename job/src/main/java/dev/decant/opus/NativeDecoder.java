package dev.decant.opus;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import java.nio.ByteBuffer;

/** A decoder of libopus, whose state lies in a block of ours. */
final class NativeDecoder extends ConfinedDecoder {
    private final LoadedLibrary library;
    private final LibOpus opus;
    private final NativeWorkspace workspace;
    private final Runnable onClose;
    private final SampleFormat sampleFormat;
    private final NativeBlock state;
    private boolean corrupted;

    /**
     * @param state of the size that the library asks for; this decoder closes it, unless the constructor throws
     * @param onClose what the engine wants done after the state is freed
     */
    NativeDecoder(
            LoadedLibrary library,
            DecoderSettings settings,
            NativeBlock state,
            NativeWorkspace workspace,
            Runnable onClose) {
        super(settings.format(), workspace);
        this.library = library;
        this.opus = library.functions();
        this.workspace = workspace;
        this.onClose = onClose;
        this.sampleFormat = settings.format().sampleFormat();
        this.state = state;
        PcmFormat format = settings.format();
        requireOk(
                opus.opus_decoder_init(state.address(), format.rate(), format.channels()),
                "A decoder to " + format.rate() + " Hz");
        apply(settings);
    }

    /** Where the state lies, for as long as the decoder is open. */
    NativeBlock state() {
        return state;
    }

    @Override
    int decodePacket(byte[] packet, int samples, boolean fec) {
        NativeBlock input = workspace.input();
        input.bytes().put(0, packet);
        return call(input.address(), packet.length, samples, fec ? 1 : 0);
    }

    /** To libopus, no packet is a lost packet. */
    @Override
    int concealSamples(int samples) {
        return call(0, 0, samples, 0);
    }

    @Override
    void copyPcm(int first, byte[] pcm) {
        ByteBuffer output = workspace.output().bytes();
        switch (sampleFormat) {
            case S16LE -> output.get(first * Short.BYTES, pcm);
            case F32LE -> output.get(first * Float.BYTES, pcm);
            case S24LE -> Samples.toS24(output, first, pcm);
        }
    }

    @Override
    void resetState() {
        requireIntact();
        requireOk(control(DecoderControl.RESET_STATE), "Resetting a decoder");
    }

    @Override
    int readFinalRange() {
        requireIntact();
        NativeBlock input = workspace.input();
        requireOk(control(DecoderControl.GET_FINAL_RANGE, input.address()), "Reading the final range");
        return input.bytes().getInt(0);
    }

    @Override
    void free() {
        state.close();
        onClose.run();
    }

    private int call(long packet, int length, int samples, int fec) {
        requireIntact();
        long pcm = workspace.output().address();
        int result = sampleFormat == SampleFormat.S16LE
                ? opus.opus_decode(state.address(), packet, length, pcm, samples, fec)
                : opus.opus_decode_float(state.address(), packet, length, pcm, samples, fec);
        requireIntact();
        if (result < 0) {
            throw new OpusException(
                    OpusError.ofCode(result), packet == 0 ? "A lost packet" : "A packet of " + length + " bytes");
        }
        return result;
    }

    /** Before a call, so that no damaged state is used; after it, so that no damage goes unnoticed. */
    private void requireIntact() {
        // Both are looked at: what damaged the one may have damaged the other.
        if (!(state.isIntact() & workspace.isIntact())) {
            corrupted = true;
        }
        if (corrupted) {
            throw new OpusException(
                    OpusError.MEMORY_CORRUPTED, "Memory around this decoder's state or its buffers was overwritten");
        }
    }

    private void apply(DecoderSettings settings) {
        requireOk(control(DecoderControl.SET_GAIN, settings.gain()), "A gain of " + settings.gain() + "/256 dB");
        int complexity = control(DecoderControl.SET_COMPLEXITY, settings.complexity());
        // Libraries before 1.5 know no decoder complexity, and have nothing that it could switch on.
        if (complexity != OpusError.UNIMPLEMENTED.code()) {
            requireOk(complexity, "A complexity of " + settings.complexity());
        }
        // Never switched on: libopus has it off for mono output, and on for stereo.
        if (!settings.phaseInversion()) {
            requireOk(control(DecoderControl.SET_PHASE_INVERSION_DISABLED, 1), "Decoding without phase inversion");
        }
    }

    private int control(int request, Object... argument) {
        return library.control().opus_decoder_ctl(state.address(), request, argument);
    }

    private static void requireOk(int result, String what) {
        if (result != 0) {
            throw new OpusException(OpusError.ofCode(result), what);
        }
    }
}
