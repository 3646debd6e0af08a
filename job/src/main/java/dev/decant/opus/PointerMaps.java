package dev.decant.opus;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.ChannelLayout.Decoder;

/**
 * Which words of the states of a library's decoders are addresses, whatever their layout. The state of a decoder of
 * several streams ends with one plain state for each, the stereo ones first, each beginning at a whole word
 * (opus_multistream_decoder.c); what comes before has no address. That is not taken on trust, but tried for both kinds.
 */
final class PointerMaps {
    /** One coupled stream and two mono ones, out of order. */
    private static final ChannelLayout STREAMS = new ChannelLayout(1, 3, 1, new byte[] {0, 2, 1, 3}, new byte[0], 4, 4);

    private static final ChannelLayout PROJECTED = new ChannelLayout(3, 3, 1, new byte[0], identity(4), 4, 4);

    private final BoundLibrary library;
    private final PointerMap mono;
    private final PointerMap stereo;

    /**
     * Finds out what the addresses are.
     *
     * @throws NoImagesException if it cannot be found out beyond doubt
     */
    static PointerMaps of(BoundLibrary library, PointerSearch search) throws NoImagesException {
        PointerMaps maps = new PointerMaps(library, search.find(1), search.find(2));
        search.requireMapOf(STREAMS, maps.of(STREAMS));
        search.requireMapOf(PROJECTED, maps.of(PROJECTED));
        return maps;
    }

    private PointerMaps(BoundLibrary library, PointerMap mono, PointerMap stereo) {
        this.library = library;
        this.mono = mono;
        this.stereo = stereo;
    }

    /** The map of decoders with that layout. */
    PointerMap of(ChannelLayout layout) {
        if (layout.decoder() == Decoder.PLAIN) {
            return plain(layout.channels());
        }
        int stateBytes = DecoderFunctions.of(layout, library).size();
        int[] addresses = new int
                [layout.coupledCount() * stereo.addresses().length
                        + (layout.streamCount() - layout.coupledCount()) * mono.addresses().length];
        int words =
                layout.coupledCount() * stereo.words() + (layout.streamCount() - layout.coupledCount()) * mono.words();
        int first = stateBytes / Long.BYTES - words;
        int count = 0;
        for (int stream = 0; stream < layout.streamCount(); stream++) {
            PointerMap map = plain(stream < layout.coupledCount() ? 2 : 1);
            for (int address : map.addresses()) {
                addresses[count++] = first + address;
            }
            first += map.words();
        }
        return new PointerMap(stateBytes, addresses);
    }

    private PointerMap plain(int channels) {
        return channels == 1 ? mono : stereo;
    }

    /** In Q15 the nearest to 1 is one less than that. */
    private static byte[] identity(int channels) {
        byte[] matrix = new byte[2 * channels * channels];
        for (int i = 0; i < channels; i++) {
            matrix[2 * (i * channels + i)] = (byte) 0xFF;
            matrix[2 * (i * channels + i) + 1] = 0x7F;
        }
        return matrix;
    }
}
