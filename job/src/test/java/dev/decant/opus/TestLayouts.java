package dev.decant.opus;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.OpusHead;
import dev.decant.audio.UnsupportedLayoutException;
import java.util.List;

/** Layouts of links with more than a plain decoder can give. */
final class TestLayouts {
    static final List<ChannelLayout> ALL = List.of(
            of(head(1, 3, 2, 1, 0, 2, 1)),
            of(head(1, 6, 4, 2, 0, 4, 1, 2, 3, 5)),
            of(head(1, 8, 5, 3, 0, 6, 1, 2, 3, 4, 5, 7)),
            of(head(2, 4, 4, 0, 0, 1, 2, 3)),
            of(head(2, 6, 5, 1, 2, 3, 4, 5, 0, 1)),
            of(projection(4, 2, 2)),
            of(projection(6, 3, 3)),
            of(head(255, 3, 1, 1, 1, 255, 0)));

    private TestLayouts() {}

    static ChannelLayout of(OpusHead head) {
        return of(head, null);
    }

    static ChannelLayout of(OpusHead head, Integer channels) {
        try {
            return ChannelLayout.of(head, channels, 255);
        } catch (UnsupportedLayoutException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static OpusHead head(int family, int channels, int streams, int coupled, int... mapping) {
        byte[] bytes = new byte[mapping.length];
        for (int i = 0; i < mapping.length; i++) {
            bytes[i] = (byte) mapping[i];
        }
        return new OpusHead(1, channels, 312, 48_000, 0, family, streams, coupled, bytes, new byte[0]);
    }

    /** With some matrix, in which no cell is like another. */
    private static OpusHead projection(int channels, int streams, int coupled) {
        byte[] matrix = new byte[2 * channels * (streams + coupled)];
        for (int i = 0; i < matrix.length; i += 2) {
            short cell = (short) (i * 1_543 % 20_000 - 10_000);
            matrix[i] = (byte) cell;
            matrix[i + 1] = (byte) (cell >> 8);
        }
        return new OpusHead(1, channels, 312, 48_000, 0, 3, streams, coupled, new byte[0], matrix);
    }
}
