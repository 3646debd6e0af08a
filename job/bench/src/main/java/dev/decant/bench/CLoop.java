package dev.decant.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The running {@code c-loop}: a child process that decodes when it is told to, and waits in between. */
final class CLoop implements TurnTaker {
    private final Process process;
    private final Writer commands;
    private final BufferedReader answers;

    /**
     * One stream, over and over.
     *
     * @param target the folder of the compiled {@code loop.c}
     */
    CLoop(Path target, String library, Path packets, int rate, int channels) throws IOException {
        this(target, library, packets, rate, channels, List.of());
    }

    /**
     * The streams of {@link PacketRounds}.
     *
     * @param target the folder of the compiled {@code loop.c}
     */
    static CLoop ofStreams(Path target, String library, Path packets, int rate, int channels, int streams)
            throws IOException {
        return new CLoop(
                target,
                library,
                packets,
                rate,
                channels,
                List.of(Integer.toString(streams), Integer.toString(PipelineSettings.IMAGE_INTERVAL)));
    }

    private CLoop(Path target, String library, Path packets, int rate, int channels, List<String> streams)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                target.resolve("c-loop").toString(),
                library,
                packets.toString(),
                Integer.toString(rate),
                Integer.toString(channels)));
        command.addAll(streams);
        process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
        commands = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.US_ASCII);
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    }

    /** Decodes the next packets: the CPU time of its thread, in ns. */
    long decode(int packets) throws IOException {
        return Long.parseLong(ask("cpu", packets));
    }

    /** Decodes the next packets: the FNV-1a hash of the samples. */
    long hash(int packets) throws IOException {
        return Long.parseUnsignedLong(ask("hash", packets), 16);
    }

    /** Decodes the next packets: how many samples a channel came of them. */
    long samples(int packets) throws IOException {
        return Long.parseLong(ask("samples", packets));
    }

    @Override
    public RunningPipeline.Cost turn(int packets, boolean checkpoint) throws IOException {
        long nanos = decode(packets);
        return new RunningPipeline.Cost(nanos, nanos);
    }

    @Override
    public long hash() throws IOException {
        return Long.parseUnsignedLong(ask("streams", 0), 16);
    }

    /** Nothing of it but its memory is of a kind with what a JVM has. */
    @Override
    public Map<String, Long> state() throws IOException {
        Map<String, Long> state = ProcessMemory.of(Long.toString(process.pid()));
        state.putAll(ThreadTimes.NONE);
        return state;
    }

    private String ask(String command, int packets) throws IOException {
        commands.write(command + " " + packets + "\n");
        commands.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("c-loop ended without an answer");
        }
        return answer;
    }

    @Override
    public void close() throws IOException {
        commands.close();
        process.onExit().join();
    }
}
