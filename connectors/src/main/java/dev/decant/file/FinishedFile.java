package dev.decant.file;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.RecordTypeInfo;
import dev.decant.container.RecordingEnd;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * A stream, or a piece of one, whose body is written: all that is needed to make the file of it.
 *
 * @param streamId the stream
 * @param format the shape of its samples; null if there is no file to be made, only something to be said
 * @param samples samples a channel
 * @param piece whether it is a piece of its stream, named by its start, or the whole
 * @param start index of its first sample in the stream; 0 for a whole
 * @param room bytes left free before the samples of the body
 * @param tally how the samples came about
 * @param sha256 of the samples as they stand in the body; null if that is not known
 * @param body where the body will stand once committed; null if there are no samples, and so no body
 * @param end the end of the recording that the stream was; null if it was none
 */
record FinishedFile(
        String streamId,
        PcmFormat format,
        long samples,
        boolean piece,
        long start,
        int room,
        SampleTally tally,
        byte[] sha256,
        WrittenBody body,
        RecordingEnd end) {

    /** The Flink type, with its versioned serializer. */
    static final TypeInformation<FinishedFile> TYPE =
            new RecordTypeInfo<>(FinishedFile.class, FinishedFileSerializer.INSTANCE);

    FinishedFile {
        Objects.requireNonNull(streamId, "streamId");
        Objects.requireNonNull(tally, "tally");
    }

    /** A stream, or a piece of one, of which no more is known. */
    FinishedFile(String streamId, PcmFormat format, long samples, boolean piece, long start, WrittenBody body) {
        this(streamId, format, samples, piece, start, 0, SampleTally.NOTHING, null, body, null);
    }

    /** A recording of which nothing was decoded. */
    static FinishedFile empty(RecordingEnd end, PcmFormat format) {
        return new FinishedFile(end.streamId(), format, 0, false, 0, 0, SampleTally.NOTHING, null, null, end);
    }

    /** The file with what is to be said of its recording. */
    FinishedFile with(RecordingEnd ofRecording) {
        return new FinishedFile(streamId, format, samples, piece, start, room, tally, sha256, body, ofRecording);
    }

    /** The same without a format: no file is to be made of it. */
    FinishedFile withoutFormat() {
        return new FinishedFile(streamId, null, samples, piece, start, room, tally, sha256, body, end);
    }

    /** Bytes of samples in the body, whether or not a file is to be made of them. */
    long bodyBytes() {
        return format == null ? 0 : dataBytes();
    }

    /** Bytes of samples, without header and padding. */
    long dataBytes() {
        return samples * format.bytesPerSample();
    }
}
