package dev.decant.fuzz;

import dev.decant.audio.MalformedPacketException;
import dev.decant.audio.OpusPacket;
import dev.decant.container.ReadingSettings;
import dev.decant.container.Recording;
import dev.decant.container.RecordingBytes;
import dev.decant.container.Recordings;
import dev.decant.opus.TestEncoder;
import dev.decant.opus.TestEncoder.Bandwidth;
import dev.decant.opus.TestEncoder.Mode;
import dev.decant.opus.TestSignals;
import dev.decant.opus.TestStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * What is mutated: packets of libopus' encoder in each of the 32 configurations, mono and stereo; the recordings in the jar;
 * packets that are kept because something once went wrong with them, or might; and, where {@code DECANT_TEST_DATA} names a
 * folder, what the fuzzers of other projects found.
 */
public final class SeedPackets {
    private static final String KEPT = "/fuzz/packets.hex";
    private static final List<String> RECORDINGS = List.of("bonjour", "changing", "dialogue", "music-box", "telefon");
    private static final int PACKETS_A_RECORDING = 200;
    private static final int PACKETS_A_CONFIGURATION = 8;

    private final List<TestStream> streams;
    private final List<byte[]> kept;
    private final List<byte[]> all = new ArrayList<>();
    private final List<PacketParts> allParts = new ArrayList<>();

    private SeedPackets(List<TestStream> streams, List<byte[]> kept, List<byte[]> others) {
        this.streams = streams;
        this.kept = kept;
        streams.forEach(stream -> all.addAll(stream.packets()));
        all.addAll(kept);
        all.addAll(others);
        all.removeIf(packet -> packet.length == 0);
        for (byte[] packet : all) {
            PacketParts parts = partsOrNull(packet);
            if (parts != null) {
                allParts.add(parts);
            }
        }
    }

    public static SeedPackets load() {
        List<TestStream> streams = new ArrayList<>(TestStream.ofEveryKind());
        streams.addAll(everyConfiguration());
        RECORDINGS.forEach(name -> streams.add(recording(name)));
        return new SeedPackets(streams, kept(), foundByOthers());
    }

    /** Packets that follow one another, so that a decoder is fed with what it expects between what it does not. */
    public List<TestStream> streams() {
        return streams;
    }

    /** The packets that are kept in this project. */
    public List<byte[]> keptPackets() {
        return kept;
    }

    /** All packets. */
    public List<byte[]> all() {
        return all;
    }

    /** Packets of one stream each as one packet of several streams: all but the last state their own length. */
    public byte[] joined(List<byte[]> packets) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        int last = packets.size() - 1;
        packets.subList(0, last)
                .forEach(packet -> joined.writeBytes(parts(packet).selfDelimited()));
        joined.writeBytes(packets.get(last));
        return joined.toByteArray();
    }

    byte[] any(SplittableRandom random) {
        return all.get(random.nextInt(all.size()));
    }

    PacketParts anyParts(SplittableRandom random) {
        return allParts.get(random.nextInt(allParts.size()));
    }

    /** The parts of a packet; of one that has none, those of a seed that its bytes choose. */
    PacketParts parts(byte[] packet) {
        PacketParts parts = partsOrNull(packet);
        return parts != null ? parts : anyParts(new SplittableRandom(Arrays.hashCode(packet)));
    }

    private static PacketParts partsOrNull(byte[] packet) {
        try {
            return PacketParts.of(packet);
        } catch (MalformedPacketException malformed) {
            return null;
        }
    }

    private static List<TestStream> everyConfiguration() {
        List<TestStream> streams = new ArrayList<>();
        for (int channels = 1; channels <= 2; channels++) {
            for (Bandwidth bandwidth : List.of(Bandwidth.NARROW, Bandwidth.MEDIUM, Bandwidth.WIDE)) {
                addConfigurations(Mode.SILK, bandwidth, channels, streams, 480, 960, 1_920, 2_880);
            }
            for (Bandwidth bandwidth : List.of(Bandwidth.SUPER_WIDE, Bandwidth.FULL)) {
                addConfigurations(Mode.HYBRID, bandwidth, channels, streams, 480, 960);
            }
            for (Bandwidth bandwidth :
                    List.of(Bandwidth.NARROW, Bandwidth.WIDE, Bandwidth.SUPER_WIDE, Bandwidth.FULL)) {
                addConfigurations(Mode.CELT, bandwidth, channels, streams, 120, 240, 480, 960);
            }
        }
        return streams;
    }

    private static void addConfigurations(
            Mode mode, Bandwidth bandwidth, int channels, List<TestStream> streams, int... ticksOfPackets) {
        for (int ticks : ticksOfPackets) {
            short[] sound = TestSignals.speech(48_000, channels, PACKETS_A_CONFIGURATION * ticks, ticks);
            try (TestEncoder encoder = new TestEncoder(48_000, channels)
                    .mode(mode)
                    .bandwidth(bandwidth)
                    .codedChannels(channels)
                    .bitrate(mode == Mode.SILK ? 20_000 * channels : 64_000)) {
                String name = mode + " " + bandwidth + " " + channels + " ch " + ticks;
                streams.add(new TestStream(name, channels, ticks, encoder.encode(sound, ticks)));
            }
        }
    }

    private static TestStream recording(String name) {
        String resource = "/samples/" + name + ".opus";
        InputStream bytes = SeedPackets.class.getResourceAsStream(resource);
        try (Recording recording =
                Recordings.open(RecordingBytes.of(() -> bytes), resource, name, ReadingSettings.DEFAULT)) {
            List<byte[]> packets = new ArrayList<>();
            OpusPacket packet = recording.next();
            while (packet != null && packets.size() < PACKETS_A_RECORDING) {
                packets.add(packet.payload());
                packet = recording.next();
            }
            return new TestStream(name, recording.head().channels(), 960, packets);
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }

    /** A packet a line, in hexadecimal; what follows a # says why it is kept. */
    private static List<byte[]> kept() {
        List<byte[]> packets = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(SeedPackets.class.getResourceAsStream(KEPT), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String hex = line.replaceAll("#.*", "").replace(" ", "");
                if (!hex.isEmpty()) {
                    packets.add(HexFormat.of().parseHex(hex));
                }
            }
            return packets;
        } catch (IOException e) {
            throw new UncheckedIOException(KEPT, e);
        }
    }

    /** Their files as they are, and without the two bytes that some of these fuzzers take their options from. */
    private static List<byte[]> foundByOthers() {
        String data = System.getenv("DECANT_TEST_DATA");
        if (data == null) {
            System.out.println("DECANT_TEST_DATA is not set: what other fuzzers found is not among the seeds");
            return List.of();
        }
        List<byte[]> packets = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of(data, "fuzz"))) {
            for (Path file : files.sorted().toList()) {
                byte[] bytes = Files.readAllBytes(file);
                packets.add(bytes);
                if (bytes.length > 2) {
                    packets.add(Arrays.copyOfRange(bytes, 2, bytes.length));
                }
            }
            return packets;
        } catch (IOException e) {
            throw new UncheckedIOException(data, e);
        }
    }
}
