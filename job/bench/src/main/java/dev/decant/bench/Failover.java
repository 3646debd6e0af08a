package dev.decant.bench;

import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.JobVertexDetailsHeaders;
import org.apache.flink.runtime.rest.messages.JobVertexMessageParameters;
import org.apache.flink.runtime.rest.messages.job.JobDetailsInfo;
import org.apache.flink.runtime.rest.messages.job.JobDetailsInfo.JobVertexDetailsInfo;
import org.apache.flink.runtime.rest.messages.job.SubtaskExecutionAttemptDetailsInfo;

/**
 * How long a job took to come back from the loss of a TaskManager, in parts that follow each other.
 *
 * @param detection until the JobManager knew of the loss, ms
 * @param restart from then until it deploys the tasks anew: the delay of the restart strategy, ms
 * @param restore from then until every task has its state, its decoders and a running loop, ms
 * @param firstPcm from then until new PCM is committed: what was missed is decoded, and a checkpoint completes, ms
 */
record Failover(long detection, long restart, long restore, long firstPcm) {

    /**
     * What the JobManager remembers of it.
     *
     * @param killed when the TaskManager was killed, {@link System#currentTimeMillis} of this machine
     * @param pcmSeen when new PCM was seen
     */
    static Failover of(RestClusterClient<?> client, JobID job, long killed, long pcmSeen) throws InterruptedException {
        try {
            JobDetailsInfo details = client.getJobDetails(job).get();
            long detected = details.getTimestamps().get(JobStatus.RESTARTING);
            long restarted = details.getTimestamps().get(JobStatus.RUNNING);
            long running = 0;
            for (JobVertexDetailsInfo vertex : details.getJobVertexInfos()) {
                running = Math.max(running, running(client, job, vertex));
            }
            if (killed > detected || detected > restarted || restarted > running) {
                throw new BenchException("the JobManager tells of no failover: killed at " + killed + ", restarting at "
                        + detected + ", running at " + restarted + ", all tasks at " + running);
            }
            return new Failover(detected - killed, restarted - detected, running - restarted, pcmSeen - running);
        } catch (ExecutionException e) {
            throw new BenchException("the JobManager does not tell how job " + job + " came back", e.getCause());
        }
    }

    /** When the last task of the vertex began to run. */
    private static long running(RestClusterClient<?> client, JobID job, JobVertexDetailsInfo vertex)
            throws InterruptedException, ExecutionException {
        JobVertexMessageParameters parameters = new JobVertexMessageParameters();
        parameters.jobPathParameter.resolve(job);
        parameters.jobVertexIdPathParameter.resolve(vertex.getJobVertexID());
        return client
                .sendRequest(JobVertexDetailsHeaders.getInstance(), parameters, EmptyRequestBody.getInstance())
                .get()
                .getSubtasks()
                .stream()
                .mapToLong(Failover::running)
                .max()
                .orElseThrow();
    }

    private static long running(SubtaskExecutionAttemptDetailsInfo subtask) {
        return subtask.getStartTime()
                + subtask.getStatusDuration(ExecutionState.DEPLOYING)
                + subtask.getStatusDuration(ExecutionState.INITIALIZING);
    }

    /** All of it, ms. */
    long total() {
        return detection + restart + restore + firstPcm;
    }
}
