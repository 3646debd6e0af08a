package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** At 50,000 packets a second, what a packet allocates is what the collector has to do. */
class DecoderAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @EnumSource(SampleFormat.class)
    void decodingAllocatesNothing(SampleFormat sampleFormat) {
        allocatesNothing(DecoderSettings.of(new PcmFormat(sampleFormat, 48_000, 2)));
    }

    @ParameterizedTest
    @EnumSource(DecoderVerification.class)
    void lookingForDamageAllocatesNothing(DecoderVerification verification) {
        allocatesNothing(new DecoderSettings(TestEngines.s16(48_000, 2), 0, 0, true, verification));
    }

    private static void allocatesNothing(DecoderSettings settings) {
        List<byte[]> packets = TestStream.changing().packets();
        try (OpusEngine engine = TestEngines.embedded();
                DecoderWorkspace workspace = engine.newWorkspace(2);
                OpusDecoder decoder = engine.newDecoder(settings, workspace)) {
            decodeAll(decoder, packets);
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int run = 0; run < 10; run++) {
                decodeAll(decoder, packets);
            }
            // Less than a byte a packet: the JVM itself may allocate once in a while.
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(10L * packets.size());
        }
    }

    private static void decodeAll(OpusDecoder decoder, List<byte[]> packets) {
        for (int i = 0; i < packets.size(); i++) {
            decoder.decode(packets.get(i));
        }
    }
}
