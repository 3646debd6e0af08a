package dev.decant.container;

import static dev.decant.container.Mp4Writer.box;
import static dev.decant.container.Mp4Writer.concat;
import static dev.decant.container.Mp4Writer.edit;
import static dev.decant.container.Mp4Writer.text;
import static dev.decant.container.Mp4Writer.u16;
import static dev.decant.container.Mp4Writer.u32;
import static dev.decant.container.Mp4Writer.u64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketFraming;
import dev.decant.audio.PacketOrigin;
import dev.decant.container.ReadingSettings.Holes;
import dev.decant.container.RecordingProblem.Kind;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class Mp4RecordingTest {
    private static final OpusHead HEAD = OpusHead.of(1, 312, -256);

    /** SILK wideband 20 ms mono, code 0. */
    private static final int MS_20 = 9 << 3;

    private static final byte[] VIDEO = box("avc1", new byte[78]);

    static Stream<Arguments> forms() {
        return Stream.of(
                form("tables first", writer(120).moovFirst()),
                form("tables last", writer(120).moovLast()),
                form("fragments", writer(120).fragmented(7)),
                form("one large fragment", writer(120).fragmented(120)),
                form("many chunks", writer(120).packetsAChunk(1).moovFirst()),
                form("one chunk", writer(120).packetsAChunk(1_000).moovFirst()),
                form(
                        "other tracks between",
                        writer(120).betweenChunks(new byte[100_000]).moovLast()),
                form(
                        "other tracks far between",
                        writer(120).betweenChunks(new byte[1_500_000]).moovFirst()),
                form("64-bit offsets", writer(120).largeOffsets().moovFirst()),
                form("64-bit size", writer(120).largeMediaData().moovLast()),
                form("data to the end", writer(120).endlessMediaData().moovFirst()),
                form("sizes of 16 bits", writer(120).sizeBits(16).moovFirst()),
                form("sizes of 8 bits", writer(120).sizeBits(8).moovFirst()),
                form("fragments announced, none there", writer(120).extended().moovFirst()),
                form(
                        "boxes between",
                        concat(
                                box("free", new byte[9]),
                                box("wide"),
                                writer(120).fragmented(50))),
                form(
                        "boxes behind",
                        concat(writer(120).moovFirst(), box("mfra", new byte[40]), box("uuid", new byte[99]))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forms")
    void packetsComeWithTheirPlaceInTheRecording(String name, byte[] file) throws IOException {
        List<byte[]> packets = packets(120);

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
                            new PacketOrigin("x.mp4", 1, offset, 20L * i)));
            assertThat(Arrays.copyOfRange(file, offset, offset + packets.get(i).length))
                    .isEqualTo(packets.get(i));
            assertThat(packet.head()).isSameAs(result.packets.get(0).head());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forms")
    void streamsMayGiveOneByteAtATime(String name, byte[] file) throws IOException {
        RecordingBytes slow = offset -> new FilterInputStream(bytes(file).open(offset)) {
            @Override
            public int read(byte[] target, int from, int length) throws IOException {
                return super.read(target, from, Math.min(1, length));
            }

            @Override
            public long skip(long count) {
                return 0;
            }
        };

        assertThat(read(slow, ReadingSettings.DEFAULT).payloads()).containsExactlyElementsOf(packets(120));
    }

    @Test
    void aRecordingSaysWhatItIs() throws IOException {
        try (Recording recording = open(bytes(writer(3).moovFirst()), ReadingSettings.DEFAULT)) {
            assertThat(recording.container()).isEqualTo(Container.MP4);
            assertThat(recording.path()).isEqualTo("x.mp4");
            assertThat(recording.head()).isEqualTo(HEAD);
        }
    }

    @Test
    void whatIsOpenedIsClosedAndAfterwardsThereIsNothing() throws IOException {
        OpenStreams streams = new OpenStreams(
                bytes(writer(20_000).betweenChunks(new byte[1_000]).moovFirst()));
        Recording recording = open(streams, ReadingSettings.DEFAULT);
        for (int i = 0; i < 5_000; i++) {
            recording.next();
        }
        assertThat(streams.open).isBetween(2, 6);

        recording.close();
        recording.close();

        assertThat(recording.next()).isNull();
        assertThat(streams.open).isZero();
    }

    @Test
    void whatCannotBeReadIsClosedToo() {
        OpenStreams streams = new OpenStreams(
                bytes(concat(Mp4Writer.FTYP, box("mdat", new byte[3_000_000]), box("moov", new byte[200_000]))));

        assertThat(refusal(streams, 0)).hasMessageStartingWith("x.mp4");
        assertThat(streams.open).isZero();
    }

    @Test
    void sizesMayHaveFourBits() throws IOException {
        List<byte[]> small =
                List.of(packet(1), new byte[] {MS_20, 2, 2}, packet(3), new byte[] {MS_20, 4, 4, 4}, packet(5));

        Result result =
                read(new Mp4Writer(HEAD, small).sizeBits(4).packetsAChunk(2).moovFirst());

        assertThat(result.payloads()).containsExactlyElementsOf(small);
        assertThat(result.problems).isEmpty();
    }

    @Test
    void allPacketsMayHaveOneSize() throws IOException {
        List<byte[]> equal = List.of(packet(1), packet(2), packet(3));

        assertThat(read(new Mp4Writer(HEAD, equal).sizeBits(0).packetsAChunk(2).moovFirst())
                        .payloads())
                .containsExactlyElementsOf(equal);
    }

    @Test
    void chunksMayStandInAnyOrder() throws IOException {
        byte[] file = new Mp4Writer(HEAD, List.of(packet(1), packet(2), packet(3)))
                .packetsAChunk(1)
                .moovFirst();
        int offsets = indexOf(file, "stco") + 12;
        byte[] first = Arrays.copyOfRange(file, offsets, offsets + 4);
        System.arraycopy(file, offsets + 8, file, offsets, 4);
        System.arraycopy(first, 0, file, offsets + 8, 4);

        Result result = read(file);

        assertThat(result.payloads()).containsExactly(packet(3), packet(2), packet(1));
        assertThat(result.timestamps()).containsExactly(0L, 960L, 1_920L);
    }

    @Test
    void theHeaderIsThatOfOpusButBigEndian() throws IOException {
        OpusHead surround =
                new OpusHead(1, 6, 0x1234, 0x0000_BB80, -0x0102, 1, 4, 2, new byte[] {0, 4, 1, 2, 3, 5}, new byte[0]);
        byte[] dOps = concat(
                text("dOps"),
                new byte[] {0, 6, 0x12, 0x34, 0, 0, (byte) 0xBB, (byte) 0x80, (byte) 0xFE, (byte) 0xFE, 1},
                new byte[] {4, 2, 0, 4, 1, 2, 3, 5});

        byte[] entry = Mp4Writer.opus(box("btrt", new byte[12]), concat(u32(4 + dOps.length), dOps));

        assertThat(read(writer(1).sampleEntry(entry).moovFirst()).packets.get(0).head())
                .isEqualTo(surround);
    }

    @Test
    void aHeaderThatSeemsToBeLittleEndianIsFollowedAllTheSame() throws IOException {
        OpusHead swapped = new OpusHead(1, 1, 0x9C00, 0xC05D_0000L, 0, 0, 1, 0, new byte[] {0}, new byte[0]);

        Result result = read(new Mp4Writer(swapped, packets(50)).moovFirst());

        assertThat(result.packets.get(0).head()).isEqualTo(swapped);
        assertThat(result.problems).hasSize(1);
        assertThat(result.problems.get(0)).contains("written as little-endian, for 24000 and 156");
    }

    @Test
    void anEntryOfQuickTimeIsLonger() throws IOException {
        byte[] dOps = Mp4Writer.dOps(HEAD);
        byte[] version1 = box("Opus", new byte[8], u16(1), new byte[18], new byte[16], dOps);
        byte[] version2 = box("Opus", new byte[8], u16(2), new byte[18], new byte[36], dOps);

        assertThat(read(writer(2).sampleEntry(version1).moovFirst()).packets).hasSize(2);
        assertThat(read(writer(2).sampleEntry(version2).moovFirst()).packets).hasSize(2);
    }

    static Stream<Arguments> refused() {
        OpusHead noChannels = OpusHead.of(1, 0, 0);
        byte[] dOps = Mp4Writer.dOps(noChannels);
        dOps[9] = 0;
        byte[] version1 = Mp4Writer.dOps(HEAD);
        version1[8] = 1;
        byte[] whole = writer(3).moovFirst();
        byte[] opusTrack =
                writer(3).track(7).otherTracks(Mp4Writer.otherTrack(2, VIDEO)).moovFirst();
        return Stream.of(
                refused(
                        0,
                        Arrays.copyOf(whole, 8),
                        "x.mp4: the box moov is missing: the recording was cut, or never finished"),
                refused(0, Mp4Writer.FTYP, "x.mp4: the box moov is missing: the recording was cut, or never finished"),
                refused(
                        0,
                        box("mdat", new byte[70]),
                        "x.mp4: the box moov is missing: the recording was cut, or never finished"),
                refused(
                        0,
                        concat(box("styp", text("msdh")), writer(3).fragment(0, 3, 0)),
                        "x.mp4: the box moov is missing: fragments cannot be read without their initialization segment"),
                refused(0, Arrays.copyOf(whole, 200), "x.mp4, byte 28: the recording ends within the box moov"),
                refused(
                        0,
                        concat(Mp4Writer.FTYP, new byte[] {0, 0, 0, 99, 1, 2, 3, 4, 5}),
                        "x.mp4, byte 28: no box begins here, and the box moov was not found before"),
                refused(
                        0,
                        concat(Mp4Writer.FTYP, u32(5), text("free")),
                        "x.mp4, byte 28: the box free has 5 bytes, less than its header"),
                refused(
                        0,
                        concat(Mp4Writer.FTYP, u32(1), text("free"), u64(-1)),
                        "x.mp4, byte 28: the box free has -1 bytes, less than its header"),
                refused(
                        0,
                        concat(Mp4Writer.FTYP, box("moov", u32(20), text("trak"), u32(0))),
                        "x.mp4, byte 36: the box trak is longer than the one around it"),
                refused(0, concat(Mp4Writer.FTYP, box("moov")), "x.mp4: not an Opus recording: it has no tracks"),
                refused(
                        0,
                        writer(3)
                                .sampleEntry(box("mp4a", new byte[28]))
                                .otherTracks(Mp4Writer.otherTrack(2, VIDEO))
                                .moovFirst(),
                        "x.mp4: not an Opus recording: it holds avc1, mp4a"),
                refused(
                        0,
                        writer(3).sampleEntry(box("e\u0001ca", new byte[28])).moovFirst(),
                        "x.mp4: not an Opus recording: it holds e?ca"),
                refused(
                        0,
                        writer(3).sampleEntry(box("enca", new byte[28])).moovFirst(),
                        "x.mp4: the sound is encrypted (enca): it cannot be read"),
                refused(9, opusTrack, "x.mp4: there is no track 9: there are 2 (avc1), 7 (Opus)"),
                refused(2, opusTrack, "x.mp4: the track 2 is not Opus: it holds avc1"),
                refused(
                        0,
                        writer(3).sampleEntry(Mp4Writer.opus(version1)).moovFirst(),
                        "the box dOps is of version 1: only version 0 can be read"),
                refused(
                        0,
                        writer(3).sampleEntry(Mp4Writer.opus(dOps)).moovFirst(),
                        "the box dOps makes an OpusHead with 0 channels: at least 1, at most 255"),
                refused(
                        0,
                        writer(3)
                                .sampleEntry(Mp4Writer.opus(box("dOps", new byte[10])))
                                .moovFirst(),
                        "the box dOps holds 10 bytes: at least 11 are needed"),
                refused(
                        0,
                        writer(3).sampleEntry(Mp4Writer.opus()).moovFirst(),
                        "the sample entry Opus has no box dOps"),
                refused(0, writer(3).timescales(0, 1_000).moovFirst(), "the track 1 has no timescale"),
                refused(0, renamed(whole, "stsz"), "the track 1 has no box stsz"),
                refused(0, renamed(whole, "stsd"), "the track 1 has no box stsd"),
                refused(0, renamed(whole, "tkhd"), "the track has no box tkhd, and no number"));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("refused")
    void whatCannotBeReadIsRefusedInASentence(int track, byte[] file, String message) {
        assertThat(refusal(bytes(file), track)).hasMessageEndingWith(message).hasMessageStartingWith("x.mp4");
    }

    @Test
    void theFirstOpusTrackIsReadUnlessAnotherIsWished() throws IOException {
        byte[] second = new Mp4Writer(OpusHead.of(2, 0, 0), List.of()).track(5).moovFirst();
        byte[] secondTrack =
                Arrays.copyOfRange(second, indexOf(second, "trak") - 4, second.length - Mp4Writer.box("mdat").length);
        byte[] file = writer(3)
                .track(9)
                .otherTracks(Mp4Writer.otherTrack(2, VIDEO), box("trak", u32(99), text("tkhd")), secondTrack)
                .moovFirst();

        assertThat(read(file).packets).isEmpty();
        assertThat(read(file, new ReadingSettings(null, Duration.ZERO, 9)).packets)
                .hasSize(3)
                .allMatch(packet -> packet.origin().partition() == 9);
    }

    @Test
    void preSkipAndEditListThatSayTheSameSkipOnce() throws IOException {
        Result result = read(writer(50).edits(edit(0, 312)).moovFirst());

        assertThat(result.head).isEqualTo(HEAD);
        assertThat(result.trimsAtEnd()).containsOnly(0);
        assertThat(result.problems).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 313, 21_912, 65_535})
    void theEditListSaysWhatIsSkipped(int start) throws IOException {
        for (byte[] file : List.of(
                writer(120).edits(edit(0, start)).moovFirst(),
                writer(120).edits(edit(0, start)).fragmented(10))) {
            Result result = read(file);

            assertThat(result.packets).hasSize(120).allMatch(packet -> packet.head() == result.head);
            assertThat(result.head.preSkip()).isEqualTo(start);
            assertThat(result.timestamps()).startsWith(0L, 960L);
            assertThat(result.problems).isEmpty();
        }
    }

    @Test
    void anEditListThatBeginsWithTheTrackSaysNothingOfPreSkip() throws IOException {
        assertThat(read(writer(50).edits(edit(0, 0)).moovFirst()).head).isEqualTo(HEAD);
    }

    @Test
    void whatIsLongBeforeTheEditIsPassedOver() throws IOException {
        Result result = read(writer(120).edits(edit(0, 100_000)).moovFirst());

        // 35 packets end at 34,560 ticks, and the next one is the first within 65,535 ticks of the edit.
        assertThat(result.payloads()).containsExactlyElementsOf(packets(120).subList(36, 120));
        assertThat(result.head.preSkip()).isEqualTo(100_000 - 36 * 960);
        assertThat(result.timestamps()).startsWith(0L, 960L);
        assertThat(result.sequenceNumbers()).startsWith(0L, 1L);
    }

    @Test
    void anEditBehindTheTrackIsNotFollowed() throws IOException {
        Result result = read(writer(5).edits(edit(0, 5_000)).moovFirst());

        assertThat(result.packets).hasSize(5);
        assertThat(result.head).isEqualTo(HEAD);
        assertThat(result.problems).hasSize(1);
        assertThat(result.problems.get(0)).contains("the edit list begins behind the end of the track");
    }

    @Test
    void anEditBehindAllFragmentsLeavesNothing() throws IOException {
        Result result = read(writer(5).edits(edit(0, 480_000)).fragmented(2));

        assertThat(result.packets).isEmpty();
        assertThat(result.problems).hasSize(1);
        assertThat(result.problems.get(0)).contains("the edit list begins at 10.000 s: there are no packets");
    }

    @Test
    void theEditListEndsTheRecordingWithinAPacketOrSeveral() throws IOException {
        assertThat(read(writer(4).edits(edit(3_000, 312)).moovFirst()).trimsAtEnd())
                .containsExactly(0, 0, 0, 528);
        assertThat(read(writer(4).edits(edit(1_000, 312)).moovFirst()).trimsAtEnd())
                .containsExactly(0, 608, 960, 960);
        assertThat(read(writer(4).edits(edit(1_000, 312)).fragmented(3)).trimsAtEnd())
                .containsExactly(0, 608, 960, 960);
        assertThat(read(writer(4).edits(edit(9_000, 312)).moovFirst()).trimsAtEnd())
                .containsExactly(0, 0, 0, 0);
    }

    @Test
    void theMoviesTimescaleIsAnotherThanTheTracks() throws IOException {
        Result result = read(writer(4)
                .timescales(24_000, 1_000)
                .durations(480)
                .edits(edit(50, 156))
                .moovFirst());

        assertThat(result.head.preSkip()).isEqualTo(312);
        // 312 + 50 ms * 48 = 2,712 of 3,840 ticks.
        assertThat(result.trimsAtEnd()).containsExactly(0, 0, 168, 960);
        assertThat(result.problems).isEmpty();
    }

    @Test
    void anEndThatIsOnlyRoundedToMillisecondsIsTheTracks() throws IOException {
        // As ffmpeg writes it: 136 packets and 420 ticks, less 312, are 130,668 ticks, and 2,722 ms are 130,656.
        Result result = read(new Mp4Writer(HEAD, packets(137))
                .timescales(48_000, 1_000)
                .duration(136, 420)
                .edits(edit(2_722, 312))
                .moovLast());

        assertThat(result.trimsAtEnd()).endsWith(0, 540).hasSize(137);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLastPacketThatLastsLessIsTrimmed(boolean fragmented) throws IOException {
        Mp4Writer writer = writer(30).duration(29, 420);

        assertThat(read(fragmented ? writer.fragmented(10) : writer.moovFirst()).trimsAtEnd())
                .endsWith(0, 540)
                .hasSize(30);
    }

    @Test
    void aLastPacketOfWhichNobodyKnowsHowLongItLastsIsWhole() throws IOException {
        assertThat(read(writer(3).duration(2, 0).moovFirst()).trimsAtEnd()).containsOnly(0);
        assertThat(read(writer(3).duration(2, 5_000).moovFirst()).trimsAtEnd()).containsOnly(0);
    }

    @Test
    void roundedDurationsTrimNothing() throws IOException {
        // 2.5 ms in units of 1 ms.
        List<byte[]> short24 = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            short24.add(new byte[] {(byte) (16 << 3), (byte) i});
        }
        Mp4Writer writer = new Mp4Writer(HEAD, short24).timescales(1_000, 1_000);
        for (int i = 0; i < 100; i++) {
            writer.duration(i, 2 + i % 2);
        }

        Result result = read(writer.duration(99, 2).moovFirst());

        assertThat(result.trimsAtEnd()).containsOnly(0);
        assertThat(result.timestamps()).endsWith(98 * 120L, 99 * 120L);
        assertThat(result.problems).isEmpty();
    }

    @Test
    void truncatedDurationsDoNotAddUpToAGap() throws IOException {
        // 20 ms in units of 1/44,100 s are 882, a writer that truncates 2.5 ms (110.25) has 110.
        List<byte[]> celt = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            celt.add(new byte[] {(byte) (16 << 3), (byte) i, (byte) (i >> 8)});
        }

        Result result = read(new Mp4Writer(HEAD, celt)
                .timescales(44_100, 44_100)
                .durations(110)
                .moovFirst());

        assertThat(result.problems).isEmpty();
        assertThat(result.timestamps()).endsWith(4_999 * 120L);
    }

    @Test
    void aGapIsReportedAndSkippedUnlessItIsToBeFilled() throws IOException {
        byte[] file = writer(4).duration(1, 48_960).moovFirst();

        Result skipped = read(file);
        assertThat(skipped.timestamps()).containsExactly(0L, 960L, 1_920L, 2_880L);
        assertThat(skipped.problems).hasSize(1);
        assertThat(skipped.problems.get(0)).endsWith("1.000 s pass without a packet; skipped");
        assertThat(skipped.kinds).containsExactly(Kind.IRREGULARITY);

        Result filled = read(file, new ReadingSettings(Holes.FILL, Duration.ofHours(1), 0));
        assertThat(filled.timestamps()).containsExactly(0L, 960L, 49_920L, 50_880L);
        assertThat(filled.sequenceNumbers()).containsExactly(0L, 1L, 2L, 3L);
        assertThat(filled.packets.get(3).origin().recordTime()).isEqualTo(1_060);
    }

    @Test
    void aGapBetweenFragmentsIsOneToo() throws IOException {
        Mp4Writer writer = writer(4);
        byte[] file = concat(
                Mp4Writer.FTYP,
                writer.emptyMoov(u32(0), u32(0)),
                box("styp", text("msdh")),
                writer.fragment(0, 2, 0),
                box("sidx", new byte[32]),
                box("emsg", new byte[20]),
                writer.fragment(2, 4, 1_920 + 480));

        Result result = read(file, new ReadingSettings(Holes.FILL, Duration.ofHours(1), 0));

        assertThat(result.timestamps()).containsExactly(0L, 960L, 2_400L, 3_360L);
        assertThat(result.problems).hasSize(1);
        assertThat(result.problems.get(0)).contains("0.010 s pass without a packet");
    }

    @Test
    void aGapShorterThanAFrameIsNone() throws IOException {
        assertThat(read(writer(4).duration(1, 960 + 119).moovFirst()).problems).isEmpty();
        assertThat(read(writer(4).duration(1, 960 + 121).moovFirst()).problems).hasSize(1);
    }

    @Test
    void timesThatJitterDoNotMakeTheRecordingLonger() throws IOException {
        Mp4Writer writer = writer(100);
        for (int i = 0; i < 100; i++) {
            writer.duration(i, i % 2 == 0 ? 960 + 300 : 960 - 300);
        }

        Result result =
                read(writer.duration(99, 960).moovFirst(), new ReadingSettings(Holes.FILL, Duration.ofHours(1), 0));

        assertThat(result.timestamps()).endsWith(99 * 960L + 300);
    }

    @Test
    void packetsThatOverlapFollowEachOtherAllTheSame() throws IOException {
        Result result = read(writer(4).duration(1, 480).moovFirst());

        assertThat(result.timestamps()).containsExactly(0L, 960L, 1_920L, 2_880L);
        assertThat(result.trimsAtEnd()).containsOnly(0);
        assertThat(result.problems).hasSize(1);
        assertThat(result.problems.get(0)).contains("before those before it have ended");
    }

    @Test
    void anEmptyEditIsAHoleAtTheStart() throws IOException {
        byte[] file = writer(3).edits(edit(48_000, -1), edit(0, 312)).moovFirst();

        Result skipped = read(file);
        assertThat(skipped.head).isEqualTo(HEAD);
        assertThat(skipped.timestamps()).containsExactly(0L, 960L, 1_920L);
        assertThat(skipped.problems).hasSize(1);
        assertThat(skipped.problems.get(0)).contains("1.000 s pass without a packet; skipped");

        assertThat(read(file, new ReadingSettings(Holes.FILL, Duration.ofHours(1), 0))
                        .timestamps())
                .containsExactly(48_000L, 48_960L, 49_920L);
    }

    @Test
    void ofSeveralEditsTheFirstIsFollowed() throws IOException {
        Result result =
                read(writer(4).edits(edit(1_000, 312), edit(1_000, 2_000)).moovFirst());

        assertThat(result.trimsAtEnd()).containsExactly(0, 608, 960, 960);
        assertThat(result.problems).hasSize(1);
        assertThat(result.problems.get(0)).contains("the edit list goes on (1 more)");
    }

    @Test
    void editsMayHave64Bits() throws IOException {
        byte[] elst = box("elst", u32(0x0100_0000), u32(1), u64(1_000), u64(312), u32(0x1_0000));

        assertThat(read(writer(4).edts(box("edts", elst)).moovFirst()).trimsAtEnd())
                .containsExactly(0, 608, 960, 960);
    }

    @Test
    void fragmentsThatBeginInTheMiddleOfARecordingHaveNothingToSkip() throws IOException {
        Mp4Writer writer = writer(4).edits(edit(0, 312));
        byte[] file = concat(Mp4Writer.FTYP, writer.emptyMoov(u32(0), u32(0)), writer.fragment(0, 4, 480_312));

        Result result = read(file);

        assertThat(result.head.preSkip()).isZero();
        assertThat(result.timestamps()).startsWith(0L, 960L);
        assertThat(result.problems).hasSize(1);
        assertThat(result.problems.get(0)).contains("10.000 s pass without a packet; skipped");
    }

    @Test
    void fragmentsFollowTables() throws IOException {
        List<byte[]> packets = packets(20);
        byte[] tables = new Mp4Writer(HEAD, packets.subList(0, 10)).extended().moovFirst();
        byte[] untimed = new Mp4Writer(HEAD, packets.subList(10, 20)).fragment(0, 10, 0);
        byte[] file = concat(tables, renamed(untimed, "tfdt"));

        Result result = read(file);

        assertThat(result.payloads()).containsExactlyElementsOf(packets);
        assertThat(result.timestamps()).endsWith(19 * 960L);
        assertThat(result.problems).isEmpty();
    }

    @Test
    void fragmentsThatNobodyAnnouncedAreFoundToo() throws IOException {
        List<byte[]> packets = packets(20);
        byte[] tables = new Mp4Writer(HEAD, packets.subList(0, 10)).moovLast();
        byte[] fragment = new Mp4Writer(HEAD, packets.subList(10, 20)).fragment(0, 10, 9_600);

        assertThat(read(concat(tables, fragment)).payloads()).containsExactlyElementsOf(packets);
    }

    @Test
    void aFragmentTakesWhatItDoesNotSayFromItsHeaderAndFromTheMovie() throws IOException {
        List<byte[]> packets = List.of(packet(1), packet(2), packet(3), packet(4));
        Mp4Writer writer = new Mp4Writer(HEAD, packets);
        byte[] byMovie = fragment(
                concat(box("tfhd", u32(0x2_0000), u32(1)), box("trun", u32(0x1), u32(2), u32(-1))),
                packet(1),
                packet(2));
        byte[] byHeader = fragment(
                concat(
                        box("tfhd", u32(0x2_0018), u32(1), u32(1_440), u32(2)),
                        box("trun", u32(0x5), u32(2), u32(-1), u32(0))),
                packet(3),
                packet(4));

        Result result = read(
                concat(Mp4Writer.FTYP, writer.emptyMoov(u32(960), u32(2)), byMovie, byHeader),
                new ReadingSettings(Holes.FILL, Duration.ofHours(1), 0));

        assertThat(result.payloads()).containsExactlyElementsOf(packets);
        assertThat(result.timestamps()).containsExactly(0L, 960L, 1_920L, 3_360L);
    }

    @Test
    void aFragmentCountsFromItsBeginningFromAByteOrFromTheTrackBeforeIt() throws IOException {
        List<byte[]> packets = List.of(packet(1), packet(2), packet(3), packet(4), packet(5));
        Mp4Writer writer = new Mp4Writer(HEAD, packets);
        byte[] start = concat(Mp4Writer.FTYP, writer.emptyMoov(u32(960), u32(2)));
        byte[] video = new byte[1_000];
        // The video's run is of one sample, and says where the data of the fragment begin; the sound's follow it.
        byte[] shared = fragmentOf(
                List.of(
                        concat(
                                box("tfhd", u32(0), u32(2)),
                                box("trun", u32(0x201), u32(1), u32(-1), u32(video.length))),
                        concat(box("tfhd", u32(0), u32(1)), box("trun", u32(0), u32(1)), box("trun", u32(0), u32(2)))),
                concat(video, packet(1), packet(2), packet(3)));
        long dataAt = start.length + shared.length + 8 + 16 + 8 + 24 + 16 + 8;
        byte[] absolute = fragmentOf(
                List.of(concat(box("tfhd", u32(0x1), u32(1), u64(dataAt)), box("trun", u32(0), u32(2)))),
                concat(packet(4), packet(5)));

        Result result = read(concat(start, shared, absolute));

        assertThat(result.payloads()).containsExactlyElementsOf(packets);
        assertThat(result.problems).isEmpty();
    }

    @Test
    void aDamagedFragmentIsPassedOver() throws IOException {
        Mp4Writer writer = writer(30);
        byte[] start = concat(Mp4Writer.FTYP, writer.emptyMoov(u32(0), u32(0)));
        byte[] damaged = writer.fragment(10, 20, 9_600);
        damaged[indexOf(damaged, "trun") - 1] = 7;

        Result result = read(concat(start, writer.fragment(0, 10, 0), damaged, writer.fragment(20, 30, 19_200)));

        assertThat(result.payloads())
                .containsExactlyElementsOf(
                        Stream.concat(packets(30).subList(0, 10).stream(), packets(30).subList(20, 30).stream())
                                .toList());
        assertThat(result.problems)
                .satisfiesExactly(
                        box -> assertThat(box)
                                .contains("the box trun has 7 bytes")
                                .contains("passed over"),
                        gap -> assertThat(gap).contains("0.200 s pass without a packet; skipped"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 0x0000_0003, 0x0001_0000, 0x7FFF_FFFF})
    void afterBrokenDataTheNextFragmentIsFound(int size) throws IOException {
        Mp4Writer writer = writer(30);
        byte[] start = concat(Mp4Writer.FTYP, writer.emptyMoov(u32(0), u32(0)));
        byte[] damaged = writer.fragment(10, 20, 9_600);
        ByteBuffer.wrap(damaged).putInt(indexOf(damaged, "mdat") - 4, size).putInt(indexOf(damaged, "mdat"), size);

        Result result = read(concat(start, writer.fragment(0, 10, 0), damaged, writer.fragment(20, 30, 19_200)));

        assertThat(result.payloads()).containsExactlyElementsOf(packets(30));
        assertThat(result.problems).hasSize(1);
        assertThat(result.kinds).containsExactly(Kind.DAMAGE);
    }

    @Test
    void aPacketOutsideTheRecordingIsMissing() throws IOException {
        byte[] file = new Mp4Writer(HEAD, packets(30)).packetsAChunk(10).moovFirst();
        ByteBuffer.wrap(file).putInt(indexOf(file, "stco") + 12 + 4, 0x7FFF_0000);

        Result result = read(file, new ReadingSettings(Holes.FILL, Duration.ofHours(1), 0));

        assertThat(result.packets).hasSize(20);
        assertThat(result.timestamps()).containsSequence(9 * 960L, 20 * 960L);
        assertThat(result.sequenceNumbers()).containsSequence(9L, 20L);
        assertThat(result.problems)
                .satisfiesExactly(gap -> assertThat(gap).contains("0.200 s are missing"), missing -> assertThat(missing)
                        .startsWith("byte 2147418112: 10 packets are missing"));
        assertThat(result.kinds).containsOnly(Kind.DAMAGE);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 62, 1L << 45})
    void offsetsMayBeAnything(long offset) throws IOException {
        byte[] file = new Mp4Writer(HEAD, packets(30))
                .packetsAChunk(10)
                .largeOffsets()
                .moovFirst();
        ByteBuffer.wrap(file).putLong(indexOf(file, "co64") + 12 + 8, offset);

        RecordingBytes real = bytes(file);
        Result result = read(
                at -> {
                    assertThat(at).isBetween(0L, Mp4Cursor.MAX_BYTES);
                    return real.open(at);
                },
                ReadingSettings.DEFAULT);

        assertThat(result.packets).hasSize(20);
    }

    @Test
    void anEmptyPacketIsNone() throws IOException {
        Result result = read(new Mp4Writer(HEAD, List.of(packet(1), new byte[0], packet(2)))
                .duration(1, 960)
                .moovFirst());

        assertThat(result.payloads()).containsExactly(packet(1), packet(2));
        assertThat(result.problems)
                .satisfiesExactly(
                        empty -> assertThat(empty).contains("an empty packet was passed over"),
                        gap -> assertThat(gap).contains("0.020 s are missing; skipped"));
    }

    @Test
    void aPacketLongerThanAnyIsPassedOver() throws IOException {
        byte[] large = Arrays.copyOf(packet(2), PacketFraming.MAX_PACKET_BYTES + 1);

        Result result = read(new Mp4Writer(HEAD, List.of(packet(1), large, packet(3))).moovFirst());

        assertThat(result.payloads()).containsExactly(packet(1), packet(3));
        assertThat(result.problems.get(0)).contains("a packet of more than 61440 bytes was passed over");
    }

    @Test
    void theLargestPacketsOfManyStreamsAreRead() throws IOException {
        OpusHead head = new OpusHead(1, 3, 0, 0, 0, 255, 3, 0, new byte[] {0, 1, 2}, new byte[0]);
        byte[] large = Arrays.copyOf(packet(7), 3 * PacketFraming.MAX_PACKET_BYTES);

        assertThat(read(new Mp4Writer(head, List.of(packet(1), large, packet(2))).moovLast())
                        .payloads())
                .containsExactly(packet(1), large, packet(2));
    }

    @Test
    void aPacketThatBreaksTheRulesIsPassedOnForTheDeadLetters() throws IOException {
        byte[] noFrames = {MS_20 | 3, 0};

        Result result = read(new Mp4Writer(HEAD, List.of(packet(1), noFrames, packet(2)))
                .duration(1, 960)
                .moovFirst());

        assertThat(result.payloads()).containsExactly(packet(1), noFrames, packet(2));
        assertThat(result.timestamps()).containsExactly(0L, 960L, 1_920L);
        assertThat(result.problems).isEmpty();
    }

    @Test
    void tablesThatContradictEachOtherGiveWhatTheyAgreeOn() throws IOException {
        byte[] manyInChunk = writer(30).moovFirst();
        ByteBuffer.wrap(manyInChunk).putInt(indexOf(manyInChunk, "stsc") + 12 + 4, 1_000_000);
        assertThat(read(manyInChunk).payloads()).containsExactlyElementsOf(packets(30));
        assertThat(read(manyInChunk).problems.get(0)).contains("a chunk has 1000000 samples: only 30 more");

        byte[] fewInChunk = writer(30).moovFirst();
        ByteBuffer.wrap(fewInChunk).putInt(indexOf(fewInChunk, "stsc") + 12 + 4, 2);
        assertThat(read(fewInChunk).packets).hasSize(6);
        assertThat(read(fewInChunk).problems).anyMatch(problem -> problem.contains("24 samples are in no chunk"));

        byte[] fewTimes = writer(30).moovFirst();
        ByteBuffer.wrap(fewTimes).putInt(indexOf(fewTimes, "stts") + 8, 3);
        assertThat(read(fewTimes).timestamps()).endsWith(29 * 960L);
        assertThat(read(fewTimes).problems).hasSize(1);
        assertThat(read(fewTimes).problems.get(0)).contains("the box stts does not tell the time of all samples");

        byte[] otherEntry = writer(30).moovFirst();
        ByteBuffer.wrap(otherEntry).putInt(indexOf(otherEntry, "stsc") + 12 + 8, 2);
        assertThat(read(otherEntry).packets).isEmpty();
        assertThat(read(otherEntry).problems.get(0)).contains("10 samples of another kind (sample entry 2)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stsz", "stco", "stsc", "stts"})
    void aTableHasNoMoreRowsThanItsBoxHolds(String type) throws IOException {
        byte[] file = writer(30).moovFirst();
        ByteBuffer.wrap(file).putInt(indexOf(file, type) + (type.equals("stsz") ? 12 : 8), -1);

        Result result = read(file);

        assertThat(result.payloads()).containsExactlyElementsOf(packets(30));
        assertThat(result.problems)
                .anyMatch(
                        problem -> problem.contains("the box " + type + " says that it has 4294967295 rows: it holds"));
    }

    @Test
    void numbersThatNoFileCanHoldCostNothing() throws IOException {
        // 4,294,967,295 packets of one size, all in each of the chunks.
        byte[] file = new Mp4Writer(HEAD, List.of(packet(1), packet(2), packet(3), packet(4)))
                .sizeBits(0)
                .packetsAChunk(2)
                .moovFirst();
        ByteBuffer.wrap(file).putInt(indexOf(file, "stsz") + 12, -1).putInt(indexOf(file, "stsc") + 16, -1);
        assertThat(read(file).packets.size()).isBetween(4, 8);

        Mp4Writer writer = writer(3);
        byte[] start = concat(Mp4Writer.FTYP, writer.emptyMoov(u32(960), u32(2)));
        byte[] endless = fragment(
                concat(box("tfhd", u32(0x2_0000), u32(1)), box("trun", u32(0x1), u32(-1), u32(-1))), packet(1));
        Result result = read(concat(start, endless));
        assertThat(result.payloads()).containsExactly(packet(1));
        assertThat(result.problems.get(0)).contains("4294967294 packets are missing");

        byte[] empty = fragment(
                concat(box("tfhd", u32(0x2_0010), u32(1), u32(0)), box("trun", u32(0x1), u32(-1), u32(-1))), packet(1));
        assertThat(read(concat(start, empty)).problems.get(0)).contains("4294967295 samples without bytes");
    }

    @Test
    void packetsThatShareTheirBytesHaveAnEnd() throws IOException {
        byte[] file = new Mp4Writer(HEAD, packets(1_000)).packetsAChunk(1).moovFirst();
        int offsets = indexOf(file, "stco") + 12;
        for (int i = 1; i < 1_000; i++) {
            System.arraycopy(file, offsets, file, offsets + 4 * i, 4);
        }

        Result result = read(file);

        assertThat(result.packets.stream()
                        .mapToLong(packet -> packet.payload().length)
                        .sum())
                .isLessThan(file.length);
        assertThat(result.problems.get(result.problems.size() - 1)).contains("the same bytes are in packets");
    }

    @Test
    void whatIsNoBoxAtTheEndIsOdd() throws IOException {
        Result result = read(concat(writer(3).moovFirst(), new byte[100]));

        assertThat(result.packets).hasSize(3);
        assertThat(result.kinds).containsExactly(Kind.IRREGULARITY);
        assertThat(result.bytesRead).isEqualTo(writer(3).moovFirst().length + 100);
    }

    @Test
    void aRecordingCutAnywhereGivesWhatIsWhole() throws IOException {
        List<byte[]> packets = packets(60);
        int opened = 0;
        int unnoticed = 0;
        for (byte[] whole : List.of(
                writer(60).moovFirst(), writer(60).moovLast(), writer(60).fragmented(7))) {
            for (int length = 0; length < whole.length; length++) {
                Result result = readIfItOpens(Arrays.copyOf(whole, length));
                if (result != null) {
                    opened++;
                    assertThat(result.payloads()).containsExactlyElementsOf(packets.subList(0, result.packets.size()));
                    assertThat(result.bytesRead).isEqualTo(length);
                    assertThat(result.kinds).allMatch(kind -> kind == Kind.DAMAGE);
                    unnoticed += result.kinds.isEmpty() ? 1 : 0;
                }
            }
        }
        assertThat(opened).isGreaterThan(2_000);
        // Behind the Movie Box and behind each of the 9 fragments but the last one nothing tells that there was more.
        assertThat(unnoticed).isEqualTo(1 + 8);
    }

    @Test
    void aRecordingWithAnyBytesChangedGivesPacketsOrARefusalNothingElse() throws IOException {
        Random random = new Random(14496);
        List<byte[]> sound = List.of(
                writer(40).moovFirst(),
                writer(40)
                        .packetsAChunk(3)
                        .largeOffsets()
                        .edits(edit(100_000, 312))
                        .moovLast(),
                writer(40).sizeBits(16).extended().moovFirst(),
                writer(40).edits(edit(48_000, -1), edit(20_000, 312)).fragmented(7));
        int opened = 0;
        for (int round = 0; round < 6_000; round++) {
            byte[] file = sound.get(round % sound.size()).clone();
            for (int change = 1 + random.nextInt(4); change > 0; change--) {
                file[random.nextInt(file.length)] =
                        (byte) (random.nextBoolean() ? random.nextInt() : -random.nextInt(2));
            }
            Holes holes = random.nextBoolean() ? Holes.FILL : Holes.SKIP;
            Result result = readIfItOpens(file, new ReadingSettings(holes, Duration.ofHours(1), 0));
            if (result != null) {
                opened++;
                assertThat(result.sequenceNumbers()).isSorted().doesNotHaveDuplicates();
                assertThat(result.timestamps()).isSorted();
                assertThat(result.bytesRead).isEqualTo(file.length);
                assertThat(result.packets.stream()
                                .mapToLong(packet -> packet.payload().length)
                                .sum())
                        .isLessThanOrEqualTo(file.length);
            }
        }
        assertThat(opened).isGreaterThan(3_000);
    }

    @Test
    void everyByteOfTheTablesMayBeWrong() throws IOException {
        byte[] sound = writer(5).edits(edit(3_000, 312)).extended().moovFirst();
        int opened = 0;
        for (int at = 0; at < sound.length; at++) {
            for (int value : new int[] {0, 1, 0x7F, 0x80, 0xFF}) {
                byte[] file = sound.clone();
                file[at] = (byte) value;
                opened += readIfItOpens(file) == null ? 0 : 1;
            }
        }
        assertThat(opened).isGreaterThan(sound.length);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void millionsOfPacketsAreReadThroughSmallWindows(boolean fragmented) throws IOException {
        int packets = 2_000_000;
        LongRecording bytes = fragmented ? LongRecording.inOneRun(packets) : LongRecording.inTables(packets);
        long count = 0;
        try (Recording recording = open(bytes, ReadingSettings.DEFAULT)) {
            for (OpusPacket packet = recording.next(); packet != null; packet = recording.next()) {
                assertThat(packet.timestamp()).isEqualTo(960 * count);
                count++;
            }
            assertThat(recording.problems()).isEmpty();
            assertThat(recording.bytesRead()).isEqualTo(bytes.size());
        }

        assertThat(count).isEqualTo(packets);
        assertThat(bytes.mostOpen).isLessThanOrEqualTo(6);
        assertThat(bytes.largestRead).isLessThanOrEqualTo(Mp4Cursor.PACKET_BUFFER_BYTES);
        assertThat(bytes.read).isLessThan(bytes.size() + 1_000_000);
    }

    /** What a whole recording gave. */
    private record Result(
            OpusHead head, List<OpusPacket> packets, List<String> problems, List<Kind> kinds, long bytesRead) {
        private List<byte[]> payloads() {
            return packets.stream().map(OpusPacket::payload).toList();
        }

        private List<Long> timestamps() {
            return packets.stream().map(OpusPacket::timestamp).toList();
        }

        private List<Long> sequenceNumbers() {
            return packets.stream().map(OpusPacket::sequenceNumber).toList();
        }

        private List<Integer> trimsAtEnd() {
            return packets.stream().map(OpusPacket::trimEnd).toList();
        }
    }

    /** Counts what was opened and not closed. */
    private static final class OpenStreams implements RecordingBytes {
        private final RecordingBytes bytes;
        private int open;

        private OpenStreams(RecordingBytes bytes) {
            this.bytes = bytes;
        }

        @Override
        public InputStream open(long offset) throws IOException {
            open++;
            return new FilterInputStream(bytes.open(offset)) {
                private boolean closed;

                @Override
                public void close() throws IOException {
                    open -= closed ? 0 : 1;
                    closed = true;
                    super.close();
                }
            };
        }
    }

    private static Arguments form(String name, byte[] file) {
        return Arguments.of(name, file);
    }

    private static Arguments refused(int track, byte[] file, String message) {
        return Arguments.of(track, file, message);
    }

    private static Mp4Writer writer(int packets) {
        return new Mp4Writer(HEAD, packets(packets));
    }

    /** A fragment of one track. A data offset of -1 in its runs becomes that of its data. */
    private static byte[] fragment(byte[] track, byte[]... data) {
        return fragmentOf(List.of(track), concat(data));
    }

    private static byte[] fragmentOf(List<byte[]> tracks, byte[] data) {
        byte[] boxes = concat(tracks.stream().map(track -> box("traf", track)).toArray(byte[][]::new));
        byte[] moof = box("moof", box("mfhd", u32(0), u32(1)), boxes);
        int run = indexOf(moof, "trun");
        if ((moof[run + 7] & 1) != 0 && ByteBuffer.wrap(moof).getInt(run + 12) == -1) {
            ByteBuffer.wrap(moof).putInt(run + 12, moof.length + 8);
        }
        return concat(moof, box("mdat", data));
    }

    /** The file with another name for the first box of that name, so that nobody finds it. */
    private static byte[] renamed(byte[] file, String type) {
        byte[] changed = file.clone();
        System.arraycopy(text("free"), 0, changed, indexOf(changed, type), 4);
        return changed;
    }

    /** Where the first text is that is the same as that. */
    private static int indexOf(byte[] file, String type) {
        for (int at = 0; at <= file.length - 4; at++) {
            if (Arrays.equals(file, at, at + 4, text(type), 0, 4)) {
                return at;
            }
        }
        throw new IllegalArgumentException("there is no box " + type);
    }

    private static RecordingException refusal(RecordingBytes bytes, int track) {
        return catchThrowableOfType(
                RecordingException.class, () -> open(bytes, new ReadingSettings(null, Duration.ZERO, track))
                        .close());
    }

    private static Result readIfItOpens(byte[] file) throws IOException {
        return readIfItOpens(file, ReadingSettings.DEFAULT);
    }

    private static Result readIfItOpens(byte[] file, ReadingSettings settings) throws IOException {
        try {
            return read(file, settings);
        } catch (RecordingException refusal) {
            assertThat(refusal).hasMessageStartingWith("x.mp4");
            return null;
        }
    }

    private static Result read(byte[] file) throws IOException {
        return read(file, ReadingSettings.DEFAULT);
    }

    private static Result read(byte[] file, ReadingSettings settings) throws IOException {
        return read(bytes(file), settings);
    }

    private static Result read(RecordingBytes bytes, ReadingSettings settings) throws IOException {
        try (Recording recording = open(bytes, settings)) {
            List<OpusPacket> packets = new ArrayList<>();
            for (OpusPacket packet = recording.next(); packet != null; packet = recording.next()) {
                packets.add(packet);
            }
            assertThat(recording.next()).isNull();
            List<String> problems = recording.problems().stream()
                    .map(RecordingProblem::toString)
                    .toList();
            List<Kind> kinds =
                    recording.problems().stream().map(RecordingProblem::kind).toList();
            return new Result(recording.head(), packets, problems, kinds, recording.bytesRead());
        }
    }

    private static Recording open(RecordingBytes bytes, ReadingSettings settings) throws IOException {
        return Recordings.open(bytes, "x.mp4", "stream", settings);
    }

    private static RecordingBytes bytes(byte[] file) {
        return offset -> {
            int at = (int) Math.min(file.length, offset);
            return new ByteArrayInputStream(file, at, file.length - at);
        };
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
