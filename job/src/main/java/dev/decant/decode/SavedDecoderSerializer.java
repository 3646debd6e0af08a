package dev.decant.decode;

import dev.decant.audio.RecordSerializer;
import dev.decant.decode.SavedDecoder.Base;
import dev.decant.opus.DecoderImage;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** {@link SavedDecoder} in bytes; those of the image have a version of their own. */
public final class SavedDecoderSerializer extends RecordSerializer<SavedDecoder> {
    static final SavedDecoderSerializer INSTANCE = new SavedDecoderSerializer();

    private static final Base[] BASES = Base.values();

    private SavedDecoderSerializer() {}

    @Override
    protected int version() {
        return 1;
    }

    @Override
    protected void write(SavedDecoder saved, DataOutputView out) throws IOException {
        out.writeByte(saved.base().ordinal());
        switch (saved.base()) {
            case UNKNOWN -> {
                // Nothing more to say.
            }
            case FIRST_STATE -> writeText(saved.library(), out);
            case IMAGE -> {
                out.writeInt(saved.preRoll());
                writeBytes(saved.image().toBytes(), out);
            }
        }
    }

    @Override
    protected SavedDecoder read(int version, DataInputView in) throws IOException {
        return switch (BASES[in.readUnsignedByte()]) {
            case UNKNOWN -> SavedDecoder.UNKNOWN;
            case FIRST_STATE -> SavedDecoder.inFirstState(readText(in));
            case IMAGE -> {
                int preRoll = in.readInt();
                yield SavedDecoder.of(DecoderImage.ofBytes(readBytes(in)), preRoll);
            }
        };
    }

    @Override
    public TypeSerializerSnapshot<SavedDecoder> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in a savepoint. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<SavedDecoder> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
