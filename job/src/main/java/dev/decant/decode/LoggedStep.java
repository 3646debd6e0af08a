package dev.decant.decode;

import dev.decant.decode.DecodeStep.Kind;
import dev.decant.opus.OpusDecoder;
import dev.decant.opus.OpusError.Remedy;
import dev.decant.opus.OpusException;
import java.util.Objects;

/**
 * What a decoder was asked to do, so that another can be asked the same. One that did the same from the same state on is
 * in the same state.
 *
 * @param kind {@link Kind#PACKET}, {@link Kind#FEC} or {@link Kind#CONCEAL}
 * @param packet as in the {@link DecodeStep}: null where something is concealed; not to be changed
 * @param ticks how long it lasts, at 48 kHz
 * @param refused whether the decoder refused the packet, which may have changed it all the same
 */
record LoggedStep(Kind kind, byte[] packet, int ticks, boolean refused) {
    LoggedStep {
        switch (kind) {
            case PACKET, FEC -> Objects.requireNonNull(packet, "packet");
            case CONCEAL -> {
                // Of no packet.
            }
            default -> throw new IllegalArgumentException(kind + " is nothing that a decoder does");
        }
    }

    /** What the decoder of a step's stream has to do. */
    static LoggedStep of(DecodeStep step) {
        return switch (step.kind()) {
            case PACKET, FEC -> new LoggedStep(step.kind(), step.payload(), (int) step.ticks(), false);
            default -> concealing(step);
        };
    }

    /** What takes the place of a step whose packet cannot be used. */
    static LoggedStep concealing(DecodeStep step) {
        return new LoggedStep(Kind.CONCEAL, null, (int) step.ticks(), false);
    }

    LoggedStep asRefused() {
        return new LoggedStep(kind, packet, ticks, true);
    }

    /** Whether the final range after the next packet is the encoder's: after a loss it says nothing. */
    boolean givesRange() {
        return kind == Kind.PACKET && !refused;
    }

    /**
     * Does it.
     *
     * @throws OpusException if the decoder fails
     */
    void run(OpusDecoder decoder) {
        switch (kind) {
            case PACKET -> decoder.decode(packet);
            case FEC -> decoder.recover(packet, ticks);
            default -> decoder.conceal(ticks);
        }
    }

    /**
     * Does it again.
     *
     * @return what the decoder did
     * @throws OpusException if going on makes no sense, or the decoder is gone with its engine
     */
    Repetition repeat(OpusDecoder decoder) {
        try {
            run(decoder);
            return refused ? Repetition.DIFFERENT : Repetition.SAME;
        } catch (OpusException failure) {
            return switch (failure.error().remedy()) {
                case FAIL, REPLACE_ENGINE -> throw failure;
                case REBUILD_DECODER -> Repetition.CORRUPTED;
                case SKIP_PACKET -> refused ? Repetition.SAME : Repetition.DIFFERENT;
            };
        }
    }

    /** What a decoder did when it was asked to do something again. */
    enum Repetition {
        /** What the other one had done. */
        SAME,
        /** It refused what the other had not, or the other way round: it is not as that one was. */
        DIFFERENT,
        /** It broke: see {@link Remedy#REBUILD_DECODER}. */
        CORRUPTED
    }
}
