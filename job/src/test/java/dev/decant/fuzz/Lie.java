package dev.decant.fuzz;

/** What is said of a packet that is not so. */
public enum Lie {
    NONE,
    NUMBER_ONCE,
    NUMBERS_FROM_NOW_ON,
    TIME_ONCE,
    TIMES_FROM_NOW_ON,
    LINK,
    HEAD,
    TRIMS,
    FINAL_RANGE,
    RECORD_TIME_ONCE,
    RECORD_TIMES_FROM_NOW_ON,
    /** Another synchronization source, with RTP. */
    SOURCE,
    /** What its RTP header says. */
    RTP,
    /** That the packet was lost. */
    LOST,
    /** That the stream is over. */
    END
}
