package dev.decant.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.OpusHead;
import dev.decant.audio.PacketFrames;
import java.io.ByteArrayOutputStream;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The parsers of packets and of headers, on damaged ones. */
class FramingFuzzTest {
    private static final long SEED = 6716;
    private static final int ROUNDS = 40_000;

    private static SeedPackets seeds;

    @BeforeAll
    static void load() {
        seeds = SeedPackets.load();
    }

    @Test
    void theSeedsHaveEveryConfigurationInMonoAndStereo() {
        TreeSet<Integer> configurations = new TreeSet<>();
        seeds.streams().forEach(stream -> stream.packets().forEach(packet -> configurations.add(packet[0] >> 2 & 63)));

        assertThat(configurations).hasSize(64);
    }

    @Test
    void anIndexGivesOnePacketWhateverWasAskedForBefore() {
        PacketMutator mutator = new PacketMutator(SEED, seeds);
        byte[] packet = mutator.packet(17).bytes();
        mutator.packet(18);

        assertThat(mutator.packet(17).bytes()).isEqualTo(packet);
        assertThat(new PacketMutator(SEED, seeds).packet(17).bytes()).isEqualTo(packet);
        assertThat(new PacketMutator(SEED + 1, seeds).packet(17).bytes()).isNotEqualTo(packet);
    }

    @Test
    void packetsAreTakenAndRefusedAsLibopusDoes() {
        PacketMutator mutator = new PacketMutator(SEED, seeds);
        Tally tally = new Tally();
        seeds.all().forEach(FramingCheck::check);
        for (int index = 0; index < ROUNDS; index++) {
            MutatedPacket packet = mutator.packet(index);
            boolean sound = FramingCheck.check(packet.bytes()) > 0;
            tally.count(sound ? "sound" : "malformed", packet.mutation());
        }
        // A mutator all of whose packets are refused at the door would try nothing behind it.
        assertThat(tally.sum("sound")).isBetween(ROUNDS / 3L, ROUNDS * 4L / 5);
        assertThat(tally.sum("sound") + tally.sum("malformed")).isEqualTo(ROUNDS);
        for (Mutation mutation : Mutation.values()) {
            if (mutation != Mutation.NONE) {
                assertThat(tally.of("sound", mutation) + tally.of("malformed", mutation))
                        .as(mutation.name())
                        .isPositive();
            }
        }
    }

    @Test
    void whatIsPackedOtherwiseHoldsTheSameFrames() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < 20_000; round++) {
            byte[] packet = seeds.any(random);
            PacketParts parts = seeds.parts(packet);
            byte[] repacked = Mutation.REPACKED.apply(packet, random, seeds);

            assertThat(PacketFrames.parse(repacked).toc().code()).isEqualTo(3);
            PacketParts again = PacketParts.of(repacked);
            assertThat(again.frames()).containsExactlyElementsOf(parts.frames());
            assertThat(again.written()).isEqualTo(parts.written());
        }
    }

    @Test
    void packetsOfSeveralStreamsAreTakenAndRefusedAsLibopusDoes() {
        PacketMutator mutator = new PacketMutator(SEED, seeds);
        int sound = 0;
        int refused = 0;
        for (int index = 0; index < ROUNDS; index++) {
            SplittableRandom random = Indexed.random(SEED, index);
            int streams = 2 + random.nextInt(random.nextInt(10) == 0 ? 200 : 6);
            byte[] packet = ofStreams(streams, random);
            byte[] tried = random.nextInt(4) == 0
                    ? packet
                    : mutator.mutate(packet, index).bytes();
            if (FramingCheck.check(tried, streams) > 0) {
                sound++;
            } else {
                refused++;
            }
        }
        assertThat(sound).isGreaterThan(ROUNDS / 5);
        assertThat(refused).isGreaterThan(ROUNDS / 5);
    }

    @Test
    void headersAreReadOrRefused() {
        int read = 0;
        for (int index = 0; index < ROUNDS; index++) {
            read += FramingCheck.checkHead(HostileHead.bytes(Indexed.random(SEED, index)))
                            .isPresent()
                    ? 1
                    : 0;
        }
        assertThat(read).isBetween(ROUNDS / 10, ROUNDS * 9 / 10);
        assertThat(FramingCheck.checkHead(OpusHead.of(2, 312, 0).toBytes())).isPresent();
    }

    /** Packets of one duration, or of several, one behind the other. */
    private static byte[] ofStreams(int streams, SplittableRandom random) {
        PacketParts first = seeds.anyParts(random);
        boolean alike = random.nextInt(4) > 0;
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        for (int stream = 1; stream < streams; stream++) {
            packet.writeBytes((alike ? first : seeds.anyParts(random)).selfDelimited());
        }
        packet.writeBytes(random.nextBoolean() ? first.written() : first.writtenAsCodeThree(true, random.nextInt(300)));
        return packet.toByteArray();
    }
}
