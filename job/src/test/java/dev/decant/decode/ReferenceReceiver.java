package dev.decant.decode;

import static org.assertj.core.api.Assertions.fail;

import dev.decant.audio.ChannelLayout.Decoder;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import dev.decant.decode.DecodeStep.Kind;
import dev.decant.opus.ReferenceDecoder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A receiver that only calls libopus, in the order of the steps: a decoder a stream, never saved, never brought back. What
 * libopus refuses, it conceals.
 */
final class ReferenceReceiver implements AutoCloseable {
    private final Map<String, ReferenceDecoder> decoders = new HashMap<>();

    /** Demands that the frame has the samples that libopus gives here. */
    void check(DecodeStep step, PcmFrame frame) {
        String stream = step.streamId();
        if (step.kind() == Kind.RESET || step.kind() == Kind.END) {
            forget(stream);
        }
        // Decoders of several streams are compared elsewhere, their mixing too.
        if (step.kind() == Kind.RESET && step.link().layout().decoder() == Decoder.PLAIN) {
            decoders.put(
                    stream, new ReferenceDecoder(frame.format(), step.link().gain()));
        }
        ReferenceDecoder decoder = decoders.get(stream);
        boolean plays = step.kind() != Kind.RESET && step.kind() != Kind.END && step.kind() != Kind.FILL;
        if (!plays || decoder == null) {
            return;
        }
        if (frame.outcome() == Outcome.REJECTED && !frame.deadLetter().message().contains("INVALID_PACKET")) {
            // The decoder was thrown away and brought back as it was before; here it stays as the error left it.
            forget(stream);
            return;
        }
        byte[] expected = kept(step, frame.format(), call(decoder, step, frame));
        if (!Arrays.equals(expected, frame.pcm())) {
            fail("the step " + step + " gave other samples (" + frame.outcome() + ") than libopus does");
        }
    }

    private static byte[] call(ReferenceDecoder decoder, DecodeStep step, PcmFrame frame) {
        int ticks = (int) step.ticks();
        try {
            return switch (step.kind()) {
                case PACKET -> decoder.decode(step.payload());
                case FEC -> decoder.recover(step.payload(), ticks);
                default -> decoder.conceal(ticks);
            };
        } catch (IllegalStateException refused) {
            if (frame.outcome() != Outcome.REJECTED && frame.outcome() != Outcome.CONCEALED) {
                fail("libopus refuses the step " + step + ", which was " + frame.outcome(), refused);
            }
            return decoder.conceal(ticks);
        }
    }

    private static byte[] kept(DecodeStep step, PcmFormat format, byte[] pcm) {
        long start = format.samples(step.start());
        int from = (int) (format.samples(step.keepFrom()) - start) * format.bytesPerSample();
        int to = (int) (format.samples(step.keepTo()) - start) * format.bytesPerSample();
        return to > from ? Arrays.copyOfRange(pcm, from, to) : new byte[0];
    }

    private void forget(String stream) {
        ReferenceDecoder decoder = decoders.remove(stream);
        if (decoder != null) {
            decoder.close();
        }
    }

    @Override
    public void close() {
        decoders.values().forEach(ReferenceDecoder::close);
        decoders.clear();
    }
}
