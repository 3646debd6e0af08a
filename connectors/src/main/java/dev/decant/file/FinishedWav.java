package dev.decant.file;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.RecordTypeInfo;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * A stream, or a piece of one, whose body is written: all that is needed to make the WAV file of it.
 *
 * @param streamId the stream
 * @param format the shape of its samples
 * @param samples samples a channel
 * @param piece whether it is a piece of its stream, named by its start, or the whole
 * @param start index of its first sample in the stream; 0 for a whole
 * @param body where the body will stand once committed; null if there are no samples, and so no body
 */
record FinishedWav(String streamId, PcmFormat format, long samples, boolean piece, long start, WrittenBody body) {

    /** The Flink type, with its versioned serializer. */
    static final TypeInformation<FinishedWav> TYPE =
            new RecordTypeInfo<>(FinishedWav.class, FinishedWavSerializer.INSTANCE);

    FinishedWav {
        Objects.requireNonNull(streamId, "streamId");
        Objects.requireNonNull(format, "format");
    }

    /** Bytes of samples, without header and padding. */
    long dataBytes() {
        return samples * format.bytesPerSample();
    }
}
