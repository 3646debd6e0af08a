package dev.decant.fuzz;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Which packet is being tried now, in a file: native code that crashes takes the process with it and every report, but not
 * what was written to a mapped file. The file is text and says by itself how the crash is had again.
 */
public final class LastPacket {
    private static final int BYTES = 256;

    private final MappedByteBuffer text;
    private final byte[] digits = new byte[19];
    private final int at;
    private volatile long index;
    private volatile long progress;

    /**
     * @param file is made anew; its folder too
     * @param howToRepeat the options of a run that begins with the same packet
     */
    public LastPacket(Path file, String howToRepeat) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        String line = howToRepeat + "; last packet: ";
        at = line.length();
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            text = channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES);
        }
        byte[] blank = new byte[BYTES];
        Arrays.fill(blank, (byte) ' ');
        byte[] start = line.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(start, 0, blank, 0, start.length);
        blank[BYTES - 1] = '\n';
        text.put(0, blank);
    }

    /** The packet of that index is about to be tried. */
    public void enter(long packet) {
        long left = packet;
        for (int i = digits.length - 1; i >= 0; i--) {
            digits[i] = (byte) ('0' + left % 10);
            left /= 10;
        }
        text.put(at, digits);
        index = packet;
        advance();
    }

    /** The packet has come a step further: what takes long because it is much is no hang. */
    public void advance() {
        progress = progress + 1;
    }

    /** The index of the packet that is being tried. */
    public long index() {
        return index;
    }

    /** Grows with each packet and each step. */
    long progress() {
        return progress;
    }
}
