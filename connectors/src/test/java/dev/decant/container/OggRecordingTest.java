package dev.decant.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketFraming;
import dev.decant.audio.PacketOrigin;
import dev.decant.container.ReadingSettings.Holes;
import dev.decant.container.RecordingProblem.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OggRecordingTest {
    private static final OpusHead HEAD = OpusHead.of(1, 312, -256);

    /** SILK wideband 20 ms mono, code 0. */
    private static final int MS_20 = 9 << 3;

    @Test
    void packetsComeWithTheirPlaceInTheRecording() throws IOException {
        List<byte[]> packets = packets(120);
        byte[] file = OggWriter.recording(HEAD, packets, 0);

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
                            new PacketOrigin("x.opus", 0, offset, 20L * i)));
            assertThat(Arrays.copyOfRange(file, offset, offset + packets.get(i).length))
                    .isEqualTo(packets.get(i));
            assertThat(packet.head()).isSameAs(result.packets.get(0).head());
        }
    }

    @Test
    void theLastPageCanEndBeforeItsPacketsDo() throws IOException {
        assertThat(trimsAtEnd(OggWriter.recording(HEAD, packets(4), 500))).containsExactly(0, 0, 0, 500);
        assertThat(trimsAtEnd(OggWriter.recording(HEAD, packets(4), 2_000))).containsExactly(0, 80, 960, 960);
        assertThat(trimsAtEnd(OggWriter.recording(HEAD, packets(52), 1_000)))
                .endsWith(0, 40, 960)
                .hasSize(52);
    }

    @Test
    void theLastPageCannotEndBeforeItBegins() throws IOException {
        Result result = read(new OggWriter(1)
                .headers(HEAD)
                .page(1_920, false, packet(1), packet(2))
                .page(1_000, true, packet(3))
                .toBytes());

        assertThat(result.trims()).containsExactly(0, 0, 960);
        assertThat(result.problems).hasSize(1);
        assertThat(result.problems.get(0)).contains("920 ticks too small");
    }

    @Test
    void onlyTheLastPageTrims() throws IOException {
        Result result = read(new OggWriter(1)
                .headers(HEAD)
                .page(960, false, packet(1))
                .page(1_800, false, packet(2))
                .page(2_760, true, packet(3))
                .toBytes());

        assertThat(result.trims()).containsExactly(0, 0, 0);
        assertThat(result.timestamps()).containsExactly(0L, 960L, 1_920L);
        assertThat(result.problems).hasSize(1);
        assertThat(result.problems.get(0)).contains("120 ticks too small");
    }

    @Test
    void roundedGranulePositionsAreNoGaps() throws IOException {
        Result result = read(new OggWriter(1)
                .headers(HEAD)
                .page(960, false, packet(1))
                .page(1_958, false, packet(2))
                .page(2_870, false, packet(3))
                .page(3_850, true, packet(4))
                .toBytes());

        assertThat(result.timestamps()).containsExactly(0L, 960L, 1_920L, 2_880L);
        assertThat(result.trims()).containsExactly(0, 0, 0, 0);
        assertThat(result.problems).isEmpty();
    }

    @Test
    void aRecordingCutOutOfALongerOneKeepsItsTime() throws IOException {
        Result result = read(new OggWriter(1)
                .headers(HEAD)
                .page(10_000, false, packet(1), packet(2))
                .page(10_900, true, packet(3))
                .toBytes());

        assertThat(result.timestamps()).containsExactly(8_080L, 9_040L, 10_000L);
        assertThat(result.sequenceNumbers()).containsExactly(0L, 1L, 2L);
        assertThat(result.trims()).containsExactly(0, 0, 60);
        assertThat(result.problems).isEmpty();
    }

    @Test
    void aFirstPageThatIsNotTheLastCannotBeginBeforeTime0() throws IOException {
        Result result = read(new OggWriter(1)
                .headers(HEAD)
                .page(1_000, false, packet(1), packet(2))
                .page(1_960, true, packet(3))
                .toBytes());

        assertThat(result.timestamps()).containsExactly(0L, 960L, 1_920L);
        assertThat(result.trims()).containsExactly(0, 0, 0);
        assertThat(result.problems).hasSize(1);
        assertThat(result.problems.get(0)).contains("920 ticks too small");
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 254, 255, 256, 70_000, 10_000_000})
    void tagsOfAnySizeArePassedOver(int bytes) throws IOException {
        Result result = read(new OggWriter(1)
                .first(HEAD.toBytes())
                .page(0, false, OggWriter.tags(bytes))
                .page(960, true, packet(1))
                .toBytes());

        assertThat(result.payloads()).containsExactly(packet(1));
        assertThat(result.problems).isEmpty();
    }

    @Test
    void aRecordingWithoutTagsLosesNoPacket() throws IOException {
        Result result = read(new OggWriter(1)
                .first(HEAD.toBytes())
                .page(960, true, packet(1))
                .toBytes());

        assertThat(result.payloads()).containsExactly(packet(1));
        assertThat(result.problems).hasSize(1);
        assertThat(result.problems.get(0)).contains("no OpusTags");
    }

    @Test
    void aPacketGoesOnOverPages() throws IOException {
        byte[] large = Arrays.copyOf(packet(7), 400);
        OggWriter writer = new OggWriter(1).headers(HEAD);
        int pageAt = writer.size();
        byte[] file = writer.page(0, 960, List.of(2, 255), concat(packet(1), Arrays.copyOf(large, 255)))
                .page(1, -1, List.of(), new byte[0])
                .page(1, 1_920, List.of(145), Arrays.copyOfRange(large, 255, 400))
                .page(0, -1, List.of(), new byte[0])
                .page(2_880, true, packet(2))
                .toBytes();

        Result result = read(file);

        assertThat(result.payloads()).containsExactly(packet(1), large, packet(2));
        assertThat(result.timestamps()).containsExactly(0L, 960L, 1_920L);
        assertThat(result.packets.get(1).origin().offset()).isEqualTo(pageAt + 27 + 2 + 2);
        assertThat(result.problems).isEmpty();
    }

    @Test
    void theLargestPacketsOfManyStreamsAreRead() throws IOException {
        OpusHead head = new OpusHead(1, 3, 0, 0, 0, 255, 3, 0, new byte[] {0, 1, 2}, new byte[0]);
        byte[] large = Arrays.copyOf(packet(7), 3 * PacketFraming.MAX_PACKET_BYTES);

        Result result = read(OggWriter.recording(head, List.of(packet(1), large, packet(2)), 0));

        assertThat(result.payloads()).containsExactly(packet(1), large, packet(2));
    }

    @ParameterizedTest
    @ValueSource(ints = {PacketFraming.MAX_PACKET_BYTES + 1, 3_000_000})
    void aPacketLongerThanAnyIsALoss(int bytes) throws IOException {
        Result result = read(new OggWriter(1)
                .headers(HEAD)
                .page(960, false, packet(1))
                .page(1_920, false, Arrays.copyOf(packet(2), bytes))
                .page(2_880, true, packet(3))
                .toBytes());

        assertThat(result.payloads()).containsExactly(packet(1), packet(3));
        assertThat(result.timestamps()).containsExactly(0L, 1_920L);
        assertThat(result.sequenceNumbers()).containsExactly(0L, 2L);
        assertThat(result.problems).hasSize(1);
        assertThat(result.problems.get(0)).contains("a packet of more than 61440 bytes");
    }

    @Test
    void anEmptyPacketIsNone() throws IOException {
        Result result = read(OggWriter.recording(HEAD, List.of(packet(1), new byte[0], packet(2)), 0));

        assertThat(result.payloads()).containsExactly(packet(1), packet(2));
        assertThat(result.timestamps()).containsExactly(0L, 960L);
        assertThat(result.sequenceNumbers()).containsExactly(0L, 1L);
        assertThat(result.problems).hasSize(1);
    }

    @Test
    void aPacketThatBreaksTheRulesIsPassedOnForTheDeadLetters() throws IOException {
        byte[] noFrames = {MS_20 | 3, 0};

        Result result = read(OggWriter.recording(HEAD, List.of(packet(1), noFrames, packet(2)), 0));

        assertThat(result.payloads()).containsExactly(packet(1), noFrames, packet(2));
        assertThat(result.timestamps()).containsExactly(0L, 960L, 960L);
    }

    @Test
    void otherStreamsArePassedOver() throws IOException {
        byte[] file = new OggWriter(7)
                .first("OVP80 video".getBytes()).stream(1, 0).first(HEAD.toBytes()).stream(2, 0)
                        .first(OpusHead.of(2, 0, 0).toBytes())
                        .stream(7, 1)
                        .page(1, false, new byte[3_000])
                        .stream(1, 1)
                        .page(0, false, OggWriter.tags(16))
                        .stream(2, 1)
                        .page(0, false, OggWriter.tags(16))
                        .page(960, true, packet(9))
                        .stream(1, 2)
                        .page(960, false, packet(1))
                        .stream(7, 2)
                        .page(2, true, new byte[300])
                        .stream(1, 3)
                        .page(1_920, true, packet(2))
                        .toBytes();

        Result result = read(file);

        assertThat(result.payloads()).containsExactly(packet(1), packet(2));
        assertThat(result.problems).hasSize(1);
        assertThat(result.problems.get(0)).contains("a second Opus stream");
    }

    @Test
    void linksFollowEachOtherEachWithItsHeaderAndItsTime() throws IOException {
        OpusHead second = OpusHead.of(2, 0, 0);
        byte[] file = new OggWriter(1)
                .link(HEAD, List.of(packet(1), packet(2)), 100).stream(9, 0)
                        .link(second, List.of(packet(3)), 0)
                        .link(HEAD, List.of(packet(4)), 1)
                        .toBytes();

        Result result = read(file);

        assertThat(result.payloads()).containsExactly(packet(1), packet(2), packet(3), packet(4));
        assertThat(result.packets).extracting(OpusPacket::link).containsExactly(0L, 0L, 1L, 2L);
        assertThat(result.packets).extracting(OpusPacket::head).containsExactly(HEAD, HEAD, second, HEAD);
        assertThat(result.timestamps()).containsExactly(0L, 960L, 0L, 0L);
        assertThat(result.sequenceNumbers()).containsExactly(0L, 1L, 2L, 3L);
        assertThat(result.trims()).containsExactly(0, 100, 0, 1);
        assertThat(result.problems).isEmpty();
    }

    @Test
    void aLinkWithABrokenHeaderIsPassedOver() throws IOException {
        byte[] bad = OpusHead.of(2, 0, 0).toBytes();
        bad[9] = 0;
        byte[] file = new OggWriter(1)
                .link(HEAD, List.of(packet(1)), 0).stream(2, 0)
                        .first(bad)
                        .page(0, false, OggWriter.tags(16))
                        .page(960, true, packet(2))
                        .stream(3, 0)
                        .link(HEAD, List.of(packet(3)), 0)
                        .toBytes();

        Result result = read(file);

        assertThat(result.payloads()).containsExactly(packet(1), packet(3));
        assertThat(result.packets).extracting(OpusPacket::link).containsExactly(0L, 1L);
        assertThat(result.problems).hasSize(1);
        assertThat(result.problems.get(0)).contains("0 channels");
    }

    @Test
    void aDamagedPageIsALossAndTheReadingGoesOn() throws IOException {
        OggWriter writer = new OggWriter(1).headers(HEAD).page(1_920, false, packet(1), packet(2));
        int damagedAt = writer.size();
        writer.page(4_800, false, packet(3), packet(4), packet(5));
        int afterwards = writer.size();
        byte[] file = writer.page(5_760, true, packet(6)).toBytes();
        file[afterwards - 1] ^= 1;

        Result result = read(file);

        assertThat(result.payloads()).containsExactly(packet(1), packet(2), packet(6));
        assertThat(result.timestamps()).containsExactly(0L, 960L, 4_800L);
        assertThat(result.sequenceNumbers()).containsExactly(0L, 1L, 5L);
        assertThat(result.problems)
                .containsExactly(
                        "byte %d: %d bytes are damaged and were skipped".formatted(damagedAt, afterwards - damagedAt),
                        "byte %d: page 4 follows: page 3 was expected".formatted(afterwards),
                        "byte %d: 0.060 s are missing".formatted(afterwards));
    }

    @Test
    void timeMissingWithoutAMissingPageIsNoLostPacket() throws IOException {
        Result result = read(new OggWriter(1)
                .headers(HEAD)
                .page(960, false, packet(1))
                .page(48_960, true, packet(2))
                .toBytes());

        assertThat(result.timestamps()).containsExactly(0L, 48_000L);
        assertThat(result.sequenceNumbers()).containsExactly(0L, 1L);
        assertThat(result.problems).hasSize(1);
        assertThat(result.problems.get(0)).contains("0.980 s pass without a packet");
    }

    @Test
    void holesThatAreSkippedTakeNoTime() throws IOException {
        byte[] file = new OggWriter(1)
                .headers(HEAD).page(960, false, packet(1)).page(48_960, false, packet(2)).stream(1, 9)
                        .page(96_960, false, packet(3))
                        .page(97_000, true, packet(4))
                        .toBytes();

        Result result = read(file, new ReadingSettings(Holes.SKIP, Duration.ofHours(1), 0));

        assertThat(result.timestamps()).containsExactly(0L, 960L, 1_920L, 2_880L);
        assertThat(result.sequenceNumbers()).containsExactly(0L, 1L, 2L, 3L);
        assertThat(result.trims()).containsExactly(0, 0, 0, 920);
        assertThat(result.problems)
                .satisfiesExactly(
                        pause -> assertThat(pause).contains("0.980 s pass without a packet; skipped"),
                        page -> assertThat(page).contains("page 9 follows"),
                        loss -> assertThat(loss).contains("0.980 s are missing; skipped"));
    }

    @Test
    void holesAreFilledUntilTheyAreTooLongTogether() throws IOException {
        OggWriter writer = new OggWriter(1).headers(HEAD);
        for (int i = 0; i < 4; i++) {
            writer.page(960 + 48_000L * i, i == 3, packet(i));
        }

        Result result = read(writer.toBytes(), new ReadingSettings(null, Duration.ofMillis(2_000), 0));

        assertThat(result.timestamps()).containsExactly(0L, 48_000L, 96_000L, 96_960L);
        assertThat(result.problems).hasSize(3);
        assertThat(result.problems.get(2)).contains("0.980 s pass without a packet; too long to be filled");
    }

    @Test
    void theTimesOfPacketsGoOnFromLinkToLink() throws IOException {
        byte[] first = OggWriter.recording(HEAD, packets(3), 0);
        byte[] second = OggWriter.recording(HEAD, packets(2), 0);

        Result result = read(concat(first, second));

        assertThat(result.packets.stream().map(packet -> packet.origin().recordTime()))
                .containsExactly(0L, 20L, 40L, 60L, 80L);
    }

    @Test
    void aPacketThatLosesAPartIsLostAlone() throws IOException {
        byte[] large = Arrays.copyOf(packet(7), 400);
        byte[] file = new OggWriter(1)
                .headers(HEAD).page(0, 960, List.of(2, 255), concat(packet(1), Arrays.copyOf(large, 255))).stream(1, 4)
                        .page(1, 2_880, List.of(145, 2), concat(Arrays.copyOfRange(large, 255, 400), packet(2)))
                        .page(3_840, true, packet(3))
                        .toBytes();

        Result result = read(file);

        assertThat(result.payloads()).containsExactly(packet(1), packet(2), packet(3));
        assertThat(result.timestamps()).containsExactly(0L, 1_920L, 2_880L);
        assertThat(result.sequenceNumbers()).containsExactly(0L, 2L, 3L);
    }

    @Test
    void junkBetweenPagesIsSkipped() throws IOException {
        byte[] junk = new byte[200_000];
        new Random(1).nextBytes(junk);
        System.arraycopy("OggS\0".getBytes(), 0, junk, 100, 5);
        byte[] file = new OggWriter(1)
                .headers(HEAD)
                .page(960, false, packet(1))
                .junk(junk)
                .page(1_920, true, packet(2))
                .junk("OggOggSOg".getBytes())
                .toBytes();

        Result result = read(file);

        assertThat(result.payloads()).containsExactly(packet(1), packet(2));
        assertThat(result.timestamps()).containsExactly(0L, 960L);
        assertThat(result.sequenceNumbers()).containsExactly(0L, 1L);
        assertThat(result.problems).hasSize(2);
        assertThat(result.problems.get(0)).contains("200000 bytes are damaged");
        assertThat(result.problems.get(1)).contains("the last 9 bytes are no whole Ogg page");
    }

    @Test
    void wildGranulePositionsDoNotShakeTheClock() throws IOException {
        Result result = read(new OggWriter(1)
                .headers(HEAD)
                .page(960, false, packet(1))
                .page(Long.MAX_VALUE, false, packet(2))
                .page(Long.MIN_VALUE, false, packet(3))
                .page(3_840, true, packet(4))
                .toBytes());

        assertThat(result.timestamps()).containsExactly(0L, 960L, 1_920L, 2_880L);
        assertThat(result.problems).hasSize(2);
    }

    @Test
    void aRecordingWithoutPacketsIsEmpty() throws IOException {
        Result result = read(new OggWriter(1)
                .headers(HEAD)
                .page(4, 0, List.of(), new byte[0])
                .toBytes());

        assertThat(result.packets).isEmpty();
        assertThat(result.problems).isEmpty();
    }

    @Test
    void aRecordingIsNotReadAhead() throws IOException {
        byte[] file = OggWriter.recording(HEAD, packets(60_000), 0);
        assertThat(file.length).isGreaterThan(5 * OggPageReader.MAX_PAGE_BYTES);
        try (Recording recording = Recordings.open(
                RecordingBytes.of(() -> new ByteArrayInputStream(file)), "x.opus", "stream", ReadingSettings.DEFAULT)) {
            for (OpusPacket packet = recording.next(); packet != null; packet = recording.next()) {
                assertThat(recording.bytesRead() - packet.origin().offset())
                        .isLessThanOrEqualTo(2 * OggPageReader.MAX_PAGE_BYTES);
            }
        }
    }

    @Test
    void aRecordingCutAnywhereGivesWhatIsWhole() throws IOException {
        List<byte[]> packets = packets(110);
        byte[] whole = OggWriter.recording(HEAD, packets, 100);
        int opened = 0;
        for (int length = 0; length < whole.length; length++) {
            Result result = readIfItOpens(Arrays.copyOf(whole, length));
            if (result != null) {
                opened++;
                assertThat(result.payloads()).containsExactlyElementsOf(packets.subList(0, result.packets.size()));
                assertThat(result.problems).hasSize(1);
            }
        }
        assertThat(opened).isGreaterThan(whole.length / 2);
    }

    @Test
    void aRecordingWithAnyByteChangedGivesAllOtherPages() throws IOException {
        byte[] whole = new OggWriter(1)
                .headers(HEAD)
                .page(1_920, false, packet(1), packet(2))
                .page(2_880, false, packet(3))
                .page(3_840, true, packet(4))
                .toBytes();
        int firstPage = 27 + 1 + 19;
        for (int at = firstPage; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= 0x55;

            Result result = read(changed);

            assertThat(result.problems).isNotEmpty();
            assertThat(result.packets.size()).isBetween(2, 4);
            for (OpusPacket packet : result.packets) {
                assertThat(packet.timestamp()).isEqualTo(960L * (packet.payload()[1] - 1));
            }
        }
    }

    @Test
    void problemsDoNotGrowWithoutEnd() throws IOException {
        OggWriter writer = new OggWriter(1).headers(HEAD);
        for (int page = 2; page < 1_002; page++) {
            writer.stream(1, 2 * page).page(-1, false, packet(1));
        }

        Result result = read(writer.page(-1, true, packet(1)).toBytes());

        assertThat(result.packets).hasSize(1_001);
        assertThat(result.problems).hasSize(101);
        assertThat(result.problems.get(100)).endsWith("from here on 900 more problems");
    }

    @Test
    void whatIsMissingIsDamageWhatIsOddIsNot() throws IOException {
        byte[] noEnd = new OggWriter(1)
                .headers(HEAD)
                .page(960, false, packet(1))
                .page(9_600, false, packet(2))
                .toBytes();

        assertThat(kinds(noEnd)).containsExactly(Kind.IRREGULARITY, Kind.IRREGULARITY);
        assertThat(kinds(Arrays.copyOf(noEnd, noEnd.length - 1))).containsExactly(Kind.DAMAGE);
    }

    @Test
    void hostileBytesGivePacketsOrARefusalNothingElse() throws IOException {
        Random random = new Random(3533);
        byte[] sound = OggWriter.recording(HEAD, packets(5), 0);
        int opened = 0;
        for (int round = 0; round < 5_000; round++) {
            OggWriter writer = new OggWriter(1).first(HEAD.toBytes());
            for (int page = 0; page < 5; page++) {
                List<Integer> segments = new ArrayList<>();
                int length = 0;
                for (int segment = random.nextInt(4); segment > 0; segment--) {
                    int bytes = random.nextBoolean() ? 255 : random.nextInt(255);
                    segments.add(bytes);
                    length += bytes;
                }
                byte[] body = new byte[length];
                random.nextBytes(body);
                writer.stream(1 + random.nextInt(10) / 9, random.nextInt(10) < 8 ? page + 1 : random.nextInt());
                long granule = random.nextBoolean() ? page * 960L : random.nextLong();
                writer.page(random.nextInt(10) < 7 ? random.nextInt(2) : random.nextInt(8), granule, segments, body);
            }
            byte[] file = writer.junk(sound).toBytes();
            for (int change = random.nextInt(3); change > 0; change--) {
                file[random.nextInt(file.length)] = (byte) random.nextInt();
            }
            Result result = readIfItOpens(file);
            if (result != null) {
                opened++;
                assertThat(result.sequenceNumbers()).isSorted().doesNotHaveDuplicates();
            }
        }
        assertThat(opened).isGreaterThan(2_000);
    }

    /** What a whole recording gave. */
    private record Result(List<OpusPacket> packets, List<String> problems, long bytesRead) {
        private List<byte[]> payloads() {
            return packets.stream().map(OpusPacket::payload).toList();
        }

        private List<Long> timestamps() {
            return packets.stream().map(OpusPacket::timestamp).toList();
        }

        private List<Long> sequenceNumbers() {
            return packets.stream().map(OpusPacket::sequenceNumber).toList();
        }

        private List<Integer> trims() {
            return packets.stream().map(OpusPacket::trimEnd).toList();
        }
    }

    private static Result readIfItOpens(byte[] file) throws IOException {
        try {
            return read(file);
        } catch (RecordingException refusal) {
            assertThat(refusal).hasMessageStartingWith("x.opus");
            return null;
        }
    }

    private static Result read(byte[] file) throws IOException {
        return read(file, ReadingSettings.DEFAULT);
    }

    private static Result read(byte[] file, ReadingSettings settings) throws IOException {
        try (Recording recording = Recordings.open(
                RecordingBytes.of(() -> new ByteArrayInputStream(file)), "x.opus", "stream", settings)) {
            List<OpusPacket> packets = new ArrayList<>();
            for (OpusPacket packet = recording.next(); packet != null; packet = recording.next()) {
                packets.add(packet);
            }
            assertThat(recording.next()).isNull();
            List<String> problems = recording.problems().stream()
                    .map(RecordingProblem::toString)
                    .toList();
            return new Result(packets, problems, recording.bytesRead());
        }
    }

    private static List<Kind> kinds(byte[] file) throws IOException {
        try (Recording recording = Recordings.open(
                RecordingBytes.of(() -> new ByteArrayInputStream(file)), "x.opus", "stream", ReadingSettings.DEFAULT)) {
            while (recording.next() != null) {
                // to the end
            }
            return recording.problems().stream().map(RecordingProblem::kind).toList();
        }
    }

    private static List<Integer> trimsAtEnd(byte[] file) throws IOException {
        Result result = read(file);
        assertThat(result.problems).isEmpty();
        return result.trims();
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

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
