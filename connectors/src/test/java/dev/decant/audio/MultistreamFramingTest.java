package dev.decant.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.decant.audio.MalformedPacketException.Rule;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MultistreamFramingTest {
    /** SILK wideband 20 ms mono, CELT fullband 20 ms and 10 ms stereo; the code is added. */
    private static final int SILK_20 = 9 << 3;

    private static final int CELT_20 = 31 << 3 | 4;
    private static final int CELT_10 = 30 << 3 | 4;

    private static final int VBR = 0x80;
    private static final int PADDED = 0x40;

    static Stream<Arguments> soundPackets() {
        return Stream.of(
                sound("code 0 before code 0", 960, bytes(SILK_20, 3, 1, 2, 3), bytes(CELT_20, 7)),
                sound("code 0, an empty frame", 960, bytes(SILK_20, 0), bytes(CELT_20)),
                sound("code 0, two length bytes", 960, join(bytes(SILK_20, 252, 1), new byte[256]), bytes(CELT_20, 7)),
                sound("code 1 says one length for two", 1_920, bytes(SILK_20 | 1, 2, 1, 2, 3, 4), bytes(CELT_20 | 1)),
                sound("code 2 says both lengths", 1_920, bytes(SILK_20 | 2, 1, 2, 9, 8, 8), bytes(CELT_20 | 2, 1, 5)),
                sound("code 3 says one length", 2_880, bytes(SILK_20 | 3, 3, 1, 9, 9, 9), bytes(CELT_20 | 3, 3)),
                sound(
                        "code 3 with padding",
                        960,
                        bytes(SILK_20 | 3, 1 | PADDED, 2, 1, 9, 0, 0),
                        bytes(CELT_20 | 3, 1 | PADDED, 1, 5, 0)),
                sound(
                        "code 3 VBR says every length",
                        2_880,
                        bytes(SILK_20 | 3, 3 | VBR, 1, 0, 2, 9, 8, 8),
                        bytes(CELT_20 | 3, 3 | VBR, 1, 1, 5, 6, 7)),
                sound("frames of other lengths, packets of one", 960, bytes(SILK_20, 1, 9), bytes(CELT_10 | 1, 3, 4)),
                sound(
                        "three streams",
                        960,
                        bytes(SILK_20, 1, 9),
                        bytes(CELT_10 | 2, 1, 0, 5),
                        bytes(CELT_20, 1, 2, 3, 4)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("soundPackets")
    void aPacketHoldsAPacketOfEachStream(String what, int ticks, byte[][] streams) throws MalformedPacketException {
        byte[] packet = join(streams);

        assertThat(PacketFraming.duration(packet, streams.length)).isEqualTo(ticks);
        int from = 0;
        for (int stream = 0; stream < streams.length - 1; stream++) {
            assertThat(SelfDelimitedFraming.check(packet, from)).isEqualTo(from + streams[stream].length);
            assertThat(FramePositions.end(packet, from)).isEqualTo(from + streams[stream].length);
            from += streams[stream].length;
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("soundPackets")
    void aPacketThatEndsEarlyIsRefused(String what, int ticks, byte[][] streams) {
        byte[] first = streams[0];
        for (int length = 1; length < first.length; length++) {
            byte[] packet = Arrays.copyOf(first, length);
            assertThat(catchThrowableOfType(
                            MalformedPacketException.class, () -> PacketFraming.duration(packet, streams.length)))
                    .as("%d bytes", length)
                    .hasMessageStartingWith("stream 1 of " + streams.length + ": ");
        }
    }

    static Stream<Arguments> brokenPackets() {
        return Stream.of(
                broken(Rule.R1, bytes(SILK_20, 1, 9), "stream 2 of 2: nothing is left for a packet"),
                broken(Rule.R1, bytes(), "the packet is empty"),
                broken(Rule.B, bytes(SILK_20, 2, 9), "stream 1 of 2: a packet states frames and padding of 2 bytes"),
                broken(Rule.B, bytes(SILK_20), "stream 1 of 2: a packet ends within the length of frame 1 of 1"),
                broken(Rule.B, bytes(SILK_20 | 3, 1 | PADDED, 255), "ends within its padding length"),
                broken(Rule.R5, bytes(SILK_20 | 3, 0, 0), "stream 1 of 2: a code 3 packet holds 0 frames"),
                broken(Rule.R5, bytes(SILK_20 | 3, 7, 0), "7 frames, 6720 ticks"),
                broken(Rule.R3, bytes(SILK_20, 0, CELT_20 | 1, 1), "stream 2 of 2: a code 1 packet has 2 bytes"),
                broken(Rule.R2, join(bytes(SILK_20, 0, CELT_20), new byte[1_276]), "stream 2 of 2: a frame has 1276"),
                broken(
                        Rule.DURATION,
                        bytes(SILK_20, 0, CELT_10, 5),
                        "stream 2 of 2 lasts 480 ticks, and the first 960: all must be of one length"),
                broken(Rule.SIZE, new byte[2 * 61_440 + 1], "122881 bytes: at most 122880"));
    }

    @ParameterizedTest(name = "{0} {2}")
    @MethodSource("brokenPackets")
    void aPacketThatBreaksARuleIsRefusedWithTheStreamAndTheRule(Rule rule, byte[] packet, String message) {
        MalformedPacketException refusal =
                catchThrowableOfType(MalformedPacketException.class, () -> PacketFraming.duration(packet, 2));

        assertThat(refusal).hasMessageContaining(message);
        assertThat(refusal.rule()).isEqualTo(rule);
    }

    @Test
    void whateverPassesIsFilledByItsStreamsToTheLastByte() {
        Random random = new Random(6716);
        int sound = 0;
        int refused = 0;
        for (int round = 0; round < 300_000; round++) {
            int streamCount = 2 + random.nextInt(3);
            byte[] packet = new byte[random.nextInt(60)];
            random.nextBytes(packet);
            for (int i = 0; i < packet.length; i++) {
                packet[i] = i % 2 == 0 ? (byte) (SILK_20 | packet[i] & 3) : (byte) (packet[i] & 0xC7);
            }
            try {
                int ticks = PacketFraming.duration(packet, streamCount);
                int from = 0;
                for (int stream = 1; stream < streamCount; stream++) {
                    from = FramePositions.end(packet, from);
                }
                byte[] last = Arrays.copyOfRange(packet, from, packet.length);
                assertThat(PacketFraming.duration(last)).isEqualTo(ticks);
                sound++;
            } catch (MalformedPacketException refusal) {
                refused++;
            }
        }

        assertThat(sound).isGreaterThan(1_000);
        assertThat(refused).isGreaterThan(50_000);
    }

    private static byte[] bytes(int... octets) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int octet : octets) {
            out.write(octet);
        }
        return out.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static Arguments sound(String what, int ticks, byte[]... streams) {
        return Arguments.of(what, ticks, streams);
    }

    private static Arguments broken(Rule rule, byte[] packet, String message) {
        return Arguments.of(rule, packet, message);
    }
}
