package dev.decant.decode;

import dev.decant.audio.OpusPacket;
import dev.decant.decode.DecodeStep.Kind;
import dev.decant.decode.IsolationSettings.When;
import dev.decant.fuzz.MemoryBound;
import dev.decant.opus.TestStream;
import java.io.IOException;
import java.time.Duration;

/**
 * A process that decodes so many streams at once, and prints what is resident outside its heap because of it: of itself, or
 * of the process that its decoders are isolated in. The heap must be resident from the start.
 */
public final class DecodersInMemory {
    private DecodersInMemory() {}

    /** Arguments: streams, channels, when decoders are isolated. */
    public static void main(String[] arguments) throws Exception {
        int streams = Integer.parseInt(arguments[0]);
        When isolation = When.valueOf(arguments[2]);
        TestStream sound = TestStream.withForwardErrorCorrection(Integer.parseInt(arguments[1]));
        TestSettings settings = TestSettings.USUAL
                .limits(streams, Long.MAX_VALUE)
                .isolation(new IsolationSettings(isolation, 3, Duration.ofSeconds(60)));
        try (DecodeHarness harness = DecodeHarness.open(settings)) {
            // Classes are loaded and compiled, and the library is in memory.
            for (int i = 0; i < 100; i++) {
                start(harness, "before-" + i, sound);
                harness.map(TestSteps.of("before-" + i, sound).end());
            }
            long before = resident(isolation);
            for (int i = 0; i < streams; i++) {
                start(harness, "stream-" + i, sound);
            }
            System.out.print(before + " " + resident(isolation));
        }
    }

    private static void start(DecodeHarness harness, String streamId, TestStream sound) throws Exception {
        LinkSettings link = new LinkSettings(sound.channels(), 0, 0);
        harness.map(TestSteps.step(streamId, Kind.RESET, null, link, 0, 0, OpusPacket.ABSENT));
        byte[] packet = sound.packets().get(0);
        harness.map(TestSteps.step(streamId, Kind.PACKET, packet, link, 0, sound.ticks(), OpusPacket.ABSENT));
    }

    private static long resident(When isolation) throws IOException {
        return isolation == When.NEVER
                ? MemoryBound.residentBytes()
                : MemoryBound.residentBytes(
                        ProcessHandle.current().children().findFirst().orElseThrow());
    }
}
