package dev.decant.opus;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Supplier;

/** A decoder of libopus, whose state lies in a block of ours. */
final class NativeDecoder extends ConfinedDecoder {
    private final DecoderFunctions functions;
    private final NativeWorkspace workspace;
    private final Supplier<Optional<DecoderImages>> images;
    private final Runnable onClose;
    private final DecoderSettings settings;
    private final PcmFormat format;
    /** Null where the output has the decoder's own channels. */
    private final ChannelMix mix;

    private final NativeBlock state;
    /** Of the images that are taken of this decoder. */
    private final ImageHeader header;

    private final DecoderVerification verification;
    /** Of the state after the last call that changed it. */
    private int checksum;
    /** What was found out about the memory, or null; once damaged it stays so. */
    private String damage;

    /**
     * A decoder in its first state.
     *
     * @param functions those for the layout of the settings
     * @param state of the size that they ask for; the decoder closes it, unless this throws
     * @param images how the library's decoders are saved
     * @param onClose what the engine wants done after the state is freed
     */
    static NativeDecoder inFirstState(
            DecoderFunctions functions,
            DecoderSettings settings,
            NativeBlock state,
            NativeWorkspace workspace,
            Supplier<Optional<DecoderImages>> images,
            Runnable onClose) {
        int rate = settings.format().rate();
        requireOk(functions.init(state.address(), rate, workspace.input()), "A decoder to " + rate + " Hz");
        NativeDecoder decoder =
                new NativeDecoder(functions, settings, state, workspace, CpuFeatures.ofThisMachine(), images, onClose);
        // Both are 0 in a state that was just cleared (opus_decoder.c, opus_decoder_init).
        decoder.change(0, 0);
        // Never switched on: libopus has it off for mono output, and on for stereo.
        if (!settings.phaseInversion()) {
            decoder.setPhaseInversion(false);
        }
        decoder.rememberState();
        return decoder;
    }

    /**
     * A decoder whose state an image gave to the workspace.
     *
     * @param before what the image says of the decoder that it was taken of
     */
    static NativeDecoder fromImage(
            ImageHeader before,
            DecoderFunctions functions,
            DecoderSettings settings,
            NativeBlock state,
            NativeWorkspace workspace,
            Supplier<Optional<DecoderImages>> images,
            Runnable onClose) {
        state.putWords(workspace.imageBuffer().state(state.words()));
        NativeDecoder decoder = new NativeDecoder(functions, settings, state, workspace, before.cpu(), images, onClose);
        decoder.change(before.gain(), before.complexity());
        if (settings.phaseInversion() != before.phaseInversion()
                && !(settings.phaseInversion() && settings.format().channels() == 1)) {
            decoder.setPhaseInversion(settings.phaseInversion());
        }
        decoder.rememberState();
        return decoder;
    }

    private NativeDecoder(
            DecoderFunctions functions,
            DecoderSettings settings,
            NativeBlock state,
            NativeWorkspace workspace,
            CpuFeatures cpu,
            Supplier<Optional<DecoderImages>> images,
            Runnable onClose) {
        super(settings, workspace);
        this.functions = functions;
        this.settings = settings;
        this.workspace = workspace;
        this.images = images;
        this.onClose = onClose;
        this.format = settings.format();
        this.mix = settings.layout().isMixed() ? ChannelMix.of(settings.layout()) : null;
        this.state = state;
        this.verification = settings.verification();
        this.header = ImageHeader.of(settings, cpu);
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
    void copyPcm(int from, byte[] pcm) {
        ByteBuffer output = workspace.output().bytes();
        if (mix != null) {
            mix.copy(output, from, format.sampleFormat(), pcm);
            return;
        }
        int first = from * format.channels();
        switch (format.sampleFormat()) {
            case S16LE -> output.get(first * Short.BYTES, pcm);
            case F32LE -> output.get(first * Float.BYTES, pcm);
            case S24LE -> Samples.toS24(output, first, pcm);
        }
    }

    @Override
    void resetState() {
        requireSound();
        int result = control(DecoderControl.RESET_STATE);
        rememberState();
        requireOk(result, "Resetting a decoder");
    }

    @Override
    int readFinalRange() {
        requireSound();
        NativeBlock input = workspace.input();
        requireOk(control(DecoderControl.GET_FINAL_RANGE, input.address()), "Reading the final range");
        return input.bytes().getInt(0);
    }

    @Override
    Optional<DecoderImage> takeImage() {
        requireSound();
        return images.get().flatMap(known -> known.take(state, settings, header, workspace.imageBuffer()));
    }

    @Override
    void free() {
        state.close();
        onClose.run();
    }

    private int call(long packet, int length, int samples, int fec) {
        requireSound();
        long pcm = workspace.output().address();
        int result = format.sampleFormat() == SampleFormat.S16LE
                ? functions.decode(state.address(), packet, length, pcm, samples, fec)
                : functions.decodeFloat(state.address(), packet, length, pcm, samples, fec);
        requireGuards();
        // Also after a packet that was refused: what was decoded of it until then has changed the state.
        rememberState();
        if (result < 0) {
            throw new OpusException(
                    OpusError.ofCode(result), packet == 0 ? "A lost packet" : "A packet of " + length + " bytes");
        }
        return result;
    }

    /** Before a call, so that no damaged state is used. */
    private void requireSound() {
        requireGuards();
        if (verification == DecoderVerification.CHECKSUM && state.checksum(workspace.checksum()) != checksum) {
            damage = "This decoder's state was overwritten since its last call";
        }
        requireNoDamage();
    }

    /** After a call as well, so that no damage goes unnoticed. */
    private void requireGuards() {
        // Both are looked at: what damaged the one may have damaged the other.
        if (verification != DecoderVerification.OFF && !(state.isIntact() & workspace.isIntact())) {
            damage = "Memory around this decoder's state or its buffers was overwritten";
        }
        requireNoDamage();
    }

    private void requireNoDamage() {
        if (damage != null) {
            throw new OpusException(OpusError.MEMORY_CORRUPTED, damage);
        }
    }

    private void rememberState() {
        if (verification == DecoderVerification.CHECKSUM) {
            checksum = state.checksum(workspace.checksum());
        }
    }

    private void setGain(int gain) {
        requireOk(control(DecoderControl.SET_GAIN, gain), "A gain of " + gain + "/256 dB");
    }

    /** From what the state has to what the settings say; a call for nothing would cost a good part of what an image does. */
    private void change(int gainBefore, int complexityBefore) {
        if (settings.gain() != gainBefore) {
            setGain(settings.gain());
        }
        if (settings.complexity() != complexityBefore) {
            setComplexity(settings.complexity());
        }
    }

    private void setComplexity(int complexity) {
        int result = control(DecoderControl.SET_COMPLEXITY, complexity);
        // Libraries before 1.5 know no decoder complexity, and have nothing that it could switch on.
        if (result != OpusError.UNIMPLEMENTED.code()) {
            requireOk(result, "A complexity of " + complexity);
        }
    }

    private void setPhaseInversion(boolean on) {
        requireOk(
                control(DecoderControl.SET_PHASE_INVERSION_DISABLED, on ? 0 : 1),
                "Decoding " + (on ? "with" : "without") + " phase inversion");
    }

    private int control(int request, Object... argument) {
        return functions.control(state.address(), request, argument);
    }

    private static void requireOk(int result, String what) {
        if (result != 0) {
            throw new OpusException(OpusError.ofCode(result), what);
        }
    }
}
