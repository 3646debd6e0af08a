package dev.decant.decode;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.ChannelLayout.Decoder;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.UnsupportedLayoutException;
import dev.decant.decode.DecodeStep.Kind;
import dev.decant.fuzz.FramingCheck;
import dev.decant.fuzz.HostileHead;
import dev.decant.fuzz.Indexed;
import dev.decant.fuzz.PacketMutator;
import dev.decant.fuzz.Scenario;
import dev.decant.fuzz.SeedPackets;
import dev.decant.opus.TestStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Steps that no sequencer would give, but that are allowed: packets whose framing is sound and nothing else, recovery from
 * packets that carry nothing to recover, losses of every length, gains at both ends.
 */
final class HostileSteps {
    private static final int STREAMS = 4;

    private final SplittableRandom random;
    private final PacketMutator mutator;
    private final SeedPackets seeds;
    private final List<TestStream> sources;
    private final List<DecodeStep> steps = new ArrayList<>();

    private HostileSteps(SplittableRandom random, SeedPackets seeds, PacketMutator mutator) {
        this.random = random;
        this.mutator = mutator;
        this.seeds = seeds;
        sources = seeds.streams();
    }

    /** The steps of a scenario, which is {@link Scenario#PACKETS} long; the ends of the streams follow. */
    static List<DecodeStep> of(long seed, long number, SeedPackets seeds, PacketMutator mutator) {
        HostileSteps hostile = new HostileSteps(Indexed.random(~seed, number), seeds, mutator);
        hostile.add(number);
        return hostile.steps;
    }

    private void add(long number) {
        Stream[] streams = new Stream[STREAMS];
        for (int i = 0; i < STREAMS; i++) {
            streams[i] = new Stream("steps-" + number + "-" + i);
        }
        for (int i = 0; i < Scenario.PACKETS; i++) {
            streams[random.nextInt(STREAMS)].add(number * Scenario.PACKETS + i);
        }
        for (Stream stream : streams) {
            stream.add(Kind.END, null, 0);
        }
    }

    private final class Stream {
        private final String streamId;
        private final TestStream source = sources.get(random.nextInt(sources.size()));
        private final boolean gentle = random.nextBoolean();
        private LinkSettings link;
        private int segment = -1;
        private long clock;
        private int cursor;

        Stream(String streamId) {
            this.streamId = streamId;
            begin();
        }

        void add(long index) {
            int streamCount = link.layout().streamCount();
            List<byte[]> together = new ArrayList<>();
            for (int i = 0; i < streamCount; i++) {
                together.add(
                        source.packets().get((cursor + i) % source.packets().size()));
            }
            cursor++;
            byte[] packet = seeds.joined(together);
            if (random.nextInt(gentle ? 8 : 2) == 0) {
                packet = (random.nextBoolean() ? mutator.packet(index) : mutator.mutate(packet, index)).bytes();
            }
            int ticks = FramingCheck.check(packet, streamCount);
            switch (random.nextInt(24)) {
                case 0 -> add(Kind.CONCEAL, null, anyTicks());
                case 1 -> add(Kind.COMFORT_NOISE, null, anyTicks());
                case 2, 3 -> {
                    if (ticks > 0) {
                        add(Kind.FEC, packet, recoveredTicks(ticks));
                    }
                }
                case 4 -> add(Kind.FILL, null, random.nextInt(10_000_000));
                case 5 -> {
                    if (random.nextInt(4) == 0) {
                        begin();
                    }
                }
                default -> {
                    if (ticks > 0) {
                        add(Kind.PACKET, packet, ticks);
                    }
                }
            }
        }

        private void begin() {
            int gain = random.nextInt(3) == 0 ? random.nextInt(65_536) - 32_768 : 0;
            link = new LinkSettings(anyLayout(), gain, random.nextInt(3) * 312);
            segment++;
            clock = 0;
            add(Kind.RESET, null, 0);
        }

        private ChannelLayout anyLayout() {
            if (random.nextInt(4) > 0) {
                return ChannelLayout.plain(1 + random.nextInt(2));
            }
            try {
                Integer channels = random.nextBoolean() ? null : 1 + random.nextInt(2);
                return ChannelLayout.of(HostileHead.ofStreams(1 + random.nextInt(8), random), channels, 8);
            } catch (UnsupportedLayoutException unmixable) {
                return ChannelLayout.plain(2);
            }
        }

        private void add(Kind kind, byte[] packet, long ticks) {
            long end = clock + ticks;
            long keepFrom = Math.max(clock, Math.min(end, link.preSkip()));
            long keepTo = end;
            if (ticks > 0 && random.nextInt(10) == 0) {
                keepFrom = Math.max(keepFrom, clock + random.nextLong(ticks + 1));
                keepTo = clock + random.nextLong(ticks + 1);
            }
            long range = random.nextInt(30) == 0 ? random.nextLong() & 0xFFFF_FFFFL : OpusPacket.ABSENT;
            steps.add(new DecodeStep(
                    kind, TestSteps.packet(streamId, packet, range), link, segment, clock, ticks, keepFrom, keepTo));
            clock = end;
        }

        /** Decoders of several streams give no less than the packet lasts. */
        private int recoveredTicks(int ticks) {
            int any = random.nextBoolean() ? ticks : anyTicks();
            return link.layout().decoder() == Decoder.PLAIN ? any : Math.max(ticks, any);
        }

        /** Any length that libopus can make up: 2.5 to 120 ms, in steps of 2.5 ms. */
        private int anyTicks() {
            return 120 * (1 + random.nextInt(48));
        }
    }
}
