package dev.decant.container;

import dev.decant.audio.OpusPacket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.memory.DataOutputSerializer;

/** Packets for recordings of tests, and a way to compare them: records with arrays are never equal. */
final class Packets {
    private Packets() {}

    /** Packets of 20 ms, mono, that differ. */
    static List<byte[]> numbered(int count) {
        List<byte[]> packets = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            packets.add(new byte[] {8, (byte) (number >> 8), (byte) number});
        }
        return packets;
    }

    /** All that a packet is. */
    static String text(OpusPacket packet) {
        return text(OpusPacket.TYPE, packet);
    }

    /** All that the end of a recording says. */
    static String text(RecordingEnd end) {
        return end.name() + " is over: " + text(RecordingEnd.TYPE, end);
    }

    /** The same of the stream that is called like its recording, whichever subtask read it. */
    static OpusPacket named(OpusPacket packet) {
        return new OpusPacket(
                name(packet.streamId()),
                packet.payload(),
                packet.sequenceNumber(),
                packet.timestamp(),
                packet.head(),
                packet.link(),
                packet.trimStart(),
                packet.trimEnd(),
                packet.finalRange(),
                packet.origin());
    }

    /** The same of the stream that is called like its recording, whichever subtask read it. */
    static RecordingEnd named(RecordingEnd end) {
        return new RecordingEnd(
                end.name(),
                name(end.streamId()),
                end.outputName(),
                end.path(),
                end.container(),
                end.head(),
                end.links(),
                end.packets(),
                end.malformedPackets(),
                end.bytes(),
                end.problems(),
                end.failure());
    }

    /** The recording that was given the stream ID. */
    private static String name(String streamId) {
        int number = streamId.lastIndexOf("//");
        return number < 0 ? streamId : streamId.substring(0, number);
    }

    static String text(RecordingPart part) {
        return (part.packet() == null ? "nothing" : text(part.packet())) + (part.end() == null ? "" : text(part.end()));
    }

    private static <T> String text(TypeInformation<T> type, T record) {
        try {
            DataOutputSerializer out = new DataOutputSerializer(256);
            type.createSerializer(new SerializerConfigImpl()).serialize(record, out);
            return HexFormat.of().formatHex(out.getCopyOfBuffer());
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
    }

    /** The packets of a recording, read directly. */
    static List<String> read(RecordingBytes bytes, String path, String streamId) throws IOException {
        List<String> packets = new ArrayList<>();
        try (Recording recording = Recordings.open(bytes, path, streamId, ReadingSettings.DEFAULT)) {
            for (OpusPacket packet = recording.next(); packet != null; packet = recording.next()) {
                packets.add(text(packet));
            }
        }
        return packets;
    }
}
