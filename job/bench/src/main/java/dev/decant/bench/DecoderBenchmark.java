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
 * The decoder alone, as JMH runs it: one invocation decodes the next packets of a file, over and over. After each, while
 * this thread waits, the C loop decodes the same ones, so that the two take turns of some hundredths of a second.
 */
@State(Scope.Thread)
public class DecoderBenchmark {
    static final String ENGINE = "embedded";

    /** Packets of an invocation. The number in a file is a multiple. */
    static final int BATCH = 1_000;

    /** As {@code opus.library} names it. */
    @Param(ENGINE)
    public String library;

    /** The folder of the compiled {@code loop.c}. */
    @Param("")
    public String target;

    /** Path of the packets. */
    @Param("")
    public String packetFile;

    @Param("1")
    public int channels;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private byte[][] packets;
    private int next;
    private OpusEngine engine;
    private OpusEngine embedded;
    private DecoderWorkspace workspace;
    private OpusDecoder decoder;
    private CLoop loop;

    /** What an iteration took. JMH reads the fields by name, once the iteration is torn down. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class CpuTime {
        /** CPU time of the thread, ns. */
        public long ours;

        /** CPU time of the C loop, ns. */
        public long reference;

        @TearDown(Level.Iteration)
        public void decodeInC(DecoderBenchmark benchmark) throws IOException {
            reference = benchmark.loop.decode(BATCH);
        }
    }

    @Setup(Level.Trial)
    public void open() throws IOException {
        Path file = Path.of(packetFile);
        packets = PacketFile.read(file).toArray(byte[][]::new);
        PcmFormat format = new PcmFormat(SampleFormat.S16LE, Sound.RATE, channels);
        engine = OpusEngine.open(library, List.of());
        workspace = engine.newWorkspace(channels);
        decoder = engine.newDecoder(DecoderSettings.of(format), workspace);
        // Whatever the engine is, C's library is the same, so that engines can be compared with each other.
        embedded = OpusEngine.open(ENGINE, List.of());
        loop = new CLoop(Path.of(target), embedded.description().file(), file, format.rate(), channels);
        requireSamePcm();
    }

    /** Two that do not do the same cannot be compared; of another library than C's, as many samples are the same. */
    private void requireSamePcm() throws IOException {
        long hash = 0xcbf29ce484222325L;
        long samples = 0;
        for (byte[] packet : packets) {
            int decoded = decoder.decode(packet);
            samples += decoded;
            for (byte octet : decoder.pcm(0, decoded)) {
                hash = (hash ^ (octet & 0xff)) * 0x100000001b3L;
            }
        }
        boolean same =
                library.equals(ENGINE) ? hash == loop.hash(packets.length) : samples == loop.samples(packets.length);
        if (!same) {
            throw new BenchException("the decoder and the C loop give different samples for " + packetFile);
        }
    }

    @Benchmark
    public void decode(CpuTime cpuTime, Blackhole blackhole) {
        long start = threads.getCurrentThreadCpuTime();
        for (int n = next; n < next + BATCH; n++) {
            int samples = decoder.decode(packets[n]);
            blackhole.consume(decoder.pcm(0, samples));
        }
        cpuTime.ours = threads.getCurrentThreadCpuTime() - start;
        next = (next + BATCH) % packets.length;
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        loop.close();
        decoder.close();
        workspace.close();
        embedded.close();
        engine.close();
    }
}
