package dev.decant.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.decant.audio.PcmChunk;
import dev.decant.audio.PcmChunk.Run;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame.Outcome;
import dev.decant.audio.SampleFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkLengthTest {
    private static final int KAFKA_DEFAULT = 1_048_576;

    @ParameterizedTest
    @CsvSource({"PT1S,16000,16000", "PT0.0025S,8000,20", "PT10S,48000,480000", "PT0.02S,12000,240"})
    void isAWholeNumberOfSamples(Duration duration, int rate, long samples) {
        ChunkLength length = new ChunkLength(duration, rate);

        assertThat(length.samples(mono(rate), 2 * KAFKA_DEFAULT)).isEqualTo(samples);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT0.0024S", "PT10.001S", "P300000D"})
    void isFromTwoAndAHalfMillisecondsToTenSeconds(Duration duration) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ChunkLength(duration, 48_000))
                .withMessageStartingWith("pcm.chunk is ")
                .withMessageEndingWith(" s: take 2.5 ms to 10 s");
    }

    @Test
    void isNoFractionOfASample() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ChunkLength(Duration.ofNanos(10_010_000), 16_000))
                .withMessage("pcm.chunk is 0.01001 s, which is no whole number of samples at 16000 Hz: take whole"
                        + " milliseconds, or multiples of 2.5 ms");
    }

    @Test
    void mustLeaveRecordsThatTheTopicTakes() {
        ChunkLength tenSeconds = new ChunkLength(Duration.ofSeconds(10), 48_000);
        PcmFormat stereo = new PcmFormat(SampleFormat.S16LE, 48_000, 2);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> tenSeconds.requireFits(stereo, KAFKA_DEFAULT))
                .withMessageStartingWith("pcm.chunk is 10.0 s: as s16le at 48000 Hz with 2 channels that takes up to")
                .withMessageEndingWith("take 4954 ms at most");
        assertThatCode(() -> new ChunkLength(Duration.ofMillis(4_954), 48_000).requireFits(stereo, KAFKA_DEFAULT))
                .doesNotThrowAnyException();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ChunkLength(Duration.ofMillis(4_955), 48_000).requireFits(stereo, KAFKA_DEFAULT));
        assertThatCode(() -> tenSeconds.requireFits(stereo, 4 * KAFKA_DEFAULT)).doesNotThrowAnyException();
    }

    /** What is cut is cut so that two streams still begin a chunk at the same time. */
    @Test
    void isCutToAWholeFractionForStreamsOfVeryManyChannels() {
        ChunkLength second = new ChunkLength(Duration.ofSeconds(1), 48_000);
        for (int channels = 1; channels <= 255; channels++) {
            long samples = second.samples(new PcmFormat(SampleFormat.F32LE, 48_000, channels), KAFKA_DEFAULT);

            assertThat(48_000 % samples).isZero();
            assertThat(samples * channels * 4).isLessThan(KAFKA_DEFAULT);
            assertThat(samples)
                    .as("%d channels", channels)
                    .isBetween(channels <= 5 ? 48_000L : 480L, channels <= 5 ? 48_000L : 24_000L);
        }
    }

    /** The longest stream ID, the longest numbers, and after each packet of 2.5 ms a gap. */
    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void theWorstRecordIsNotLongerThanWasReckoned(int steps) {
        PcmFormat format = new PcmFormat(SampleFormat.F32LE, 48_000, 255);
        int samples = steps * 120;
        List<Run> origins = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            origins.add(new Run(longestWord(), 119));
            origins.add(new Run(Outcome.FILLED, 1));
        }
        var chunk = new PcmChunk(
                "s".repeat(512),
                format,
                new byte[samples * format.bytesPerSample()],
                Integer.MAX_VALUE,
                Long.MAX_VALUE - samples,
                origins);
        var record = new PcmChunkRecordWriter("pcm").serialize(chunk, null, null);

        int bytes = MemoryRecords.withRecords(
                        Compression.of(CompressionType.NONE).build(),
                        new SimpleRecord(
                                0,
                                record.key(),
                                record.value(),
                                record.headers().toArray()))
                .sizeInBytes();

        ChunkLength length = new ChunkLength(Duration.ofNanos(2_500_000L * steps), 48_000);
        assertThatCode(() -> length.requireFits(format, bytes + 4_096)).doesNotThrowAnyException();
        assertThatIllegalArgumentException().isThrownBy(() -> length.requireFits(format, bytes - 1));
    }

    private static Outcome longestWord() {
        Outcome longest = Outcome.DECODED;
        for (Outcome outcome : Outcome.values()) {
            boolean hasSamples = outcome != Outcome.RESET && outcome != Outcome.END && outcome != Outcome.FILLED;
            if (hasSamples && outcome.name().length() > longest.name().length()) {
                longest = outcome;
            }
        }
        return longest;
    }

    private static PcmFormat mono(int rate) {
        return new PcmFormat(SampleFormat.S16LE, rate, 1);
    }
}
