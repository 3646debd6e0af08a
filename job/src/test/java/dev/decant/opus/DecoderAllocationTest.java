package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.decant.audio.MalformedPacketException;
import dev.decant.audio.PacketContents;
import dev.decant.audio.PacketFraming;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
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

    @Test
    void decodingSeveralStreamsAllocatesNothing() {
        TestSurround stream = TestSurround.of(1, 6, 100);
        PcmFormat format = TestEngines.s16(48_000, 2);
        allocatesNothing(
                new DecoderSettings(format, TestLayouts.of(stream.head(), 2), 0, 0, true, DecoderVerification.CHECKSUM),
                stream.packets());
    }

    @Test
    void lookingIntoPacketsAllocatesNothing() throws MalformedPacketException {
        List<byte[]> packets = TestSurround.of(255, 4, 100).packets();
        int found = look(packets);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int run = 0; run < 100; run++) {
            found += look(packets);
        }
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(100L * packets.size());
        assertThat(found).isGreaterThan(101 * 960 * packets.size());
    }

    private static int look(List<byte[]> packets) throws MalformedPacketException {
        int found = 0;
        for (int i = 0; i < packets.size(); i++) {
            found += PacketFraming.duration(packets.get(i), 4);
            found += PacketContents.isDtx(packets.get(i), 4) ? 1 : 0;
            found += PacketContents.hasLbrr(packets.get(i), 4) ? 1 : 0;
        }
        return found;
    }

    private static void allocatesNothing(DecoderSettings settings) {
        allocatesNothing(settings, TestStream.changing().packets());
    }

    private static void allocatesNothing(DecoderSettings settings, List<byte[]> packets) {
        try (OpusEngine engine = TestEngines.embedded();
                DecoderWorkspace workspace = engine.newWorkspace(4, 6);
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
