package dev.decant.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Packets as {@code loop.c} reads them: for each its length, 32 bit, little-endian, and its bytes. */
final class PacketFile {
    private PacketFile() {}

    static void write(Path file, List<byte[]> packets) throws IOException {
        int bytes = packets.stream()
                .mapToInt(packet -> Integer.BYTES + packet.length)
                .sum();
        ByteBuffer content = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        packets.forEach(packet -> content.putInt(packet.length).put(packet));
        Files.write(file, content.array());
    }

    static List<byte[]> read(Path file) throws IOException {
        ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<byte[]> packets = new ArrayList<>();
        while (content.hasRemaining()) {
            byte[] packet = new byte[content.getInt()];
            content.get(packet);
            packets.add(packet);
        }
        return packets;
    }
}
