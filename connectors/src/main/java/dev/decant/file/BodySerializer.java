package dev.decant.file;

import dev.decant.audio.ChannelOrder;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.RecordSerializer;
import dev.decant.audio.SampleFormat;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What the records of this package have in common: a stream, a format, a body. Version 1 knew nothing of channel orders,
 * and no more than two channels; up to version 2 bodies had no room for a header, and nobody counted how samples came about.
 */
abstract class BodySerializer<T> extends RecordSerializer<T> {
    private static final ChannelOrder[] CHANNEL_ORDERS = ChannelOrder.values();

    @Override
    protected final int version() {
        return 3;
    }

    static void writeFormat(PcmFormat format, DataOutputView out) throws IOException {
        out.writeUTF(format.sampleFormat().label());
        out.writeInt(format.rate());
        out.writeByte(format.channels());
        out.writeByte(format.order().ordinal());
    }

    static PcmFormat readFormat(int version, DataInputView in) throws IOException {
        SampleFormat sampleFormat = SampleFormat.of(in.readUTF());
        int rate = in.readInt();
        int channels = in.readUnsignedByte();
        return version == 1
                ? new PcmFormat(sampleFormat, rate, channels)
                : new PcmFormat(sampleFormat, rate, channels, CHANNEL_ORDERS[in.readUnsignedByte()]);
    }

    static void writeBody(WrittenBody body, DataOutputView out) throws IOException {
        out.writeBoolean(body != null);
        if (body != null) {
            out.writeUTF(body.path());
            out.writeInt(body.version());
            writeBytes(body.recoverable(), out);
        }
    }

    static WrittenBody readBody(DataInputView in) throws IOException {
        return in.readBoolean() ? new WrittenBody(in.readUTF(), in.readInt(), readBytes(in)) : null;
    }
}
