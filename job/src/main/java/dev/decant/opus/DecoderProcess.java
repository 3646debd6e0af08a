package dev.decant.opus;

import dev.decant.opus.ProcessProtocol.Request;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A child process with decoders in it ({@link DecoderProcessMain}). One thread uses it, one call at a time; no lock is on
 * the way. It lives as long as somebody holds it.
 */
final class DecoderProcess {
    private static final Logger LOG = LoggerFactory.getLogger(DecoderProcess.class);

    /** A JVM starts in half a second, and on a machine that is busy beyond measure in this. */
    private static final Duration STARTING = Duration.ofSeconds(60);

    /** How long a process that was told to end, or whose pipes are closed, may take. */
    private static final Duration ENDING = Duration.ofSeconds(5);

    private final ProcessFolder folder;
    private final Process process;
    private final OutputStream requests;
    private final InputStream answers;
    private final Message request = new Message();
    private final Message answer = new Message();
    private CallDeadline deadline;
    /** What later calls are told, once there is no process any more. */
    private ProcessEnd end;

    private int holders = 1;
    private volatile long liveNativeBytes;

    /** Reads what is asked for out of an answer. */
    interface Reading<T> {
        T from(Message answer) throws IOException;
    }

    /**
     * Starts a process. The caller holds it.
     *
     * @throws OpusLibraryException if there is no folder for it, or it cannot be started
     */
    static DecoderProcess start(List<Path> temporaryFolders) {
        ProcessFolder folder = ProcessFolder.in(temporaryFolders);
        try {
            return new DecoderProcess(folder, DecoderProcessCommand.start(folder));
        } catch (IOException e) {
            folder.delete();
            throw new OpusLibraryException("The process of the decoders cannot be started: " + Sentences.of(e), e);
        } catch (RuntimeException e) {
            folder.delete();
            throw e;
        }
    }

    /** Takes over a process that speaks the protocol. */
    DecoderProcess(ProcessFolder folder, Process process) {
        this.folder = folder;
        this.process = process;
        requests = process.getOutputStream();
        answers = new BufferedInputStream(process.getInputStream(), 1 << 16);
        ProcessLog.follow(process);
        setDeadline(STARTING);
    }

    long pid() {
        return process.pid();
    }

    /** Of the decoders and workspaces in the process; 0 once it has ended. */
    long liveNativeBytes() {
        return liveNativeBytes;
    }

    /** For the calls from now on. */
    void setDeadline(Duration duration) {
        if (deadline != null) {
            deadline.close();
        }
        deadline = new CallDeadline(duration, "deadline of process " + pid(), process::destroyForcibly);
    }

    /** A request to be filled, and sent by {@code call}. */
    Message request(Request kind) {
        return request.clear().putByte(kind.ordinal());
    }

    /**
     * Sends the request and waits for the answer.
     *
     * @throws OpusException what was thrown in the process; or, if it ends before it answers in time, why it did
     */
    <T> T call(Reading<T> reading) {
        if (end != null) {
            throw end.exception();
        }
        deadline.begin();
        try {
            request.writeTo(requests);
            if (!answer.readFrom(answers)) {
                throw new EOFException("no answer");
            }
            // An answer that comes while the process is being ended for its delay is late as well.
            if (!deadline.end()) {
                throw new EOFException("an answer that came too late");
            }
            ProcessProtocol.requireDone(answer);
            return reading.from(answer);
        } catch (IOException e) {
            throw ended(e).exception();
        }
    }

    /** Like {@code call}, for something that was made. */
    int callForNumber() {
        return call(answer -> {
            int number = answer.getInt();
            liveNativeBytes = answer.getLong();
            return number;
        });
    }

    /** One more holder; only for those whom a holder still covers. */
    void hold() {
        holders++;
    }

    /** Frees what a holder has in the process, and lets go. */
    void free(Request kind, int number) {
        try {
            if (end == null) {
                request(kind).putInt(number);
                liveNativeBytes = call(Message::getLong);
            }
        } catch (OpusException e) {
            // The process ended, which the log says; what it held is gone with it.
        } finally {
            release();
        }
    }

    /** Called once by each holder; with the last one the process ends. */
    void release() {
        holders--;
        if (holders > 0) {
            return;
        }
        deadline.close();
        try {
            // It ends when there are no more requests to come.
            requests.close();
        } catch (IOException e) {
            LOG.debug("Process {} was gone before it was told to end", pid(), e);
        }
        awaitExit();
        folder.delete();
    }

    private ProcessEnd ended(IOException cause) {
        deadline.close();
        boolean alone = awaitExit();
        int exitCode = process.exitValue();
        if (deadline.isOver()) {
            end = ProcessEnd.late(pid(), exitCode, deadline.deadline(), folder);
        } else if (alone) {
            end = ProcessEnd.of(pid(), exitCode, folder);
        } else {
            end = ProcessEnd.mad(pid(), cause);
        }
        liveNativeBytes = 0;
        LOG.warn("{}", end.message());
        return end;
    }

    /**
     * A process whose pipes are closed ends soon; if not, it is made to. A task that is cancelled does not wait.
     *
     * @return whether it ended without that
     */
    private boolean awaitExit() {
        boolean alone = true;
        boolean interrupted = false;
        while (process.isAlive()) {
            try {
                alone = process.waitFor(ENDING.toMillis(), TimeUnit.MILLISECONDS);
                if (!alone) {
                    process.destroyForcibly().waitFor();
                }
            } catch (InterruptedException e) {
                interrupted = true;
                process.destroyForcibly();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return alone;
    }
}
