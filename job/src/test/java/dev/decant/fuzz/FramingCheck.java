package dev.decant.fuzz;

import static org.assertj.core.api.Assertions.fail;

import dev.decant.audio.MalformedPacketException;
import dev.decant.audio.MalformedPacketException.Rule;
import dev.decant.audio.OpusHead;
import dev.decant.audio.PacketContents;
import dev.decant.audio.PacketFrames;
import dev.decant.audio.PacketFraming;
import dev.decant.opus.ReferencePacket;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Our parsers against each other and against libopus': they take and refuse the same packets, and find the same frames.
 * Nothing but the exception that they declare ever comes out of them.
 */
public final class FramingCheck {
    private FramingCheck() {}

    /**
     * Checks what is said of a packet of one stream.
     *
     * @return its ticks; 0 if it is malformed
     */
    public static int check(byte[] packet) {
        int ticks;
        try {
            ticks = PacketFraming.duration(packet);
        } catch (MalformedPacketException refusal) {
            requireRefused(packet, refusal);
            return 0;
        }
        Optional<ReferencePacket> reference = ReferencePacket.parse(packet);
        if (reference.isEmpty()) {
            return differ("libopus refuses", packet);
        }
        requireSame(reference.get(), packet, ticks);
        return ticks;
    }

    /**
     * Checks what is said of a packet of several streams.
     *
     * @return its ticks; 0 if it is malformed
     */
    public static int check(byte[] packet, int streams) {
        int ticks;
        try {
            ticks = PacketFraming.duration(packet, streams);
        } catch (MalformedPacketException refusal) {
            boolean ours = refusal.rule() == Rule.SIZE || refusal.rule() == Rule.DURATION;
            if (!ours && ReferencePacket.canBeSplit(packet, streams)) {
                differ("libopus splits, but we say " + refusal.getMessage(), packet);
            }
            return 0;
        }
        if (!ReferencePacket.canBeSplit(packet, streams)) {
            differ("libopus does not split", packet);
        }
        PacketContents.hasLbrr(packet, streams);
        PacketContents.isDtx(packet, streams);
        return ticks;
    }

    /** Checks that a header is read or refused, and that what is read is written as it was. */
    public static Optional<OpusHead> checkHead(byte[] head) {
        OpusHead read;
        try {
            read = OpusHead.parse(head);
        } catch (IllegalArgumentException refusal) {
            return Optional.empty();
        }
        byte[] written = read.toBytes();
        boolean same = written.length <= head.length
                && Arrays.equals(written, 0, written.length, head, 0, written.length)
                && OpusHead.parse(written).equals(read);
        if (!same) {
            differ("OpusHead is not written as it was read", head);
        }
        return Optional.of(read);
    }

    private static void requireRefused(byte[] packet, MalformedPacketException refusal) {
        try {
            PacketFrames.parse(packet);
            differ("PacketFrames takes, but PacketFraming says " + refusal.getMessage(), packet);
        } catch (MalformedPacketException same) {
            if (same.rule() != refusal.rule()) {
                differ("PacketFrames says " + same.rule() + ", PacketFraming " + refusal.rule(), packet);
            }
        }
        // The limit on the size is ours (RFC 7845); libopus has none.
        if (refusal.rule() != Rule.SIZE && ReferencePacket.parse(packet).isPresent()) {
            differ("libopus takes, but we say " + refusal.getMessage(), packet);
        }
    }

    private static void requireSame(ReferencePacket reference, byte[] packet, int ticks) {
        PacketFrames frames;
        try {
            frames = PacketFrames.parse(packet);
        } catch (MalformedPacketException refusal) {
            differ("PacketFraming takes, but PacketFrames says " + refusal.getMessage(), packet);
            return;
        }
        int[] sizes = new int[frames.count()];
        Arrays.setAll(sizes, frames::size);
        boolean same = Arrays.equals(sizes, reference.sizes())
                && frames.offset(0) == reference.firstFrame()
                && frames.duration() == ticks
                && ticks == reference.ticks()
                && ticks == PacketFraming.statedDuration(packet);
        if (!same) {
            differ(
                    "libopus sees frames of " + Arrays.toString(reference.sizes()) + " in " + reference.ticks()
                            + " ticks, we see " + Arrays.toString(sizes) + " in " + ticks,
                    packet);
        }
        if (PacketContents.isDtx(packet, 1) != Arrays.stream(sizes).allMatch(size -> size <= 1)) {
            differ("DTX is not what frames of at most 1 byte are", packet);
        }
        PacketContents.hasLbrr(packet, 1);
    }

    private static int differ(String how, byte[] packet) {
        return fail(how + ": " + HexFormat.of().formatHex(packet));
    }
}
