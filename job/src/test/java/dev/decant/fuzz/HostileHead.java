package dev.decant.fuzz;

import dev.decant.audio.OpusHead;
import java.util.Arrays;
import java.util.SplittableRandom;

/** OpusHead packets (RFC 7845, section 5.1) that are right, wrong, or right but unusual. */
public final class HostileHead {
    private HostileHead() {}

    /** The bytes of one. */
    public static byte[] bytes(SplittableRandom random) {
        byte[] head = sound(random).toBytes();
        switch (random.nextInt(4)) {
            case 0 -> head[8 + random.nextInt(head.length - 8)] = (byte) random.nextInt(256);
            case 1 -> head = Arrays.copyOf(head, random.nextInt(head.length + 40));
            case 2 -> {
                for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
                    head[random.nextInt(head.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            default -> {
                // It stays sound.
            }
        }
        return head;
    }

    /** One that says the truth about packets of so many streams: each channel is one that is decoded. */
    public static OpusHead ofStreams(int streams, SplittableRandom random) {
        int coupled = random.nextInt(streams + 1);
        int channels = streams + coupled;
        byte[] mapping = new byte[channels];
        for (int channel = 0; channel < channels; channel++) {
            mapping[channel] = (byte) channel;
        }
        int family = channels <= 8 && random.nextBoolean() ? 1 : 255;
        return new OpusHead(1, channels, 312, 48_000, 0, family, streams, coupled, mapping, new byte[0]);
    }

    private static OpusHead sound(SplittableRandom random) {
        int preSkip = random.nextInt(4) == 0 ? random.nextInt(65_536) : 312;
        int gain = random.nextInt(4) == 0 ? random.nextInt(65_536) - 32_768 : 0;
        if (random.nextInt(3) > 0) {
            return OpusHead.of(1 + random.nextInt(2), preSkip, gain);
        }
        int family = new int[] {1, 2, 255, random.nextInt(4, 256)}[random.nextInt(4)];
        int channels = family == 1 ? 1 + random.nextInt(8) : 1 + random.nextInt(255);
        int streams = 1 + random.nextInt(random.nextInt(4) == 0 ? 255 : channels);
        int coupled = random.nextInt(Math.min(streams, 255 - streams) + 1);
        byte[] mapping = new byte[channels];
        for (int channel = 0; channel < channels; channel++) {
            mapping[channel] = (byte) (random.nextInt(8) == 0 ? 255 : random.nextInt(streams + coupled));
        }
        return new OpusHead(1, channels, preSkip, 48_000, gain, family, streams, coupled, mapping, new byte[0]);
    }
}
