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
 * @param streams how many there are; they take turns packet by packet
 * @param recovery whether decoders are kept in state
 * @param stateBackend {@code hashmap} or {@code rocksdb}
 * @param maxLive decoders in memory at most
 * @param heapMegabytes of the JVM
 * @param endsStreams whether every stream is ended once and begins anew, see {@link PacketSource}
 */
record PipelineSettings(
        Path packets,
        Path folder,
        int streams,
        boolean recovery,
        String stateBackend,
        int maxLive,
        int heapMegabytes,
        boolean endsStreams) {

    static final int IMAGE_INTERVAL = 100;

    /** No limit but the number of decoders. */
    private static final long DECODER_MEMORY = 8L << 30;

    /** The words that {@link #ofArguments} reads. */
    List<String> arguments() {
        return List.of(
                packets.toString(),
                folder.toString(),
                Integer.toString(streams),
                Boolean.toString(recovery),
                stateBackend,
                Integer.toString(maxLive),
                Integer.toString(heapMegabytes),
                Boolean.toString(endsStreams));
    }

    static PipelineSettings ofArguments(String[] arguments) {
        return new PipelineSettings(
                Path.of(arguments[0]),
                Path.of(arguments[1]),
                Integer.parseInt(arguments[2]),
                Boolean.parseBoolean(arguments[3]),
                arguments[4],
                Integer.parseInt(arguments[5]),
                Integer.parseInt(arguments[6]),
                Boolean.parseBoolean(arguments[7]));
    }

    PipelineSettings withRecovery(boolean on) {
        return new PipelineSettings(packets, folder, streams, on, stateBackend, maxLive, heapMegabytes, endsStreams);
    }

    PipelineSettings withMaxLive(int decoders) {
        return new PipelineSettings(
                packets, folder, streams, recovery, stateBackend, decoders, heapMegabytes, endsStreams);
    }

    PipelineSettings in(Path otherFolder) {
        return new PipelineSettings(
                packets, otherFolder, streams, recovery, stateBackend, maxLive, heapMegabytes, endsStreams);
    }

    /** What is not a matter of a row is as users get it who say nothing. */
    DecodeSettings decodeSettings() {
        return new DecodeSettings(
                DecoderBenchmark.ENGINE,
                SampleFormat.S16LE,
                Sound.RATE,
                1,
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
