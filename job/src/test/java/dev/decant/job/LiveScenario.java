package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.PcmFormat;
import dev.decant.opus.ReferenceDecoder;
import dev.decant.opus.TestStream;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * A live job, the streams that are spoken to it, and the PCM that it commits; whatever a test does to the job between its
 * first packet and {@link #finish}, every sample must be that of a direct decode.
 */
final class LiveScenario implements AutoCloseable {
    private final LiveJob job;
    private final EndlessStreams streams;
    private final CommittedPcm committed;

    /**
     * Nothing is submitted and nothing spoken yet.
     *
     * @param folder where WAV files and checkpoints go
     * @param options more arguments of {@code decant stream}
     */
    LiveScenario(BrokerExtension kafka, ClusterExtension flink, Path folder, PcmFormat format, String... options) {
        this(new LiveJob(flink.cluster(), kafka.topics(), folder, format, options));
    }

    /** Of a job that is not submitted yet. */
    LiveScenario(LiveJob job) {
        this.job = job;
        streams = new EndlessStreams(job.topics());
        committed = new CommittedPcm(job.topics(), job.format(), streams);
    }

    LiveJob job() {
        return job;
    }

    EndlessStreams streams() {
        return streams;
    }

    CommittedPcm committed() {
        return committed;
    }

    void begin(Collection<TestStream> beginning) throws InterruptedException {
        for (TestStream stream : beginning) {
            streams.begin(stream);
        }
    }

    /** Ends every stream, stops the job, and demands that PCM and WAV files are right and that no packet was given up. */
    void finish() throws Exception {
        stopAtTheEnd();
        assertEverythingDecoded(job.wavs());
    }

    /** Demands that PCM and the WAV files of {@code wavs} are right and that no packet was given up. */
    void assertEverythingDecoded(WavFolder wavs) throws Exception {
        committed.assertEverythingDecoded();
        assertThat(job.topics().readDeadLetters()).isEmpty();
        assertFilesDecoded(wavs);
    }

    /** Ends every stream, waits for all ends in the committed PCM, and stops the job. */
    void stopAtTheEnd() throws InterruptedException, ExecutionException {
        streams.endAll();
        committed.awaitEveryEnd();
        job.stop();
    }

    /** Demands that there is a WAV file of each stream, with the samples of a direct decode. */
    void assertFilesDecoded() throws Exception {
        assertFilesDecoded(job.wavs());
    }

    private void assertFilesDecoded(WavFolder wavs) throws Exception {
        assertThat(wavs.streamIds()).containsExactlyInAnyOrderElementsOf(streams.all());
        for (String streamId : streams.all()) {
            List<byte[]> packets = streams.sent(streamId);
            StreamPcm.assertSame(
                    "the file of " + streamId,
                    wavs.read(streamId, job.format()),
                    ReferenceDecoder.decode(job.format(), 0, packets));
        }
    }

    @Override
    public void close() {
        try (streams;
                committed;
                job) {
            // All of them, whichever fails.
        }
    }
}
