package dev.decant.container;

import java.util.List;
import org.apache.flink.api.connector.source.SourceSplit;

/**
 * Recordings that one reader reads, one after the other; in state, what is left of them.
 *
 * @param splitId the stream ID of the first recording that was in it
 * @param recordings that are not done
 * @param packetsGiven how many packets of the first of these went on before the checkpoint
 */
record RecordingBatch(String splitId, List<FoundRecording> recordings, long packetsGiven) implements SourceSplit {
    RecordingBatch {
        recordings = List.copyOf(recordings);
    }

    /** A batch of which nothing has been read. */
    static RecordingBatch of(List<FoundRecording> recordings) {
        return new RecordingBatch(recordings.get(0).streamId(), recordings, 0);
    }

    /** Short, since Flink logs every split. */
    @Override
    public String toString() {
        return recordings.size() + " recordings from " + splitId + " on";
    }
}
