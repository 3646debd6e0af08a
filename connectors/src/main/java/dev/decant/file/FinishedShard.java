package dev.decant.file;

import dev.decant.audio.Digests;
import dev.decant.audio.RecordSerializer;
import dev.decant.audio.RecordTypeInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * The recordings that one shard is made of: those that have samples become rows, the others are reported with it.
 *
 * @param files in the order of the rows
 */
record FinishedShard(List<FinishedFile> files) {

    private static final String PREFIX = "recordings-";
    private static final String SUFFIX = ".parquet";

    /** The Flink type, with its versioned serializer. */
    static final TypeInformation<FinishedShard> TYPE = new RecordTypeInfo<>(FinishedShard.class, Serializer.INSTANCE);

    FinishedShard {
        files = List.copyOf(files);
    }

    /** Its file name: the same recordings, decoded in the same way, have the same one. */
    String name(FileFormat format) {
        MessageDigest hash = Digests.sha256();
        hash.update(format.suffix().getBytes(StandardCharsets.UTF_8));
        for (FinishedFile file : files) {
            hash.update((file.end().name() + "\n" + file.format() + "\n" + file.samples() + "\n")
                    .getBytes(StandardCharsets.UTF_8));
        }
        return PREFIX + HexFormat.of().formatHex(hash.digest(), 0, 12) + SUFFIX;
    }

    /** Whether a file may be called so by {@link #name}, or by who is writing it. */
    static boolean isName(String file) {
        return file.startsWith(PREFIX) && file.endsWith(SUFFIX)
                || file.startsWith("." + PREFIX) && file.contains(SUFFIX + ".inprogress.");
    }

    /** {@link FinishedShard} in bytes: between operators, and as a committable. */
    static final class Serializer extends RecordSerializer<FinishedShard> {
        static final Serializer INSTANCE = new Serializer();

        private Serializer() {}

        @Override
        protected int version() {
            return 1;
        }

        @Override
        protected void write(FinishedShard shard, DataOutputView out) throws IOException {
            out.writeInt(shard.files().size());
            for (FinishedFile file : shard.files()) {
                FinishedFileSerializer.INSTANCE.serialize(file, out);
            }
        }

        @Override
        protected FinishedShard read(int version, DataInputView in) throws IOException {
            int count = in.readInt();
            List<FinishedFile> files = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                files.add(FinishedFileSerializer.INSTANCE.deserialize(in));
            }
            return new FinishedShard(files);
        }

        @Override
        public TypeSerializerSnapshot<FinishedShard> snapshotConfiguration() {
            return new Snapshot();
        }

        /** Names the serializer in a savepoint. */
        public static final class Snapshot extends SimpleTypeSerializerSnapshot<FinishedShard> {
            public Snapshot() {
                super(() -> INSTANCE);
            }
        }
    }
}
