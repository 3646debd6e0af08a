package dev.decant.rtp;

/**
 * Bytes that are no RTP packet (RFC 3550), or redundant blocks that are none (RFC 2198): skip them; the sequence number
 * that is missing then is a loss. The message is one sentence with the numbers. There is no stack trace, since packets
 * come from outside and broken ones may come in floods.
 */
public final class MalformedRtpException extends Exception {
    MalformedRtpException(String message) {
        super(message, null, false, false);
    }
}
