package dev.decant.container;

import java.io.IOException;
import java.io.InputStream;

/**
 * Where the bytes of a recording are. They can be opened several times, and anywhere: an MP4 may keep the table of its
 * packets behind them.
 */
@FunctionalInterface
public interface RecordingBytes {
    /**
     * The bytes from {@code offset} on, none if the recording is no longer than that. They need not be buffered; the caller
     * closes them.
     *
     * @param offset not negative
     */
    InputStream open(long offset) throws IOException;

    /** Opens something at its first byte. */
    @FunctionalInterface
    interface FromTheStart {
        InputStream open() throws IOException;
    }

    /** The bytes of what can be opened at its first byte only: those before an offset are read and dropped. */
    static RecordingBytes of(FromTheStart start) {
        return offset -> {
            InputStream in = start.open();
            try {
                ForwardSkip.skip(in, offset);
                return in;
            } catch (IOException | RuntimeException failure) {
                in.close();
                throw failure;
            }
        };
    }
}
