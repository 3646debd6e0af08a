package dev.decant.container;

import static dev.decant.container.MatroskaWriter.block;
import static dev.decant.container.MatroskaWriter.channels;
import static dev.decant.container.MatroskaWriter.cluster;
import static dev.decant.container.MatroskaWriter.codecDelay;
import static dev.decant.container.MatroskaWriter.compression;
import static dev.decant.container.MatroskaWriter.concat;
import static dev.decant.container.MatroskaWriter.document;
import static dev.decant.container.MatroskaWriter.ebmlLaced;
import static dev.decant.container.MatroskaWriter.element;
import static dev.decant.container.MatroskaWriter.encoding;
import static dev.decant.container.MatroskaWriter.fixedLaced;
import static dev.decant.container.MatroskaWriter.group;
import static dev.decant.container.MatroskaWriter.header;
import static dev.decant.container.MatroskaWriter.info;
import static dev.decant.container.MatroskaWriter.liveCluster;
import static dev.decant.container.MatroskaWriter.liveDocument;
import static dev.decant.container.MatroskaWriter.open;
import static dev.decant.container.MatroskaWriter.opusTrack;
import static dev.decant.container.MatroskaWriter.paddedBlock;
import static dev.decant.container.MatroskaWriter.simpleBlock;
import static dev.decant.container.MatroskaWriter.size;
import static dev.decant.container.MatroskaWriter.track;
import static dev.decant.container.MatroskaWriter.tracks;
import static dev.decant.container.MatroskaWriter.uint;
import static dev.decant.container.MatroskaWriter.xiphLaced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketFraming;
import dev.decant.audio.PacketOrigin;
import dev.decant.container.ReadingSettings.Holes;
import dev.decant.container.RecordingProblem.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MatroskaRecordingTest {
    private static final OpusHead HEAD = OpusHead.of(1, 312, -256);
    private static final byte[] INFO = info(1_000_000);
    private static final byte[] OPUS = tracks(opusTrack(1, HEAD));
    private static final ReadingSettings FILL = new ReadingSettings(Holes.FILL, Duration.ofHours(1), 0);

    /** SILK wideband 20 ms mono, code 0. */
    private static final int MS_20 = 9 << 3;

    /** How the packets of a Block are laced. */
    enum Lacing {
        XIPH,
        EBML,
        FIXED;

        byte[] body(int track, int timestamp, byte[]... packets) {
            return switch (this) {
                case XIPH -> xiphLaced(track, timestamp, packets);
                case EBML -> ebmlLaced(track, timestamp, packets);
                case FIXED -> fixedLaced(track, timestamp, packets);
            };
        }
    }

    @Test
    void packetsComeWithTheirPlaceInTheRecording() throws IOException {
        List<byte[]> packets = packets(120);
        byte[] file = MatroskaWriter.recording(HEAD, packets);

        Result result = read(file);

        assertThat(result.problems).isEmpty();
        assertThat(result.bytesRead).isEqualTo(file.length);
        assertThat(result.packets).hasSize(120);
        for (int i = 0; i < 120; i++) {
            OpusPacket packet = result.packets.get(i);
            int offset = (int) packet.origin().offset();
            assertThat(packet)
                    .usingRecursiveComparison()
                    .isEqualTo(new OpusPacket(
                            "stream",
                            packets.get(i),
                            i,
                            960L * i,
                            HEAD,
                            0,
                            0,
                            0,
                            OpusPacket.ABSENT,
                            new PacketOrigin("x.webm", 1, offset, 20L * i)));
            assertThat(Arrays.copyOfRange(file, offset, offset + packets.get(i).length))
                    .isEqualTo(packets.get(i));
            assertThat(packet.head()).isSameAs(result.packets.get(0).head());
        }
    }

    @Test
    void theDocTypeTellsTheContainer() throws IOException {
        assertThat(container(document("webm", INFO, OPUS))).isEqualTo(Container.WEBM);
        assertThat(container(document("matroska", INFO, OPUS))).isEqualTo(Container.MATROSKA);
    }

    @Test
    void aStreamThatGivesOneByteAtATimeIsReadTheSame() throws IOException {
        byte[] file = MatroskaWriter.recording(HEAD, packets(120));
        InputStream slow = new ByteArrayInputStream(file) {
            @Override
            public synchronized int read(byte[] target, int at, int length) {
                return super.read(target, at, Math.min(1, length));
            }
        };

        Result result = read(slow, ReadingSettings.DEFAULT);

        assertThat(result.payloads()).containsExactlyElementsOf(packets(120));
        assertThat(result.offsets()).isEqualTo(read(file).offsets());
    }

    @Test
    void liveRecordingsStateNoSizes() throws IOException {
        byte[] first = liveCluster(0, simpleBlock(1, 0, packet(1)), simpleBlock(1, 20, packet(2)));
        byte[] second = liveCluster(40, simpleBlock(1, 0, packet(3)));

        Result open = read(liveDocument("webm", INFO, OPUS, first, second));
        Result openClusters = read(document("webm", INFO, OPUS, first, second));

        assertThat(open.payloads()).containsExactly(packet(1), packet(2), packet(3));
        assertThat(open.timestamps()).containsExactly(0L, 960L, 1_920L);
        assertThat(open.problems).isEmpty();
        assertThat(openClusters.payloads()).containsExactly(packet(1), packet(2), packet(3));
        assertThat(openClusters.problems).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void packetsThatAreLacedTogetherFollowEachOther(Lacing lacing) throws IOException {
        byte[] file = document(
                "webm",
                INFO,
                OPUS,
                cluster(
                        0,
                        simpleBlock(lacing.body(1, 0, packet(1), packet(2), packet(3))),
                        group(block(lacing.body(1, 60, packet(4), packet(5))), 0),
                        simpleBlock(lacing.body(1, 100, packet(6)))));

        Result result = read(file);

        assertThat(result.payloads()).containsExactly(packet(1), packet(2), packet(3), packet(4), packet(5), packet(6));
        assertThat(result.timestamps()).containsExactly(0L, 960L, 1_920L, 2_880L, 3_840L, 4_800L);
        assertThat(result.problems).isEmpty();
        for (OpusPacket packet : result.packets) {
            assertThat(file[(int) packet.origin().offset() + 1]).isEqualTo(packet.payload()[1]);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"XIPH", "EBML"})
    void lacedPacketsMayBeOfAnySizes(Lacing lacing) throws IOException {
        Random random = new Random(9559);
        byte[][] packets = new byte[256][];
        for (int i = 0; i < packets.length; i++) {
            int[] sizes = {1, 2, 126, 127, 254, 255, 256, 510, 1_275, 1 + random.nextInt(1_275)};
            packets[i] = Arrays.copyOf(packet(i), sizes[random.nextInt(sizes.length)]);
        }

        Result result = read(document("webm", INFO, OPUS, cluster(0, simpleBlock(lacing.body(1, 0, packets)))));

        assertThat(result.payloads()).containsExactly(packets);
        assertThat(result.problems).isEmpty();
    }

    @Test
    void theRfcsExamplesOfLacingAreRead() throws IOException {
        // Section 10.3: frames of 800, 500 and 1000 bytes.
        byte[] xiph = {(byte) 0x81, 0, 0, 2, 2, -1, -1, -1, 0x23, -1, (byte) 0xF5};
        byte[] ebml = {(byte) 0x81, 0, 0, 6, 2, 0x43, 0x20, 0x5E, (byte) 0xD3};
        byte[] frames = new byte[2_300];
        frames[0] = MS_20;
        frames[800] = MS_20;
        frames[1_300] = MS_20;
        for (byte[] head : List.of(xiph, ebml)) {
            Result result = read(document("webm", INFO, OPUS, cluster(0, simpleBlock(concat(head, frames)))));

            assertThat(result.payloads()).extracting(payload -> payload.length).containsExactly(800, 500, 1_000);
            assertThat(result.problems).isEmpty();
        }
    }

    @Test
    void lacingThatDoesNotAddUpIsALoss() throws IOException {
        byte[] tooLong = {(byte) 0x81, 0, 20, 2, 1, 9, MS_20};
        byte[] endsWithin = {(byte) 0x81, 0, 20, 2, 3, -1};
        byte[] uneven = {(byte) 0x81, 0, 20, 4, 1, MS_20, 1, 2};
        byte[] negative = {(byte) 0x81, 0, 20, 6, 2, (byte) 0x81, (byte) 0x80, MS_20, 1};
        byte[] noNumber = {(byte) 0x81, 0, 20, 6, 1, 0, MS_20};
        for (byte[] body : List.of(tooLong, endsWithin, uneven, negative, noNumber)) {
            Result result = read(document(
                    "webm",
                    INFO,
                    OPUS,
                    cluster(0, simpleBlock(1, 0, packet(1)), simpleBlock(body), simpleBlock(1, 40, packet(2)))));

            assertThat(result.payloads()).containsExactly(packet(1), packet(2));
            assertThat(result.problems)
                    .satisfiesExactly(
                            lacing -> assertThat(lacing).contains("lacing does not add up"),
                            loss -> assertThat(loss).contains("0.020 s are missing; skipped"));
        }
    }

    @Test
    void whatIsNotAudioIsPassedOver() throws IOException {
        byte[] attachment = new byte[300_000];
        new Random(1).nextBytes(attachment);
        byte[] file = document(
                "webm",
                element(0x114D9B74, uint(0x4DBB, 0)),
                element(0xEC, new byte[500]),
                INFO,
                tracks(track(1, "V_VP8", element(0xE0, uint(0xB0, 640))), opusTrack(2, HEAD), opusTrack(3, HEAD)),
                element(0x1941A469, attachment),
                element(0x5FFF, new byte[70]),
                element(
                        0x1F43B675,
                        element(0xBF, new byte[4]),
                        uint(0xE7, 0),
                        uint(0xAB, 7),
                        simpleBlock(1, 0, new byte[200_000]),
                        simpleBlock(2, 0, packet(1)),
                        simpleBlock(3, 0, packet(9)),
                        group(block(concat(new byte[] {(byte) 0x81, 0, 0, 0}, new byte[99])), 0),
                        element(0xEC, new byte[3]),
                        paddedBlock(2, 20, 0, packet(2))),
                element(0x1C53BB6B, new byte[5_000]),
                element(0x1254C367, new byte[70_000]));

        Result result = read(file);

        assertThat(result.payloads()).containsExactly(packet(1), packet(2));
        assertThat(result.packets.get(0).origin().partition()).isEqualTo(2);
        assertThat(result.problems).isEmpty();
        assertThat(result.bytesRead).isEqualTo(file.length);
    }

    @Test
    void anotherTrackIsReadIfItIsNamed() throws IOException {
        byte[] file = document(
                "matroska",
                INFO,
                tracks(opusTrack(1, HEAD), opusTrack(200, OpusHead.of(2, 0, 0)), track(3, "A_FLAC")),
                cluster(0, simpleBlock(1, 0, packet(1)), simpleBlock(200, 0, packet(2))));

        Result result = read(file, named(200));

        assertThat(result.payloads()).containsExactly(packet(2));
        assertThat(result.packets.get(0).head()).isEqualTo(OpusHead.of(2, 0, 0));
        assertThat(result.packets.get(0).origin().partition()).isEqualTo(200);
        assertThat(refusal(file, named(3)))
                .hasMessage("x.webm: track 3 is not Opus: the recording holds A_OPUS (track 1), A_OPUS (track 200),"
                        + " A_FLAC (track 3)");
        assertThat(refusal(file, named(2)))
                .hasMessageStartingWith("x.webm: there is no track 2: the recording holds A_OPUS (track 1),");
    }

    @Test
    void whatIsNotOpusIsRefusedByItsCodecs() {
        assertThat(refusal(document("webm", INFO, tracks(track(1, "V_VP9"), track(2, "A_VORBIS")))))
                .hasMessage("x.webm: not a WebM Opus recording: it holds V_VP9 (track 1), A_VORBIS (track 2)");
        assertThat(refusal(document("matroska", INFO, tracks())))
                .hasMessage("x.webm: not a Matroska Opus recording: it holds no track");
        assertThat(refusal(document("matroska", INFO, tracks(track(1, "A\n\u00e4" + "B".repeat(1_000))))))
                .hasMessage("x.webm: not a Matroska Opus recording: it holds A??" + "B".repeat(29) + " (track 1)");
        assertThat(refusal(document("mp4-in-ebml", INFO, OPUS)))
                .hasMessage("x.webm: EBML of DocType \"mp4-in-ebml\": a Matroska or WebM recording is needed");
    }

    @Test
    void aThousandTracksMakeNoLongRefusal() {
        byte[][] entries = new byte[1_000][];
        Arrays.setAll(entries, i -> track(i + 1, "A_AAC"));

        assertThat(refusal(document("matroska", tracks(entries))).getMessage()).hasSizeLessThan(500);
    }

    @Test
    void withoutTracksNothingCanBeRead() {
        byte[] block = cluster(0, simpleBlock(1, 0, packet(1)));
        assertThat(refusal(document("webm", INFO, block)))
                .hasMessageEndingWith(": the Tracks are missing: the recording was cut or damaged");
        assertThat(refusal(header("webm")))
                .hasMessage("x.webm, byte %d: the Tracks are missing: the recording was cut or damaged"
                        .formatted(header("webm").length));
        assertThat(refusal(document("webm", INFO, new byte[] {0, 0, 0}, OPUS, block)))
                .hasMessageContaining("no Tracks can be read: ")
                .hasMessageEndingWith("bytes are damaged and were skipped: no element begins with the byte 0x00");
        byte[] cut = document("webm", OPUS);
        assertThat(refusal(Arrays.copyOf(cut, cut.length - 2)))
                .hasMessageContaining("no Tracks can be read: the recording ends within the element CodecDelay");
    }

    @Test
    void encodingsOtherThanHeaderStrippingAreRefused() {
        assertThat(encoded(compression(0, new byte[0]))).contains("ContentCompAlgo 0: only header stripping (3)");
        assertThat(encoded(element(0x6D80, encoding(uint(0x5033, 1), element(0x5035, uint(0x47E1, 5))))))
                .contains("an encrypted track");
        byte[] stripping = encoding(element(0x5034, uint(0x4254, 3), element(0x4255, new byte[1])));
        assertThat(encoded(element(0x6D80, stripping, stripping))).contains("several ContentEncodings");
        assertThat(encoded(compression(3, new byte[65])))
                .contains("a ContentCompSettings of 65 bytes: at most 64 can be read");
    }

    @Test
    void strippedHeadersArePutBack() throws IOException {
        byte[] stripping = compression(3, new byte[] {MS_20, 7});
        byte[] laced = xiphLaced(1, 0, new byte[] {1, 1}, new byte[] {2});

        Result result =
                read(document("matroska", INFO, tracks(opusTrack(1, HEAD, stripping)), cluster(0, simpleBlock(laced))));

        assertThat(result.payloads()).containsExactly(new byte[] {MS_20, 7, 1, 1}, new byte[] {MS_20, 7, 2});
        assertThat(result.timestamps()).containsExactly(0L, 960L);
        assertThat(result.packets.get(0).head()).isEqualTo(HEAD);
    }

    @Test
    void aStrippedCodecPrivateIsPutTogetherToo() throws IOException {
        byte[] head = HEAD.toBytes();
        byte[] entry = track(
                1,
                "A_OPUS",
                element(
                        0x6D80,
                        encoding(
                                uint(0x5032, 2),
                                element(0x5034, uint(0x4254, 3), element(0x4255, Arrays.copyOf(head, 8))))),
                element(0x63A2, Arrays.copyOfRange(head, 8, head.length)));

        Result result = read(document("matroska", tracks(entry), cluster(0, simpleBlock(1, 0, packet(1)))));

        assertThat(result.packets.get(0).head()).isEqualTo(HEAD);
        assertThat(result.payloads()).containsExactly(packet(1));
    }

    @Test
    void withoutACodecPrivateChannelsAndCodecDelayAreTheHeader() throws IOException {
        assertThat(headOf(track(1, "A_OPUS", channels(2), codecDelay(6_500_000))))
                .isEqualTo(OpusHead.of(2, 312, 0));
        assertThat(headOf(track(1, "A_OPUS"))).isEqualTo(OpusHead.of(1, 0, 0));
        assertThat(refusal(document("webm", tracks(track(1, "A_OPUS", channels(6))))))
                .hasMessage("x.webm: a track of 6 channels without a CodecPrivate: an OpusHead is needed");
        assertThat(refusal(document("webm", tracks(track(1, "A_OPUS", codecDelay(Long.MAX_VALUE))))))
                .hasMessageContaining("at most 65535");
    }

    @Test
    void aHeaderThatIsNoneIsRefused() {
        assertThat(refusal(document("webm", tracks(track(1, "A_OPUS", element(0x63A2, new byte[30]))))))
                .hasMessage("x.webm: no OpusHead: the first 8 bytes are not \"OpusHead\"");
        assertThat(refusal(document("webm", tracks(track(1, "A_OPUS", element(0x63A2, new byte[1 << 20]))))))
                .hasMessage("x.webm: a CodecPrivate of 1048576 bytes: at most 130071 can be read");
    }

    @Test
    void thePreSkipOfTheHeaderCountsNotTheCodecDelay() throws IOException {
        byte[] block = cluster(0, simpleBlock(1, 0, packet(1)));
        byte[] private312 = element(0x63A2, HEAD.toBytes());

        Result other = read(document("webm", tracks(track(1, "A_OPUS", private312, codecDelay(2_166_667))), block));
        Result rounded = read(document("webm", tracks(track(1, "A_OPUS", private312, codecDelay(6_480_000))), block));
        Result none = read(document("webm", tracks(track(1, "A_OPUS", private312)), block));

        assertThat(List.of(other, rounded, none))
                .allSatisfy(result -> assertThat(result.packets.get(0).head()).isEqualTo(HEAD));
        assertThat(other.problems).hasSize(1);
        assertThat(other.problems.get(0)).contains("CodecDelay is 104 ticks, the pre-skip of the OpusHead 312");
        assertThat(rounded.problems).isEmpty();
        assertThat(none.problems).isEmpty();
    }

    @Test
    void discardPaddingTrimsTheEndOrTheStart() throws IOException {
        Result result = read(document(
                "webm",
                INFO,
                OPUS,
                cluster(
                        0,
                        paddedBlock(1, 0, -2_000_000, packet(1)),
                        paddedBlock(1, 18, 166_667, packet(2)),
                        paddedBlock(1, 38, 13_500_000, packet(3)))));

        assertThat(result.packets).extracting(OpusPacket::trimStart).containsExactly(96, 0, 0);
        assertThat(result.packets).extracting(OpusPacket::trimEnd).containsExactly(0, 8, 648);
        assertThat(result.timestamps()).containsExactly(0L, 960L, 1_920L);
        assertThat(result.problems).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void discardPaddingSpansThePacketsOfItsBlock(Lacing lacing) throws IOException {
        byte[] laced = block(lacing.body(1, 0, packet(1), packet(2), packet(3)));

        Result end = read(document("webm", INFO, OPUS, cluster(0, group(laced, 25_000_000))));
        Result start = read(document("webm", INFO, OPUS, cluster(0, group(laced, -25_000_000))));
        Result more = read(document("webm", INFO, OPUS, cluster(0, group(laced, 61_000_000))));

        assertThat(end.packets).extracting(OpusPacket::trimEnd).containsExactly(0, 240, 960);
        assertThat(start.packets).extracting(OpusPacket::trimStart).containsExactly(960, 240, 0);
        assertThat(end.problems).isEmpty();
        assertThat(start.problems).isEmpty();
        assertThat(more.packets).extracting(OpusPacket::trimEnd).containsExactly(960, 960, 960);
        assertThat(more.problems).hasSize(1);
        assertThat(more.problems.get(0)).contains("DiscardPadding is 48 ticks longer than its Block");
    }

    @Test
    void timeThatIsTrimmedInTheMiddleIsNotMissingBehindIt() throws IOException {
        byte[] file = document(
                "webm",
                INFO,
                OPUS,
                cluster(0, paddedBlock(1, 0, 10_000_000, packet(1)), simpleBlock(1, 30, packet(2))));

        assertThat(read(file, FILL).timestamps()).containsExactly(0L, 1_920L);
        assertThat(read(file, FILL).problems).hasSize(1);
        assertThat(read(file, FILL).problems.get(0)).contains("0.020 s pass without a packet");
    }

    @Test
    void roundedTimesAreNoGaps() throws IOException {
        assertThat(read(recordingAt(1_000_000, 0, 21, 41, 62, 80, 101), FILL).timestamps())
                .containsExactly(0L, 960L, 1_920L, 2_880L, 3_840L, 4_800L);
        assertThat(read(recordingAt(1_000_000, 0, 21, 41, 62, 80, 101), FILL).problems)
                .isEmpty();
        assertThat(read(recordingAt(10_000_000, 0, 3, 4, 7, 9, 10), FILL).problems)
                .isEmpty();
        assertThat(read(recordingAt(22_676, 0, 882, 1_764, 2_646), FILL).problems)
                .isEmpty();
    }

    @Test
    void aGapIsSkippedUnlessItIsToBeFilled() throws IOException {
        byte[] file = recordingAt(1_000_000, 0, 20, 1_040, 1_060);

        Result skipped = read(file);
        Result filled = read(file, FILL);

        assertThat(skipped.timestamps()).containsExactly(0L, 960L, 1_920L, 2_880L);
        assertThat(skipped.problems).hasSize(1);
        assertThat(skipped.problems.get(0)).contains("1.000 s pass without a packet; skipped");
        assertThat(filled.timestamps()).containsExactly(0L, 960L, 49_920L, 50_880L);
        assertThat(filled.sequenceNumbers()).containsExactly(0L, 1L, 2L, 3L);
        assertThat(filled.recordTimes()).containsExactly(0L, 20L, 1_040L, 1_060L);
        assertThat(filled.problems).hasSize(1);
        assertThat(filled.problems.get(0)).endsWith("1.000 s pass without a packet");
    }

    @Test
    void theShortestGapIsAsLongAsTheShortestPacket() throws IOException {
        assertThat(read(recordingAt(100_000, 0, 224)).problems).isEmpty();
        assertThat(read(recordingAt(100_000, 0, 225)).problems).hasSize(1);
    }

    @Test
    void aRecordingMayBeginLate() throws IOException {
        Result result = read(recordingAt(1_000_000, 5_000, 5_020), FILL);

        assertThat(result.timestamps()).containsExactly(0L, 960L);
        assertThat(result.recordTimes()).containsExactly(0L, 20L);
        assertThat(result.problems).isEmpty();
    }

    @Test
    void blocksThatArriveInBurstsAreNoGapsTwice() throws IOException {
        Result result = read(recordingAt(1_000_000, 0, 0, 60, 60, 120, 120), FILL);

        assertThat(result.timestamps()).containsExactly(0L, 960L, 2_880L, 3_840L, 5_760L, 6_720L);
        assertThat(result.problems).hasSize(2).allMatch(problem -> problem.contains("0.020 s pass without a packet"));
    }

    @Test
    void whereBlocksGoBackTimeGoesOnByThePackets() throws IOException {
        Result result = read(recordingAt(1_000_000, 1_000, 1_020, 500, 520, 600), FILL);

        assertThat(result.timestamps()).containsExactly(0L, 960L, 1_920L, 2_880L, 6_720L);
        assertThat(result.problems)
                .satisfiesExactly(
                        back -> assertThat(back).contains("a Block begins before the one before it"),
                        gap -> assertThat(gap).contains("0.060 s pass without a packet"));
    }

    @Test
    void blocksMayBeginBeforeTheirCluster() throws IOException {
        Result result = read(document(
                "webm",
                INFO,
                OPUS,
                cluster(
                        100,
                        simpleBlock(1, -40, packet(1)),
                        simpleBlock(1, -20, packet(2)),
                        simpleBlock(1, 0, packet(3)))));

        assertThat(result.timestamps()).containsExactly(0L, 960L, 1_920L);
        assertThat(result.problems).isEmpty();
    }

    @Test
    void wildTimesDoNotShakeTheClock() throws IOException {
        Result result = read(
                document(
                        "webm",
                        info(1_000_000_000),
                        OPUS,
                        cluster(0, simpleBlock(1, 0, packet(1))),
                        cluster(Long.MAX_VALUE, simpleBlock(1, 32_767, packet(2))),
                        cluster(1L << 32, simpleBlock(1, -32_768, packet(3))),
                        element(0x1F43B675, uint(0xAB, 1), simpleBlock(1, 0, packet(4)))),
                FILL);

        assertThat(result.timestamps()).containsExactly(0L, 960L, 1_920L, 2_880L);
        assertThat(result.problems)
                .satisfiesExactly(
                        none -> assertThat(none).contains("the Timestamp 9223372036854775807 of its Cluster is none"),
                        gap -> assertThat(gap).contains("too long to be filled"),
                        no -> assertThat(no).contains("a Block comes before the Timestamp of its Cluster"));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1_000_000_001, Long.MAX_VALUE, -1})
    void aTimestampScaleThatIsNoneIsTheUsualOne(long scale) throws IOException {
        Result result = read(document(
                "webm", info(scale), OPUS, cluster(0, simpleBlock(1, 0, packet(1)), simpleBlock(1, 20, packet(2)))));

        assertThat(result.timestamps()).containsExactly(0L, 960L);
        assertThat(result.problems).hasSize(1);
        assertThat(result.problems.get(0)).contains("1 ms is taken for it");
    }

    @Test
    void documentsThatFollowEachOtherAreLinks() throws IOException {
        OpusHead stereo = OpusHead.of(2, 0, 0);
        byte[] first = liveDocument(
                "webm",
                info(1_000),
                OPUS,
                liveCluster(0, simpleBlock(1, 0, packet(1)), simpleBlock(1, 20_000, packet(2))));
        byte[] second = document(
                "webm",
                tracks(track(1, "V_VP8"), opusTrack(2, stereo)),
                cluster(0, simpleBlock(1, 0, packet(9)), simpleBlock(2, 0, packet(3)), simpleBlock(2, 20, packet(4))));
        byte[] third = document("webm", tracks(track(1, "V_VP8")), cluster(0, simpleBlock(2, 0, packet(9))));

        Result result = read(concat(first, second, third));

        assertThat(result.payloads()).containsExactly(packet(1), packet(2), packet(3), packet(4));
        assertThat(result.packets).extracting(OpusPacket::link).containsExactly(0L, 0L, 1L, 1L);
        assertThat(result.packets).extracting(OpusPacket::head).containsExactly(HEAD, HEAD, stereo, stereo);
        assertThat(result.timestamps()).containsExactly(0L, 960L, 0L, 960L);
        assertThat(result.sequenceNumbers()).containsExactly(0L, 1L, 2L, 3L);
        assertThat(result.recordTimes()).containsExactly(0L, 20L, 40L, 60L);
        assertThat(result.problems).hasSize(1);
        assertThat(result.problems.get(0))
                .contains("what follows was passed over: not a WebM Opus recording: it holds V_VP8 (track 1)");
    }

    @Test
    void tracksThatAreRepeatedSayNothingNew() throws IOException {
        Result result = read(document(
                "webm",
                OPUS,
                cluster(0, simpleBlock(1, 0, packet(1))),
                OPUS,
                cluster(20, simpleBlock(1, 0, packet(2)))));

        assertThat(result.packets).extracting(OpusPacket::link).containsExactly(0L, 0L);
        assertThat(result.payloads()).containsExactly(packet(1), packet(2));
    }

    @Test
    void anEmptyPacketIsNone() throws IOException {
        Result result = read(document(
                "webm",
                OPUS,
                cluster(
                        0,
                        simpleBlock(1, 0, packet(1)),
                        simpleBlock(1, 20, new byte[0]),
                        simpleBlock(xiphLaced(1, 20, new byte[0], packet(2))))));

        assertThat(result.payloads()).containsExactly(packet(1), packet(2));
        assertThat(result.timestamps()).containsExactly(0L, 960L);
        assertThat(result.sequenceNumbers()).containsExactly(0L, 1L);
        assertThat(result.problems).hasSize(2).allMatch(problem -> problem.endsWith("an empty packet was passed over"));
    }

    @Test
    void theLargestPacketsAreReadAndLargerOnesAreALoss() throws IOException {
        byte[] largest = Arrays.copyOf(packet(2), PacketFraming.MAX_PACKET_BYTES);
        byte[] larger = Arrays.copyOf(packet(3), PacketFraming.MAX_PACKET_BYTES + 1);
        byte[] block = element(0xA3, size(1, 1), new byte[] {0, 60, 2, 1}, new byte[] {2}, packet(4), larger);

        Result result = read(document(
                "webm",
                OPUS,
                cluster(
                        0,
                        simpleBlock(1, 0, packet(1)),
                        simpleBlock(1, 20, largest),
                        simpleBlock(1, 40, larger),
                        block,
                        simpleBlock(1, 100, packet(5)))));

        assertThat(result.payloads()).containsExactly(packet(1), largest, packet(4), packet(5));
        assertThat(result.sequenceNumbers()).containsExactly(0L, 1L, 2L, 4L);
        assertThat(result.problems)
                .satisfiesExactly(
                        whole -> assertThat(whole).contains("a Block with 61441 bytes for 1 packets was passed over"),
                        hole -> assertThat(hole).contains("0.020 s are missing; skipped"),
                        frame -> assertThat(frame).contains("a packet of more than 61440 bytes was passed over"));
    }

    @Test
    void lostBlocksThatAreFilledLeaveAGapInTheNumbers() throws IOException {
        byte[] tooLarge = new byte[PacketFraming.MAX_PACKET_BYTES + 1];
        byte[] file = document(
                "webm",
                OPUS,
                cluster(
                        0,
                        simpleBlock(1, 0, packet(1)),
                        simpleBlock(1, 20, tooLarge),
                        simpleBlock(1, 40, tooLarge),
                        simpleBlock(1, 60, packet(2))));

        Result result = read(file, FILL);

        assertThat(result.timestamps()).containsExactly(0L, 2_880L);
        assertThat(result.sequenceNumbers()).containsExactly(0L, 3L);
    }

    @Test
    void junkIsSkippedToTheNextCluster() throws IOException {
        byte[] junk = new byte[200_000];
        new Random(4).nextBytes(junk);
        junk[0] = 0;
        byte[] decoy = {0x1F, 0x43, (byte) 0xB6, 0x75, 0};
        System.arraycopy(decoy, 0, junk, 100, decoy.length);
        byte[] start = document("webm", INFO, OPUS, cluster(0, simpleBlock(1, 0, packet(1))));
        byte[] file = concat(start, junk, cluster(1_020, simpleBlock(1, 0, packet(2))), new byte[] {0, 1, 2});

        Result result = read(file);

        assertThat(result.payloads()).containsExactly(packet(1), packet(2));
        assertThat(result.problems)
                .containsExactly(
                        "byte %d: 200000 bytes are damaged and were skipped: no element begins with the byte 0x00"
                                .formatted(start.length),
                        "byte %d: 1.000 s are missing; skipped"
                                .formatted(file.length - 3 - simpleBlock(1, 0, packet(2)).length),
                        "byte %d: the last 3 bytes are damaged: no element begins with the byte 0x00"
                                .formatted(file.length - 3));
    }

    @Test
    void anElementLongerThanItsClusterIsDamage() throws IOException {
        byte[] tooLong = concat(new byte[] {(byte) 0xA3}, size(90, 1), new byte[] {(byte) 0x81, 0, 20, 0, MS_20});
        byte[] file = document(
                "webm",
                INFO,
                OPUS,
                cluster(0, simpleBlock(1, 0, packet(1)), tooLong, simpleBlock(1, 40, packet(9))),
                cluster(60, simpleBlock(1, 0, packet(2))));

        Result result = read(file);

        assertThat(result.payloads()).containsExactly(packet(1), packet(2));
        assertThat(result.problems.get(0)).contains("the element SimpleBlock does not fit into what it is in");
        assertThat(result.problems.get(1)).contains("0.040 s are missing");
    }

    @ParameterizedTest
    @ValueSource(ints = {0xA3, 0xA0, 0xEC, 0xAB})
    void aWildSizeInALiveRecordingIsFollowedOnlyToTheNextCluster(int id) throws IOException {
        byte[] wild = concat(new byte[] {(byte) id}, size(1L << 40, 8), new byte[] {(byte) 0x82, 0, 0, 0});
        byte[] file = liveDocument(
                "webm",
                INFO,
                OPUS,
                liveCluster(0, simpleBlock(1, 0, packet(1)), wild, simpleBlock(1, 20, packet(9))),
                liveCluster(40, simpleBlock(1, 0, packet(2))));

        Result result = read(file);

        assertThat(result.payloads()).containsExactly(packet(1), packet(2));
        assertThat(result.problems).hasSize(2);
        assertThat(result.problems.get(0)).contains("damaged and were skipped");
        assertThat(result.problems.get(1)).contains("0.020 s are missing");
    }

    @Test
    void aSecondBlockInAGroupIsPassedOver() throws IOException {
        byte[] one = block(concat(new byte[] {(byte) 0x81, 0, 0, 0}, packet(1)));
        byte[] two = block(concat(new byte[] {(byte) 0x81, 0, 20, 0}, packet(2)));

        Result result = read(document("webm", OPUS, cluster(0, element(0xA0, one, two))));

        assertThat(result.payloads()).containsExactly(packet(1));
        assertThat(result.problems).hasSize(1);
        assertThat(result.problems.get(0)).contains("a second Block in its BlockGroup was passed over");
    }

    @Test
    void whatIsMissingIsDamageWhatIsOddIsNot() throws IOException {
        byte[] gap = recordingAt(1_000_000, 0, 20, 100);

        assertThat(read(gap).kinds).containsExactly(Kind.IRREGULARITY);
        assertThat(read(Arrays.copyOf(gap, gap.length - 1)).kinds).containsExactly(Kind.DAMAGE);
    }

    @Test
    void aRecordingCutAnywhereGivesWhatIsWhole() throws IOException {
        List<byte[]> packets = packets(110);
        byte[] whole = MatroskaWriter.recording(HEAD, packets);
        int opened = 0;
        for (int length = 0; length < whole.length; length++) {
            Result result = readIfItOpens(Arrays.copyOf(whole, length));
            if (result != null) {
                opened++;
                assertThat(result.payloads()).containsExactlyElementsOf(packets.subList(0, result.packets.size()));
                assertThat(result.problems).hasSize(1);
                assertThat(result.problems.get(0)).contains("the recording ends ");
                assertThat(result.bytesRead).isEqualTo(length);
            }
        }
        assertThat(opened).isGreaterThan(whole.length / 2);
    }

    @Test
    void aLiveRecordingMayEndWithAnyBlock() throws IOException {
        byte[] first = liveDocument("webm", INFO, OPUS, liveCluster(0, simpleBlock(1, 0, packet(1))));
        byte[] second = simpleBlock(1, 20, packet(2));

        assertThat(read(concat(first, second)).problems).isEmpty();
        for (int length = 1; length < second.length; length++) {
            Result result = read(concat(first, Arrays.copyOf(second, length)));
            assertThat(result.payloads()).containsExactly(packet(1));
            assertThat(result.problems).hasSize(1);
            assertThat(result.problems.get(0)).startsWith("byte %d: the recording ends within".formatted(first.length));
        }
    }

    @Test
    void aBlockIsGivenEvenIfItsGroupIsCut() throws IOException {
        byte[] whole = liveDocument("webm", INFO, OPUS, liveCluster(0, paddedBlock(1, 0, 13_500_000, packet(1))));

        Result result = read(Arrays.copyOf(whole, whole.length - 1));

        assertThat(result.payloads()).containsExactly(packet(1));
        assertThat(result.problems).hasSize(1);
        assertThat(result.problems.get(0)).contains("the recording ends within the element DiscardPadding");
    }

    @Test
    void aRecordingIsNotReadAheadAndVideoIsNotHeld() throws IOException {
        byte[][] clusters = new byte[40][];
        for (int i = 0; i < clusters.length; i++) {
            clusters[i] = liveCluster(20L * i, simpleBlock(1, 0, new byte[150_000]), simpleBlock(2, 0, packet(i)));
        }
        byte[] file = liveDocument("webm", INFO, tracks(track(1, "V_VP9"), opusTrack(2, HEAD)), concat(clusters));
        try (Recording recording = recordingOf(new ByteArrayInputStream(file), ReadingSettings.DEFAULT)) {
            int count = 0;
            for (OpusPacket packet = recording.next(); packet != null; packet = recording.next()) {
                assertThat(recording.bytesRead() - packet.origin().offset()).isLessThanOrEqualTo(1 << 16);
                count++;
            }
            assertThat(count).isEqualTo(clusters.length);
            assertThat(recording.problems()).isEmpty();
        }
    }

    @Test
    void aSizeThatIsClaimedCostsNoMemory() throws IOException {
        byte[] claims = concat(
                new byte[] {(byte) 0xA3},
                size(256L * PacketFraming.MAX_PACKET_BYTES, 8),
                new byte[] {(byte) 0x81, 0, 0, 2, (byte) 255},
                new byte[50]);
        byte[] file = liveDocument("webm", INFO, OPUS, liveCluster(0, claims));
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Recording recording = recordingOf(new ByteArrayInputStream(file), ReadingSettings.DEFAULT)) {
            long before = thread.getCurrentThreadAllocatedBytes();
            assertThat(recording.next()).isNull();
            assertThat(thread.getCurrentThreadAllocatedBytes() - before).isLessThan(1_000_000);
            assertThat(recording.problems()).hasSize(1);
            assertThat(recording.problems().get(0).message())
                    .contains("the recording ends within the element SimpleBlock");
        }
    }

    @Test
    void damageAnywhereGivesPacketsOrARefusalNothingElse() throws IOException {
        Random random = new Random(8794);
        List<byte[]> sounds = List.of(
                MatroskaWriter.recording(HEAD, packets(110)),
                liveDocument(
                        "matroska",
                        INFO,
                        tracks(track(1, "V_VP8"), opusTrack(2, HEAD, compression(3, new byte[] {MS_20}))),
                        liveCluster(
                                0,
                                simpleBlock(1, 0, new byte[300]),
                                simpleBlock(xiphLaced(2, 0, packet(1), packet(2)))),
                        liveCluster(40, group(block(ebmlLaced(2, 0, packet(3), packet(4), packet(5))), 5_000_000)),
                        cluster(100, simpleBlock(fixedLaced(2, 0, packet(6), packet(7))))));
        int opened = 0;
        for (int round = 0; round < 5_000; round++) {
            byte[] file = sounds.get(round % 2).clone();
            for (int change = 1 + random.nextInt(4); change > 0; change--) {
                int at = random.nextInt(file.length);
                file[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) (file[at] ^ 1 << random.nextInt(8));
            }
            Result result =
                    readIfItOpens(random.nextInt(4) > 0 ? file : Arrays.copyOf(file, random.nextInt(file.length)));
            if (result != null) {
                opened++;
                assertThat(result.sequenceNumbers()).isSorted().doesNotHaveDuplicates();
                assertThat(result.timestamps()).isSorted();
            }
        }
        assertThat(opened).isGreaterThan(2_500);
    }

    @Test
    void oneWrongByteCostsAtMostItsCluster() throws IOException {
        List<byte[]> packets = packets(150);
        byte[] whole = MatroskaWriter.recording(HEAD, packets);
        int firstCluster = read(whole).offsets().get(0).intValue() - 15;
        assertThat(whole[firstCluster]).isEqualTo((byte) 0x1F);
        for (int at = firstCluster; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= 0x55;

            Result result = read(changed);

            assertThat(result.packets.size()).isGreaterThanOrEqualTo(100 - 1);
        }
    }

    @Test
    void problemsDoNotGrowWithoutEnd() throws IOException {
        byte[][] blocks = new byte[1_000][];
        Arrays.setAll(blocks, i -> simpleBlock(1, 1_000 - i, packet(i)));

        Result result = read(document("webm", OPUS, cluster(0, blocks)));

        assertThat(result.packets).hasSize(1_000);
        assertThat(result.problems).hasSize(101);
        assertThat(result.problems.get(100)).endsWith("from here on 899 more problems");
    }

    @Test
    void elementsOfUnknownSizeElsewhereAreDamage() throws IOException {
        Result result = read(concat(
                liveDocument("webm", INFO, OPUS, liveCluster(0, simpleBlock(1, 0, packet(1)))),
                open(0xA0, simpleBlock(1, 20, packet(9))),
                liveCluster(40, simpleBlock(1, 0, packet(2)))));

        assertThat(result.payloads()).containsExactly(packet(1), packet(2));
        assertThat(result.problems.get(0)).contains("the element BlockGroup states no size");
    }

    /** What a whole recording gave. */
    private record Result(List<OpusPacket> packets, List<String> problems, List<Kind> kinds, long bytesRead) {
        private List<byte[]> payloads() {
            return packets.stream().map(OpusPacket::payload).toList();
        }

        private List<Long> timestamps() {
            return packets.stream().map(OpusPacket::timestamp).toList();
        }

        private List<Long> sequenceNumbers() {
            return packets.stream().map(OpusPacket::sequenceNumber).toList();
        }

        private List<Long> recordTimes() {
            return packets.stream().map(packet -> packet.origin().recordTime()).toList();
        }

        private List<Long> offsets() {
            return packets.stream().map(packet -> packet.origin().offset()).toList();
        }
    }

    private static Result readIfItOpens(byte[] file) throws IOException {
        try {
            return read(file);
        } catch (RecordingException refusal) {
            assertThat(refusal).hasMessageStartingWith("x.webm");
            return null;
        }
    }

    private static Result read(byte[] file) throws IOException {
        return read(file, ReadingSettings.DEFAULT);
    }

    private static Result read(byte[] file, ReadingSettings settings) throws IOException {
        return read(new ByteArrayInputStream(file), settings);
    }

    private static Result read(InputStream in, ReadingSettings settings) throws IOException {
        try (Recording recording = recordingOf(in, settings)) {
            List<OpusPacket> packets = new ArrayList<>();
            for (OpusPacket packet = recording.next(); packet != null; packet = recording.next()) {
                packets.add(packet);
            }
            assertThat(recording.next()).isNull();
            List<RecordingProblem> problems = recording.problems();
            return new Result(
                    packets,
                    problems.stream().map(RecordingProblem::toString).toList(),
                    problems.stream().map(RecordingProblem::kind).toList(),
                    recording.bytesRead());
        }
    }

    private static Recording recordingOf(InputStream in, ReadingSettings settings) throws IOException {
        return Recordings.open(RecordingBytes.of(() -> in), "x.webm", "stream", settings);
    }

    private static RecordingException refusal(byte[] file) {
        return refusal(file, ReadingSettings.DEFAULT);
    }

    private static RecordingException refusal(byte[] file, ReadingSettings settings) {
        return catchThrowableOfType(
                RecordingException.class,
                () -> recordingOf(new ByteArrayInputStream(file), settings).close());
    }

    private static String encoded(byte[] contentEncodings) {
        return refusal(document("matroska", tracks(opusTrack(1, HEAD, contentEncodings))))
                .getMessage();
    }

    private static OpusHead headOf(byte[] entry) throws IOException {
        try (Recording recording =
                recordingOf(new ByteArrayInputStream(document("webm", tracks(entry))), ReadingSettings.DEFAULT)) {
            return recording.head();
        }
    }

    private static Container container(byte[] file) throws IOException {
        try (Recording recording = recordingOf(new ByteArrayInputStream(file), ReadingSettings.DEFAULT)) {
            return recording.container();
        }
    }

    private static ReadingSettings named(int number) {
        return new ReadingSettings(null, Duration.ofHours(1), number);
    }

    /** Packets of 20 ms in SimpleBlocks with these times, in units of the scale. */
    private static byte[] recordingAt(long scale, int... times) {
        byte[][] blocks = new byte[times.length][];
        Arrays.setAll(blocks, i -> simpleBlock(1, times[i], packet(i)));
        return document("webm", info(scale), OPUS, cluster(0, blocks));
    }

    private static byte[] packet(int content) {
        return new byte[] {MS_20, (byte) content};
    }

    private static List<byte[]> packets(int count) {
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] packet = new byte[3 + i % 30];
            packet[0] = MS_20;
            packet[1] = (byte) i;
            packet[2] = (byte) (i >> 8);
            packets.add(packet);
        }
        return packets;
    }
}
