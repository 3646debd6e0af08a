package dev.decant.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketFraming;
import dev.decant.container.RecordingProblem.Kind;
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
        List<Path> counted = Stream.of(recordings(), matroska(), mp4s(), broken())
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
    Stream<DynamicTest> matroskaHasAllItsPackets() throws IOException {
        Map<String, Long> packets = manifest("packets");
        return matroska().stream()
                .map(file -> DynamicTest.dynamicTest(name(file), () -> {
                    try (Recording recording = open(file)) {
                        long count = 0;
                        while (recording.next() != null) {
                            count++;
                        }
                        assertThat(count).isEqualTo(packets.get(name(file)));
                        assertThat(recording.bytesRead()).isEqualTo(Files.size(file));
                        assertThat(recording.problems())
                                .allMatch(problem -> problem.kind() == Kind.IRREGULARITY
                                        && problem.message().endsWith("s pass without a packet; skipped"));
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
        return list(0, "OggS");
    }

    private List<Path> matroska() throws IOException {
        return list(0, "\u001a\u0045\u00df\u00a3");
    }

    private List<Path> mp4s() throws IOException {
        return list(4, "ftyp");
    }

    private List<Path> broken() throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("broken"))) {
            List<Path> broken = files.sorted().toList();
            assertThat(broken).isNotEmpty();
            return broken;
        }
    }

    /** By content: some of the files named ".webm" are Ogg. */
    private List<Path> list(int at, String magic) throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("recordings"))) {
            List<Path> found = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                try (InputStream in = Files.newInputStream(file)) {
                    if (new String(in.readNBytes(8), StandardCharsets.ISO_8859_1).startsWith(magic, at)) {
                        found.add(file);
                    }
                }
            }
            assertThat(found).isNotEmpty();
            return found;
        }
    }

    /** A column of numbers, by the last part of the name, where it is filled in. */
    private Map<String, Long> manifest(String title) throws IOException {
        List<String> lines = Files.readAllLines(data.resolve("MANIFEST.tsv"));
        int column = List.of(lines.get(0).split("\t")).indexOf(title);
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
