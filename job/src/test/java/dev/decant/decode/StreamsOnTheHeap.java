package dev.decant.decode;

import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import dev.decant.decode.DecodeHarness.Backend;
import dev.decant.decode.DecodeStep.Kind;
import dev.decant.opus.TestEncoder.Bandwidth;
import dev.decant.opus.TestEncoder.Mode;
import dev.decant.opus.TestStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A process that has some streams, and prints what one of them takes: on the heap and in a checkpoint, and how large its
 * image, its decoder and its packets are. A process of its own, since what other tests left behind would be collected
 * meanwhile.
 */
public final class StreamsOnTheHeap {
    static final int TICKS = 960;

    /** Before anything is counted: what the start of Java, Flink and the library left behind is gone by then. */
    private static final int FIRST_STREAMS = 50;

    /**
     * Streams come in groups, and the median of what the groups take counts: what Java lets go of just then, for reasons of its
     * own, is in one group and not in the median.
     */
    private static final int GROUPS = 5;

    private static final int GROUP = 100;

    /** Of those that take little, so many more, or they would be lost in what comes and goes. */
    private static final int SMALL_GROUP = 2_000;

    private StreamsOnTheHeap() {}

    /** Arguments: {@code sequencer}; or {@code decoder}, channels, backend, library, recovery, image interval. */
    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("sequencer")) {
            sequence();
            return;
        }
        int channels = Integer.parseInt(arguments[1]);
        TestSettings settings = TestSettings.USUAL
                .maxLive(FIRST_STREAMS + GROUPS * SMALL_GROUP)
                .library(arguments[3])
                .recovery(Boolean.parseBoolean(arguments[4]))
                .imageInterval(Integer.parseInt(arguments[5]));
        decode(settings, sound(channels), Backend.valueOf(arguments[2]));
    }

    /** Speech of one channel, music of two. */
    static TestStream sound(int channels) {
        return channels == 1
                ? TestStream.of(Mode.SILK, Bandwidth.WIDE, 1, TICKS, 16_000)
                : TestStream.of(Mode.CELT, Bandwidth.FULL, 2, TICKS, 64_000);
    }

    private static void sequence() throws Exception {
        TestStream sound = sound(1);
        try (SequencerHarness harness = SequencerHarness.open(SequencerSettings.usual())) {
            sequence(harness, sound, ids(FIRST_STREAMS));
            long heap = heapOfStream(SMALL_GROUP, () -> {}, ids -> sequence(harness, sound, ids));
            print(heap, harness.snapshot().getStateSize() / (FIRST_STREAMS + GROUPS * SMALL_GROUP));
        }
    }

    private static void decode(TestSettings settings, TestStream sound, Backend backend) throws Exception {
        int group = settings.recovery() ? GROUP : SMALL_GROUP;
        try (DecodeHarness harness = DecodeHarness.open(settings, backend)) {
            run(harness, settings, sound, ids(FIRST_STREAMS));
            // The streams that are there already are written once more beforehand: a group's own writing changes
            // nothing of them.
            long heap = heapOfStream(
                    group, () -> harness.decoders().writeLogs(), ids -> run(harness, settings, sound, ids));
            long state = harness.snapshot().getStateSize() / (FIRST_STREAMS + GROUPS * group);
            long image = Math.round(
                    harness.histogram(DecodeMetrics.IMAGE_BYTES).getStatistics().getMean());
            long decoder = harness.metric(DecodeMetrics.NATIVE_BYTES) / harness.metric(DecodeMetrics.LIVE_DECODERS);
            print(heap, state, image, decoder);
        }
    }

    /** Streams that have gone on for different times, what a checkpoint writes, and another image of each. */
    private static void run(DecodeHarness harness, TestSettings settings, TestStream sound, List<String> ids)
            throws Exception {
        // Where nothing is kept, it is no matter for how long they go on.
        int steps = settings.recovery() ? 100 : 1;
        for (int i = 0; i < ids.size(); i++) {
            map(harness, ids.get(i), Kind.RESET, null, sound, 0);
            decode(harness, sound, ids.get(i), 0, steps + i % steps);
        }
        harness.decoders().writeLogs();
        for (int i = 0; i < ids.size(); i++) {
            decode(harness, sound, ids.get(i), steps + i % steps, 2 * steps + i % steps);
        }
    }

    private static void decode(DecodeHarness harness, TestStream sound, String id, int from, int to) throws Exception {
        for (int i = from; i < to; i++) {
            byte[] packet = sound.packets().get(i % sound.packets().size());
            map(harness, id, Kind.PACKET, packet, sound, (long) i * TICKS);
        }
    }

    private static void map(DecodeHarness harness, String id, Kind kind, byte[] packet, TestStream sound, long start)
            throws Exception {
        LinkSettings link = new LinkSettings(sound.channels(), 0, 0);
        harness.map(TestSteps.step(id, kind, packet, link, start, packet == null ? 0 : TICKS, OpusPacket.ABSENT));
    }

    private static void sequence(SequencerHarness harness, TestStream sound, List<String> ids) throws Exception {
        for (String id : ids) {
            for (int i = 0; i < 3; i++) {
                PacketOrigin origin = new PacketOrigin("packets", 0, i, SequencerHarness.NOON + 20 * i);
                harness.send(new OpusPacket(
                        id,
                        sound.packets().get(i),
                        i,
                        (long) i * TICKS,
                        null,
                        OpusPacket.ABSENT,
                        0,
                        0,
                        OpusPacket.ABSENT,
                        origin));
                harness.drain(step -> {}, letter -> {});
            }
        }
    }

    private static void print(long... values) {
        StringBuilder line = new StringBuilder();
        for (long value : values) {
            line.append(value).append(' ');
        }
        System.out.println(line.toString().strip());
    }

    private static List<String> ids(int count) {
        return Stream.generate(() -> UUID.randomUUID().toString()).limit(count).toList();
    }

    /** What the streams that are there have yet to do. */
    private interface Settling {
        void run() throws Exception;
    }

    /** Starts the streams with these IDs. */
    private interface Start {
        void streams(List<String> ids) throws Exception;
    }

    /** What a stream that goes on takes on the heap, bytes. */
    private static long heapOfStream(int group, Settling settling, Start start) throws Exception {
        long[] taken = new long[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            List<String> ids = ids(group);
            settling.run();
            long before = heap();
            start.streams(ids);
            taken[i] = (heap() - before) / group;
        }
        Arrays.sort(taken);
        return taken[GROUPS / 2];
    }

    /** What is left when collections find nothing more, bytes. */
    private static long heap() {
        long before = Long.MAX_VALUE;
        long now = collected();
        while (now < before) {
            before = now;
            now = collected();
        }
        return now;
    }

    /** In pieces of 16 KiB: some bytes come and go. */
    private static long collected() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 14 << 14;
    }
}
