package dev.decant.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.decant.audio.DeadLetter.Reason;
import dev.decant.audio.MalformedPacketException.Rule;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PacketFramingTest {
    /** Plus a number in {@link #packet}: so many zero bytes instead of one byte of that value. */
    private static final int ZEROS = 1 << 20;

    /** SILK wideband 20 ms mono, CELT fullband 2.5 ms mono, SILK narrowband 60 ms mono; the code is added. */
    private static final int MS_20 = 9 << 3;

    private static final int MS_2_5 = 28 << 3;
    private static final int MS_60 = 3 << 3;

    private static final int VBR = 0x80;
    private static final int PADDED = 0x40;

    static Stream<Arguments> soundPackets() {
        return Stream.of(
                // what it is, packet, ticks, sizes of the frames, bytes of padding
                sound("code 0, an empty frame", packet(MS_20), 960, sizes(0), 0),
                sound("code 0, one byte", packet(MS_20, ZEROS + 1), 960, sizes(1), 0),
                sound("code 0, the longest frame", packet(MS_20, ZEROS + 1275), 960, sizes(1275), 0),
                sound("code 1, two empty frames", packet(MS_20 | 1), 1_920, sizes(0, 0), 0),
                sound("code 1", packet(MS_20 | 1, ZEROS + 20), 1_920, sizes(10, 10), 0),
                sound("code 1, the longest", packet(MS_20 | 1, ZEROS + 2550), 1_920, sizes(1275, 1275), 0),
                sound("code 1 of 60 ms", packet(MS_60 | 1, ZEROS + 2), 5_760, sizes(1, 1), 0),
                sound("code 2, both empty", packet(MS_20 | 2, 0), 1_920, sizes(0, 0), 0),
                sound("code 2, first empty", packet(MS_20 | 2, 0, ZEROS + 7), 1_920, sizes(0, 7), 0),
                sound("code 2, second empty", packet(MS_20 | 2, 7, ZEROS + 7), 1_920, sizes(7, 0), 0),
                sound("code 2, one length byte", packet(MS_20 | 2, 251, ZEROS + 261), 1_920, sizes(251, 10), 0),
                sound("code 2, two length bytes", packet(MS_20 | 2, 252, 0, ZEROS + 253), 1_920, sizes(252, 1), 0),
                sound("code 2, longest", packet(MS_20 | 2, 255, 255, ZEROS + 2550), 1_920, sizes(1275, 1275), 0),
                sound("code 3, one frame", packet(MS_20 | 3, 1, ZEROS + 5), 960, sizes(5), 0),
                sound("code 3, three empty frames", packet(MS_20 | 3, 3), 2_880, sizes(0, 0, 0), 0),
                sound("code 3, six frames: 120 ms", packet(MS_20 | 3, 6, ZEROS + 6), 5_760, sizes(1, 1, 1, 1, 1, 1), 0),
                sound("code 3, 48 frames", packet(MS_2_5 | 3, 48, ZEROS + 96), 5_760, times(48, 2), 0),
                sound("code 3, padding of 0", packet(MS_20 | 3, 2 | PADDED, 0, ZEROS + 8), 1_920, sizes(4, 4), 1),
                sound("code 3, padding", packet(MS_20 | 3, 2 | PADDED, 3, ZEROS + 11), 1_920, sizes(4, 4), 4),
                sound("code 3, nothing but padding", packet(MS_20 | 3, 1 | PADDED, 3, ZEROS + 3), 960, sizes(0), 4),
                sound("code 3, padding of 254", packet(MS_20 | 3, 1 | PADDED, 254, ZEROS + 255), 960, sizes(1), 255),
                sound("code 3, 254 + 0", packet(MS_20 | 3, 1 | PADDED, 255, 0, ZEROS + 255), 960, sizes(1), 256),
                sound(
                        "code 3, 2 × 254 + 9",
                        packet(MS_20 | 3, 1 | PADDED, 255, 255, 9, ZEROS + 518),
                        960,
                        sizes(1),
                        520),
                sound("code 3 VBR, one frame has no length", packet(MS_20 | 3, 1 | VBR, ZEROS + 5), 960, sizes(5), 0),
                sound("code 3 VBR", packet(MS_20 | 3, 3 | VBR, 2, 0, ZEROS + 6), 2_880, sizes(2, 0, 4), 0),
                sound("code 3 VBR, long", packet(MS_20 | 3, 2 | VBR, 253, 1, ZEROS + 258), 1_920, sizes(257, 1), 0),
                sound("code 3 VBR, last empty", packet(MS_20 | 3, 2 | VBR, 4, ZEROS + 4), 1_920, sizes(4, 0), 0),
                sound(
                        "code 3 VBR, padding",
                        packet(MS_20 | 3, 2 | VBR | PADDED, 255, 1, 2, ZEROS + 260),
                        1_920,
                        sizes(2, 3),
                        257));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("soundPackets")
    void aSoundPacketHasADurationAndFrames(String what, byte[] packet, int ticks, int[] sizes, int padding)
            throws MalformedPacketException {
        PacketFrames frames = PacketFrames.parse(packet);
        int[] found = new int[frames.count()];
        for (int frame = 0; frame < found.length; frame++) {
            found[frame] = frames.size(frame);
        }

        assertThat(PacketFraming.duration(packet)).isEqualTo(ticks).isEqualTo(frames.duration());
        assertThat(PacketFraming.statedDuration(packet)).isEqualTo(ticks);
        assertThat(found).containsExactly(sizes);
        assertThat(frames.paddingBytes()).isEqualTo(padding);
        assertThat(frames.toc()).isEqualTo(Toc.of(packet[0]));
        assertFramesFillThePacket(packet, frames);
    }

    static Stream<Arguments> brokenPackets() {
        return Stream.of(
                broken(Rule.R1, packet(), "the packet is empty"),
                broken(Rule.R2, packet(MS_20, ZEROS + 1276), "1276 bytes: at most 1275"),
                broken(Rule.R2, packet(MS_20 | 1, ZEROS + 2552), "1276 bytes"),
                broken(Rule.R2, packet(MS_20 | 2, 0, ZEROS + 1276), "1276 bytes"),
                broken(Rule.R2, packet(MS_20 | 3, 1, ZEROS + 1276), "1276 bytes"),
                broken(Rule.R2, packet(MS_20 | 3, 2 | VBR, 1, ZEROS + 1277), "1276 bytes"),
                broken(Rule.R3, packet(MS_20 | 1, ZEROS + 1), "code 1 packet has 2 bytes"),
                broken(Rule.R3, packet(MS_20 | 1, ZEROS + 21), "22 bytes"),
                broken(Rule.R4, packet(MS_20 | 2), "of 1 bytes ends within its frame length"),
                broken(Rule.R4, packet(MS_20 | 2, 252), "of 2 bytes ends within its frame length"),
                broken(Rule.R4, packet(MS_20 | 2, 1), "first frame of 1 bytes: only 0 are left"),
                broken(Rule.R4, packet(MS_20 | 2, 251, ZEROS + 250), "251 bytes: only 250"),
                broken(Rule.R4, packet(MS_20 | 2, 252, 1, ZEROS + 255), "256 bytes: only 255"),
                broken(Rule.R4, packet(MS_20 | 2, 255, 255, ZEROS + 1274), "1275 bytes: only 1274"),
                broken(Rule.R5, packet(MS_20 | 3, 0), "holds 0 frames"),
                broken(Rule.R5, packet(MS_20 | 3, VBR | PADDED), "holds 0 frames"),
                broken(Rule.R5, packet(MS_20 | 3, 7), "7 frames, 6720 ticks in all: at most 5760"),
                broken(Rule.R5, packet(MS_60 | 3, 3 | VBR), "3 frames, 8640 ticks"),
                broken(Rule.R5, packet(MS_2_5 | 3, 49, ZEROS + 49), "49 frames, 5880 ticks"),
                broken(Rule.R5, packet(MS_2_5 | 3, 63 | VBR), "63 frames"),
                broken(Rule.R6, packet(MS_20 | 3), "has 1 byte: at least 2"),
                broken(Rule.R6, packet(MS_20 | 3, 2, ZEROS + 5), "5 bytes into 2 frames"),
                broken(Rule.R6, packet(MS_20 | 3, 2 | PADDED, 2, ZEROS + 5), "3 bytes into 2 frames"),
                broken(Rule.R6, packet(MS_20 | 3, 1 | PADDED), "ends within its padding length"),
                broken(Rule.R6, packet(MS_20 | 3, 1 | PADDED, 255), "ends within its padding length"),
                broken(Rule.R6, packet(MS_20 | 3, 1 | PADDED, 255, 1, ZEROS + 254), "255 bytes of padding: only 254"),
                broken(Rule.R6, packet(MS_20 | 3, 1 | PADDED, 255, 255, 255, 1), "ends within its padding length"),
                broken(Rule.R6, packet(MS_20 | 3, 1 | PADDED, 1), "1 bytes of padding: only 0"),
                broken(Rule.R7, packet(MS_20 | 3, 1 | VBR | PADDED), "ends within its padding length"),
                broken(Rule.R7, packet(MS_20 | 3, 1 | VBR | PADDED, 9, ZEROS + 8), "9 bytes of padding: only 8"),
                broken(Rule.R7, packet(MS_20 | 3, 2 | VBR), "within the length of frame 1 of 2"),
                broken(Rule.R7, packet(MS_20 | 3, 2 | VBR, 252), "within the length of frame 1 of 2"),
                broken(Rule.R7, packet(MS_20 | 3, 3 | VBR, 0), "within the length of frame 2 of 3"),
                broken(Rule.R7, packet(MS_20 | 3, 2 | VBR | PADDED, 1, 252, 1), "within the length of frame 1 of 2"),
                broken(Rule.R7, packet(MS_20 | 3, 2 | VBR, 3, ZEROS + 2), "frames of 3 bytes: only 2"),
                broken(Rule.R7, packet(MS_20 | 3, 3 | VBR, 3, 3, ZEROS + 5), "frames of 6 bytes: only 5"),
                broken(Rule.R7, packet(MS_20 | 3, 2 | VBR | PADDED, 2, 3, ZEROS + 4), "frames of 3 bytes: only 2"),
                broken(Rule.SIZE, packet(MS_20, ZEROS + 61_440), "61441 bytes: at most 61440"));
    }

    @ParameterizedTest(name = "{0} {2}")
    @MethodSource("brokenPackets")
    void aPacketThatBreaksARuleIsRefusedWithTheRuleAndTheNumbers(Rule rule, byte[] packet, String message) {
        MalformedPacketException refusal =
                catchThrowableOfType(MalformedPacketException.class, () -> PacketFraming.duration(packet));

        assertThat(refusal).hasMessageContaining(message);
        assertThat(refusal.rule()).isEqualTo(rule);
        assertThat(refusal.reason()).isEqualTo(rule == Rule.SIZE ? Reason.PACKET_TOO_LARGE : Reason.MALFORMED_PACKET);
        assertThatThrownBy(() -> PacketFrames.parse(packet)).hasMessage(refusal.getMessage());
    }

    @Test
    void theLongestPacketThereIsCanBePadding() throws MalformedPacketException {
        byte[] packet = new byte[PacketFraming.MAX_PACKET_BYTES];
        packet[0] = MS_20 | 3;
        packet[1] = 1 | PADDED;
        int lengths = 0;
        int left = packet.length - 2;
        while (left - 1 > 254) {
            packet[2 + lengths++] = (byte) 255;
            left -= 255;
        }
        packet[2 + lengths] = (byte) (left - 1);

        assertThat(PacketFraming.duration(packet)).isEqualTo(960);
        assertThat(PacketFrames.parse(packet).paddingBytes()).isEqualTo(packet.length - 2);
    }

    @Test
    void aDurationIsStatedEvenWhereTheRestIsBroken() {
        assertThat(PacketFraming.statedDuration(packet())).isZero();
        assertThat(PacketFraming.statedDuration(packet(MS_20 | 3))).isZero();
        assertThat(PacketFraming.statedDuration(packet(MS_20 | 3, 0))).isZero();
        assertThat(PacketFraming.statedDuration(packet(MS_20 | 3, 7))).isZero();
        assertThat(PacketFraming.statedDuration(packet(MS_20 | 1, ZEROS + 1))).isEqualTo(1_920);
        assertThat(PacketFraming.statedDuration(packet(MS_20 | 3, 2, ZEROS + 5)))
                .isEqualTo(1_920);
    }

    @Test
    void whateverPassesIsFilledByItsFramesToTheLastByte() {
        Random random = new Random(6716);
        int sound = 0;
        int refused = 0;
        for (int round = 0; round < 300_000; round++) {
            byte[] packet = new byte[random.nextInt(round % 10 == 0 ? 3_000 : 40)];
            random.nextBytes(packet);
            try {
                PacketFrames frames = PacketFrames.parse(packet);
                assertFramesFillThePacket(packet, frames);
                assertThat(frames.duration())
                        .isBetween(MediaClock.STEP_TICKS, MediaClock.MAX_PACKET_TICKS)
                        .isEqualTo(PacketFraming.statedDuration(packet));
                sound++;
            } catch (MalformedPacketException refusal) {
                refused++;
            }
        }

        assertThat(sound).isGreaterThan(50_000);
        assertThat(refused).isGreaterThan(50_000);
    }

    private static void assertFramesFillThePacket(byte[] packet, PacketFrames frames) {
        int end = frames.offset(0);
        for (int frame = 0; frame < frames.count(); frame++) {
            assertThat(frames.offset(frame)).isEqualTo(end);
            assertThat(frames.size(frame)).isBetween(0, PacketFraming.MAX_FRAME_BYTES);
            end += frames.size(frame);
        }
        int lengthBytes = 0;
        for (int frame = 0; frames.vbr() && frame < frames.count() - 1; frame++) {
            lengthBytes += frames.size(frame) < 252 ? 1 : 2;
        }
        int tocBytes = frames.toc().code() == 3 ? 2 : 1;
        assertThat(tocBytes + lengthBytes + frames.paddingBytes() + end - frames.offset(0))
                .isEqualTo(packet.length);
    }

    private static byte[] packet(int... octets) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int octet : octets) {
            if (octet < ZEROS) {
                out.write(octet);
            } else {
                out.writeBytes(new byte[octet - ZEROS]);
            }
        }
        return out.toByteArray();
    }

    private static int[] sizes(int... sizes) {
        return sizes;
    }

    private static int[] times(int frames, int size) {
        int[] sizes = new int[frames];
        Arrays.fill(sizes, size);
        return sizes;
    }

    private static Arguments sound(String what, byte[] packet, int ticks, int[] sizes, int padding) {
        return Arguments.of(what, packet, ticks, sizes, padding);
    }

    private static Arguments broken(Rule rule, byte[] packet, String message) {
        return Arguments.of(rule, packet, message);
    }
}
