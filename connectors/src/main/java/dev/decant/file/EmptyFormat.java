package dev.decant.file;

import dev.decant.audio.OpusHead;
import dev.decant.audio.PcmFormat;
import java.io.Serializable;

/** Tells the format of a recording without packets, of which nothing was decoded that would tell it. */
@FunctionalInterface
public interface EmptyFormat extends Serializable {
    /**
     * @param head of the recording's first link
     * @return null if such a recording cannot be decoded
     */
    PcmFormat of(OpusHead head);
}
