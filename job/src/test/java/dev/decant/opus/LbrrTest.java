package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.MalformedPacketException;
import dev.decant.audio.PacketContents;
import dev.decant.audio.PacketFrames;
import dev.decant.opus.TestEncoder.Bandwidth;
import dev.decant.opus.TestEncoder.Mode;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether a packet carries the frame before it a second time, as libopus' encoder makes it and libopus 1.5 sees it. */
class LbrrTest {
    @ParameterizedTest(name = "{0} {1}, {2} channels, {3} ms")
    @CsvSource({
        "SILK, WIDE, 1, 10", "SILK, WIDE, 1, 20", "SILK, NARROW, 1, 40", "SILK, MEDIUM, 1, 60",
        "SILK, WIDE, 2, 20", "SILK, WIDE, 2, 60", "HYBRID, FULL, 1, 10", "HYBRID, SUPER_WIDE, 2, 20"
    })
    void theEncoderPutsItInOnlyWhereItIsAskedTo(Mode mode, Bandwidth bandwidth, int channels, int milliseconds) {
        short[] sound = TestSignals.speech(48_000, channels, 480_000, 42);
        PlainLibOpus libopus = PlainLibOpus.load(OtherLibopus.file());
        try (TestEncoder plain = encoder(mode, bandwidth, channels);
                TestEncoder redundant = encoder(mode, bandwidth, channels).forwardErrorCorrection(25)) {
            List<byte[]> without = plain.encode(sound, 48 * milliseconds);
            List<byte[]> with = redundant.encode(sound, 48 * milliseconds);

            int carried = 0;
            for (byte[] packet : with) {
                boolean lbrr = PacketContents.hasLbrr(packet, 1);
                assertThat(lbrr).isEqualTo(libopus.opus_packet_has_lbrr(packet, packet.length) == 1);
                carried += lbrr ? 1 : 0;
            }
            assertThat(carried).isBetween(with.size() / 3, with.size() - 1);
            assertThat(without).noneMatch(packet -> PacketContents.hasLbrr(packet, 1));
        }
    }

    @Test
    void itIsSeenInRandomPacketsWhereLibopusSeesIt() {
        PlainLibOpus libopus = PlainLibOpus.load(OtherLibopus.file());
        Random random = new Random(4);
        int seen = 0;
        for (int round = 0; round < 200_000; round++) {
            byte[] packet = new byte[1 + random.nextInt(60)];
            random.nextBytes(packet);
            if (isDecoded(packet)) {
                boolean lbrr = PacketContents.hasLbrr(packet, 1);
                assertThat(lbrr).isEqualTo(libopus.opus_packet_has_lbrr(packet, packet.length) == 1);
                seen += lbrr ? 1 : 0;
            }
        }
        assertThat(seen).isGreaterThan(5_000);
    }

    private static TestEncoder encoder(Mode mode, Bandwidth bandwidth, int channels) {
        return new TestEncoder(48_000, channels)
                .mode(mode)
                .bandwidth(bandwidth)
                .bitrate(mode == Mode.SILK ? 24_000 * channels : 40_000 * channels);
    }

    /** Of a first frame of 1 byte libopus reads a bit that no decoder looks at. */
    private static boolean isDecoded(byte[] packet) {
        try {
            return PacketFrames.parse(packet).size(0) > 1;
        } catch (MalformedPacketException refusal) {
            return false;
        }
    }
}
