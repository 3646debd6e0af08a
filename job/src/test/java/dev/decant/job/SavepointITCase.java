package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.opus.OtherLibopus;
import dev.decant.opus.ReferenceDecoder;
import dev.decant.opus.TestStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A job is stopped with a savepoint while people speak, and goes on from it: on more or fewer slots, with another library. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class SavepointITCase {
    private static final PcmFormat FORMAT = new PcmFormat(SampleFormat.S16LE, 48_000, 2);
    private static final int TICKS = 960;
    private static final int A_SECOND = 50;

    @RegisterExtension
    static final BrokerExtension kafka = new BrokerExtension();

    @RegisterExtension
    static final ClusterExtension flink = new ClusterExtension(2, 2);

    @TempDir
    private Path folder;

    @Test
    void rescalingFromOneToTwoToThreeToOneChangesNoSample() throws Exception {
        try (LiveScenario scenario = new LiveScenario(kafka, flink, folder, FORMAT)) {
            scenario.job().submit(1);
            scenario.begin(TestStream.ofEveryKind());
            for (int parallelism : List.of(2, 3, 1)) {
                scenario.committed().awaitNewPackets(1);
                scenario.job().submitFrom(scenario.job().stop(), parallelism);
            }
            scenario.committed().awaitNewPackets(1);
            scenario.finish();
        }
    }

    /** It makes decoders of another size: what the savepoint holds of them is of no use to it but the steps they ran. */
    @Test
    void withAnotherLibraryTheStreamsConvergeWithinASecond() throws Exception {
        Path other = OtherLibopus.file();
        List<TestStream> streams = TestStream.ofEveryKind().stream()
                .filter(stream -> stream.ticks() == TICKS)
                .toList();
        try (LiveScenario scenario = new LiveScenario(kafka, flink, folder, FORMAT)) {
            scenario.job().submit(2);
            scenario.begin(streams);
            scenario.committed().awaitNewPackets(2 * A_SECOND);
            String savepoint = scenario.job().stop();
            Map<String, byte[]> before = StreamPcm.of(kafka.topics().readPcm(), FORMAT);

            scenario.job().submitFrom(savepoint, 2, "--library", other.toString());
            scenario.committed().awaitNewPackets(3 * A_SECOND);
            new JobMetrics(flink.cluster(), scenario.job().id())
                    .await("exactness.CONVERGED.decodersRestored", converged -> converged == streams.size());
            scenario.stopAtTheEnd();

            assertThat(kafka.topics().readDeadLetters()).isEmpty();
            Map<String, byte[]> all = StreamPcm.of(kafka.topics().readPcm(), FORMAT);
            for (TestStream stream : streams) {
                List<byte[]> packets = scenario.streams().sent(stream.name());
                byte[] expected = decode(other, packets);
                int restored = before.get(stream.name()).length;
                StreamPcm.assertSame(
                        stream + " before the savepoint",
                        before.get(stream.name()),
                        Arrays.copyOf(ReferenceDecoder.decode(FORMAT, 0, packets), restored));
                assertThat(all.get(stream.name())).as(stream.name()).hasSameSizeAs(expected);
                int aSecondLater = restored + FORMAT.rate() * FORMAT.bytesPerSample();
                assertThat(signalToNoise(all.get(stream.name()), expected, aSecondLater))
                        .as("dB of signal to noise of %s from a second after the savepoint on", stream)
                        .isGreaterThanOrEqualTo(40);
            }
        }
    }

    /** What the library gives of the packets when nothing disturbs it. */
    private static byte[] decode(Path library, List<byte[]> packets) {
        ByteArrayOutputStream pcm = new ByteArrayOutputStream();
        try (ReferenceDecoder decoder = new ReferenceDecoder(library, FORMAT, 0)) {
            for (byte[] packet : packets) {
                pcm.writeBytes(decoder.decode(packet));
            }
        }
        return pcm.toByteArray();
    }

    /** In decibels, of all samples behind the first {@code from} bytes; infinite if they are the same. */
    private static double signalToNoise(byte[] pcm, byte[] expected, int from) {
        assertThat(expected.length).as("bytes that are to be compared").isGreaterThan(from + FORMAT.rate());
        ShortBuffer samples = samples(pcm, from);
        ShortBuffer expectedSamples = samples(expected, from);
        double signal = 0;
        double noise = 0;
        while (samples.hasRemaining()) {
            double sample = expectedSamples.get();
            double error = sample - samples.get();
            signal += sample * sample;
            noise += error * error;
        }
        assertThat(signal).isPositive();
        return 10 * Math.log10(signal / noise);
    }

    private static ShortBuffer samples(byte[] pcm, int from) {
        return ByteBuffer.wrap(pcm, from, pcm.length - from)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asShortBuffer();
    }
}
