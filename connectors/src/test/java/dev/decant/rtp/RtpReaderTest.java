package dev.decant.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import dev.decant.rtp.RtpSettings.SeveralSsrcs;
import dev.decant.rtp.RtpWriter.Copy;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RtpReaderTest {
    private static final PacketOrigin ORIGIN = new PacketOrigin("packets", 3, 42, 1_700_000_000_000L);
    private static final byte[] OPUS = {(byte) 0xFC, 1, 2};
    private static final byte[] OLDER = {(byte) 0xFC, 3};
    private static final byte[] OLDEST = {(byte) 0xFC, 4, 5, 6};
    private static final long SSRC = 0xDEADBEEFL;
    private static final int OPUS_TYPE = 111;
    private static final int RED_TYPE = 63;

    private final RtpWriter writer = new RtpWriter(SSRC, OPUS_TYPE);
    private final Counters counters = new Counters();
    private final RtpReader reader = reader(SeveralSsrcs.REFUSE);

    @Test
    void readsTheHeaderOfRfc3550() throws MalformedRtpException {
        // V=2, M, PT 111, sequence number 65,535, timestamp 2^32 - 1, SSRC 0xDEADBEEF.
        byte[] record = hex("80 ef ffff ffffffff deadbeef fc0102");

        OpusPacket packet = only(record);

        assertThat(packet.streamId()).isEqualTo("alice");
        assertThat(packet.payload()).containsExactly(OPUS);
        assertThat(packet.sequenceNumber()).isEqualTo(65_535);
        assertThat(packet.timestamp()).isEqualTo(0xFFFF_FFFFL);
        assertThat(packet.rtp().ssrc()).isEqualTo(3_735_928_559L);
        assertThat(packet.rtp().redundant()).isFalse();
        assertThat(packet.rtp().record()).isSameAs(record);
        assertThat(packet.origin()).isSameAs(ORIGIN);
        assertThat(packet.finalRange()).isEqualTo(OpusPacket.ABSENT);
    }

    @Test
    void readsTheWholeHeaderWithCsrcsExtensionAndPadding() throws MalformedRtpException {
        // V=2 P X CC=2; two CSRCs; an extension of one word; the payload; three bytes of padding.
        byte[] record = hex("b2 6f 0001 000003c0 00000007 11111111 22222222 bede 0001 10ff0000 fc0102 000003");

        OpusPacket packet = only(record);

        assertThat(packet.payload()).containsExactly(OPUS);
        assertThat(packet.sequenceNumber()).isEqualTo(1);
        assertThat(packet.timestamp()).isEqualTo(960);
        assertThat(packet.rtp().ssrc()).isEqualTo(7);
    }

    @Test
    void findsThePayloadBehindEveryHeaderThereCanBe() throws MalformedRtpException {
        for (int csrcCount = 0; csrcCount <= 15; csrcCount++) {
            for (int words = -1; words <= 3; words++) {
                for (int padding : new int[] {0, 1, 4, 255}) {
                    RtpWriter full = writer.csrcs(new long[csrcCount]).padding(padding);
                    RtpWriter extended = words < 0 ? full : full.extension(new byte[4 * words]);

                    assertThat(only(extended.packet(9, 10, OPUS)).payload())
                            .as("%d CSRCs, extension of %d words, padding of %d", csrcCount, words, padding)
                            .containsExactly(OPUS);
                }
            }
        }
    }

    @Test
    void whatCameBesideTheRecordStaysWithItsPackets() throws MalformedRtpException {
        OpusHead head = OpusHead.of(2, 312, -256);

        List<OpusPacket> packets =
                reader.read(writer.red(7, 9_600, OPUS, new Copy(960, OLDER)), "alice", head, 5, ORIGIN);

        assertThat(packets).hasSize(2).allSatisfy(packet -> {
            assertThat(packet.head()).isSameAs(head);
            assertThat(packet.link()).isEqualTo(5);
        });
    }

    @Test
    void aPacketWithoutPayloadTakesItsNumberOnly() throws MalformedRtpException {
        for (byte[] record : List.of(
                writer.packet(8, 960, new byte[0]),
                writer.padding(200).packet(8, 960, new byte[0]),
                new RtpWriter(SSRC, RED_TYPE).padding(4).packet(8, 960, new byte[0]),
                new RtpWriter(SSRC, 110).packet(8, 960, new byte[0]))) {
            OpusPacket packet = only(record);

            assertThat(packet.isNumberOnly()).isTrue();
            assertThat(packet.sequenceNumber()).isEqualTo(8);
        }
        assertThat(counters.ignoredPayloads.getCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 13, 110, 126, 127})
    void aPayloadThatIsNotOpusTakesItsNumberOnlyAndIsCounted(int payloadType) throws MalformedRtpException {
        byte[] telephoneEvent = {1, 10, 0, 0};

        OpusPacket packet = only(new RtpWriter(SSRC, payloadType).packet(8, 960, telephoneEvent));

        assertThat(packet.isNumberOnly()).isTrue();
        assertThat(packet.sequenceNumber()).isEqualTo(8);
        assertThat(counters.ignoredPayloads.getCount()).isOne();
    }

    @Test
    void theOtherPayloadTypesOfTheSettingsAreOpusAndRedToo() throws MalformedRtpException {
        RtpReader other =
                new RtpReader(new RtpSettings(List.of(96, 109), List.of(97, 121), SeveralSsrcs.REFUSE), new Counters());

        for (int opus : new int[] {96, 109}) {
            RtpWriter browser = new RtpWriter(SSRC, opus);
            assertThat(read(other, browser.packet(1, 2, OPUS)))
                    .extracting(OpusPacket::payload)
                    .containsExactly(OPUS);
            for (int red : new int[] {97, 121}) {
                assertThat(read(other, browser.redPayloadType(red).red(1, 2_000, OPUS, new Copy(960, OLDER))))
                        .extracting(OpusPacket::payload)
                        .containsExactly(OLDER, OPUS);
            }
        }
        assertThat(read(other, writer.packet(1, 2, OPUS))).allMatch(OpusPacket::isNumberOnly);
    }

    @Test
    void rtcpIsCountedAndGivesNothing() throws MalformedRtpException {
        // A sender report, a receiver report, BYE, feedback; the first and the last packet type that RFC 5761 sets
        // apart.
        for (int packetType : new int[] {200, 201, 203, 205, 206, 192, 223}) {
            byte[] report = hex("80 00 0001 deadbeef");
            report[1] = (byte) packetType;

            assertThat(read(reader, report)).isEmpty();
        }
        assertThat(counters.rtcpPackets.getCount()).isEqualTo(7);
        assertThat(only(new RtpWriter(SSRC, 96).marker().packet(1, 2, OPUS)).isNumberOnly())
                .as("marker and payload type 96 are 224")
                .isTrue();
        assertThat(only(new RtpWriter(SSRC, RED_TYPE).marker().packet(1, 2, new byte[] {OPUS_TYPE})))
                .as("marker and payload type 63 are 191")
                .isNotNull();
    }

    @Test
    void readsTheBlocksOfRfc2198() throws MalformedRtpException {
        // With Opus in both blocks: one copy, its offset in 14 bits and its length in 10, and the primary.
        byte[] record = hex("80 3f 0010 00002000 00000001  ef 000000 6f  fc0304 fc0102");
        int offset = 960;
        int length = 3;
        int offsetAndLength = offset << 10 | length;
        record[13] = (byte) (offsetAndLength >> 16);
        record[14] = (byte) (offsetAndLength >> 8);
        record[15] = (byte) offsetAndLength;

        List<OpusPacket> packets = read(reader, record);

        assertThat(packets).extracting(OpusPacket::sequenceNumber).containsExactly(15L, 16L);
        assertThat(packets).extracting(OpusPacket::timestamp).containsExactly(0x2000L - 960, 0x2000L);
        assertThat(packets.get(0).payload()).containsExactly(hex("fc0304"));
        assertThat(packets.get(1).payload()).containsExactly(OPUS);
        assertThat(packets).extracting(packet -> packet.rtp().redundant()).containsExactly(true, false);
        assertThat(packets.get(0).rtp().record()).as("of a copy").isEmpty();
        assertThat(packets.get(1).rtp().record()).isSameAs(record);
    }

    @Test
    void copiesComeOldestFirstAndTheirPlaceTellsTheirNumber() throws MalformedRtpException {
        List<OpusPacket> packets =
                read(reader, writer.red(100, 96_000, OPUS, new Copy(1_920, OLDEST), new Copy(960, OLDER)));

        assertThat(packets).extracting(OpusPacket::sequenceNumber).containsExactly(98L, 99L, 100L);
        assertThat(packets).extracting(OpusPacket::timestamp).containsExactly(94_080L, 95_040L, 96_000L);
        assertThat(packets).extracting(OpusPacket::payload).containsExactly(OLDEST, OLDER, OPUS);
        assertThat(packets).extracting(packet -> packet.rtp().redundant()).containsExactly(true, true, false);
    }

    @Test
    void numbersAndTimesOfCopiesWrap() throws MalformedRtpException {
        List<OpusPacket> packets =
                read(reader, writer.red(1, 960, OPUS, new Copy(1_920, OLDEST), new Copy(960, OLDER)));

        assertThat(packets).extracting(OpusPacket::sequenceNumber).containsExactly(65_535L, 0L, 1L);
        assertThat(packets).extracting(OpusPacket::timestamp).containsExactly(0x1_0000_0000L - 960, 0L, 960L);
    }

    @Test
    void theLongestCopyAndTheFarthestAreRead() throws MalformedRtpException {
        byte[] longest = new byte[1_023];
        longest[1_022] = 9;

        List<OpusPacket> packets = read(reader, writer.red(5, 20_000, OPUS, new Copy(16_383, longest)));

        assertThat(packets.get(0).payload()).containsExactly(longest);
        assertThat(packets.get(0).timestamp()).isEqualTo(20_000 - 16_383);
        assertThat(packets.get(1).payload()).containsExactly(OPUS);
    }

    @Test
    void emptyBlocksAndThoseThatAreNotOpusKeepTheirPlace() throws MalformedRtpException {
        List<OpusPacket> packets = read(
                reader,
                writer.red(
                        100,
                        96_000,
                        OPUS,
                        new Copy(2_880, OLDEST),
                        new Copy(1_920, new byte[0]),
                        new Copy(110, 960, new byte[] {1, 10, 0, 0})));

        assertThat(packets).extracting(OpusPacket::sequenceNumber).containsExactly(97L, 100L);
        assertThat(counters.ignoredPayloads.getCount()).isOne();
    }

    @Test
    void aCopyThatClaimsThePrimarysTimeCostsOnlyItself() throws MalformedRtpException {
        List<OpusPacket> packets =
                read(reader, writer.red(100, 96_000, OPUS, new Copy(1_920, OLDEST), new Copy(0, OLDER)));

        assertThat(packets).extracting(OpusPacket::payload).containsExactly(OLDEST, OPUS);
        assertThat(counters.ignoredPayloads.getCount()).isOne();
    }

    @Test
    void aPrimaryBlockThatIsEmptyOrNotOpusTakesItsNumberOnly() throws MalformedRtpException {
        Copy copy = new Copy(OPUS_TYPE, 960, OLDER);

        List<OpusPacket> empty = read(reader, writer.red(100, 96_000, new byte[0], copy));
        List<OpusPacket> other = read(reader, new RtpWriter(SSRC, 110).red(100, 96_000, new byte[] {1}, copy));

        for (List<OpusPacket> packets : List.of(empty, other)) {
            assertThat(packets).extracting(OpusPacket::sequenceNumber).containsExactly(99L, 100L);
            assertThat(packets.get(0).payload()).containsExactly(OLDER);
            assertThat(packets.get(1).isNumberOnly()).isTrue();
        }
        assertThat(counters.ignoredPayloads.getCount()).isOne();
    }

    @Test
    void redWithinRedIsNotRead() throws MalformedRtpException {
        assertThat(only(new RtpWriter(SSRC, RED_TYPE).red(1, 2, new byte[] {OPUS_TYPE, 1}))
                        .isNumberOnly())
                .isTrue();
    }

    @Test
    void thirtyTwoCopiesAreReadAndMoreAreRefused() throws MalformedRtpException {
        Copy[] most = new Copy[32];
        Arrays.fill(most, new Copy(120, OLDER));
        Copy[] tooMany = Arrays.copyOf(most, 33);
        tooMany[32] = most[0];

        assertThat(read(reader, writer.red(40, 0, OPUS, most))).hasSize(33);
        assertThat(refusal(writer.red(40, 0, OPUS, tooMany))).contains("33 redundant blocks", "at most 32");
    }

    @Test
    void severalSsrcsAreSplitByTheStreamId() throws MalformedRtpException {
        RtpReader splitting = reader(SeveralSsrcs.SPLIT);

        for (OpusPacket packet : read(splitting, writer.red(2, 2_000, OPUS, new Copy(960, OLDER)))) {
            assertThat(packet.streamId()).isEqualTo("alice.ssrc-3735928559");
            assertThat(packet.recordKey()).isEqualTo("alice");
        }
        assertThat(only(writer.packet(1, 2, OPUS)).recordKey()).isEqualTo("alice");
    }

    @Test
    void everyTruncationIsReadOrRefusedAndNothingBeyondTheEndIsRead() {
        for (byte[] whole : List.of(
                writer.packet(1, 2, OPUS),
                writer.csrcs(1, 2, 3).extension(new byte[8]).padding(5).packet(1, 2, OPUS),
                writer.red(100, 96_000, OPUS, new Copy(1_920, OLDEST), new Copy(960, OLDER)),
                writer.csrcs(4).extension(new byte[4]).padding(3).red(9, 9_600, OPUS, new Copy(960, OLDER)))) {
            for (int length = 0; length < whole.length; length++) {
                readsOrRefuses(Arrays.copyOf(whole, length));
            }
        }
    }

    @Test
    void everyChangeOfAByteIsReadOrRefused() {
        byte[] whole = writer.csrcs(4).extension(new byte[4]).padding(3).red(9, 9_600, OPUS, new Copy(960, OLDER));
        for (int i = 0; i < whole.length; i++) {
            for (int value = 0; value < 256; value++) {
                byte[] changed = whole.clone();
                changed[i] = (byte) value;
                readsOrRefuses(changed);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                       | the record has 0 bytes: the header of an RTP packet has 12",
                "80 6f 0001 00000000 000000               | the record has 11 bytes",
                "80 c8 00                                 | the record has 3 bytes",
                "00 01 0000 2112a442 00000000 00000000    | the record says version 0",
                "40 6f 0001 00000000 00000000 fc          | the record says version 1",
                "c0 6f 0001 00000000 00000000 fc          | the record says version 3",
                "81 6f 0001 00000000 00000000 000000      | with 1 CSRCs its header has 16",
                "8f 6f 0001 00000000 00000000             | with 15 CSRCs its header has 72",
                "90 6f 0001 00000000 00000000 bede00      | the header of its extension ends at 16",
                "90 6f 0001 00000000 00000000 bede 0001 00| its extension ends at 20",
                "90 6f 0001 00000000 00000000 bede ffff   | its extension ends at 262156",
                "a0 6f 0001 00000000 00000000             | 0 bytes behind its header, and 0 of padding",
                "a0 6f 0001 00000000 00000000 fc0100      | 3 bytes behind its header, and 0 of padding",
                "a0 6f 0001 00000000 00000000 fc0104      | 3 bytes behind its header, and 4 of padding",
                "80 3f 0001 00000000 00000000 ef          | before the header of its primary block",
                "80 3f 0001 00000000 00000000 ef0f0001    | before the header of its primary block",
                "80 3f 0001 00000000 00000000 ef0f0002 6f fc | the redundant blocks of the RTP packet end at 19",
            })
    void saysWhatIsWrong(String record, String message) {
        assertThat(refusal(hex(record))).contains(message);
    }

    @Test
    void whatIsLongerThanAnyRtpPacketIsRefused() throws MalformedRtpException {
        byte[] longest = writer.packet(1, 2, new byte[65_535 - 12]);

        assertThat(only(longest).payload()).hasSize(65_523);
        assertThat(refusal(Arrays.copyOf(longest, 65_536))).contains("65536 bytes", "at most 65535");
    }

    /** Of what is read, every byte is one of the record, in its order, and at most as many as there are. */
    private void readsOrRefuses(byte[] record) {
        assertThatCode(() -> {
                    List<OpusPacket> packets;
                    try {
                        packets = read(reader, record);
                    } catch (MalformedRtpException refused) {
                        assertThat(refused.getMessage()).isNotBlank();
                        return;
                    }
                    int bytes = packets.stream()
                            .mapToInt(packet -> packet.payload().length)
                            .sum();
                    assertThat(bytes).isLessThanOrEqualTo(Math.max(0, record.length - 12));
                })
                .as(HexFormat.of().formatHex(record))
                .doesNotThrowAnyException();
    }

    private RtpReader reader(SeveralSsrcs severalSsrcs) {
        return new RtpReader(new RtpSettings(List.of(OPUS_TYPE), List.of(RED_TYPE), severalSsrcs), counters);
    }

    private OpusPacket only(byte[] record) throws MalformedRtpException {
        List<OpusPacket> packets = read(reader, record);
        assertThat(packets).hasSize(1);
        return packets.get(0);
    }

    private String refusal(byte[] record) {
        return catchThrowableOfType(MalformedRtpException.class, () -> read(reader, record))
                .getMessage();
    }

    private static List<OpusPacket> read(RtpReader reader, byte[] record) throws MalformedRtpException {
        return reader.read(record, "alice", null, OpusPacket.ABSENT, ORIGIN);
    }

    private static byte[] hex(String spaced) {
        return HexFormat.of().parseHex(spaced.replace(" ", ""));
    }

    /** Keeps the two counters, whatever group they are in. */
    private static final class Counters extends UnregisteredMetricsGroup {
        private final Counter ignoredPayloads = new SimpleCounter();
        private final Counter rtcpPackets = new SimpleCounter();

        @Override
        public MetricGroup addGroup(String name) {
            assertThat(name).isEqualTo("decant");
            return this;
        }

        @Override
        public Counter counter(String name) {
            return switch (name) {
                case "ignoredPayloads" -> ignoredPayloads;
                case "rtcpPackets" -> rtcpPackets;
                default -> throw new IllegalArgumentException(name + " is not a metric of RTP");
            };
        }
    }
}
