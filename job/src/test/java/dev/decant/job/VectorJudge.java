package dev.decant.job;

import dev.decant.opus.OfficialVector;
import dev.decant.opus.OpusCompare;

/**
 * Judges what was decoded of a vector as the script of RFC 6716 does: it passes if it is near enough to either reference.
 * The one that suits the number of channels is asked first, since a mono decoder inverts no phases; the other one only if
 * that says no.
 */
final class VectorJudge {
    private final OfficialVector vector;
    private final int channels;
    private final OpusCompare suited;

    VectorJudge(OfficialVector vector, int channels) {
        this.vector = vector;
        this.channels = channels;
        suited =
                new OpusCompare(channels == 1 ? vector.referenceWithoutPhaseInversion() : vector.reference(), channels);
    }

    /**
     * The quality in percent; negative: the vector fails.
     *
     * @param pcm s16le
     */
    double quality(byte[] pcm, int rate) {
        double quality = suited.quality(pcm, rate);
        return quality >= 0 ? quality : Math.max(quality, other().quality(pcm, rate));
    }

    private OpusCompare other() {
        return new OpusCompare(channels == 1 ? vector.reference() : vector.referenceWithoutPhaseInversion(), channels);
    }
}
