package dev.decant.job;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

/** Shows how many packets a running job has read, as Flink's REST API tells it. */
final class JobProgress {
    private static final long MILLIS_BETWEEN = 1_000;

    private final FlinkRest rest;
    private final String job;
    private final long packets;
    private long shown = -1;

    /**
     * @param packets how many there will be
     */
    JobProgress(URI flink, JobID job, long packets) {
        this.rest = new FlinkRest(flink);
        this.job = "/jobs/" + job;
        this.packets = packets;
    }

    /**
     * Shows progress until the job ends.
     *
     * @throws ExecutionException if it fails
     */
    void show(CompletableFuture<?> end, PrintWriter terminal) throws InterruptedException, ExecutionException {
        while (true) {
            try {
                end.get(MILLIS_BETWEEN, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException stillRunning) {
                show(terminal);
            }
        }
    }

    private void show(PrintWriter terminal) throws InterruptedException {
        long read = packetsRead();
        if (read != shown) {
            shown = read;
            terminal.printf("  %,d of %,d packets%n", Math.min(read, packets), packets);
        }
    }

    /** Records that the task behind the shuffle has read; what was shown before, if Flink does not answer. */
    private long packetsRead() throws InterruptedException {
        try {
            long read = 0;
            for (JsonNode task : rest.get(job).path("vertices")) {
                read = Math.max(read, task.path("metrics").path("read-records").asLong());
            }
            return read;
        } catch (IOException notNow) {
            return shown;
        }
    }
}
