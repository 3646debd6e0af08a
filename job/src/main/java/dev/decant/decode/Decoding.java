package dev.decant.decode;

import dev.decant.audio.DeadLetter;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PcmFrame;
import dev.decant.opus.OpusEngine;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * Packets in, PCM and dead letters out.
 *
 * @param frames one for each decode step, in the order of each stream's steps; partitioned by stream ID as {@code keyBy}
 *     does, so that it may be reinterpreted as keyed
 * @param deadLetters the packets that could not be used
 */
public record Decoding(DataStream<PcmFrame> frames, DataStream<DeadLetter> deadLetters) {

    /**
     * Makes sure that this machine can decode as the settings say; a cluster's TaskManagers may be other machines.
     *
     * @throws dev.decant.opus.OpusLibraryException if there is no such library
     * @throws dev.decant.opus.OpusException if it cannot decode so
     */
    public static void requirePossibleHere(DecodeSettings settings) {
        try (OpusEngine engine = OpusEngine.open(settings.library(), List.of())) {
            new LiveDecoders(engine, settings, Long.MAX_VALUE, DecoderState.NONE).close();
        }
    }

    /**
     * Adds sequencer and decoders to the graph.
     *
     * @param packets a {@link KeyedStream} by stream ID is taken as it is; any other is shuffled, once
     */
    public static Decoding of(DataStream<OpusPacket> packets, DecodeSettings settings) {
        SingleOutputStreamOperator<DecodeStep> steps = byStream(packets)
                .process(
                        new PacketSequencer(settings.channels(), settings.maxStreams(), settings.sequencing()),
                        DecodeStep.TYPE)
                .name("Put packets in order")
                .uid("packet-sequencer");
        // The steps of a stream leave the sequencer where the stream's packets came in: no second shuffle.
        KeyedStream<DecodeStep, String> stepsByStream =
                DataStreamUtils.reinterpretAsKeyedStream(steps, DecodeStep::streamId, Types.STRING);
        SingleOutputStreamOperator<PcmFrame> frames = stepsByStream
                .transform("Decode", PcmFrame.TYPE, new DecodeOperator(new DecodeFunction(settings)))
                .uid("decode");
        DataStream<DeadLetter> rejected = frames.filter(frame -> frame.deadLetter() != null)
                .name("Rejected packets")
                .uid("rejected-packets")
                .map(PcmFrame::deadLetter, DeadLetter.TYPE)
                .name("To dead letters")
                .uid("rejected-packets-to-dead-letters");
        return new Decoding(
                frames, steps.getSideOutput(PacketSequencer.DEAD_LETTERS).union(rejected));
    }

    // Only the type of a key can be looked at.
    @SuppressWarnings("unchecked")
    private static KeyedStream<OpusPacket, String> byStream(DataStream<OpusPacket> packets) {
        return packets instanceof KeyedStream<OpusPacket, ?> keyed
                        && keyed.getKeyType().equals(Types.STRING)
                ? (KeyedStream<OpusPacket, String>) keyed
                : packets.keyBy(OpusPacket::streamId, Types.STRING);
    }
}
