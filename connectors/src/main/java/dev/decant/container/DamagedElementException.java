package dev.decant.container;

import java.util.Locale;

/**
 * What stands where an element must be is none, or the recording ends within it: what comes next has to be searched for.
 */
final class DamagedElementException extends Exception {
    private static final long serialVersionUID = 1L;

    private final long offset;
    private final boolean cut;

    private DamagedElementException(long offset, boolean cut, String message, Object... values) {
        // A damaged recording may have many of them; where they come from is said by the offset.
        super(String.format(Locale.ROOT, message, values), null, false, false);
        this.offset = offset;
        this.cut = cut;
    }

    static DamagedElementException damaged(long offset, String message, Object... values) {
        return new DamagedElementException(offset, false, message, values);
    }

    static DamagedElementException cut(long offset, String message, Object... values) {
        return new DamagedElementException(offset, true, message, values);
    }

    /** Where the element begins, in bytes. */
    long offset() {
        return offset;
    }

    /** Whether the recording ended too soon, and nothing else is wrong. */
    boolean cut() {
        return cut;
    }
}
