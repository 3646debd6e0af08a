package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What a decoder is told, step by step, so that two decoders can be told the same.
 *
 * @param steps in order
 */
record DecodeScript(List<Step> steps) {
    /** One call: to decode, recover, conceal or reset. */
    sealed interface Step {}

    record Decode(byte[] packet) implements Step {}

    record Recover(byte[] nextPacket, int ticks) implements Step {}

    record Conceal(int ticks) implements Step {}

    record Reset() implements Step {}

    /**
     * What came of a step.
     *
     * @param pcm of the step, empty after a reset
     * @param finalRange after a step that decoded; else 0, since it says nothing then
     */
    record Outcome(byte[] pcm, long finalRange) {}

    static DecodeScript of(List<byte[]> packets) {
        return new DecodeScript(packets.stream().<Step>map(Decode::new).toList());
    }

    /** Every tenth packet is lost and recovered, every eleventh lost and concealed; after every fiftieth a reset. */
    static DecodeScript withLosses(TestStream stream) {
        return withLosses(stream.packets(), stream.ticks());
    }

    static DecodeScript withLosses(List<byte[]> packets, int ticks) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < packets.size(); i++) {
            if (i % 10 == 3 && i + 1 < packets.size()) {
                steps.add(new Recover(packets.get(i + 1), ticks));
            } else if (i % 11 == 7) {
                steps.add(new Conceal(ticks));
            } else {
                steps.add(new Decode(packets.get(i)));
            }
            if (i % 50 == 49) {
                steps.add(new Reset());
            }
        }
        return new DecodeScript(steps);
    }

    List<Outcome> play(OpusDecoder decoder) {
        List<Outcome> outcomes = new ArrayList<>();
        for (Step step : steps) {
            if (step instanceof Decode decode) {
                byte[] pcm = decoder.pcm(0, decoder.decode(decode.packet));
                outcomes.add(new Outcome(pcm, decoder.finalRange()));
            } else if (step instanceof Recover recover) {
                outcomes.add(new Outcome(decoder.pcm(0, decoder.recover(recover.nextPacket, recover.ticks)), 0));
            } else if (step instanceof Conceal conceal) {
                outcomes.add(new Outcome(decoder.pcm(0, decoder.conceal(conceal.ticks)), 0));
            } else {
                decoder.reset();
                outcomes.add(new Outcome(new byte[0], 0));
            }
        }
        return outcomes;
    }

    List<Outcome> play(ReferenceDecoder decoder) {
        List<Outcome> outcomes = new ArrayList<>();
        for (Step step : steps) {
            if (step instanceof Decode decode) {
                byte[] pcm = decoder.decode(decode.packet);
                outcomes.add(new Outcome(pcm, decoder.finalRange()));
            } else if (step instanceof Recover recover) {
                outcomes.add(new Outcome(decoder.recover(recover.nextPacket, recover.ticks), 0));
            } else if (step instanceof Conceal conceal) {
                outcomes.add(new Outcome(decoder.conceal(conceal.ticks), 0));
            } else {
                decoder.reset();
                outcomes.add(new Outcome(new byte[0], 0));
            }
        }
        return outcomes;
    }

    /** The samples of all steps, one after the other. */
    static byte[] pcm(List<Outcome> outcomes) {
        ByteBuffer pcm = ByteBuffer.allocate(
                outcomes.stream().mapToInt(outcome -> outcome.pcm.length).sum());
        outcomes.forEach(outcome -> pcm.put(outcome.pcm));
        return pcm.array();
    }

    /**
     * Demands the final ranges and lengths of another decoder, step by step.
     *
     * @param exact whether the samples are to be the same too
     */
    static void assertSame(List<Outcome> actual, List<Outcome> expected, boolean exact) {
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i).finalRange())
                    .as("final range of step %d", i)
                    .isEqualTo(expected.get(i).finalRange());
            assertThat(actual.get(i).pcm())
                    .as("length of step %d", i)
                    .hasSameSizeAs(expected.get(i).pcm());
        }
        if (exact) {
            assertThat(pcm(actual)).isEqualTo(pcm(expected));
        }
    }
}
