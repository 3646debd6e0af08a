package dev.decant.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The running {@code c-loop}: a child process that decodes when it is told to, and waits in between. */
final class CLoop implements AutoCloseable {
    private static final int DECODE = 'c';
    private static final int HASH = 'h';

    private final Process process;
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
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    }

    /** Decodes all packets once: the CPU time of its thread, in ns. */
    long decode() throws IOException {
        return Long.parseLong(ask(DECODE));
    }

    /** Decodes all packets once: the FNV-1a hash of the samples. */
    long hash() throws IOException {
        return Long.parseUnsignedLong(ask(HASH), 16);
    }

    private String ask(int command) throws IOException {
        process.getOutputStream().write(command);
        process.getOutputStream().flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("c-loop ended without an answer");
        }
        return answer;
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.onExit().join();
    }
}
