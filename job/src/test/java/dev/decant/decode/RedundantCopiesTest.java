package dev.decant.decode;

import static dev.decant.decode.SequencerHarness.NINE_STREAMS;
import static dev.decant.decode.SequencerHarness.payload;
import static dev.decant.decode.SequencerHarness.rtp;
import static dev.decant.decode.SequencerHarness.withHead;
import static dev.decant.decode.SequencerHarness.withLink;
import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.DeadLetter;
import dev.decant.audio.DeadLetter.Reason;
import dev.decant.audio.OpusPacket;
import dev.decant.decode.DecodeMetrics.Use;
import dev.decant.decode.DecodeStep.Kind;
import org.junit.jupiter.api.Test;

/** What copies of packets (RFC 2198) stand in for, and what they never do. */
class RedundantCopiesTest extends SequencerTestCase {
    @Test
    void aCopyTakesThePlaceOfAPacketThatDidNotComeAndOnlyThen() throws Exception {
        open(4);

        sequencer.send(rtp(1, 0, 0, payload(0), false));
        sequencer.send(rtp(1, 0, 0, payload(50), true), rtp(1, 1, 960, payload(1), false));
        sequencer.send(rtp(1, 2, 1_920, payload(2), true), rtp(1, 3, 2_880, payload(3), false));
        sequencer.send(rtp(1, 3, 2_880, payload(51), true), rtp(1, 4, 3_840, payload(4), false));
        sequencer.end();

        assertThat(sequencer.played()).containsExactly(0, 1, 2, 3, 4);
        assertThat(sequencer.kinds()).doesNotContain(Kind.CONCEAL);
        assertThat(sequencer.redundant(Use.USED)).isEqualTo(1);
        assertThat(sequencer.redundant(Use.UNUSED)).isEqualTo(2);
        assertThat(sequencer.metric(DecodeMetrics.LOST_PACKETS)).isZero();
        assertThat(sequencer.deadLetters()).isEmpty();
    }

    @Test
    void aCopyWhoseTimeIsOverIsOfAnotherPacketThanItsPlaceSays() throws Exception {
        open(0);

        sequencer.send(rtp(1, 0, 0, payload(0), false), rtp(1, 1, 960, payload(1), false));
        sequencer.send(rtp(1, 2, 960, payload(50), true), rtp(1, 3, 1_920, payload(3), false));

        assertThat(sequencer.played()).containsExactly(0, 1, 3);
        assertThat(sequencer.kinds()).doesNotContain(Kind.CONCEAL, Kind.COMFORT_NOISE);
        assertThat(sequencer.redundant(Use.UNUSED)).isEqualTo(1);
        assertThat(sequencer.steps().get(3).start()).isEqualTo(1_920);
    }

    @Test
    void aCopyBeginsNoLink() throws Exception {
        open(0);

        sequencer.send(rtpOfLink(1, 1, false, 0), rtpOfLink(2, 1, true, 50), rtpOfLink(3, 2, false, 1));
        sequencer.send(rtpOfLink(3, 3, true, 51), rtpOfLink(4, 3, false, 2));

        assertThat(sequencer.played()).containsExactly(0, 50, 1, 2);
        assertThat(sequencer.steps()).extracting(DecodeStep::segment).containsExactly(0, 0, 0, 1, 1, 2, 2);
    }

    @Test
    void aBrokenCopyIsNoDeadLetter() throws Exception {
        open(0);
        byte[] malformed = {0x0B, 0};

        sequencer.send(rtp(1, 0, 0, payload(0), false));
        sequencer.send(rtp(1, 1, 960, malformed, true), rtp(1, 2, 1_920, payload(2), false));

        assertThat(sequencer.kinds()).containsExactly(Kind.RESET, Kind.PACKET, Kind.CONCEAL, Kind.PACKET);
        assertThat(sequencer.deadLetters()).isEmpty();
        assertThat(sequencer.redundant(Use.UNUSED)).isEqualTo(1);
    }

    @Test
    void theOriginalReplacesACopyThatWaits() throws Exception {
        open(4);

        sequencer.send(rtp(1, 0, 0, payload(0), false));
        sequencer.send(rtp(1, 2, 1_920, payload(50), true), rtp(1, 3, 2_880, payload(3), false));
        sequencer.send(rtp(1, 2, 1_920, payload(2), false), rtp(1, 1, 960, payload(1), false));
        sequencer.end();

        assertThat(sequencer.played()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void aCopyInALinkThatCannotBeDecodedIsCountedAndNoDeadLetter() throws Exception {
        open(0);
        OpusPacket packet = rtp(7, 1, 960, new byte[] {0x08, 1}, false);
        OpusPacket copy = rtp(7, 2, 1_920, new byte[] {0x08, 2}, true);

        sequencer
                .send(withHead(NINE_STREAMS, packet), withHead(NINE_STREAMS, copy))
                .end();

        assertThat(sequencer.deadLetters()).extracting(DeadLetter::reason).containsExactly(Reason.UNSUPPORTED_STREAM);
        assertThat(sequencer.redundant(Use.UNUSED)).isEqualTo(1);
    }

    private static OpusPacket rtpOfLink(long number, long link, boolean redundant, int name) {
        return withLink(link, rtp(1, number, number * 960, payload(name), redundant));
    }
}
