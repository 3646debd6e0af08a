package dev.decant.opus;

/** How a decoder looks for damage to its memory. */
public enum DecoderVerification {
    /** Not at all. */
    OFF("off"),
    /** Guard words around state and buffers are checked before and after every call: an overrun is noticed. */
    GUARDS("guards"),
    /** Besides, a checksum of the state is taken after every call and checked before the next: any change is noticed. */
    CHECKSUM("checksum");

    private final String label;

    DecoderVerification(String label) {
        this.label = label;
    }

    @Override
    public String toString() {
        return label;
    }
}
