package dev.decant.audio;

import java.util.Objects;

/**
 * What RTP says of an Opus packet besides its sequence number and its timestamp (RFC 3550, section 5.1; RFC 7587).
 *
 * @param ssrc the synchronization source, unsigned 32 bit
 * @param redundant whether the packet is a copy that came with a later one (RFC 2198): of use only where the original is
 *     missing
 * @param record the whole RTP packet, which goes to the dead letters if its payload cannot be used; not to be changed
 */
public record RtpCarrier(long ssrc, boolean redundant, byte[] record) {
    public RtpCarrier {
        Objects.requireNonNull(record, "record");
    }
}
