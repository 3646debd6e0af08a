package dev.decant.opus;

import com.sun.jna.Pointer;

/** Overwrites the memory of decoders of libopus, as a stray write elsewhere in the process would. */
public final class DecoderDamage {
    private DecoderDamage() {}

    /** Changes the byte after the state: guards tell. */
    public static void overrun(OpusDecoder decoder) {
        flip(decoder, stateBytes(decoder));
    }

    /** Changes one byte of the state: a checksum tells. */
    public static void change(OpusDecoder decoder, int offset) {
        flip(decoder, offset);
    }

    /** Lays the state of one decoder over that of another: sound, but wrong, so that only the final range can tell. */
    public static void copy(OpusDecoder from, OpusDecoder to) {
        Pointer source = new Pointer(((NativeDecoder) from).state().address());
        new Pointer(((NativeDecoder) to).state().address())
                .write(0, source.getByteArray(0, stateBytes(from)), 0, stateBytes(from));
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
