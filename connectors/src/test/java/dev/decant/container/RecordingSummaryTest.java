package dev.decant.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.OpusHead;
import dev.decant.audio.Toc.Bandwidth;
import dev.decant.audio.Toc.Mode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordingSummaryTest {
    private static final byte[] SILK_20_MS = {9 << 3, 1, 2, 3};
    private static final byte[] SILENT = {9 << 3};
    private static final byte[] CELT_2_5_MS_STEREO_TWICE = {(byte) (28 << 3 | 4 | 1), 1, 2, 3, 4};
    private static final byte[] MALFORMED = {9 << 3 | 1, 1};

    @Test
    void aSummaryCountsWhatIsThere() throws IOException {
        byte[] file = new OggWriter(1)
                .link(OpusHead.of(2, 312, -640), List.of(SILK_20_MS, SILENT, CELT_2_5_MS_STEREO_TWICE), 100)
                .link(OpusHead.of(1, 100, 0), List.of(MALFORMED), 0)
                .toBytes();

        RecordingSummary summary = summary(file);

        assertThat(summary.container()).isEqualTo(Container.OGG);
        assertThat(summary.bytes()).isEqualTo(file.length);
        assertThat(summary.links()).isEqualTo(2);
        assertThat(summary.head()).isEqualTo(OpusHead.of(2, 312, -640));
        assertThat(summary.packets()).isEqualTo(4);
        assertThat(summary.malformedPackets()).isEqualTo(1);
        assertThat(summary.silentPackets()).isEqualTo(1);
        assertThat(summary.payloadBytes()).isEqualTo(4 + 1 + 5 + 2);
        assertThat(summary.codedTicks()).isEqualTo(960 + 960 + 240 + 1_920);
        assertThat(summary.trimmedTicks()).isEqualTo(100);
        assertThat(summary.playedTicks()).isEqualTo(summary.codedTicks() - 100 - 312 - 100);
        assertThat(summary.modes()).isEqualTo(Map.of(Mode.SILK, 3L, Mode.CELT, 1L));
        assertThat(summary.bandwidths()).isEqualTo(Map.of(Bandwidth.WIDEBAND, 3L, Bandwidth.FULLBAND, 1L));
        assertThat(summary.frameTicks()).isEqualTo(Map.of(960, 3L, 120, 1L));
        assertThat(summary.stereoPackets()).isEqualTo(1);
        assertThat(summary.bitrate()).isEqualTo(8 * 12 / (4_080 / 48_000.0));
        assertThat(summary.problems()).isEmpty();
    }

    @Test
    void theTextReadsTheSameEverywhere() throws IOException {
        byte[] file = new OggWriter(1)
                .headers(OpusHead.of(2, 312, -640))
                .page(96_960, false, SILK_20_MS)
                .page(97_200, false, CELT_2_5_MS_STEREO_TWICE)
                .toBytes();
        Locale here = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            assertThat(summary(file).toText())
                    .isEqualTo(
                            """
                            x.opus
                              size        156 bytes, Ogg, 1 link
                              header      2 channels, mapping family 0, 1 stream, 1 coupled
                                          pre-skip 312 samples, gain -2.50 dB, input rate unknown
                              length      0.019 s, 888 samples a channel at 48 kHz
                              trimmed     0 samples, besides the pre-skip
                              packets     2, 2.9 kbit/s
                                          0 silent, 0 malformed
                              modes       SILK 1, CELT 1
                              bandwidths  WB 1, FB 1
                              frames      2.5 ms 1, 20 ms 1
                              coded       1 mono, 1 stereo
                              problem     byte 156: the stream ends without a last page: it may have been longer
                            """);
        } finally {
            Locale.setDefault(here);
        }
    }

    @Test
    void aRecordingWithoutPacketsHasASummaryToo() throws IOException {
        RecordingSummary summary = summary(new OggWriter(1)
                .headers(OpusHead.of(1, 312, 0))
                .page(4, 0, List.of(), new byte[0])
                .toBytes());

        assertThat(summary.packets()).isZero();
        assertThat(summary.bitrate()).isZero();
        assertThat(summary.playedTicks()).isZero();
        assertThat(summary.toText()).contains("modes       none", "problems    none", "0.000 s");
    }

    @Test
    void aPreSkipLongerThanTheLinkLeavesNothing() throws IOException {
        RecordingSummary summary =
                summary(OggWriter.recording(OpusHead.of(1, 3_840, 0), List.of(SILK_20_MS, SILK_20_MS), 0));

        assertThat(summary.playedTicks()).isZero();
    }

    private static RecordingSummary summary(byte[] file) throws IOException {
        try (Recording recording = Recordings.open(
                RecordingBytes.of(() -> new ByteArrayInputStream(file)), "x.opus", "stream", ReadingSettings.DEFAULT)) {
            return RecordingSummary.of(recording);
        }
    }
}
