package dev.decant.local;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobID;

/**
 * What a command line program gave back.
 *
 * @param exitCode 0 if all went well
 * @param output what it printed, standard error included
 */
public record CommandResult(int exitCode, String output) {
    private static final Pattern SUBMITTED = Pattern.compile("Job has been submitted with JobID (\\p{XDigit}{32})");

    /**
     * The job that {@code flink run} submitted.
     *
     * @throws LocalException if it submitted none; the message holds what it printed
     */
    public JobID jobId() {
        Matcher submitted = SUBMITTED.matcher(output);
        if (!submitted.find()) {
            throw new LocalException("flink submitted no job, its exit code was " + exitCode + ":\n" + output);
        }
        return JobID.fromHexString(submitted.group(1));
    }
}
