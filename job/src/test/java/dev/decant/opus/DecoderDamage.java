package dev.decant.opus;

import com.sun.jna.Pointer;

/** Overwrites the memory of decoders of libopus, as a stray write elsewhere in the process would. */
public final class DecoderDamage {
    /** More than there is between two tables of a library. */
    private static final long LIBRARY_BYTES = 1 << 20;

    private DecoderDamage() {}

    /** Changes the byte after the state: guards tell. */
    public static void overrun(OpusDecoder decoder) {
        flip(decoder, stateBytes(decoder));
    }

    /** Changes one byte of the state: a checksum tells. */
    public static void change(OpusDecoder decoder, int offset) {
        flip(decoder, offset);
    }

    /**
     * Lets a decoder read packets by the tables that another one has for its bandwidth: what it points to is sound, but
     * wrong. Hardly anything else in a state has a say in the final range, since no packet is read by what was before it.
     *
     * @return how many words were changed
     */
    public static int swapTables(OpusDecoder from, OpusDecoder to) {
        Pointer source = new Pointer(((NativeDecoder) from).state().address());
        Pointer target = new Pointer(((NativeDecoder) to).state().address());
        int swapped = 0;
        for (int offset = 0; offset < stateBytes(to); offset += Long.BYTES) {
            long other = source.getLong(offset);
            long own = target.getLong(offset);
            boolean addresses = own >>> 40 != 0 && Math.abs(own - other) < LIBRARY_BYTES;
            if (addresses && own != other) {
                target.setLong(offset, other);
                swapped++;
            }
        }
        return swapped;
    }

    /**
     * Puts an address of the library where none belongs, so that images are refused; in memory that decoding SILK does not
     * use: no sample changes.
     */
    public static void plantAddress(OpusDecoder decoder) {
        Pointer state = new Pointer(((NativeDecoder) decoder).state().address());
        // The state begins with the offset of the CELT decoder, and that with the address of its mode.
        long address = state.getLong(state.getInt(0));
        state.setLong(stateBytes(decoder) / Long.BYTES * Long.BYTES - Long.BYTES, address);
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
