package dev.decant.decode;

import dev.decant.opus.DecoderImage;
import java.util.List;
import org.apache.flink.api.common.functions.RuntimeContext;

/**
 * What is kept of the decoder of the current key's stream, as Flink's keyed state: where its log begins, and the log of
 * what it did since. Failures are those of the state backend, and the task's end.
 */
interface DecoderState {
    /** Keeps nothing, for who would rather have the time: decoders come back as new ones. */
    DecoderState NONE = new UnkeptDecoderState();

    /** State of the function with this context, which must be one of a keyed stream. */
    static DecoderState of(RuntimeContext context) {
        return new KeyedDecoderState(context);
    }

    /** Whether anything is kept: if not, there is no point in making images. */
    boolean isKept();

    /**
     * The decoder is in its first state now.
     *
     * @param library the SHA-256 of the library whose decoder it is
     */
    void begin(String library) throws Exception;

    /** The decoder has done {@code step}. */
    void append(LoggedStep step) throws Exception;

    /** {@code image} is the decoder as it is now. Of the log a second stays, in case the image is of no use one day. */
    void save(DecoderImage image) throws Exception;

    /** Cuts the log to its last second, without an image: it will bring back a decoder that sounds like this one. */
    void cut() throws Exception;

    /** Forgets the stream. */
    void clear() throws Exception;

    /** Where the log begins; {@link SavedDecoder#UNKNOWN} if nothing was kept. */
    SavedDecoder saved() throws Exception;

    /** All steps of the log in order, those before the image too; not to be changed, and good until the next change. */
    List<LoggedStep> log() throws Exception;
}
