package dev.decant.opus;

/** What can go wrong in a decoder, and what the caller does next. Codes are those of opus_defines.h; ours are positive. */
public enum OpusError {
    /** One or more invalid or out of range arguments: a defect of the caller. */
    BAD_ARG(-1, Remedy.FAIL),
    /** Not enough bytes allocated in the buffer. */
    BUFFER_TOO_SMALL(-2, Remedy.FAIL),
    /** An internal error was detected. */
    INTERNAL_ERROR(-3, Remedy.REBUILD_DECODER),
    /** The compressed data passed is corrupted. */
    INVALID_PACKET(-4, Remedy.SKIP_PACKET),
    /** Invalid or unsupported request number. */
    UNIMPLEMENTED(-5, Remedy.FAIL),
    /** An encoder or decoder structure is invalid or already freed. */
    INVALID_STATE(-6, Remedy.REBUILD_DECODER),
    /** Memory allocation has failed. */
    ALLOC_FAIL(-7, Remedy.FAIL),
    /** Memory of ours was overwritten: a guard word around it or, with a checksum, a decoder's state. */
    MEMORY_CORRUPTED(1, Remedy.REBUILD_DECODER),
    /** A code that opus_defines.h does not know. */
    UNKNOWN(0, Remedy.REBUILD_DECODER);

    /** What the caller does next. */
    public enum Remedy {
        /** The decoder is sound: go on with the next packet. */
        SKIP_PACKET,
        /** The decoder cannot be trusted: throw it away, make a new one. */
        REBUILD_DECODER,
        /** Going on makes no sense: the task fails. */
        FAIL
    }

    private final int code;
    private final Remedy remedy;

    OpusError(int code, Remedy remedy) {
        this.code = code;
        this.remedy = remedy;
    }

    public int code() {
        return code;
    }

    public Remedy remedy() {
        return remedy;
    }

    /** The error of a negative return code. */
    static OpusError ofCode(int code) {
        for (OpusError error : values()) {
            if (error.code == code) {
                return error;
            }
        }
        return UNKNOWN;
    }
}
