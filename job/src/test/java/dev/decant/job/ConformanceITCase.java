package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.opus.OfficialVector;
import dev.decant.opus.OpusCompare;
import dev.decant.opus.OpusEngine;
import dev.decant.opus.ReferenceDecoder;
import dev.decant.opus.TestEngines;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sound.sampled.UnsupportedAudioFileException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The official vectors of RFC 8251 through a running job, at every rate, mono and stereo, judged as the script of RFC 6716
 * judges a decoder.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class ConformanceITCase {
    private static final List<PcmFormat> FORMATS = IntStream.of(48_000, 24_000, 16_000, 12_000, 8_000)
            .boxed()
            .flatMap(rate -> Stream.of(2, 1).map(channels -> new PcmFormat(SampleFormat.S16LE, rate, channels)))
            .toList();

    /** Hybrid packets come out of Concentus different. */
    private static final Set<String> FAILED_BY_PURE_JAVA = Set.of("testvector05", "testvector06", "testvector12");

    /** It has fewer of them, and at 48 kHz they come out near enough. */
    private static final String FAILED_BY_PURE_JAVA_AT_LOWER_RATES = "testvector10";

    private static final ConformanceTable TABLE = new ConformanceTable();

    @TempDir
    private Path folder;

    private List<OfficialVector> vectors;

    @BeforeEach
    void readTheVectors() {
        vectors = OfficialVector.allOrSkip();
    }

    @AfterAll
    static void printTheFigures() throws IOException {
        if (!TABLE.isEmpty()) {
            System.out.println(TABLE);
            Files.writeString(Path.of("target", "conformance.txt"), TABLE.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"embedded", "system"})
    void libopusPassesEveryVectorInEveryFormat(String library) throws Exception {
        try (OpusEngine engine = TestEngines.openOrSkip(library)) {
            Path file = Path.of(engine.description().file());
            Map<PcmFormat, WavFolder> wavs = decode(library);

            assertThat(judge(library, wavs)).allSatisfy((format, qualities) -> assertThat(qualities)
                    .hasSize(vectors.size())
                    .allSatisfy((vector, quality) -> assertThat(quality).isNotNegative()));
            vectors.parallelStream().forEach(vector -> assertSameAsC(file, vector, wavs));
        }
    }

    @Test
    void pureJavaFailsTheVectorsThatItIsKnownToFailAndNoOther() throws Exception {
        assertThat(judge("java", decode("java"))).allSatisfy((format, qualities) -> {
            assertThat(qualities).hasSize(vectors.size());
            Set<String> failed = new TreeSet<>(qualities.keySet());
            failed.removeIf(vector -> qualities.get(vector) >= 0);
            Set<String> known = new TreeSet<>(FAILED_BY_PURE_JAVA);
            if (format.rate() < 48_000) {
                known.add(FAILED_BY_PURE_JAVA_AT_LOWER_RATES);
            }
            assertThat(failed).isEqualTo(known);
        });
    }

    /** The WAV files of each format, in which each vector has one. */
    private Map<PcmFormat, WavFolder> decode(String library) throws Exception {
        Map<PcmFormat, WavFolder> wavs = new LinkedHashMap<>();
        try (VectorJob job = new VectorJob(vectors)) {
            for (PcmFormat format : FORMATS) {
                wavs.put(format, job.decode(library, format, folder.resolve(format.rate() + "-" + format.channels())));
            }
        }
        return wavs;
    }

    /** The quality of each vector in each format, which the table gets too. */
    private Map<PcmFormat, Map<String, Double>> judge(String library, Map<PcmFormat, WavFolder> wavs) {
        List<Map<PcmFormat, Double>> judged =
                vectors.parallelStream().map(vector -> qualities(vector, wavs)).toList();
        Map<PcmFormat, Map<String, Double>> qualities = new LinkedHashMap<>();
        for (PcmFormat format : FORMATS) {
            Map<String, Double> ofVectors = new LinkedHashMap<>();
            for (int i = 0; i < vectors.size(); i++) {
                ofVectors.put(vectors.get(i).name(), judged.get(i).get(format));
            }
            TABLE.add(library, format, ofVectors.values());
            qualities.put(format, ofVectors);
        }
        return qualities;
    }

    private static Map<PcmFormat, Double> qualities(OfficialVector vector, Map<PcmFormat, WavFolder> wavs) {
        Map<PcmFormat, Double> qualities = new HashMap<>();
        List<byte[]> references = vector.references();
        for (int channels = 1; channels <= 2; channels++) {
            OpusCompare compare = new OpusCompare(references, channels);
            for (PcmFormat format : FORMATS) {
                if (format.channels() == channels) {
                    qualities.put(format, compare.quality(read(wavs, format, vector), format.rate()));
                }
            }
        }
        return qualities;
    }

    private static void assertSameAsC(Path library, OfficialVector vector, Map<PcmFormat, WavFolder> wavs) {
        for (PcmFormat format : FORMATS) {
            StreamPcm.assertSame(
                    vector + " in " + format, read(wavs, format, vector), decodedByC(library, vector, format));
        }
    }

    private static byte[] read(Map<PcmFormat, WavFolder> wavs, PcmFormat format, OfficialVector vector) {
        try {
            return wavs.get(format).read(vector.name(), format);
        } catch (IOException | UnsupportedAudioFileException e) {
            throw new IllegalStateException(vector + " in " + format + " cannot be read", e);
        }
    }

    private static byte[] decodedByC(Path library, OfficialVector vector, PcmFormat format) {
        ByteArrayOutputStream pcm = new ByteArrayOutputStream();
        List<Long> ranges = new ArrayList<>();
        try (ReferenceDecoder decoder = new ReferenceDecoder(library, format, 0)) {
            for (byte[] packet : vector.packets()) {
                pcm.writeBytes(decoder.decode(packet));
                ranges.add(decoder.finalRange());
            }
        }
        assertThat(ranges).as("%s in %s", vector, format).isEqualTo(vector.finalRanges());
        return pcm.toByteArray();
    }
}
