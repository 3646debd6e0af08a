package dev.decant.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The running {@code c-loop}: a child process that decodes when it is told to, and waits in between. */
final class CLoop implements AutoCloseable {
    private final Process process;
    private final Writer commands;
    private final BufferedReader answers;

    CLoop(Path program, String library, Path packets, int rate, int channels) throws IOException {
        process = new ProcessBuilder(
                        program.toString(),
                        library,
                        packets.toString(),
                        Integer.toString(rate),
                        Integer.toString(channels))
                .redirectError(Redirect.INHERIT)
                .start();
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
