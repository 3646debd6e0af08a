package dev.decant.decode;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.decant.audio.PcmFormat;
import dev.decant.opus.OpusEngine;
import dev.decant.opus.ReferenceDecoder;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Receivers that do what steps say in the plainest way: one in C, and one that calls the C API from here. */
final class PlainReceiver {
    private static final String SOURCE = "receiver.c";

    private PlainReceiver() {}

    /** The samples that {@code opus_decode} gives for the steps of one stream; zeros where a gap is filled. */
    static byte[] play(List<DecodeStep> steps, PcmFormat format) {
        ByteArrayOutputStream pcm = new ByteArrayOutputStream();
        try (ReferenceDecoder decoder = new ReferenceDecoder(format, 0)) {
            for (DecodeStep step : steps) {
                int ticks = (int) step.ticks();
                switch (step.kind()) {
                    case PACKET -> pcm.writeBytes(decoder.decode(step.payload()));
                    case FEC -> pcm.writeBytes(decoder.recover(step.payload(), ticks));
                    case CONCEAL, COMFORT_NOISE -> pcm.writeBytes(decoder.conceal(ticks));
                    case FILL -> pcm.writeBytes(new byte[(int) format.samples(ticks) * format.bytesPerSample()]);
                    case RESET -> decoder.reset();
                    case END -> {
                        // Nothing sounds.
                    }
                }
            }
        }
        return pcm.toByteArray();
    }

    /**
     * Compiles the receiver in C, or aborts the test with the reason why it cannot be.
     *
     * @param folder where it goes
     */
    static Path compile(Path folder) throws Exception {
        Path source = folder.resolve(SOURCE);
        try (InputStream resource = PlainReceiver.class.getResourceAsStream(SOURCE)) {
            Files.copy(resource, source);
        }
        Path program = folder.resolve("receiver");
        List<String> command = List.of(
                "gcc", "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-o", "" + program, "" + source, "-ldl");
        Process compiler;
        try {
            compiler = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return abort("The receiver in C cannot be compiled: " + e.getMessage());
        }
        requireSuccess(compiler, SOURCE + " could not be compiled");
        return program;
    }

    /**
     * The samples that the receiver in C gives.
     *
     * @param program the compiled receiver
     * @param folder where what it reads and writes goes
     */
    static byte[] playInC(Path program, Path folder, List<DecodeStep> steps, PcmFormat format) throws Exception {
        Path stepFile = folder.resolve("steps");
        Path pcmFile = folder.resolve("pcm");
        write(steps, stepFile);
        try (OpusEngine embedded = OpusEngine.open("embedded", List.of())) {
            Process receiver = new ProcessBuilder(
                            program.toString(),
                            embedded.description().file(),
                            stepFile.toString(),
                            Integer.toString(format.rate()),
                            Integer.toString(format.channels()),
                            pcmFile.toString())
                    .redirectErrorStream(true)
                    .start();
            requireSuccess(receiver, "the receiver in C failed");
        }
        return Files.readAllBytes(pcmFile);
    }

    /** As {@code receiver.c} reads them. */
    private static void write(List<DecodeStep> steps, Path file) throws IOException {
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            for (DecodeStep step : steps) {
                byte[] packet =
                        switch (step.kind()) {
                            case PACKET, FEC -> step.payload();
                            default -> new byte[0];
                        };
                out.writeByte(command(step.kind()));
                out.writeInt((int) step.ticks());
                out.writeInt(packet.length);
                out.write(packet);
            }
        }
    }

    private static char command(DecodeStep.Kind kind) {
        return switch (kind) {
            case PACKET -> 'P';
            case FEC -> 'F';
            case CONCEAL, COMFORT_NOISE -> 'C';
            case FILL -> 'Z';
            case RESET -> 'R';
            case END -> 'E';
        };
    }

    private static void requireSuccess(Process process, String failure) throws Exception {
        String said = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IllegalStateException(failure + ": " + said);
        }
    }
}
