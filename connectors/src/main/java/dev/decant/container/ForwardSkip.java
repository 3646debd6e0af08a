package dev.decant.container;

import java.io.IOException;
import java.io.InputStream;

/** Goes forward in a stream. */
final class ForwardSkip {
    private ForwardSkip() {}

    /** Passes over {@code bytes}, or over what is left: not {@code skipNBytes}, since an end is no error here. */
    static void skip(InputStream in, long bytes) throws IOException {
        for (long left = bytes; left > 0; ) {
            long skipped = in.skip(left);
            if (skipped <= 0) {
                if (in.read() < 0) {
                    return;
                }
                skipped = 1;
            }
            left -= skipped;
        }
    }
}
