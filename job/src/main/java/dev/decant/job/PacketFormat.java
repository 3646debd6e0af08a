package dev.decant.job;

import java.util.Locale;

/** What the values of packet records are. */
public enum PacketFormat {
    /** Opus packets (RFC 6716, section 3). */
    OPUS,
    /** RTP packets (RFC 3550) that carry them (RFC 7587). */
    RTP;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
