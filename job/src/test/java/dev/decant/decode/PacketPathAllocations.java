package dev.decant.decode;

import com.sun.management.ThreadMXBean;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import dev.decant.audio.PcmFrame;
import dev.decant.decode.DecodeStep.Kind;
import dev.decant.opus.TestEncoder.Bandwidth;
import dev.decant.opus.TestEncoder.Mode;
import dev.decant.opus.TestStream;
import java.lang.management.ManagementFactory;
import java.util.stream.IntStream;

/** A process that sends packets of a stream through an operator, and prints how many bytes each of them made it allocate. */
public final class PacketPathAllocations {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final int TICKS = 960;

    /** Lets classes be loaded and tables grow. */
    private static final int WARM_UP = 20_000;

    private static final int PACKETS = 10_000;

    private static final TestStream SPEECH = TestStream.of(Mode.SILK, Bandwidth.WIDE, 1, TICKS, 16_000);

    private PacketPathAllocations() {}

    /** Argument: {@code sequencer} or {@code decoder}. */
    public static void main(String[] arguments) throws Exception {
        System.out.println(arguments[0].equals("sequencer") ? ofTheSequencer() : ofTheDecoder());
    }

    private static long ofTheSequencer() throws Exception {
        try (SequencerHarness harness = SequencerHarness.open(SequencerSettings.usual())) {
            OpusPacket[] packets = IntStream.range(0, WARM_UP + PACKETS)
                    .mapToObj(PacketPathAllocations::packet)
                    .toArray(OpusPacket[]::new);
            return allocated(i -> {
                harness.send(packets[i]);
                harness.drain(step -> {}, letter -> {});
            });
        }
    }

    /** Beside the samples. */
    private static long ofTheDecoder() throws Exception {
        try (DecodeHarness harness = DecodeHarness.open(TestSettings.USUAL)) {
            LinkSettings link = new LinkSettings(1, 0, 0);
            harness.map(TestSteps.step("stream", Kind.RESET, null, link, 0, 0, OpusPacket.ABSENT));
            DecodeStep[] steps = IntStream.range(0, WARM_UP + PACKETS)
                    .mapToObj(i -> TestSteps.step(
                            "stream", Kind.PACKET, payload(i), link, (long) i * TICKS, TICKS, OpusPacket.ABSENT))
                    .toArray(DecodeStep[]::new);
            PcmFrame[] last = new PcmFrame[1];
            long bytes = allocated(i -> last[0] = harness.map(steps[i]));
            return bytes - last[0].pcm().length;
        }
    }

    private interface Work {
        void packet(int index) throws Exception;
    }

    /** By this thread, bytes a packet. */
    private static long allocated(Work work) throws Exception {
        for (int i = 0; i < WARM_UP; i++) {
            work.packet(i);
        }
        long thread = Thread.currentThread().getId();
        long before = THREADS.getThreadAllocatedBytes(thread);
        for (int i = WARM_UP; i < WARM_UP + PACKETS; i++) {
            work.packet(i);
        }
        return (THREADS.getThreadAllocatedBytes(thread) - before) / PACKETS;
    }

    private static OpusPacket packet(int index) {
        PacketOrigin origin = new PacketOrigin("packets", 0, index, SequencerHarness.NOON + 20L * index);
        return new OpusPacket(
                "stream",
                payload(index),
                index,
                (long) index * TICKS,
                null,
                OpusPacket.ABSENT,
                0,
                0,
                OpusPacket.ABSENT,
                origin);
    }

    private static byte[] payload(int index) {
        return SPEECH.packets().get(index % SPEECH.packets().size());
    }
}
