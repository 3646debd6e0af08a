package dev.decant.container;

import dev.decant.audio.OpusHead;
import dev.decant.audio.RecordTypeInfo;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * What there is to say of a recording once it has been read to its end, or as far as that went.
 *
 * @param name its path below the input folder, elements parted by slashes, or the name of a single recording
 * @param streamId the stream ID of its packets, which is its name or begins with it
 * @param outputName what its output is called below the output folder, without an ending
 * @param path its whole path, as it was opened
 * @param container null if nothing could be told
 * @param head the header of its first link; null if nothing could be read
 * @param links how many links have packets
 * @param packets how many packets went into the stream; with none of them the stream was never begun, and has no end either
 * @param malformedPackets how many of these break a rule of framing, so that their time is made up
 * @param bytes how much of it was read: its size, unless it failed
 * @param problems what was wrong in it and did not stop the reading, in the order of the bytes
 * @param failure why nothing, or nothing more, could be read; null if it was read to its end
 */
public record RecordingEnd(
        String name,
        String streamId,
        String outputName,
        String path,
        Container container,
        OpusHead head,
        long links,
        long packets,
        long malformedPackets,
        long bytes,
        List<RecordingProblem> problems,
        RecordingProblem failure) {

    /** The Flink type, with its versioned serializer. */
    public static final TypeInformation<RecordingEnd> TYPE =
            new RecordTypeInfo<>(RecordingEnd.class, RecordingEndSerializer.INSTANCE);

    public RecordingEnd {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(streamId, "streamId");
        Objects.requireNonNull(outputName, "outputName");
        Objects.requireNonNull(path, "path");
        problems = List.copyOf(problems);
    }
}
