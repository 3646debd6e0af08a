package dev.decant.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.decode.DecodeHarness.Backend;
import dev.decant.decode.DecodeMetrics.Exactness;
import dev.decant.opus.ReferenceDecoder;
import dev.decant.opus.TestStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.OperatorSnapshotUtil;
import org.junit.jupiter.api.Test;

/**
 * A checkpoint that the first version of the serializers wrote, names of their snapshots and all, is kept here and still
 * restores: "young" is a stream that has no image yet, "old" one that has. {@link #main} wrote it, once.
 */
class StateOfVersion1Test {
    private static final String CHECKPOINT = "decoders-1.checkpoint";
    private static final String PACKETS = "decoders-1.packets";

    /** The library of the checkpoint: that of Linux on x86-64. */
    private static final String LIBRARY = "a87b5c20cd77501f0780291ce9b27877b5364ce2acf9ac163bc8246ab614c4d9";

    private static final int YOUNG = 30;
    private static final int OLD = 80;

    @Test
    void stillRestores() throws Exception {
        List<byte[]> packets = readPackets();
        OperatorSubtaskState state =
                OperatorSnapshotUtil.readStateHandle(file(CHECKPOINT).toString());
        try (DecodeHarness harness =
                DecodeHarness.restore(TestSettings.USUAL.imageInterval(50), Backend.HASH_MAP, state)) {
            byte[] young = harness.map(steps("young", packets).get(YOUNG)).pcm();
            byte[] old = harness.map(steps("old", packets).get(OLD)).pcm();

            assertThat(old).hasSameSizeAs(young).hasSize(960 * 2);
            assertThat(harness.restored(Exactness.EXACT) + harness.restored(Exactness.CONVERGED))
                    .isEqualTo(2);
            assertThat(harness.metric(DecodeMetrics.STEPS_REPLAYED)).isBetween(58L, 108L);
            if (harness.decoders().library().equals(LIBRARY)) {
                assertThat(young).isEqualTo(last(packets.subList(0, YOUNG)));
            }
            if (harness.restored(Exactness.EXACT) == 2) {
                assertThat(old).isEqualTo(last(packets.subList(0, OLD)));
            }
        }
    }

    /** Writes the checkpoint into the folder that is named, and says whose library it is of. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        List<byte[]> packets =
                TestStream.withForwardErrorCorrection(1).packets().subList(0, OLD);
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(folder.resolve(PACKETS)))) {
            for (byte[] packet : packets) {
                out.writeShort(packet.length);
                out.write(packet);
            }
        }
        try (DecodeHarness harness = DecodeHarness.open(TestSettings.USUAL.imageInterval(50))) {
            for (DecodeStep step : steps("young", packets).subList(0, YOUNG)) {
                harness.map(step);
            }
            for (DecodeStep step : steps("old", packets).subList(0, OLD)) {
                harness.map(step);
            }
            OperatorSnapshotUtil.writeStateHandle(
                    harness.snapshot(), folder.resolve(CHECKPOINT).toString());
            System.out.println(harness.decoders().library());
        }
    }

    /** A beginning, and a step for each packet: step {@code i} runs packet {@code i - 1}. */
    private static List<DecodeStep> steps(String streamId, List<byte[]> packets) {
        return TestSteps.of(streamId, new TestStream("kept", 1, 960, packets)).steps();
    }

    private static byte[] last(List<byte[]> packets) {
        byte[] all = ReferenceDecoder.decode(TestSettings.USUAL.format(1), 0, packets);
        return Arrays.copyOfRange(all, all.length - 960 * 2, all.length);
    }

    private static List<byte[]> readPackets() throws Exception {
        List<byte[]> packets = new ArrayList<>();
        try (InputStream bytes = Files.newInputStream(file(PACKETS));
                DataInputStream in = new DataInputStream(bytes)) {
            while (in.available() > 0) {
                byte[] packet = new byte[in.readUnsignedShort()];
                in.readFully(packet);
                packets.add(packet);
            }
        }
        return packets;
    }

    private static Path file(String name) throws Exception {
        URL resource = StateOfVersion1Test.class.getResource(name);
        assertThat(resource).as(name).isNotNull();
        return Path.of(resource.toURI());
    }
}
