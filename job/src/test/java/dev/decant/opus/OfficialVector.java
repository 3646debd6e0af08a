package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/**
 * One of the twelve vectors that decoders are judged by (RFC 6716, section 6.1; RFC 8251, section 11).
 *
 * @param name {@code testvector01} to {@code testvector12}
 * @param packets in order
 * @param finalRanges the encoder's final range of each packet, unsigned 32 bit
 * @param folder where it lies
 */
public record OfficialVector(String name, List<byte[]> packets, List<Long> finalRanges, Path folder) {
    public static final int COUNT = 12;

    /** All of them, or an aborted test as in {@link #readOrSkip}. */
    public static List<OfficialVector> allOrSkip() {
        return IntStream.rangeClosed(1, COUNT)
                .mapToObj(OfficialVector::readOrSkip)
                .toList();
    }

    /**
     * One of them, or an aborted test that says why there is none: they are not ours to ship.
     *
     * @param number 1 to 12
     */
    static OfficialVector readOrSkip(int number) {
        String folder = System.getenv("DECANT_OPUS_VECTORS");
        assumeTrue(folder != null, "DECANT_OPUS_VECTORS is not set: the official vectors are not decoded");
        return read(Path.of(folder), String.format("testvector%02d", number));
    }

    /** What the reference decoder gave, with phase inversion and without: 48 kHz stereo s16le. Either is right. */
    public List<byte[]> references() {
        return List.of(unpack(name + ".dec.gz"), unpack(name + "m.dec.gz"));
    }

    @Override
    public String toString() {
        return name;
    }

    /** As opus_demo writes them: length, final range, packet; the numbers are big-endian. */
    private static OfficialVector read(Path folder, String name) {
        List<byte[]> packets = new ArrayList<>();
        List<Long> finalRanges = new ArrayList<>();
        try {
            ByteBuffer bit = ByteBuffer.wrap(Files.readAllBytes(folder.resolve(name + ".bit")));
            while (bit.hasRemaining()) {
                byte[] packet = new byte[bit.getInt()];
                finalRanges.add(Integer.toUnsignedLong(bit.getInt()));
                bit.get(packet);
                packets.add(packet);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(packets).as(name).isNotEmpty();
        return new OfficialVector(name, packets, finalRanges, folder);
    }

    private byte[] unpack(String file) {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(folder.resolve(file)))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
