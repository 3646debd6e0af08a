package dev.decant.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** One way to damage a packet, or to write it otherwise. Each gives new bytes, the same for the same random numbers. */
public enum Mutation {
    /** The packet as it is. */
    NONE {
        @Override
        byte[] apply(byte[] packet, SplittableRandom random, SeedPackets seeds) {
            return packet;
        }
    },
    /** One bit in most, up to sixteen: what a damaged disk or memory does. */
    BIT_FLIPS {
        @Override
        byte[] apply(byte[] packet, SplittableRandom random, SeedPackets seeds) {
            byte[] flipped = packet.clone();
            int flips = random.nextBoolean() ? 1 : 1 + random.nextInt(16);
            for (int i = 0; i < flips && flipped.length > 0; i++) {
                flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
            }
            return flipped;
        }
    },
    /** The end is missing, all but the first byte at worst. */
    TRUNCATED {
        @Override
        byte[] apply(byte[] packet, SplittableRandom random, SeedPackets seeds) {
            return packet.length < 2 ? packet : Arrays.copyOf(packet, 1 + random.nextInt(packet.length - 1));
        }
    },
    /** Random bytes follow. */
    EXTENDED {
        @Override
        byte[] apply(byte[] packet, SplittableRandom random, SeedPackets seeds) {
            byte[] more = random(random, 1 + random.nextInt(random.nextInt(8) == 0 ? 2_000 : 8));
            byte[] extended = Arrays.copyOf(packet, packet.length + more.length);
            System.arraycopy(more, 0, extended, packet.length, more.length);
            return extended;
        }
    },
    /** Other mode, bandwidth, frame length or channels than the frames have; the code often stays. */
    TOC_SWAPPED {
        @Override
        byte[] apply(byte[] packet, SplittableRandom random, SeedPackets seeds) {
            byte[] swapped = packet.clone();
            swapped[0] =
                    (byte) (random.nextInt(4) == 0 ? random.nextInt(256) : random.nextInt(64) << 2 | packet[0] & 3);
            return swapped;
        }
    },
    /** Frames of several packets in one packet, as the TOC of the first says or of another. */
    FRAMES_SPLICED {
        @Override
        byte[] apply(byte[] packet, SplittableRandom random, SeedPackets seeds) {
            PacketParts first = seeds.parts(packet);
            List<byte[]> frames = new ArrayList<>(first.frames());
            for (int others = 1 + random.nextInt(3); others > 0; others--) {
                frames.addAll(seeds.anyParts(random).frames());
            }
            if (random.nextBoolean()) {
                frames = frames.subList(random.nextInt(frames.size()), frames.size());
            }
            PacketParts spliced = first.withFrames(frames.subList(0, Math.min(frames.size(), 48)));
            return random.nextBoolean()
                    ? spliced.written()
                    : spliced.withConfig(random.nextInt(32)).written();
        }
    },
    /** Half of one packet, half of another, whatever that makes of their headers. */
    BYTES_SPLICED {
        @Override
        byte[] apply(byte[] packet, SplittableRandom random, SeedPackets seeds) {
            byte[] other = seeds.any(random);
            int head = 1 + random.nextInt(packet.length);
            int tail = random.nextInt(other.length + 1);
            byte[] spliced = Arrays.copyOf(packet, head + tail);
            System.arraycopy(other, other.length - tail, spliced, head, tail);
            return spliced;
        }
    },
    /** The same frames, another way to write them: all of it allowed, padding up to the limit too. */
    REPACKED {
        @Override
        byte[] apply(byte[] packet, SplittableRandom random, SeedPackets seeds) {
            PacketParts parts = seeds.parts(packet);
            int padding =
                    switch (random.nextInt(16)) {
                        case 0 -> 253 + random.nextInt(5);
                        case 1 -> random.nextInt(40_000);
                        default -> random.nextInt(20);
                    };
            return parts.writtenAsCodeThree(!parts.sameSizes() || random.nextBoolean(), padding);
        }
    },
    /** As many frames as fit into 120 ms, of which most are empty or a byte long. */
    MANY_FRAMES {
        @Override
        byte[] apply(byte[] packet, SplittableRandom random, SeedPackets seeds) {
            PacketParts parts = seeds.parts(packet);
            List<byte[]> frames = new ArrayList<>();
            for (int i = 1 + random.nextInt(48); i > 0; i--) {
                frames.add(random.nextInt(4) == 0 ? parts.frames().get(0) : random(random, random.nextInt(3)));
            }
            return parts.withFrames(frames).writtenAsCodeThree(true, random.nextInt(2) * random.nextInt(300));
        }
    },
    /** A frame count that is not the number of frames. */
    HOSTILE_FRAME_COUNT {
        @Override
        byte[] apply(byte[] packet, SplittableRandom random, SeedPackets seeds) {
            PacketParts parts = seeds.parts(packet);
            return parts.codeThree(random.nextInt(64), random.nextBoolean(), parts.lengths(), random.nextInt(3));
        }
    },
    /** Frame lengths that are not those of the frames. */
    HOSTILE_LENGTHS {
        @Override
        byte[] apply(byte[] packet, SplittableRandom random, SeedPackets seeds) {
            PacketParts parts = seeds.parts(packet);
            int[] lengths = new int[1 + random.nextInt(6)];
            Arrays.setAll(lengths, i -> switch (random.nextInt(4)) {
                case 0 -> 1_275;
                case 1 -> 250 + random.nextInt(6);
                case 2 -> random.nextInt(1_276);
                default -> random.nextInt(4);
            });
            if (random.nextInt(3) > 0) {
                return parts.codeThree(lengths.length, true, lengths, random.nextInt(2));
            }
            byte[] stated = PacketParts.length(lengths[0]);
            byte[] frames = parts.withFrames(List.of(parts.frames().get(0))).written();
            byte[] codeTwo = new byte[frames.length + stated.length];
            System.arraycopy(stated, 0, codeTwo, 1, stated.length);
            System.arraycopy(frames, 1, codeTwo, 1 + stated.length, frames.length - 1);
            codeTwo[0] = (byte) parts.toc(2);
            return codeTwo;
        }
    },
    /** Padding that is longer than the packet, ends within its own length, or leaves no room for a frame. */
    HOSTILE_PADDING {
        @Override
        byte[] apply(byte[] packet, SplittableRandom random, SeedPackets seeds) {
            PacketParts parts = seeds.parts(packet);
            byte[] padded = parts.writtenAsCodeThree(random.nextBoolean(), 1 + random.nextInt(600));
            for (int at = 2; at < Math.min(padded.length, 2 + random.nextInt(12)); at++) {
                padded[at] = (byte) (random.nextBoolean() ? 255 : random.nextInt(256));
            }
            return Arrays.copyOf(padded, 2 + random.nextInt(padded.length - 1));
        }
    },
    /** The right first byte, then nothing but noise. */
    RANDOM_FRAMES {
        @Override
        byte[] apply(byte[] packet, SplittableRandom random, SeedPackets seeds) {
            byte[] noise = random(random, 2 + random.nextInt(random.nextInt(4) == 0 ? 1_275 : 80));
            noise[0] = packet[0];
            return noise;
        }
    },
    /** Nothing but noise. */
    RANDOM_BYTES {
        @Override
        byte[] apply(byte[] packet, SplittableRandom random, SeedPackets seeds) {
            return random(random, 1 + random.nextInt(random.nextInt(4) == 0 ? 3_000 : 60));
        }
    },
    /** Frames whose bytes are all the same, on which range coders are prone to loop or to overflow. */
    CONSTANT_FRAMES {
        @Override
        byte[] apply(byte[] packet, SplittableRandom random, SeedPackets seeds) {
            byte[] constant = new byte[2 + random.nextInt(random.nextInt(4) == 0 ? 1_274 : 60)];
            byte[] values = {0, (byte) 0xFF, 0x55, (byte) 0x80, 1, (byte) random.nextInt(256)};
            Arrays.fill(constant, values[random.nextInt(values.length)]);
            constant[0] = (byte) (random.nextInt(64) << 2 | random.nextInt(2));
            return constant;
        }
    },
    /** Nothing, or the first byte alone. */
    SHORTEST {
        @Override
        byte[] apply(byte[] packet, SplittableRandom random, SeedPackets seeds) {
            return random.nextBoolean() ? new byte[0] : new byte[] {(byte) random.nextInt(256)};
        }
    },
    /** Around 61,440 bytes, the longest that may be Opus. */
    LONGEST {
        @Override
        byte[] apply(byte[] packet, SplittableRandom random, SeedPackets seeds) {
            PacketParts parts = seeds.parts(packet);
            int unpadded = parts.writtenAsCodeThree(true, 0).length;
            return parts.writtenAsCodeThree(true, 61_440 - unpadded + random.nextInt(-2, 3));
        }
    };

    abstract byte[] apply(byte[] packet, SplittableRandom random, SeedPackets seeds);

    private static byte[] random(SplittableRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
