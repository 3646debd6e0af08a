package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.PcmFormat;
import dev.decant.opus.TestEncoder.Bandwidth;
import dev.decant.opus.TestEncoder.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** A million packets in eight decoders of eight threads, under constant garbage collection and heap pressure. */
class DecoderStressTest {
    /** What one thread decodes: short packets at low rates, and more of the cheaper ones, so that a million are affordable. */
    private record Load(int packets, TestStream stream, PcmFormat format) {
        static Load of(int packets, Mode mode, Bandwidth bandwidth, int channels, int ticks, int bitrate, int rate) {
            TestStream stream = TestStream.of(mode, bandwidth, channels, ticks, bitrate, 10, packets);
            return new Load(packets, stream, TestEngines.s16(rate, channels));
        }

        byte[] packet(int number) {
            return stream.packets().get(number % stream.packets().size());
        }
    }

    @Test
    void aMillionPacketsUnderGarbageCollectionGiveTheSamplesOfTheSerialRun() throws Exception {
        List<Load> loads = List.of(
                Load.of(130_000, Mode.SILK, Bandwidth.NARROW, 1, 480, 8_000, 8_000),
                Load.of(130_001, Mode.SILK, Bandwidth.NARROW, 1, 480, 10_000, 8_000),
                Load.of(220_000, Mode.CELT, Bandwidth.NARROW, 1, 120, 24_000, 8_000),
                Load.of(220_001, Mode.CELT, Bandwidth.NARROW, 1, 120, 32_000, 8_000),
                Load.of(220_002, Mode.CELT, Bandwidth.NARROW, 2, 120, 32_000, 8_000),
                Load.of(30_000, Mode.SILK, Bandwidth.WIDE, 2, 480, 20_000, 16_000),
                Load.of(25_000, Mode.HYBRID, Bandwidth.SUPER_WIDE, 1, 480, 20_000, 24_000),
                Load.of(30_000, Mode.CELT, Bandwidth.FULL, 2, 120, 64_000, 48_000));
        assertThat(loads.stream().mapToInt(Load::packets).sum()).isGreaterThanOrEqualTo(1_000_000);

        List<Long> expected = new ArrayList<>();
        for (Load load : loads) {
            expected.add(checksumOfReference(load));
        }
        List<Long> actual = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(loads.size());
        try (OpusEngine engine = TestEngines.embedded()) {
            try (GarbagePressure pressure = new GarbagePressure()) {
                List<Future<Long>> checksums = new ArrayList<>();
                for (Load load : loads) {
                    checksums.add(threads.submit(() -> checksum(engine, load)));
                }
                for (Future<Long> checksum : checksums) {
                    actual.add(checksum.get());
                }
                assertThat(pressure.collections()).isGreaterThan(20);
            }
            assertThat(engine.liveNativeBytes()).isZero();
        } finally {
            threads.shutdown();
        }
        assertThat(actual).isEqualTo(expected);
    }

    private static long checksum(OpusEngine engine, Load load) {
        CRC32C checksum = new CRC32C();
        try (DecoderWorkspace workspace = engine.newWorkspace(load.stream.channels());
                OpusDecoder decoder = engine.newDecoder(DecoderSettings.of(load.format), workspace)) {
            for (int i = 0; i < load.packets; i++) {
                checksum.update(decoder.pcm(0, decoder.decode(load.packet(i))));
            }
        }
        return checksum.getValue();
    }

    private static long checksumOfReference(Load load) {
        CRC32C checksum = new CRC32C();
        try (ReferenceDecoder decoder = new ReferenceDecoder(load.format, 0)) {
            for (int i = 0; i < load.packets; i++) {
                checksum.update(decoder.decode(load.packet(i)));
            }
        }
        return checksum.getValue();
    }
}
