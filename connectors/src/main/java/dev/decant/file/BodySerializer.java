package dev.decant.file;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.RecordSerializer;
import dev.decant.audio.SampleFormat;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** What the records of this package have in common: a stream, a format, a body. */
abstract class BodySerializer<T> extends RecordSerializer<T> {

    static void writeFormat(PcmFormat format, DataOutputView out) throws IOException {
        out.writeUTF(format.sampleFormat().label());
        out.writeInt(format.rate());
        out.writeByte(format.channels());
    }

    static PcmFormat readFormat(DataInputView in) throws IOException {
        return new PcmFormat(SampleFormat.of(in.readUTF()), in.readInt(), in.readUnsignedByte());
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
