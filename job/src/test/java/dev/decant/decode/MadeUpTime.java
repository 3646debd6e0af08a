package dev.decant.decode;

import static org.assertj.core.api.Assertions.fail;

import dev.decant.audio.MediaClock;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import dev.decant.decode.DecodeStep.Kind;

/**
 * How much of a stream's time is concealed, filled or made noise for: no more at once than is lost or silent by the record times
 * of its packets, and what is believed without them. A wild number or time must not write a day of silence.
 */
final class MadeUpTime {
    /** As many packets as there is room for in the 5 s of a gap that need no proof, each taken to have lasted 120 ms. */
    private static final long MOST = 5L * MediaClock.HZ / MediaClock.STEP_TICKS * MediaClock.MAX_PACKET_TICKS;

    /** Of packets that come when their link has been left, only what is longer is found out. */
    private static final long MOST_WHERE_LINKS_CHANGE = 3_600L * MediaClock.HZ + MOST;

    private long firstRecordTime = Long.MAX_VALUE;
    private long lastRecordTime;
    private long link = OpusPacket.ABSENT;
    private boolean linksChange;

    private OpusPacket witness;
    private long ticks;

    /** A packet of the stream is about to be sequenced. */
    void hear(OpusPacket packet) {
        long recordTime = packet.origin().recordTime();
        if (recordTime != PacketOrigin.NO_TIME) {
            firstRecordTime = Math.min(firstRecordTime, recordTime);
            lastRecordTime = Math.max(lastRecordTime, recordTime);
        }
        if (packet.link() != OpusPacket.ABSENT) {
            linksChange |= link != OpusPacket.ABSENT && link != packet.link();
            link = packet.link();
        }
    }

    /** A step of the stream. */
    void add(DecodeStep step) {
        if (step.kind() == Kind.PACKET) {
            return;
        }
        ticks = step.packet() == witness ? ticks + step.ticks() : step.ticks();
        witness = step.packet();
        long known = Math.max(0, lastRecordTime - firstRecordTime) * MediaClock.TICKS_PER_MILLI;
        long most = known + (linksChange ? MOST_WHERE_LINKS_CHANGE : MOST);
        if (ticks > most) {
            fail(ticks + " ticks were made up before " + witness + ", where at most " + most + " are likely");
        }
    }
}
