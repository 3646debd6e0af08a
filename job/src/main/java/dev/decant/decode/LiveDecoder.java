package dev.decant.decode;

import dev.decant.audio.OpusPacket;
import dev.decant.decode.DecodeStep.Kind;
import dev.decant.opus.OpusDecoder;

/** A decoder in memory, and what is known of its stream for as long as it is. */
final class LiveDecoder {
    private final LinkSettings link;
    private final OpusDecoder decoder;
    private final DecoderLog log;
    private final long nativeBytes;

    private int stepsSinceImage;
    /** At how many of those an image was refused; 0: at none. */
    private int refusedAt;
    /** Whether its log cannot bring the decoder back as it is now, until there is an image. */
    private boolean needsImage;

    private boolean hasRange;
    private boolean rangesDiffer;

    /**
     * A decoder in its first state, or just restored from an image.
     *
     * @param log what brings it back
     * @param nativeBytes what it takes outside the heap
     */
    LiveDecoder(LinkSettings link, OpusDecoder decoder, DecoderLog log, long nativeBytes) {
        this.link = link;
        this.decoder = decoder;
        this.log = log;
        this.nativeBytes = nativeBytes;
        hasRange = true;
    }

    /** This one in another engine: {@code moved} is as {@link #decoder()} is. */
    LiveDecoder movedTo(OpusDecoder moved, long bytes) {
        LiveDecoder live = new LiveDecoder(link, moved, log, bytes);
        live.stepsSinceImage = stepsSinceImage;
        live.refusedAt = refusedAt;
        live.needsImage = needsImage;
        live.hasRange = hasRange;
        live.rangesDiffer = rangesDiffer;
        return live;
    }

    /** Whether it can serve a link with these settings, once it is in its first state. */
    boolean fits(LinkSettings other) {
        return link.gain() == other.gain() && link.layout().equals(other.layout());
    }

    OpusDecoder decoder() {
        return decoder;
    }

    LinkSettings link() {
        return link;
    }

    /** What brings the decoder back, beyond what is in state already. */
    DecoderLog log() {
        return log;
    }

    long nativeBytes() {
        return nativeBytes;
    }

    /** The decoder is in its first state again. */
    void recordStart() {
        recordSaved();
        hasRange = true;
        rangesDiffer = false;
    }

    /** The decoder has done {@code step}. */
    void recordStep(LoggedStep step) {
        stepsSinceImage++;
        hasRange = step.givesRange();
    }

    /** Time passed without the decoder. */
    void recordGap() {
        hasRange = false;
    }

    /** It was brought back, but is not sure to be as it was. */
    void recordConverged() {
        needsImage = true;
        hasRange = false;
    }

    /** The log begins anew: after an image, or where none can be had, a second ago. */
    void recordSaved() {
        stepsSinceImage = 0;
        refusedAt = 0;
        needsImage = false;
    }

    /** There is no image of the decoder as it is now. The next is tried an interval later: it will be another state. */
    void recordImageRefused() {
        refusedAt = stepsSinceImage;
        needsImage = false;
    }

    /** The steps since the last image, or since the log began: what will be run again. */
    int stepsSinceImage() {
        return stepsSinceImage;
    }

    /**
     * @param interval steps from one image to the next
     */
    boolean isImageDue(int interval) {
        return needsImage || stepsSinceImage - refusedAt >= interval;
    }

    /**
     * Whether the final range after {@code step} can be compared with the encoder's: it says nothing in the first packet
     * after a loss, a gap or a refusal, or where the decoder is not sure to be as it was.
     */
    boolean canCompareRange(DecodeStep step) {
        return hasRange && step.kind() == Kind.PACKET && step.packet().finalRange() != OpusPacket.ABSENT;
    }

    /** Whether the last final range was not the encoder's, and it was not the decoder's fault. */
    boolean rangesDiffer() {
        return rangesDiffer;
    }

    void recordRangesDiffer(boolean differ) {
        rangesDiffer = differ;
    }
}
