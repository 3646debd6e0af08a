package dev.decant.bench;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.opus.DecoderSettings;
import dev.decant.opus.DecoderWorkspace;
import dev.decant.opus.OpusDecoder;
import dev.decant.opus.OpusEngine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.List;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/**
 * The decoder alone, as JMH runs it: one invocation decodes all packets of a file once. After each, while this thread
 * waits, the C loop does the same, so that the two take turns of a fifth of a second.
 */
@State(Scope.Thread)
public class DecoderBenchmark {
    static final String ENGINE = "embedded";

    /** Path of the compiled {@code loop.c}. */
    @Param("")
    public String program;

    /** Path of the packets. */
    @Param("")
    public String packetFile;

    @Param("1")
    public int channels;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private byte[][] packets;
    private OpusEngine engine;
    private DecoderWorkspace workspace;
    private OpusDecoder decoder;
    private CLoop reference;

    /** What an iteration took. JMH reads the fields by name, once {@link #decodeInC} is through. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class CpuTime {
        /** CPU time of the thread, ns. */
        public long ours;

        /** CPU time of the C loop, ns. */
        public long reference;
    }

    @Setup(Level.Trial)
    public void open() throws IOException {
        Path file = Path.of(packetFile);
        packets = PacketFile.read(file).toArray(byte[][]::new);
        PcmFormat format = new PcmFormat(SampleFormat.S16LE, Sound.RATE, channels);
        engine = OpusEngine.open(ENGINE, List.of());
        workspace = engine.newWorkspace(channels);
        decoder = engine.newDecoder(DecoderSettings.of(format), workspace);
        String library = engine.description().file();
        reference = new CLoop(Path.of(program), library, file, format.rate(), channels);
        requireSamePcm();
    }

    /** Two that do not do the same cannot be compared. */
    private void requireSamePcm() throws IOException {
        long hash = 0xcbf29ce484222325L;
        for (byte[] packet : packets) {
            for (byte octet : decoder.pcm(0, decoder.decode(packet))) {
                hash = (hash ^ (octet & 0xff)) * 0x100000001b3L;
            }
        }
        if (hash != reference.hash()) {
            throw new BenchException("the decoder and the C loop give different samples for " + packetFile);
        }
    }

    @Benchmark
    public void decode(CpuTime cpuTime, Blackhole blackhole) {
        long start = threads.getCurrentThreadCpuTime();
        for (byte[] packet : packets) {
            int samples = decoder.decode(packet);
            blackhole.consume(decoder.pcm(0, samples));
        }
        cpuTime.ours = threads.getCurrentThreadCpuTime() - start;
    }

    @TearDown(Level.Iteration)
    public void decodeInC(CpuTime cpuTime) throws IOException {
        cpuTime.reference = reference.decode();
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        reference.close();
        decoder.close();
        workspace.close();
        engine.close();
    }
}
