package dev.decant.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import dev.decant.container.RecordingProblem.Kind;
import dev.decant.monitoring.LimitedLog;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordingReadingTest {
    private static final LimitedLog RETRIES = new LimitedLog("recordings that are opened again", line -> {});
    private static final String STREAM_ID = "a/b.opus//2";
    private static final FoundRecording FOUND = new FoundRecording("a/b.opus", "a/b", "/in/a/b.opus", null);
    private static final PacketChecks CHECKS = new PacketChecks(null, 8);
    private static final OpusHead MONO = OpusHead.of(1, 312, 0);
    private static final byte[] RECORDING = OggWriter.recording(MONO, Packets.numbered(120), 0);

    @Test
    void givesThePacketsThenTheEndOfTheStreamWithTheEndOfTheRecording() throws IOException {
        List<RecordingPart> parts = read(0, offset -> new ByteArrayInputStream(RECORDING), CHECKS);

        assertThat(texts(parts)).isEqualTo(directly(RECORDING)).hasSize(120);
        assertThat(parts.subList(0, 120)).extracting(RecordingPart::end).containsOnlyNulls();
        assertThat(Packets.text(last(parts)))
                .isEqualTo(Packets.text(new RecordingPart(
                        OpusPacket.end(
                                STREAM_ID, new PacketOrigin("/in/a/b.opus", 0, RECORDING.length, PacketOrigin.NO_TIME)),
                        new RecordingEnd(
                                "a/b.opus",
                                STREAM_ID,
                                "a/b",
                                "/in/a/b.opus",
                                Container.OGG,
                                MONO,
                                1,
                                120,
                                0,
                                RECORDING.length,
                                List.of(),
                                null))));
    }

    @Test
    void comingBackGivesTheRemainingPacketsAndTheSameEnd() throws IOException {
        List<RecordingPart> all = read(0, offset -> new ByteArrayInputStream(RECORDING), CHECKS);

        for (int given = 0; given <= 120; given++) {
            assertSame(
                    read(given, offset -> new ByteArrayInputStream(RECORDING), CHECKS), all.subList(given, all.size()));
        }
    }

    @Test
    void aRecordingWithoutPacketsHasNoStream() {
        byte[] empty = new OggWriter(1).headers(MONO).page(0, true).toBytes();

        List<RecordingPart> parts = read(0, offset -> new ByteArrayInputStream(empty), CHECKS);

        assertThat(parts).hasSize(1);
        assertThat(parts.get(0).packet()).isNull();
        assertThat(parts.get(0).end().failure()).isNull();
        assertThat(parts.get(0).end().head()).isEqualTo(MONO);
    }

    @Test
    void whatIsNoRecordingFailsWithoutItsPathInTheMessage() {
        List<RecordingPart> parts = read(0, offset -> new ByteArrayInputStream("RIFF....WAVE".getBytes()), CHECKS);

        assertThat(parts).hasSize(1);
        assertThat(parts.get(0).packet()).isNull();
        assertThat(parts.get(0).end().container()).isNull();
        assertThat(parts.get(0).end().failure().kind()).isEqualTo(Kind.DAMAGE);
        assertThat(parts.get(0).end().failure().message())
                .startsWith("not an ")
                .contains("RIFF")
                .doesNotContain("/in/");
    }

    @Test
    void whatIsRefusedIsNotOpened() {
        RecordingProblem refusal = new RecordingProblem(0, Kind.DAMAGE, "elsewhere");
        FoundRecording refused = new FoundRecording("/x", "x", "/x", refusal);
        RecordingReading reading = new RecordingReading(
                refused,
                STREAM_ID,
                0,
                "/x",
                offset -> {
                    throw new AssertionError("opened");
                },
                ReadingSettings.DEFAULT,
                CHECKS,
                RETRIES);

        assertThat(reading.advance().end().failure()).isEqualTo(refusal);
    }

    @Test
    void packetsThatBreakARuleOfFramingGoOnAndAreNamed() throws IOException {
        List<byte[]> packets = Packets.numbered(30);
        for (int broken = 5; broken < 20; broken++) {
            packets.set(broken, new byte[] {9, 1, 2, 3, 4, (byte) broken}); // code 1 with an odd number of bytes left
        }
        byte[] recording = OggWriter.recording(MONO, packets, 0);

        List<RecordingPart> parts = read(0, offset -> new ByteArrayInputStream(recording), CHECKS);

        assertThat(texts(parts)).isEqualTo(directly(recording)).hasSize(30);
        RecordingEnd end = last(parts).end();
        assertThat(end.malformedPackets()).isEqualTo(15);
        assertThat(end.failure()).isNull();
        assertThat(end.problems()).hasSize(10).allSatisfy(problem -> {
            assertThat(problem.kind()).isEqualTo(Kind.DAMAGE);
            assertThat(problem.message())
                    .startsWith("a packet breaks a rule of framing: ")
                    .endsWith("(RFC 6716, R3)");
        });
        assertThat(end.problems().get(0).offset())
                .isEqualTo(parts.get(5).packet().origin().offset());
    }

    @Test
    void linksThatCannotBeDecodedAreLeftOut() throws IOException {
        byte[] recording = new OggWriter(1)
                .link(surround(9), Packets.numbered(3), 0).stream(2, 0).link(MONO, Packets.numbered(4), 0).stream(3, 0)
                        .link(surround(8), Packets.numbered(5), 0)
                        .stream(4, 0)
                        .link(OpusHead.of(2, 0, 0), Packets.numbered(6), 0)
                        .toBytes();

        List<RecordingPart> parts = read(0, offset -> new ByteArrayInputStream(recording), CHECKS);

        assertThat(parts.subList(0, parts.size() - 1))
                .extracting(part -> part.packet().link())
                .containsExactly(1L, 1L, 1L, 1L, 3L, 3L, 3L, 3L, 3L, 3L);
        RecordingEnd end = last(parts).end();
        assertThat(end.failure()).isNull();
        assertThat(end.links()).isEqualTo(4);
        assertThat(end.packets()).isEqualTo(10);
        assertThat(end.head()).isEqualTo(surround(9));
        assertThat(end.problems().get(0).message())
                .isEqualTo("link 0 cannot be decoded: the header says 9 channels in 9 streams, mapping family 255:"
                        + " decoder.max-streams allows 8 streams");
        assertThat(end.problems().get(1).message())
                .startsWith("link 2 cannot be decoded: ")
                .contains("cannot be mixed to 1");

        for (int given = 1; given <= 10; given++) {
            assertSame(
                    read(given, offset -> new ByteArrayInputStream(recording), CHECKS),
                    parts.subList(given, parts.size()));
        }
    }

    @Test
    void aRecordingOfWhichNoLinkCanBeDecodedFails() {
        byte[] recording = OggWriter.recording(surround(9), Packets.numbered(3), 0);

        List<RecordingPart> parts = read(0, offset -> new ByteArrayInputStream(recording), CHECKS);

        assertThat(parts).hasSize(1);
        assertThat(parts.get(0).packet()).isNull();
        assertThat(parts.get(0).end().failure().message()).contains("decoder.max-streams allows 8 streams");
        assertThat(parts.get(0).end().packets()).isZero();
    }

    @Test
    void bytesThatFailNowAndThenAreReadAgainFromWhereTheyStood() throws IOException {
        FailingBytes failing = new FailingBytes(RECORDING, 60, 100);

        List<RecordingPart> parts = read(0, failing, CHECKS);

        assertSame(parts, read(0, offset -> new ByteArrayInputStream(RECORDING), CHECKS));
        assertThat(failing.opened()).isGreaterThan(4);
        assertThat(failing.failsAt()).isGreaterThanOrEqualTo(RECORDING.length);
    }

    @Test
    void bytesThatKeepFailingAreAFailureAndWhatWasReadStays() throws IOException {
        FailingBytes failing = new FailingBytes(RECORDING, RECORDING.length - 10, 0);

        List<RecordingPart> parts = read(0, failing, CHECKS);

        List<String> packets = texts(parts);
        assertThat(packets).hasSize(100).isEqualTo(directly(RECORDING).subList(0, 100)); // the first two pages
        RecordingEnd end = last(parts).end();
        assertThat(last(parts).packet().endsStream()).isTrue();
        assertThat(end.packets()).isEqualTo(100);
        assertThat(end.head()).isEqualTo(MONO);
        assertThat(end.failure().kind()).isEqualTo(Kind.UNREADABLE);
        assertThat(end.failure().message())
                .isEqualTo("the bytes could not be read; trying again may help: java.io.IOException: the disk is gone");
        assertThat(failing.opened()).isEqualTo(1 + 3);

        assertThat(last(read(100, failing, CHECKS)).end()).isEqualTo(end);
    }

    @Test
    void aStreamThatWasBegunIsEndedEvenIfNothingCanBeOpenedAnyMore() {
        List<RecordingPart> parts = read(
                5,
                offset -> {
                    throw new IOException("no such file");
                },
                CHECKS);

        assertThat(parts).hasSize(1);
        assertThat(parts.get(0).packet().endsStream()).isTrue();
        assertThat(parts.get(0).end().packets()).isEqualTo(5);
        assertThat(parts.get(0).end().failure().kind()).isEqualTo(Kind.UNREADABLE);
    }

    private static OpusHead surround(int channels) {
        byte[] mapping = new byte[channels];
        for (int i = 0; i < channels; i++) {
            mapping[i] = (byte) i;
        }
        return head(channels, 255, channels, 0, mapping);
    }

    /** RFC 7845, section 5.1. */
    private static OpusHead head(int channels, int family, int streams, int coupled, byte[] mapping) {
        byte[] head = new byte[21 + channels];
        System.arraycopy(OpusHead.of(1, 0, 0).toBytes(), 0, head, 0, 19);
        head[9] = (byte) channels;
        head[18] = (byte) family;
        head[19] = (byte) streams;
        head[20] = (byte) coupled;
        System.arraycopy(mapping, 0, head, 21, channels);
        return OpusHead.parse(head);
    }

    private static List<RecordingPart> read(long given, RecordingBytes bytes, PacketChecks checks) {
        List<RecordingPart> parts = new ArrayList<>();
        try (RecordingReading reading = new RecordingReading(
                FOUND, STREAM_ID, given, FOUND.path(), bytes, ReadingSettings.DEFAULT, checks, RETRIES)) {
            while (parts.isEmpty() || last(parts).end() == null) {
                RecordingPart part = reading.advance();
                if (part != null) {
                    parts.add(part);
                }
            }
        }
        return parts;
    }

    private static RecordingPart last(List<RecordingPart> parts) {
        return parts.get(parts.size() - 1);
    }

    /** All but the last part, which is the end. */
    private static List<String> texts(List<RecordingPart> parts) {
        return parts.subList(0, parts.size() - 1).stream()
                .map(part -> Packets.text(part.packet()))
                .toList();
    }

    private static void assertSame(List<RecordingPart> parts, List<RecordingPart> expected) {
        assertThat(parts.stream().map(Packets::text).toList())
                .isEqualTo(expected.stream().map(Packets::text).toList());
    }

    private static List<String> directly(byte[] bytes) throws IOException {
        return Packets.read(offset -> new ByteArrayInputStream(bytes), FOUND.path(), STREAM_ID);
    }
}
