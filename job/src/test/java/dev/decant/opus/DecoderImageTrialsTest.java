package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.opus.DecodeScript.Conceal;
import dev.decant.opus.DecodeScript.Decode;
import dev.decant.opus.DecodeScript.Outcome;
import dev.decant.opus.DecodeScript.Recover;
import dev.decant.opus.DecodeScript.Reset;
import dev.decant.opus.DecodeScript.Step;
import dev.decant.opus.TestEncoder.Bandwidth;
import dev.decant.opus.TestEncoder.Mode;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The promise of images, tried at random: a stream is decoded here up to some step, the decoder's image goes to another
 * process, and what comes out there is what libopus' C API gives for the rest of the stream in one undisturbed run.
 */
class DecoderImageTrialsTest {
    private static final int STREAMS = 50;
    private static final int PACKETS_A_STREAM = 120;
    private static final int PACKETS_A_TRIAL = 60;

    /** Each has the library somewhere else. */
    private static final int PROCESSES = 4;

    private static List<List<Packet>> streams;

    @TempDir
    private Path folder;

    private record Packet(byte[] bytes, int ticks) {}

    /**
     * @param cut how many steps are played before the image is taken
     */
    private record Trial(DecoderSettings settings, DecodeScript script, int cut) {
        DecodeScript beforeCut() {
            return new DecodeScript(script.steps().subList(0, cut));
        }

        DecodeScript afterCut() {
            return new DecodeScript(script.steps().subList(cut, script.steps().size()));
        }

        @Override
        public String toString() {
            return settings + ", cut at step " + cut + " of " + script.steps().size();
        }
    }

    @BeforeAll
    static void encodeStreams() {
        SplittableRandom random = new SplittableRandom(1);
        streams = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            streams.add(randomStream(random.split()));
        }
    }

    @Test
    void decodersOfTheEmbeddedLibraryGoOnInAnotherProcess() throws Exception {
        allGoOnInAnotherProcess("embedded", 1_000);
    }

    @Test
    void decodersOfTheSystemsLibraryGoOnInAnotherProcess() throws Exception {
        allGoOnInAnotherProcess("system", 1_000);
    }

    @Test
    void decodersOfANeuralLibraryGoOnInAnotherProcess() throws Exception {
        assumeTrue(Files.exists(TestEngines.OTHER_LIBRARY), "the other libopus of the tests is for Linux only");
        allGoOnInAnotherProcess(TestEngines.OTHER_LIBRARY.toString(), 100);
    }

    private void allGoOnInAnotherProcess(String library, int count) throws Exception {
        SplittableRandom random = new SplittableRandom(2);
        List<Trial> trials = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        List<Path> files = new ArrayList<>();
        long addressHere;
        try (OpusEngine engine = TestEngines.openOrSkip(library);
                DecoderWorkspace workspace = engine.newWorkspace(2)) {
            assumeTrue(engine.makesImages(), "images cannot be made on this operating system");
            Path file = Path.of(engine.description().file());
            addressHere = addressOf(file);
            for (int i = 0; i < PROCESSES; i++) {
                Path input = folder.resolve("trials-" + i);
                files.add(input);
                try (DataOutputStream out =
                        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(input)))) {
                    out.writeInt(count / PROCESSES);
                    for (int n = 0; n < count / PROCESSES; n++) {
                        Trial trial = randomTrial(random);
                        trials.add(trial);
                        expected.add(digest(outcomesAfterCut(trial, file)));
                        write(trial, imageAtCut(trial, engine, workspace), out);
                    }
                }
            }
        }
        List<String> actual = new ArrayList<>();
        List<Long> addresses = new ArrayList<>();
        for (byte[] printed : inNewProcesses(library, files)) {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(printed));
            addresses.add(in.readLong());
            for (int n = 0; n < count / PROCESSES; n++) {
                actual.add(in.readUTF());
            }
        }
        assertThat(addresses)
                .as("if the library lies where it lay, nothing is proved")
                .anyMatch(address -> address != addressHere);
        assertThat(actual).hasSize(count);
        for (int i = 0; i < count; i++) {
            assertThat(actual.get(i)).as("trial %d: %s", i, trials.get(i)).isEqualTo(expected.get(i));
        }
    }

    private static List<byte[]> inNewProcesses(String library, List<Path> files) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            List<Callable<byte[]>> processes = files.stream()
                    .<Callable<byte[]>>map(
                            file -> () -> TestProcess.run(OtherProcess.class, List.of(library, file.toString())))
                    .toList();
            List<byte[]> printed = new ArrayList<>();
            for (Future<byte[]> process : executor.invokeAll(processes)) {
                printed.add(process.get());
            }
            return printed;
        } finally {
            executor.shutdownNow();
        }
    }

    /** Restores the decoders of a file of trials, plays the rest and prints a digest of each. */
    static final class OtherProcess {
        public static void main(String[] arguments) throws IOException {
            try (OpusEngine engine = OpusEngine.open(arguments[0], List.of());
                    DecoderWorkspace workspace = engine.newWorkspace(2);
                    DataInputStream in =
                            new DataInputStream(new BufferedInputStream(Files.newInputStream(Path.of(arguments[1]))));
                    DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out))) {
                out.writeLong(addressOf(Path.of(engine.description().file())));
                int count = in.readInt();
                for (int i = 0; i < count; i++) {
                    DecoderSettings settings = readSettings(in);
                    DecoderImage image = DecoderImage.ofBytes(in.readNBytes(in.readInt()));
                    DecodeScript rest = readScript(in);
                    try (OpusDecoder decoder =
                            engine.restoreDecoder(settings, image, workspace).orElseThrow()) {
                        out.writeUTF(digest(rest.play(decoder)));
                    }
                }
            }
        }
    }

    private static DecoderImage imageAtCut(Trial trial, OpusEngine engine, DecoderWorkspace workspace) {
        try (OpusDecoder decoder = engine.newDecoder(trial.settings, workspace)) {
            trial.beforeCut().play(decoder);
            return decoder.image().orElseThrow();
        }
    }

    private static List<Outcome> outcomesAfterCut(Trial trial, Path library) {
        try (ReferenceDecoder reference =
                new ReferenceDecoder(library, trial.settings.format(), trial.settings.gain())) {
            if (!trial.settings.phaseInversion()) {
                reference.disablePhaseInversion();
            }
            return trial.script
                    .play(reference)
                    .subList(trial.cut, trial.script.steps().size());
        }
    }

    private static Trial randomTrial(SplittableRandom random) {
        int[] rates = {8_000, 12_000, 16_000, 24_000, 48_000};
        SampleFormat[] sampleFormats = SampleFormat.values();
        PcmFormat format = new PcmFormat(
                sampleFormats[random.nextInt(sampleFormats.length)],
                rates[random.nextInt(rates.length)],
                1 + random.nextInt(2));
        int gain = random.nextBoolean() ? 0 : random.nextInt(-2_000, 2_000);
        DecoderSettings settings =
                new DecoderSettings(format, gain, 0, random.nextInt(4) != 0, DecoderVerification.CHECKSUM);
        List<Packet> stream = streams.get(random.nextInt(STREAMS));
        int first = random.nextInt(PACKETS_A_STREAM - PACKETS_A_TRIAL);
        List<Step> steps = new ArrayList<>();
        // One stream in four loses nothing, the others up to a third of their packets.
        double loss = random.nextInt(4) == 0 ? 0 : random.nextDouble() / 3;
        for (int i = first; i < first + PACKETS_A_TRIAL; i++) {
            Packet packet = stream.get(i);
            if (random.nextDouble() >= loss) {
                steps.add(new Decode(packet.bytes));
            } else if (random.nextBoolean()) {
                steps.add(new Recover(stream.get(i + 1).bytes, packet.ticks));
            } else {
                steps.add(new Conceal(packet.ticks));
            }
            if (random.nextInt(200) == 0) {
                steps.add(new Reset());
            }
        }
        return new Trial(settings, new DecodeScript(steps), random.nextInt(steps.size()));
    }

    /** Speech, music and silence, in packets that change mode, bandwidth, channels and length every few packets. */
    private static List<Packet> randomStream(SplittableRandom random) {
        List<Packet> packets = new ArrayList<>();
        int samples = 48_000;
        short[][] sounds = {
            TestSignals.speech(48_000, 2, samples, random.nextLong()),
            TestSignals.music(48_000, 2, samples, random.nextLong()),
            new short[2 * samples]
        };
        try (TestEncoder encoder = new TestEncoder(48_000, 2).complexity(random.nextInt(2))) {
            if (random.nextBoolean()) {
                encoder.forwardErrorCorrection(1 + random.nextInt(30));
            }
            if (random.nextInt(3) == 0) {
                encoder.discontinuousTransmission();
            }
            int ticks = 960;
            short[] sound = sounds[0];
            while (packets.size() < PACKETS_A_STREAM) {
                if (packets.isEmpty() || random.nextInt(6) == 0) {
                    Mode mode = Mode.values()[random.nextInt(4)];
                    Bandwidth bandwidth = Bandwidth.values()[1 + random.nextInt(5)];
                    int shortest = mode == Mode.SILK || mode == Mode.HYBRID ? 2 : 0;
                    ticks = new int[] {120, 240, 480, 960, 1_920, 2_880}[random.nextInt(shortest, 6)];
                    encoder.mode(mode)
                            .bandwidth(bandwidth)
                            .codedChannels(1 + random.nextInt(2))
                            .bitrate(random.nextInt(10_000, 96_000));
                    sound = sounds[random.nextInt(8) == 0 ? 2 : random.nextInt(2)];
                }
                int from = 2 * random.nextInt(samples - ticks);
                packets.add(new Packet(encoder.encodePacket(Arrays.copyOfRange(sound, from, from + 2 * ticks)), ticks));
            }
        }
        return packets;
    }

    /** Where a function of the library lies in this process. */
    private static long addressOf(Path library) {
        return Pointer.nativeValue(NativeLibrary.getInstance(
                        library.toString(), Map.of(Library.OPTION_OPEN_FLAGS, OpenFlags.ofThisPlatform()))
                .getFunction("opus_decode"));
    }

    private static String digest(List<Outcome> outcomes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Outcome outcome : outcomes) {
                digest.update(outcome.pcm());
                digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, outcome.finalRange()));
            }
            return outcomes.size() + " steps, " + HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void write(Trial trial, DecoderImage image, DataOutputStream out) throws IOException {
        PcmFormat format = trial.settings.format();
        out.writeUTF(format.sampleFormat().name());
        out.writeInt(format.rate());
        out.writeInt(format.channels());
        out.writeInt(trial.settings.gain());
        out.writeBoolean(trial.settings.phaseInversion());
        out.writeInt(image.toBytes().length);
        out.write(image.toBytes());
        List<Step> rest = trial.afterCut().steps();
        out.writeInt(rest.size());
        rest.forEach(step -> write(step, out));
    }

    private static DecoderSettings readSettings(DataInputStream in) throws IOException {
        PcmFormat format = new PcmFormat(SampleFormat.valueOf(in.readUTF()), in.readInt(), in.readInt());
        return new DecoderSettings(format, in.readInt(), 0, in.readBoolean(), DecoderVerification.CHECKSUM);
    }

    /** Ticks and packet; a packet that is decoded as it is has no ticks, a step without either is a reset. */
    private static void write(Step step, DataOutputStream out) {
        try {
            if (step instanceof Decode decode) {
                write(0, decode.packet(), out);
            } else if (step instanceof Recover recover) {
                write(recover.ticks(), recover.nextPacket(), out);
            } else if (step instanceof Conceal conceal) {
                write(conceal.ticks(), new byte[0], out);
            } else {
                write(0, new byte[0], out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(int ticks, byte[] packet, DataOutputStream out) throws IOException {
        out.writeInt(ticks);
        out.writeInt(packet.length);
        out.write(packet);
    }

    private static DecodeScript readScript(DataInputStream in) throws IOException {
        List<Step> steps = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            int ticks = in.readInt();
            byte[] packet = in.readNBytes(in.readInt());
            if (ticks == 0) {
                steps.add(packet.length == 0 ? new Reset() : new Decode(packet));
            } else {
                steps.add(packet.length == 0 ? new Conceal(ticks) : new Recover(packet, ticks));
            }
        }
        return new DecodeScript(steps);
    }
}
