package dev.decant.audio;

import java.util.Locale;

/** What the channels of PCM mean. The numbers of these are part of what is serialized: the list grows at the end. */
public enum ChannelOrder {
    /** Each belongs to a loudspeaker: those of mapping family 1 for so many channels (RFC 7845, section 5.1.1.2). */
    SPEAKERS,
    /** None does: ambisonics (RFC 8486), or channels without a meaning (RFC 7845, section 5.1.1.3). */
    UNPOSITIONED;

    /** The order of channels of which no more is known: up to two have speakers, more have not. */
    public static ChannelOrder usual(int channels) {
        return channels <= 2 ? SPEAKERS : UNPOSITIONED;
    }

    /** The name in Kafka's {@code pcm.channel-order} header, and in manifests. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The order with that label.
     *
     * @throws IllegalArgumentException if there is none; the message lists those there are
     */
    public static ChannelOrder of(String label) {
        for (ChannelOrder order : values()) {
            if (order.label().equals(label)) {
                return order;
            }
        }
        throw new IllegalArgumentException("\"" + label + "\" is no order of channels: take speakers or unpositioned");
    }
}
