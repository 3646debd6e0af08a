package dev.decant.audio;

/** What the channels of PCM mean. The numbers of these are part of what is serialized: the list grows at the end. */
public enum ChannelOrder {
    /** Each belongs to a loudspeaker: those of mapping family 1 for so many channels (RFC 7845, section 5.1.1.2). */
    SPEAKERS,
    /** None does: ambisonics (RFC 8486), or channels without a meaning (RFC 7845, section 5.1.1.3). */
    UNPOSITIONED
}
