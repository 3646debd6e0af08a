package dev.decant.kafka;

import dev.decant.audio.DeadLetter;
import dev.decant.audio.OpusPacket;
import dev.decant.monitoring.DeadLetterRecorder;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.types.Either;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Parts what {@link KafkaPacketSource} gives: packets go on, dead letters are recorded and go to the side output
 * {@link #DEAD_LETTERS}.
 */
public final class DeadLetterSplitter extends ProcessFunction<Either<DeadLetter, OpusPacket>, OpusPacket>
        implements ResultTypeQueryable<OpusPacket> {
    /** The side output of the records that are no packets. */
    public static final OutputTag<DeadLetter> DEAD_LETTERS = new OutputTag<>("unreadable", DeadLetter.TYPE);

    private transient DeadLetterRecorder deadLetters;

    @Override
    public void open(OpenContext context) {
        deadLetters = new DeadLetterRecorder(getRuntimeContext().getMetricGroup());
    }

    @Override
    public void processElement(Either<DeadLetter, OpusPacket> read, Context context, Collector<OpusPacket> packets) {
        if (read.isRight()) {
            packets.collect(read.right());
        } else {
            deadLetters.record(read.left());
            context.output(DEAD_LETTERS, read.left());
        }
    }

    @Override
    public void close() {
        if (deadLetters != null) {
            deadLetters.close();
        }
    }

    @Override
    public TypeInformation<OpusPacket> getProducedType() {
        return OpusPacket.TYPE;
    }
}
