package dev.decant.decode;

import dev.decant.opus.DecoderImage;
import java.util.Objects;

/**
 * Where the log of a stream's steps begins: what it takes, with the log, to bring the stream's decoder back.
 *
 * @param base what is known of the decoder that the log is about
 * @param library with {@link Base#FIRST_STATE} the SHA-256 of the library whose decoder it was; null otherwise
 * @param image with {@link Base#IMAGE} the decoder after the {@code preRoll}; null otherwise
 * @param preRoll how many of the log's first steps came before the image: they are run only where the image is of no use
 */
record SavedDecoder(Base base, String library, DecoderImage image, int preRoll) {

    /** What is known of a decoder. The numbers of these are part of version 1: the list grows at the end. */
    enum Base {
        /** Nothing: it had run before the log began. */
        UNKNOWN,
        /** It was in its first state when the log began. */
        FIRST_STATE,
        /** There is an image of it. */
        IMAGE
    }

    /** The log is all that is left. */
    static final SavedDecoder UNKNOWN = new SavedDecoder(Base.UNKNOWN, null, null, 0);

    SavedDecoder {
        Objects.requireNonNull(base, "base");
        if ((base == Base.FIRST_STATE) != (library != null) || (base == Base.IMAGE) != (image != null)) {
            throw new IllegalArgumentException(base + " with " + (library == null ? "no" : "a") + " library and "
                    + (image == null ? "no" : "an") + " image");
        }
    }

    static SavedDecoder inFirstState(String library) {
        return new SavedDecoder(Base.FIRST_STATE, library, null, 0);
    }

    static SavedDecoder of(DecoderImage image, int preRoll) {
        return new SavedDecoder(Base.IMAGE, null, image, preRoll);
    }
}
