package dev.decant.opus;

import dev.decant.monitoring.LogText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes on to the log what a process says on its error output; a few lines, since one that goes mad says a lot. */
final class ProcessLog {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessLog.class);
    private static final int MAX_LINES = 50;
    private static final int MAX_CHARACTERS = 500;

    /** There is nobody to log for in the process, which slf4j complains of. */
    private static final String EXPECTED = "SLF4J: ";

    private final long pid;
    private final StringBuilder line = new StringBuilder();
    private int lines;

    private ProcessLog(long pid) {
        this.pid = pid;
    }

    /** Starts a thread that ends with the process. */
    static void follow(Process process) {
        ProcessLog log = new ProcessLog(process.pid());
        Thread thread = new Thread(() -> log.read(process), "log of process " + process.pid());
        thread.setDaemon(true);
        thread.start();
    }

    private void read(Process process) {
        try (Reader errors =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            for (int next = errors.read(); next >= 0; next = errors.read()) {
                if (next == '\n') {
                    endLine();
                } else if (line.length() < MAX_CHARACTERS) {
                    line.append((char) next);
                }
            }
            endLine();
        } catch (IOException e) {
            LOG.debug("The error output of process {} is closed", pid, e);
        }
    }

    private void endLine() {
        String text = line.toString().strip();
        line.setLength(0);
        if (text.isEmpty() || text.startsWith(EXPECTED)) {
            return;
        }
        lines++;
        if (lines <= MAX_LINES) {
            LOG.warn("Process {} of the decoders: {}", pid, LogText.escaped(text));
        } else if (lines == MAX_LINES + 1) {
            LOG.warn("Process {} of the decoders says more, which is left out here", pid);
        }
    }
}
