package dev.decant.decode;

import java.io.Serializable;

/**
 * How much of the decoders of a subtask is in memory at once; beyond it the least recently used is let go.
 *
 * @param decoders at most
 * @param bytes outside the heap at most; null: what the TaskManager has for a slot, see {@link DecoderBudget}
 */
public record LiveLimits(int decoders, Long bytes) implements Serializable {
    public LiveLimits {
        if (decoders < 1) {
            throw new IllegalArgumentException("decoder.max-live is " + decoders + ": at least 1 is needed");
        }
        if (bytes != null && bytes < 1) {
            throw new IllegalArgumentException("decoder.memory is " + bytes + " bytes: room for a decoder is needed");
        }
    }
}
