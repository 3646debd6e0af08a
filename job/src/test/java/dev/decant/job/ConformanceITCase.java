package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.opus.OfficialVector;
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
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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

    /** What Concentus cannot do: its hybrid packets come out slightly different. */
    private static final Set<String> FAILED_BY_PURE_JAVA = Set.of("testvector05", "testvector06", "testvector12");

    private static List<OfficialVector> vectors;
    private static ConformanceTable table;
    private static VectorJob job;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startFlink() {
        vectors = OfficialVector.allOrSkip();
        table = new ConformanceTable(vectors.size());
        job = new VectorJob(vectors);
    }

    @AfterAll
    static void printTheFigures() throws IOException {
        if (job == null) {
            return;
        }
        job.close();
        System.out.println(table);
        Files.writeString(Path.of("target", "conformance.txt"), table.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"embedded", "system"})
    void libopusPassesEveryVectorInEveryFormat(String library) throws Exception {
        try (OpusEngine engine = TestEngines.openOrSkip(library)) {
            Path file = Path.of(engine.description().file());
            Map<PcmFormat, Map<String, byte[]>> pcm = decode(library);

            assertThat(judge(library, pcm)).allSatisfy((format, qualities) -> assertThat(qualities)
                    .hasSize(vectors.size())
                    .allSatisfy((vector, quality) -> assertThat(quality).isNotNegative()));
            vectors.parallelStream().forEach(vector -> assertSameAsC(file, vector, pcm));
        }
    }

    @Test
    void pureJavaPassesTheVectorsThatItIsKnownToPass() throws Exception {
        assertThat(judge("java", decode("java"))).allSatisfy((format, qualities) -> {
            qualities.keySet().removeAll(FAILED_BY_PURE_JAVA);
            assertThat(qualities)
                    .hasSize(vectors.size() - FAILED_BY_PURE_JAVA.size())
                    .allSatisfy((vector, quality) -> assertThat(quality).isNotNegative());
        });
    }

    /** The samples of each vector in each format. */
    private Map<PcmFormat, Map<String, byte[]>> decode(String library) throws Exception {
        Map<PcmFormat, Map<String, byte[]>> pcm = new LinkedHashMap<>();
        for (PcmFormat format : FORMATS) {
            pcm.put(format, job.decode(library, format, folder.resolve(format.rate() + "-" + format.channels())));
        }
        return pcm;
    }

    /** The quality of each vector in each format, which the table gets too. */
    private static Map<PcmFormat, Map<String, Double>> judge(String library, Map<PcmFormat, Map<String, byte[]>> pcm) {
        List<Map<PcmFormat, Double>> judged =
                vectors.parallelStream().map(vector -> judge(vector, pcm)).toList();
        Map<PcmFormat, Map<String, Double>> qualities = new LinkedHashMap<>();
        for (PcmFormat format : FORMATS) {
            Map<String, Double> ofVectors = new LinkedHashMap<>();
            for (int i = 0; i < vectors.size(); i++) {
                ofVectors.put(vectors.get(i).name(), judged.get(i).get(format));
            }
            table.add(library, format, ofVectors.values());
            qualities.put(format, ofVectors);
        }
        return qualities;
    }

    private static Map<PcmFormat, Double> judge(OfficialVector vector, Map<PcmFormat, Map<String, byte[]>> pcm) {
        Map<PcmFormat, Double> qualities = new HashMap<>();
        for (int channels = 1; channels <= 2; channels++) {
            VectorJudge judge = new VectorJudge(vector, channels);
            for (PcmFormat format : FORMATS) {
                if (format.channels() == channels) {
                    byte[] decoded = pcm.get(format).get(vector.name());
                    qualities.put(format, judge.quality(decoded, format.rate()));
                }
            }
        }
        return qualities;
    }

    private static void assertSameAsC(Path library, OfficialVector vector, Map<PcmFormat, Map<String, byte[]>> pcm) {
        pcm.forEach((format, decoded) -> StreamPcm.assertSame(
                vector + " in " + format, decoded.get(vector.name()), decodedByC(library, vector, format)));
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
