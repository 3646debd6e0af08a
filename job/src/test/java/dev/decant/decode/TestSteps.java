package dev.decant.decode;

import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import dev.decant.audio.PcmFormat;
import dev.decant.decode.DecodeStep.Kind;
import dev.decant.opus.ReferenceDecoder;
import dev.decant.opus.TestStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The decode steps of a stream, as the sequencer would give them, and the samples that libopus' C API gives for them. */
record TestSteps(String streamId, LinkSettings link, List<DecodeStep> steps) {
    private static final PacketOrigin ORIGIN = new PacketOrigin("packets", 0, 7, 0);

    /** A stream without losses. */
    static TestSteps of(String streamId, TestStream stream) {
        return steps(streamId, stream, new Random(0), false);
    }

    /** Losses, recovered and concealed, gaps that are filled, and new beginnings, at random. */
    static TestSteps withLosses(String streamId, TestStream stream, Random random) {
        return steps(streamId, stream, random, true);
    }

    private static TestSteps steps(String streamId, TestStream stream, Random random, boolean losses) {
        LinkSettings link = new LinkSettings(stream.channels(), losses ? -256 : 0, 0);
        List<DecodeStep> steps = new ArrayList<>();
        long clock = 0;
        steps.add(step(streamId, Kind.RESET, null, link, clock, 0, OpusPacket.ABSENT));
        for (int i = 0; i < stream.packets().size(); i++) {
            byte[] packet = stream.packets().get(i);
            int chance = losses ? random.nextInt(40) : 40;
            if (chance == 0) {
                steps.add(step(streamId, Kind.RESET, null, link, clock, 0, OpusPacket.ABSENT));
            } else if (chance == 1) {
                steps.add(step(streamId, Kind.FILL, null, link, clock, 48_000, OpusPacket.ABSENT));
                clock += 48_000;
            }
            if (chance == 2 || chance == 3) {
                steps.add(step(streamId, Kind.CONCEAL, null, link, clock, stream.ticks(), OpusPacket.ABSENT));
            } else if (chance >= 4 && chance <= 6 && i + 1 < stream.packets().size()) {
                byte[] next = stream.packets().get(i + 1);
                steps.add(step(streamId, Kind.FEC, next, link, clock, stream.ticks(), OpusPacket.ABSENT));
            } else {
                steps.add(step(streamId, Kind.PACKET, packet, link, clock, stream.ticks(), OpusPacket.ABSENT));
            }
            clock += stream.ticks();
        }
        return new TestSteps(streamId, link, steps);
    }

    static DecodeStep step(
            String streamId, Kind kind, byte[] packet, LinkSettings link, long start, long ticks, long finalRange) {
        return new DecodeStep(kind, packet(streamId, packet, finalRange), link, 0, start, ticks, start, start + ticks);
    }

    /** A packet of which no more is known than a decoder needs. */
    static OpusPacket packet(String streamId, byte[] payload, long finalRange) {
        return new OpusPacket(
                streamId,
                payload,
                OpusPacket.ABSENT,
                OpusPacket.ABSENT,
                null,
                OpusPacket.ABSENT,
                0,
                0,
                finalRange,
                ORIGIN);
    }

    DecodeStep end() {
        return step(streamId, Kind.END, null, link, 0, 0, OpusPacket.ABSENT);
    }

    int size() {
        return steps.size();
    }

    /** The samples of each step in a decoder of the embedded library; of a step without any, none. */
    List<byte[]> pcm(TestSettings settings) {
        PcmFormat format = settings.format(link.channels());
        try (ReferenceDecoder decoder = new ReferenceDecoder(format, link.gain())) {
            return pcm(decoder);
        }
    }

    /** The samples of each step in a decoder of the library in {@code file}. */
    List<byte[]> pcm(TestSettings settings, Path file) {
        try (ReferenceDecoder decoder = new ReferenceDecoder(file, settings.format(link.channels()), link.gain())) {
            return pcm(decoder);
        }
    }

    private List<byte[]> pcm(ReferenceDecoder decoder) {
        List<byte[]> pcm = new ArrayList<>();
        for (DecodeStep step : steps) {
            pcm.add(
                    switch (step.kind()) {
                        case PACKET -> decoder.decode(step.payload());
                        case FEC -> decoder.recover(step.payload(), (int) step.ticks());
                        case CONCEAL -> decoder.conceal((int) step.ticks());
                        case RESET -> {
                            decoder.reset();
                            yield new byte[0];
                        }
                        default -> new byte[0];
                    });
        }
        return pcm;
    }

    /** The same steps, with the final ranges that an encoder would have sent. */
    TestSteps withFinalRanges() {
        List<DecodeStep> ranged = new ArrayList<>();
        PcmFormat format = TestSettings.USUAL.format(link.channels());
        try (ReferenceDecoder decoder = new ReferenceDecoder(format, link.gain())) {
            for (DecodeStep step : steps) {
                if (step.kind() == Kind.PACKET) {
                    decoder.decode(step.payload());
                    ranged.add(withFinalRange(step, decoder.finalRange()));
                } else {
                    ranged.add(step);
                }
            }
        }
        return new TestSteps(streamId, link, ranged);
    }

    static DecodeStep withFinalRange(DecodeStep step, long finalRange) {
        return step(step.streamId(), step.kind(), step.payload(), step.link(), step.start(), step.ticks(), finalRange);
    }
}
