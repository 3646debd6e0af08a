package dev.decant.job;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketFraming;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.audio.UnsupportedLayoutException;
import dev.decant.container.Recording;
import dev.decant.opus.ReferenceDecoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The PCM of a recording as libopus' C API gives it, with pre-skip, gain and trimming applied the plain way: everything
 * is decoded into one array, and then both ends are cut off.
 */
final class ReferencePcm {
    private final OpusHead head;
    private final List<OpusPacket> packets = new ArrayList<>();

    private ReferencePcm(OpusHead head) {
        this.head = head;
    }

    /** Reads a recording of one link. */
    static ReferencePcm of(RecordingFile file) throws IOException {
        try (Recording recording = file.open()) {
            ReferencePcm reference = new ReferencePcm(recording.head());
            for (OpusPacket packet = recording.next(); packet != null; packet = recording.next()) {
                if (packet.link() != 0) {
                    throw new IOException(file.path() + " has more than one link");
                }
                reference.packets.add(packet);
            }
            return reference;
        }
    }

    OpusHead head() {
        return head;
    }

    int channels() {
        return head.channels();
    }

    /** Interleaved, little-endian samples. */
    byte[] decode(SampleFormat sampleFormat, int rate) {
        ChannelLayout layout = layout();
        PcmFormat format = new PcmFormat(sampleFormat, rate, head.channels());
        List<byte[]> payloads = packets.stream().map(OpusPacket::payload).toList();
        byte[] all = ReferenceDecoder.decode(sampleFormat, rate, layout, head.outputGain(), payloads);
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        long tick = 0;
        for (OpusPacket packet : packets) {
            long end = tick + PacketFraming.statedDuration(packet.payload());
            long keepFrom = Math.max(tick + packet.trimStart(), head.preSkip());
            long keepTo = end - packet.trimEnd();
            if (keepTo > keepFrom) {
                int from = (int) format.samples(keepFrom) * format.bytesPerSample();
                int to = (int) format.samples(keepTo) * format.bytesPerSample();
                kept.write(all, from, to - from);
            }
            tick = end;
        }
        return kept.toByteArray();
    }

    private ChannelLayout layout() {
        try {
            return ChannelLayout.of(head, null, 255);
        } catch (UnsupportedLayoutException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
