package dev.decant.job;

import dev.decant.audio.DeadLetter;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PcmFrame;
import dev.decant.decode.DecodeSettings;
import dev.decant.decode.Decoding;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The graph: packets from anywhere, decoded, to anywhere. The live job, the demo and the tests run this one, with other
 * ends.
 */
final class DecodePipeline {
    private final PacketInput input;
    private final DecodeSettings settings;
    private final List<Consumer<DataStream<PcmFrame>>> outputs;
    private final Consumer<DataStream<DeadLetter>> deadLetterOutput;

    /** Where packets come from. */
    interface PacketInput {
        Packets addTo(StreamExecutionEnvironment environment);
    }

    /**
     * What an input gives.
     *
     * @param packets the packets, each stream's in order within one partition of the data stream; keyed by stream ID
     *     if they need no shuffle
     * @param unreadable the records that are no packets; null where the input has no such thing
     */
    record Packets(DataStream<OpusPacket> packets, DataStream<DeadLetter> unreadable) {}

    /**
     * @param outputs each adds a sink of its own; the frames come partitioned by stream ID
     * @param deadLetterOutput adds the sink of what could not be used
     */
    DecodePipeline(
            PacketInput input,
            DecodeSettings settings,
            List<Consumer<DataStream<PcmFrame>>> outputs,
            Consumer<DataStream<DeadLetter>> deadLetterOutput) {
        this.input = input;
        this.settings = settings;
        this.outputs = List.copyOf(outputs);
        this.deadLetterOutput = deadLetterOutput;
    }

    void addTo(StreamExecutionEnvironment environment) {
        Packets read = input.addTo(environment);
        Decoding decoded = Decoding.of(read.packets(), settings);
        outputs.forEach(output -> output.accept(decoded.frames()));
        DataStream<DeadLetter> deadLetters = decoded.deadLetters();
        deadLetterOutput.accept(read.unreadable() == null ? deadLetters : deadLetters.union(read.unreadable()));
    }
}
