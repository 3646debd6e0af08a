package dev.decant.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/** Takes what is written to it and compares it with what is there already. */
final class ComparingStream extends OutputStream {
    private final InputStream there;
    private boolean same = true;

    /**
     * @param there is not closed here
     */
    ComparingStream(InputStream there) {
        this.there = there;
    }

    /** Whether all that was written is there, and no more than that. */
    boolean isSame() throws IOException {
        return same && there.read() < 0;
    }

    @Override
    public void write(int octet) throws IOException {
        same = same && there.read() == (octet & 0xFF);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (same) {
            byte[] other = there.readNBytes(length);
            same = Arrays.equals(bytes, offset, offset + length, other, 0, other.length);
        }
    }
}
