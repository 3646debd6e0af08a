package dev.decant.opus;

import com.sun.jna.ptr.IntByReference;
import java.util.Arrays;
import java.util.Optional;

/**
 * A packet as libopus' own parser sees it: what ours is compared with.
 *
 * @param sizes of the frames, in bytes
 * @param firstFrame where it begins
 * @param ticks the length of the packet, 48 kHz ticks
 */
public record ReferencePacket(int[] sizes, int firstFrame, int ticks) {
    private static final int MAX_FRAMES = 48;

    /** The packet taken apart by {@code opus_packet_parse}, or empty if libopus refuses it. */
    public static Optional<ReferencePacket> parse(byte[] packet) {
        short[] sizes = new short[MAX_FRAMES];
        IntByReference firstFrame = new IntByReference();
        int frames =
                PlainLibOpus.EMBEDDED.opus_packet_parse(packet, packet.length, new byte[1], null, sizes, firstFrame);
        if (frames < 0) {
            return Optional.empty();
        }
        int[] frameSizes = new int[frames];
        Arrays.setAll(frameSizes, frame -> sizes[frame]);
        int ticks = PlainLibOpus.EMBEDDED.opus_packet_get_nb_samples(packet, packet.length, 48_000);
        return Optional.of(new ReferencePacket(frameSizes, firstFrame.getValue(), ticks));
    }

    /**
     * Whether libopus can take a packet of several streams apart. It does not look at whether they last equally long, which
     * only a decoder does.
     */
    public static boolean canBeSplit(byte[] packet, int streams) {
        // The call writes the packet anew, without its padding.
        byte[] copy = packet.clone();
        return PlainLibOpus.EMBEDDED.opus_multistream_packet_unpad(copy, copy.length, streams) > 0;
    }
}
