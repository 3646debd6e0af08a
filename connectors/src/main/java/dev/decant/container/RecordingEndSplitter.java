package dev.decant.container;

import dev.decant.audio.OpusPacket;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.types.Either;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Parts what {@link RecordingSource} gives: packets go on, ends of recordings go to the side output {@link #ENDS}. */
public final class RecordingEndSplitter extends ProcessFunction<Either<RecordingEnd, OpusPacket>, OpusPacket>
        implements ResultTypeQueryable<OpusPacket> {
    /** The side output of the ends of recordings. */
    public static final OutputTag<RecordingEnd> ENDS = new OutputTag<>("recording-ends", RecordingEnd.TYPE);

    @Override
    public void processElement(Either<RecordingEnd, OpusPacket> read, Context context, Collector<OpusPacket> packets) {
        if (read.isRight()) {
            packets.collect(read.right());
        } else {
            context.output(ENDS, read.left());
        }
    }

    @Override
    public TypeInformation<OpusPacket> getProducedType() {
        return OpusPacket.TYPE;
    }
}
