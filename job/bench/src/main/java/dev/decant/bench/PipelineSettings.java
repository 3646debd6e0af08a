package dev.decant.bench;

import dev.decant.audio.SampleFormat;
import dev.decant.decode.DecodeSettings;
import dev.decant.decode.IsolationSettings;
import dev.decant.decode.LiveLimits;
import dev.decant.decode.SequencerSettings;
import dev.decant.opus.DecoderVerification;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a {@link PipelineProcess} runs.
 *
 * @param packets the file of the packets that every stream is made of
 * @param folder for checkpoints and all other files
 * @param channels that all are decoded to
 * @param streams how many there are at a time; they take turns packet by packet
 * @param life how long a stream goes on
 * @param slots of the TaskManager, each with a task that decodes
 * @param recovery whether decoders are kept in state
 * @param stateBackend {@code hashmap} or {@code rocksdb}
 * @param maxLive decoders in memory at most
 * @param heapMegabytes of the JVM
 */
record PipelineSettings(
        Path packets,
        Path folder,
        int channels,
        int streams,
        Life life,
        int slots,
        boolean recovery,
        String stateBackend,
        int maxLive,
        int heapMegabytes) {

    /** How long a stream goes on. */
    enum Life {
        FOR_EVER,

        /** Every stream is ended once, each in another of the first rounds, and begins anew: see {@link PacketRounds}. */
        ENDED_ONCE,

        /** {@link PacketRounds#PACKETS_OF_A_SHORT_STREAM}, and the next one takes its place. */
        SHORT
    }

    static final int IMAGE_INTERVAL = 100;

    /** No limit but the number of decoders. */
    private static final long DECODER_MEMORY = 8L << 30;

    /** Streams that all fit into memory, with recovery, in one slot, on the heap. */
    static PipelineSettings usual(Path packets, Path folder, int channels, int streams) {
        return new PipelineSettings(
                packets, folder, channels, streams, Life.ENDED_ONCE, 1, true, "hashmap", streams, 2_048);
    }

    /** The words that {@link #ofArguments} reads. */
    List<String> arguments() {
        return List.of(
                packets.toString(),
                folder.toString(),
                Integer.toString(channels),
                Integer.toString(streams),
                life.name(),
                Integer.toString(slots),
                Boolean.toString(recovery),
                stateBackend,
                Integer.toString(maxLive),
                Integer.toString(heapMegabytes));
    }

    static PipelineSettings ofArguments(String[] arguments) {
        return new PipelineSettings(
                Path.of(arguments[0]),
                Path.of(arguments[1]),
                Integer.parseInt(arguments[2]),
                Integer.parseInt(arguments[3]),
                Life.valueOf(arguments[4]),
                Integer.parseInt(arguments[5]),
                Boolean.parseBoolean(arguments[6]),
                arguments[7],
                Integer.parseInt(arguments[8]),
                Integer.parseInt(arguments[9]));
    }

    PipelineSettings in(Path otherFolder) {
        return new PipelineSettings(
                packets, otherFolder, channels, streams, life, slots, recovery, stateBackend, maxLive, heapMegabytes);
    }

    PipelineSettings withLife(Life other) {
        return new PipelineSettings(
                packets, folder, channels, streams, other, slots, recovery, stateBackend, maxLive, heapMegabytes);
    }

    PipelineSettings withSlots(int number) {
        return new PipelineSettings(
                packets, folder, channels, streams, life, number, recovery, stateBackend, maxLive, heapMegabytes);
    }

    PipelineSettings withRecovery(boolean on) {
        return new PipelineSettings(
                packets, folder, channels, streams, life, slots, on, stateBackend, maxLive, heapMegabytes);
    }

    PipelineSettings withStateBackend(String name) {
        return new PipelineSettings(
                packets, folder, channels, streams, life, slots, recovery, name, maxLive, heapMegabytes);
    }

    PipelineSettings withMaxLive(int decoders) {
        return new PipelineSettings(
                packets, folder, channels, streams, life, slots, recovery, stateBackend, decoders, heapMegabytes);
    }

    PipelineSettings withHeapMegabytes(int megabytes) {
        return new PipelineSettings(
                packets, folder, channels, streams, life, slots, recovery, stateBackend, maxLive, megabytes);
    }

    /** What is not a matter of a row is as users get it who say nothing. */
    DecodeSettings decodeSettings() {
        return new DecodeSettings(
                DecoderBenchmark.ENGINE,
                SampleFormat.S16LE,
                Sound.RATE,
                channels,
                1,
                0,
                true,
                DecoderVerification.GUARDS,
                new LiveLimits(maxLive, DECODER_MEMORY),
                recovery,
                IMAGE_INTERVAL,
                new IsolationSettings(IsolationSettings.When.AFTER_RESTORE, 3, Duration.ofSeconds(10)),
                SequencerSettings.usual());
    }
}
