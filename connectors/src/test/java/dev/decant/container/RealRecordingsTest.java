package dev.decant.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketFraming;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.gagravarr.ogg.OggFile;
import org.gagravarr.opus.OpusAudioData;
import org.gagravarr.opus.OpusFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Recordings that other encoders made, beside what an independent reader gives and what independent decoders counted. */
class RealRecordingsTest {
    private Path data;

    @BeforeEach
    void findTestData() {
        String folder = System.getenv("DECANT_TEST_DATA");
        assumeTrue(folder != null, "DECANT_TEST_DATA is not set: no recordings to compare with");
        data = Path.of(folder);
    }

    @TestFactory
    Stream<DynamicTest> packetsAreThoseOfAnIndependentReader() throws IOException {
        return recordings().stream()
                .map(file -> DynamicTest.dynamicTest(name(file), () -> {
                    List<byte[]> expected = new ArrayList<>();
                    try (InputStream in = Files.newInputStream(file);
                            OpusFile other = new OpusFile(new OggFile(in))) {
                        for (OpusAudioData audio = other.getNextAudioPacket(); audio != null; ) {
                            expected.add(audio.getData());
                            audio = other.getNextAudioPacket();
                        }
                    }
                    List<byte[]> packets = new ArrayList<>();
                    try (Recording recording = open(file)) {
                        for (OpusPacket packet = recording.next(); packet != null; packet = recording.next()) {
                            packets.add(packet.payload());
                        }
                        assertThat(recording.problems()).allMatch(problem -> problem.message()
                                .startsWith("the stream ends without a last page"));
                        assertThat(recording.bytesRead()).isEqualTo(Files.size(file));
                    }
                    assertThat(packets).containsExactlyElementsOf(expected);
                }));
    }

    @TestFactory
    Stream<DynamicTest> lengthsAreThoseThatIndependentDecodersCounted() throws IOException {
        Map<String, Long> samples = manifest("samples_48k");
        List<Path> counted = Stream.of(recordings(), mp4s(), broken())
                .flatMap(List::stream)
                .filter(file -> samples.getOrDefault(name(file), 0L) > 0)
                .toList();
        assertThat(counted).hasSizeGreaterThan(20);
        return counted.stream()
                .map(file -> DynamicTest.dynamicTest(name(file), () -> {
                    try (Recording recording = open(file)) {
                        assertThat(samples(recording)).isEqualTo(samples.get(name(file)));
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> packetsOfMp4sAreAsManyAsIndependentReadersCounted() throws IOException {
        Map<String, Long> packets = manifest("packets");
        return mp4s().stream()
                .map(file -> DynamicTest.dynamicTest(name(file), () -> {
                    try (Recording recording = open(file)) {
                        RecordingSummary summary = RecordingSummary.of(recording);
                        assertThat(summary.packets()).isEqualTo(packets.get(name(file)));
                        assertThat(summary.malformedPackets()).isZero();
                        assertThat(summary.bytes()).isEqualTo(Files.size(file));
                        assertThat(summary.problems())
                                .allMatch(problem -> problem.message().contains("written as little-endian"));
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> brokenFilesGivePacketsOrAClearRefusal() throws IOException {
        return broken().stream()
                .map(file -> DynamicTest.dynamicTest(name(file), () -> {
                    try (Recording recording = open(file)) {
                        assertThat(samples(recording)).isPositive();
                    } catch (RecordingException refusal) {
                        assertThat(refusal)
                                .hasMessageStartingWith(name(file))
                                .hasMessageMatching("[^\\n]+")
                                .hasNoCause();
                    }
                }));
    }

    @Test
    void onePageWithOneWrongByteIsAllThatIsLost() throws IOException {
        List<OpusPacket> whole = packets(data.resolve("recordings/eshaz_ogg.opus"));
        List<OpusPacket> damaged = packets(data.resolve("broken/eshaz_ogg.errors.opus"));
        Map<Long, OpusPacket> byTime = new HashMap<>();
        whole.forEach(packet -> byTime.put(packet.timestamp(), packet));

        assertThat(damaged).hasSize(whole.size() - 50);
        for (OpusPacket packet : damaged) {
            OpusPacket same = byTime.get(packet.timestamp());
            assertThat(packet.payload()).isEqualTo(same.payload());
            assertThat(packet.sequenceNumber()).isEqualTo(same.sequenceNumber());
            assertThat(packet.trimEnd()).isEqualTo(same.trimEnd());
        }
    }

    @TestFactory
    Stream<DynamicTest> otherContainersAreRefusedByName() throws IOException {
        return list(Kind.MATROSKA).stream()
                .map(file -> DynamicTest.dynamicTest(
                        name(file), () -> assertThat(catchThrowableOfType(RecordingException.class, () -> open(file)))
                                .hasMessageContaining("not read yet")));
    }

    /** What a decoder would give, in samples a channel at 48 kHz. */
    private static long samples(Recording recording) throws IOException {
        long samples = 0;
        long link = -1;
        for (OpusPacket packet = recording.next(); packet != null; packet = recording.next()) {
            if (packet.link() != link) {
                link = packet.link();
                samples -= packet.head().preSkip();
            }
            samples += PacketFraming.statedDuration(packet.payload()) - packet.trimStart() - packet.trimEnd();
        }
        return samples;
    }

    private static List<OpusPacket> packets(Path file) throws IOException {
        List<OpusPacket> packets = new ArrayList<>();
        try (Recording recording = open(file)) {
            for (OpusPacket packet = recording.next(); packet != null; packet = recording.next()) {
                packets.add(packet);
            }
        }
        return packets;
    }

    private static Recording open(Path file) throws IOException {
        return Recordings.open(
                RecordingBytes.of(() -> Files.newInputStream(file)), name(file), "stream", ReadingSettings.DEFAULT);
    }

    /** The Ogg ones. */
    private List<Path> recordings() throws IOException {
        return list(Kind.OGG);
    }

    private List<Path> mp4s() throws IOException {
        return list(Kind.MP4);
    }

    private List<Path> broken() throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("broken"))) {
            List<Path> broken = files.sorted().toList();
            assertThat(broken).isNotEmpty();
            return broken;
        }
    }

    /** By content: some of the files named ".webm" are Ogg. */
    private List<Path> list(Kind kind) throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("recordings"))) {
            List<Path> found = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                if (Kind.of(file) == kind) {
                    found.add(file);
                }
            }
            assertThat(found).isNotEmpty();
            return found;
        }
    }

    /** What a file is by its first bytes. */
    private enum Kind {
        OGG,
        MP4,
        MATROSKA;

        private static Kind of(Path file) throws IOException {
            try (InputStream in = Files.newInputStream(file)) {
                String start = new String(in.readNBytes(8), StandardCharsets.ISO_8859_1);
                return start.startsWith("OggS") ? OGG : start.endsWith("ftyp") ? MP4 : MATROSKA;
            }
        }
    }

    /** A column, by the last part of the name, where it is filled in. */
    private Map<String, Long> manifest(String name) throws IOException {
        List<String> lines = Files.readAllLines(data.resolve("MANIFEST.tsv"));
        int column = List.of(lines.get(0).split("\t")).indexOf(name);
        Map<String, Long> numbers = new HashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] fields = line.split("\t");
            if (fields.length > column && !fields[column].isEmpty()) {
                numbers.put(fields[0].substring(fields[0].lastIndexOf('/') + 1), Long.parseLong(fields[column]));
            }
        }
        return numbers;
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }
}
