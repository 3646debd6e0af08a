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
    private boolean whole = true;

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

    /** Reads a recording up to where a packet is missing, or another link begins. */
    static ReferencePcm upToTheFirstLoss(RecordingFile file) throws IOException {
        try (Recording recording = file.open()) {
            ReferencePcm reference = new ReferencePcm(recording.head());
            long end = -1;
            for (OpusPacket packet = recording.next(); packet != null; packet = recording.next()) {
                if (packet.link() != 0 || end >= 0 && packet.timestamp() != end) {
                    reference.whole = false;
                    return reference;
                }
                end = packet.timestamp() + PacketFraming.statedDuration(packet.payload());
                reference.packets.add(packet);
            }
            return reference;
        }
    }

    /** Whether all of the recording was read. */
    boolean isWhole() {
        return whole;
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

    /** {@link #decode} in the order of a WAV: of 5.1, Opus has left, center, right, back left, back right, bass. */
    byte[] decodeInWaveOrder(int rate) {
        byte[] opus = decode(SampleFormat.S16LE, rate);
        if (head.mappingFamily() != 1 || channels() <= 2) {
            return opus;
        }
        if (channels() != 6) {
            throw new IllegalArgumentException("no order is known here of " + channels() + " channels");
        }
        int[] sources = {0, 2, 1, 5, 3, 4};
        byte[] wave = new byte[opus.length];
        for (int at = 0; at < opus.length; at += 2) {
            int channel = at / 2 % 6;
            int from = at + 2 * (sources[channel] - channel);
            wave[at] = opus[from];
            wave[at + 1] = opus[from + 1];
        }
        return wave;
    }

    private ChannelLayout layout() {
        try {
            return ChannelLayout.of(head, null, 255);
        } catch (UnsupportedLayoutException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
