package dev.decant.audio;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/**
 * Writes a record with its version in front, so that state and in-flight records of an older Decant can
 * always be told apart and read. A subclass adds a version by reading one more case; it never changes an old one.
 *
 * <p>Records are immutable, and are never copied; a subclass for others overrides {@link #isImmutableType()} and
 * {@link #copy(Object)}.
 */
public abstract class RecordSerializer<T> extends TypeSerializer<T> {
    private static final SampleFormat[] SAMPLE_FORMATS = SampleFormat.values();
    private static final ChannelOrder[] CHANNEL_ORDERS = ChannelOrder.values();

    /** The version that {@link #write} writes, from 1. */
    protected abstract int version();

    /** Writes the fields of {@code record}, in the layout of {@link #version()}. */
    protected abstract void write(T record, DataOutputView out) throws IOException;

    /** Reads what some {@code write} of that version wrote; {@code version} is from 1 to {@link #version()}. */
    protected abstract T read(int version, DataInputView in) throws IOException;

    @Override
    public final void serialize(T record, DataOutputView out) throws IOException {
        out.writeByte(version());
        write(record, out);
    }

    @Override
    public final T deserialize(DataInputView in) throws IOException {
        int version = in.readUnsignedByte();
        if (version < 1 || version > version()) {
            throw new IOException(getClass().getSimpleName() + " found version " + version + ": this Decant reads 1 to "
                    + version() + "; a newer one wrote it, or the bytes are damaged");
        }
        return read(version, in);
    }

    @Override
    public final T deserialize(T reuse, DataInputView in) throws IOException {
        return deserialize(in);
    }

    @Override
    public final void copy(DataInputView in, DataOutputView out) throws IOException {
        serialize(deserialize(in), out);
    }

    @Override
    public T copy(T record) {
        return record;
    }

    @Override
    public final T copy(T record, T reuse) {
        return copy(record);
    }

    @Override
    public boolean isImmutableType() {
        return true;
    }

    @Override
    public final TypeSerializer<T> duplicate() {
        return this;
    }

    @Override
    public final T createInstance() {
        return null;
    }

    @Override
    public final int getLength() {
        return -1;
    }

    @Override
    public final boolean equals(Object other) {
        return other != null && other.getClass() == getClass();
    }

    @Override
    public final int hashCode() {
        return getClass().hashCode();
    }

    /** Writes {@code text}, which may be null, and of any length ({@code writeUTF} ends at 65,535 bytes). */
    protected static void writeText(String text, DataOutputView out) throws IOException {
        StringValue.writeString(text, out);
    }

    /** Reads what {@link #writeText} wrote. */
    protected static String readText(DataInputView in) throws IOException {
        return StringValue.readString(in);
    }

    /** Writes {@code bytes}, which may be null. */
    protected static void writeBytes(byte[] bytes, DataOutputView out) throws IOException {
        if (bytes == null) {
            out.writeInt(-1);
        } else {
            out.writeInt(bytes.length);
            out.write(bytes);
        }
    }

    /** Reads what {@link #writeBytes} wrote. */
    protected static byte[] readBytes(DataInputView in) throws IOException {
        int length = in.readInt();
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    /** Writes an origin. */
    protected static void writeOrigin(PacketOrigin origin, DataOutputView out) throws IOException {
        writeText(origin.source(), out);
        out.writeInt(origin.partition());
        out.writeLong(origin.offset());
        out.writeLong(origin.recordTime());
    }

    /** Reads what {@link #writeOrigin} wrote. */
    protected static PacketOrigin readOrigin(DataInputView in) throws IOException {
        return new PacketOrigin(readText(in), in.readInt(), in.readLong(), in.readLong());
    }

    /**
     * Writes a format; the numbers of sample formats and channel orders are part of every version: their lists grow at the
     * end.
     */
    protected static void writePcmFormat(PcmFormat format, DataOutputView out) throws IOException {
        out.writeByte(format.sampleFormat().ordinal());
        out.writeInt(format.rate());
        out.writeByte(format.channels());
        out.writeByte(format.order().ordinal());
    }

    /** Reads what {@link #writePcmFormat} wrote. */
    protected static PcmFormat readPcmFormat(DataInputView in) throws IOException {
        return new PcmFormat(
                SAMPLE_FORMATS[in.readUnsignedByte()],
                in.readInt(),
                in.readUnsignedByte(),
                CHANNEL_ORDERS[in.readUnsignedByte()]);
    }

    /** Reads a format as it was written before there were channel orders. */
    protected static PcmFormat readPcmFormatWithoutOrder(DataInputView in) throws IOException {
        return new PcmFormat(SAMPLE_FORMATS[in.readUnsignedByte()], in.readInt(), in.readUnsignedByte());
    }
}
