package dev.decant.opus;

import com.sun.jna.Pointer;

/** Overwrites the memory of decoders of libopus, as a stray write elsewhere in the process would. */
public final class DecoderDamage {
    private DecoderDamage() {}

    /** The byte after the state is changed: guards tell. */
    public static void overrun(OpusDecoder decoder) {
        flip(decoder, ((NativeDecoder) decoder).state().size());
    }

    /** One byte of the state is changed: a checksum tells, and the final range may. */
    public static void change(OpusDecoder decoder, int offset) {
        flip(decoder, offset);
    }

    /** Bytes of the state. */
    public static int stateBytes(OpusDecoder decoder) {
        return ((NativeDecoder) decoder).state().size();
    }

    private static void flip(OpusDecoder decoder, int offset) {
        Pointer state = new Pointer(((NativeDecoder) decoder).state().address());
        state.setByte(offset, (byte) ~state.getByte(offset));
    }
}
