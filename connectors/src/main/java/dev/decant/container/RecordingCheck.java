package dev.decant.container;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.ChannelOrder;
import dev.decant.audio.MalformedPacketException;
import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketFraming;
import dev.decant.audio.UnsupportedLayoutException;
import dev.decant.container.RecordingProblem.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Looks at each packet of a recording, from the first one on, and at each link, and says at the end what there is to say.
 * Packets of links that cannot be decoded do not go on. Those that break a rule of framing do: their time has to pass, and
 * the sequencer makes up for it.
 */
final class RecordingCheck {
    /** So many malformed packets are named; they are counted in any case. */
    private static final int NAMED_PACKETS = 10;

    private final PacketChecks checks;
    private final Recording recording;
    private final OpusHead firstHead;
    private final ProblemList problems = new ProblemList();

    /** As many as the first link has that can be decoded: an output has one number of channels from beginning to end. */
    private Integer channels;

    private ChannelOrder order;

    private long link = OpusPacket.ABSENT;
    private long links;
    private boolean isDecodable;
    private RecordingProblem refusal;
    private long packets;
    private long malformedPackets;

    /**
     * @param recording of which no packet has been read
     */
    RecordingCheck(PacketChecks checks, Recording recording) {
        this.checks = checks;
        this.recording = recording;
        this.firstHead = recording.head();
        this.channels = checks.channels();
    }

    /** Whether the recording's next packet goes on. */
    boolean passes(OpusPacket packet) {
        if (packet.link() != link) {
            beginLink(packet);
        }
        if (isDecodable) {
            packets++;
            checkFraming(packet);
        }
        return isDecodable;
    }

    /** How many packets have gone on. */
    long packets() {
        return packets;
    }

    /**
     * What is to be said of the recording as far as it has been read.
     *
     * @param streamId of the packets
     * @param given how many of them have gone on; more than went by here if the recording has become shorter meanwhile
     * @param failure why it is not read further; null if it has been read to its end
     */
    RecordingEnd end(FoundRecording found, String streamId, long given, RecordingProblem failure) {
        boolean nothingDecodable = failure == null && given == 0 && refusal != null;
        return new RecordingEnd(
                found.name(),
                streamId,
                found.outputName(),
                recording.path(),
                recording.container(),
                firstHead,
                links,
                given,
                malformedPackets,
                recording.bytesRead(),
                allProblems(),
                nothingDecodable ? refusal : failure);
    }

    private void beginLink(OpusPacket first) {
        link = first.link();
        links++;
        String unsupported = unsupported(first.head());
        isDecodable = unsupported == null;
        if (isDecodable) {
            return;
        }
        String message = "link " + link + " cannot be decoded: " + unsupported;
        problems.damage(first.origin().offset(), "%s", message);
        if (refusal == null) {
            refusal = new RecordingProblem(first.origin().offset(), Kind.DAMAGE, message);
        }
    }

    /** Why links with that header cannot be decoded; null: they can. One file has one order of channels, its first link's. */
    private String unsupported(OpusHead head) {
        try {
            ChannelLayout layout = ChannelLayout.of(head, channels, checks.maxStreams());
            if (order != null && layout.order() != order) {
                return "its channels are " + named(layout.order()) + ", and those of the links before " + named(order);
            }
            channels = layout.channels();
            order = layout.order();
            return null;
        } catch (UnsupportedLayoutException unsupported) {
            return unsupported.getMessage();
        }
    }

    private static String named(ChannelOrder order) {
        return order == ChannelOrder.SPEAKERS ? "of speakers" : "without positions";
    }

    private void checkFraming(OpusPacket packet) {
        try {
            PacketFraming.duration(packet.payload(), packet.head().streamCount());
        } catch (MalformedPacketException broken) {
            malformedPackets++;
            if (malformedPackets <= NAMED_PACKETS) {
                problems.damage(packet.origin().offset(), "a packet breaks a rule of framing: %s", broken.getMessage());
            }
        }
    }

    private List<RecordingProblem> allProblems() {
        List<RecordingProblem> all = new ArrayList<>(recording.problems());
        all.addAll(problems.toList());
        all.sort(Comparator.comparingLong(RecordingProblem::offset));
        return all;
    }
}
