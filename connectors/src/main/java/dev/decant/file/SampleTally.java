package dev.decant.file;

import dev.decant.audio.DeadLetter;
import dev.decant.audio.PcmFrame;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/**
 * How the samples of a body came about, where they were not simply decoded.
 *
 * @param concealed samples a channel that the decoder made up for what was lost or could not be decoded
 * @param recovered samples a channel from forward error correction
 * @param filled samples a channel of silence
 * @param rejectedPackets how many packets the decoder refused
 * @param rejectedAt where the first of them was, in bytes; only if there is one
 * @param rejection what the decoder said of it; null if there is none
 */
record SampleTally(
        long concealed, long recovered, long filled, long rejectedPackets, long rejectedAt, String rejection) {
    static final SampleTally NOTHING = new SampleTally(0, 0, 0, 0, 0, null);

    /** With the samples of a frame. */
    SampleTally with(PcmFrame frame) {
        long count = frame.sampleCount();
        return switch (frame.outcome()) {
            case CONCEALED ->
                new SampleTally(concealed + count, recovered, filled, rejectedPackets, rejectedAt, rejection);
            case FEC -> new SampleTally(concealed, recovered + count, filled, rejectedPackets, rejectedAt, rejection);
            case FILLED ->
                new SampleTally(concealed, recovered, filled + count, rejectedPackets, rejectedAt, rejection);
            case REJECTED -> withRejected(frame.deadLetter(), count);
            case DECODED, COMFORT_NOISE, RESET, END -> this;
        };
    }

    private SampleTally withRejected(DeadLetter letter, long count) {
        boolean first = rejectedPackets == 0 && letter != null;
        return new SampleTally(
                concealed + count,
                recovered,
                filled,
                rejectedPackets + 1,
                first ? letter.origin().offset() : rejectedAt,
                first ? letter.message() : rejection);
    }

    void write(DataOutputView out) throws IOException {
        out.writeLong(concealed);
        out.writeLong(recovered);
        out.writeLong(filled);
        out.writeLong(rejectedPackets);
        out.writeLong(rejectedAt);
        StringValue.writeString(rejection, out);
    }

    static SampleTally read(DataInputView in) throws IOException {
        return new SampleTally(
                in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong(), StringValue.readString(in));
    }
}
