package dev.decant.container;

import dev.decant.audio.MalformedPacketException;
import dev.decant.audio.MediaClock;
import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketContents;
import dev.decant.audio.PacketFraming;
import dev.decant.audio.Toc;
import dev.decant.audio.Toc.Bandwidth;
import dev.decant.audio.Toc.Mode;
import java.io.IOException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is in a recording, without decoding it. Of a packet of several streams, its first stream speaks for all.
 *
 * @param path what the recording is called
 * @param container what holds the packets
 * @param bytes its size
 * @param links how many links it has, those without packets not counted
 * @param head the header of the first link
 * @param packets how many packets there are
 * @param malformedPackets how many of them break a rule of framing
 * @param silentPackets how many of them carry no sound on purpose (discontinuous transmission)
 * @param payloadBytes all packets together
 * @param codedTicks the length of all packets, 48 kHz ticks
 * @param playedTicks what is left of it without pre-skip and trims
 * @param trimmedTicks what the trims take, pre-skip not counted
 * @param modes packets by coder
 * @param bandwidths packets by bandwidth
 * @param frameTicks packets by the length of their frames, 48 kHz ticks
 * @param stereoPackets how many packets are coded in stereo
 * @param problems what was wrong with the container
 */
public record RecordingSummary(
        String path,
        Container container,
        long bytes,
        long links,
        OpusHead head,
        long packets,
        long malformedPackets,
        long silentPackets,
        long payloadBytes,
        long codedTicks,
        long playedTicks,
        long trimmedTicks,
        Map<Mode, Long> modes,
        Map<Bandwidth, Long> bandwidths,
        SortedMap<Integer, Long> frameTicks,
        long stereoPackets,
        List<RecordingProblem> problems) {

    /**
     * Reads a recording to its end; closing it is up to the caller.
     *
     * @throws IOException if the recording's stream fails
     */
    public static RecordingSummary of(Recording recording) throws IOException {
        Count count = new Count(recording.head());
        for (OpusPacket packet = recording.next(); packet != null; packet = recording.next()) {
            count.add(packet);
        }
        return count.summary(recording);
    }

    /** Payload bits a second of coded sound; 0 if there is none. */
    public double bitrate() {
        return codedTicks == 0 ? 0 : 8 * payloadBytes / MediaClock.seconds(codedTicks);
    }

    /** The summary for people: a line a subject, each ended by a line feed. */
    public String toText() {
        return RecordingSummaryText.of(this);
    }

    /** The summary while it grows. */
    private static final class Count {
        private final OpusHead firstHead;
        private final Map<Mode, Long> modes = new EnumMap<>(Mode.class);
        private final Map<Bandwidth, Long> bandwidths = new EnumMap<>(Bandwidth.class);
        private final SortedMap<Integer, Long> frameTicks = new TreeMap<>();
        private long link = OpusPacket.ABSENT;
        private long links;
        private long packets;
        private long malformedPackets;
        private long silentPackets;
        private long stereoPackets;
        private long payloadBytes;
        private long codedTicks;
        private long playedTicks;
        private long trimmedTicks;

        /** What is still to be dropped from the start of the link. */
        private long preSkipLeft;

        private Count(OpusHead firstHead) {
            this.firstHead = firstHead;
        }

        private void add(OpusPacket packet) {
            if (packet.link() != link) {
                link = packet.link();
                links++;
                preSkipLeft = packet.head().preSkip();
            }
            packets++;
            payloadBytes += packet.payload().length;
            lookInto(packet.payload(), packet.head().streamCount());
            int ticks = PacketFraming.statedDuration(packet.payload());
            if (ticks == 0) {
                return;
            }
            int trimmed = packet.trimStart() + packet.trimEnd();
            long skipped = Math.min(preSkipLeft, ticks - trimmed);
            preSkipLeft -= skipped;
            codedTicks += ticks;
            trimmedTicks += trimmed;
            playedTicks += ticks - trimmed - skipped;
            Toc toc = Toc.of(packet.payload()[0]);
            modes.merge(toc.mode(), 1L, Long::sum);
            bandwidths.merge(toc.bandwidth(), 1L, Long::sum);
            frameTicks.merge(toc.frameTicks(), 1L, Long::sum);
            stereoPackets += toc.stereo() ? 1 : 0;
        }

        private void lookInto(byte[] payload, int streamCount) {
            try {
                PacketFraming.duration(payload, streamCount);
                silentPackets += PacketContents.isDtx(payload, streamCount) ? 1 : 0;
            } catch (MalformedPacketException refusal) {
                malformedPackets++;
            }
        }

        private RecordingSummary summary(Recording recording) {
            return new RecordingSummary(
                    recording.path(),
                    recording.container(),
                    recording.bytesRead(),
                    links,
                    firstHead,
                    packets,
                    malformedPackets,
                    silentPackets,
                    payloadBytes,
                    codedTicks,
                    playedTicks,
                    trimmedTicks,
                    Collections.unmodifiableMap(modes),
                    Collections.unmodifiableMap(bandwidths),
                    Collections.unmodifiableSortedMap(frameTicks),
                    stereoPackets,
                    recording.problems());
        }
    }
}
