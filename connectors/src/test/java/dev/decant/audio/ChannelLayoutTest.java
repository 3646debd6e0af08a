package dev.decant.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.audio.ChannelLayout.Decoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelLayoutTest {
    private static final byte[] NONE = {};

    @Test
    void withoutAHeaderADecoderGivesWhatIsWishedElseStereo() throws UnsupportedLayoutException {
        assertThat(ChannelLayout.of(null, null, 8)).isEqualTo(ChannelLayout.plain(2));
        assertThat(ChannelLayout.of(null, 1, 8)).isEqualTo(ChannelLayout.plain(1));
    }

    @ParameterizedTest
    @CsvSource({"1, , 1", "1, 2, 2", "2, , 2", "2, 1, 1"})
    void aPlainDecoderMixesByItself(int channels, Integer wished, int given) throws UnsupportedLayoutException {
        assertThat(ChannelLayout.of(OpusHead.of(channels, 312, 0), wished, 8)).isEqualTo(ChannelLayout.plain(given));
        OpusHead speakers = head(1, channels, 1, channels - 1, channels == 1 ? bytes(0) : bytes(0, 1));
        assertThat(ChannelLayout.of(speakers, wished, 8)).isEqualTo(ChannelLayout.plain(given));
    }

    @Test
    void aStreamWhoseSidesAreSwappedTakesAMultistreamDecoder() throws UnsupportedLayoutException {
        ChannelLayout layout = ChannelLayout.of(head(1, 2, 1, 1, bytes(1, 0)), null, 8);

        assertThat(layout.decoder()).isEqualTo(Decoder.MULTISTREAM);
        assertThat(layout.order()).isEqualTo(ChannelOrder.SPEAKERS);
    }

    @Test
    void surroundHasSpeakersAndMayBeMixed() throws UnsupportedLayoutException {
        ChannelLayout surround = ChannelLayout.of(surround(), null, 8);
        ChannelLayout mixed = ChannelLayout.of(surround(), 2, 8);

        assertThat(surround.decoder()).isEqualTo(Decoder.MULTISTREAM);
        assertThat(surround.channels()).isEqualTo(6).isEqualTo(surround.decodedChannels());
        assertThat(surround.streamCount()).isEqualTo(4);
        assertThat(surround.order()).isEqualTo(ChannelOrder.SPEAKERS);
        assertThat(surround.isMixed()).isFalse();
        assertThat(mixed.channels()).isEqualTo(2);
        assertThat(mixed.decodedChannels()).isEqualTo(6);
        assertThat(mixed.isMixed()).isTrue();
        assertThat(mixed).isNotEqualTo(surround).isEqualTo(ChannelLayout.of(surround(), 2, 4));
    }

    @Test
    void ambisonicsHaveNoSpeakersUntilTheyAreMixed() throws UnsupportedLayoutException {
        OpusHead head = head(2, 4, 4, 0, bytes(0, 1, 2, 3));

        assertThat(ChannelLayout.of(head, null, 8).order()).isEqualTo(ChannelOrder.UNPOSITIONED);
        assertThat(ChannelLayout.of(head, 1, 8).order()).isEqualTo(ChannelOrder.SPEAKERS);
        assertThat(ChannelLayout.of(head, 1, 8).hasNonDiegeticStereo()).isFalse();
        assertThat(ChannelLayout.of(head(2, 6, 4, 2, bytes(0, 1, 2, 3, 4, 5)), 2, 8)
                        .hasNonDiegeticStereo())
                .isTrue();
    }

    @Test
    void aDemixingMatrixTakesAProjectionDecoder() throws UnsupportedLayoutException {
        OpusHead head = new OpusHead(1, 4, 312, 48_000, 0, 3, 2, 2, NONE, new byte[2 * 4 * 4]);

        assertThat(ChannelLayout.of(head, null, 8).decoder()).isEqualTo(Decoder.PROJECTION);
        assertRefused(
                new OpusHead(1, 4, 312, 48_000, 0, 3, 2, 0, NONE, new byte[2 * 4 * 2]),
                null,
                "makes more channels than the 2 that are decoded");
    }

    @Test
    void moreStreamsThanAnOptionAllowsAreRefused() throws UnsupportedLayoutException {
        assertThatThrownBy(() -> ChannelLayout.of(surround(), null, 3))
                .isInstanceOf(UnsupportedLayoutException.class)
                .hasMessage("the header says 6 channels in 4 streams, mapping family 1: decoder.max-streams allows"
                        + " 3 streams");
        assertThat(ChannelLayout.of(surround(), null, 4).streamCount()).isEqualTo(4);
    }

    /** A mapping may name a decoded channel as often as it likes (RFC 7845, section 5.1.1). */
    @Test
    void moreChannelsThanTheStreamsThatAnOptionAllowsCouldHaveAreRefused() throws UnsupportedLayoutException {
        assertThat(ChannelLayout.of(head(255, 16, 1, 0, new byte[16]), null, 8).channels())
                .isEqualTo(16);
        assertRefused(
                head(255, 17, 1, 0, new byte[17]),
                null,
                "17 channels in 1 streams, mapping family 255: decoder.max-streams allows 8 streams, and so 16 channels");
    }

    @ParameterizedTest
    @ValueSource(ints = {255, 4, 200})
    void channelsWithoutAMeaningAreNotMixed(int family) throws UnsupportedLayoutException {
        OpusHead head = head(family, 2, 2, 0, bytes(0, 1));

        assertThat(ChannelLayout.of(head, null, 8).order()).isEqualTo(ChannelOrder.UNPOSITIONED);
        assertThat(ChannelLayout.of(head, 2, 8).isMixed()).isFalse();
        assertRefused(head, 1, "those channels have no meaning, and cannot be mixed to 1 (pcm.channels)");
        assertRefused(head(family, 1, 1, 0, bytes(0)), 2, "cannot be mixed to 2");
        assertThat(ChannelLayout.of(head(family, 1, 1, 0, bytes(0)), 1, 8)).isEqualTo(ChannelLayout.plain(1));
    }

    @Test
    void ambisonicsOfNoOrderAreNotMixed() throws UnsupportedLayoutException {
        OpusHead head = head(2, 5, 5, 0, bytes(0, 1, 2, 3, 4));

        assertThat(ChannelLayout.of(head, null, 8).channels()).isEqualTo(5);
        assertRefused(head, 2, "ambisonics have no such number of channels");
    }

    @Test
    void aLaterLinkIsNotSpreadOverTheChannelsOfTheFirst() {
        assertRefused(OpusHead.of(2, 0, 0), 6, "cannot be mixed to the 6 channels that the stream began with");
        assertRefused(null, 6, "without a header");
    }

    private static void assertRefused(OpusHead head, Integer wished, String why) {
        assertThatThrownBy(() -> ChannelLayout.of(head, wished, 8))
                .isInstanceOf(UnsupportedLayoutException.class)
                .hasMessageContaining(why);
    }

    private static OpusHead surround() {
        return head(1, 6, 4, 2, bytes(0, 4, 1, 2, 3, 5));
    }

    private static OpusHead head(int family, int channels, int streams, int coupled, byte[] mapping) {
        return new OpusHead(1, channels, 312, 48_000, 0, family, streams, coupled, mapping, NONE);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
