package dev.decant.container;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.connector.source.SourceSplit;

/**
 * Recordings that one reader reads, one after the other; in state, what is left of them.
 *
 * @param splitId the name of the first recording that was in it
 * @param recordings that are not done
 * @param streamId of the first of these, if packets of it went on before the checkpoint; else null, and whoever reads it
 *     chooses one
 * @param packetsGiven how many packets of the first of these went on before the checkpoint
 */
record RecordingBatch(String splitId, List<FoundRecording> recordings, String streamId, long packetsGiven)
        implements SourceSplit {
    RecordingBatch {
        recordings = List.copyOf(recordings);
    }

    /** A batch of which nothing has been read. */
    static RecordingBatch of(List<FoundRecording> recordings) {
        return new RecordingBatch(recordings.get(0).name(), recordings, null, 0);
    }

    /** Whether packets went on of which there may be keyed state, so that only the owner of the stream can go on. */
    boolean isBegun() {
        return streamId != null;
    }

    /**
     * The same in batches that can go to different readers: a recording that was begun, and those of which nothing has been
     * read. The same batch gives the same ones, of the same split IDs.
     */
    List<RecordingBatch> apart() {
        if (!isBegun()) {
            return recordings.isEmpty() ? List.of() : List.of(this);
        }
        FoundRecording begun = recordings.get(0);
        List<RecordingBatch> apart = new ArrayList<>();
        apart.add(new RecordingBatch(begun.name(), List.of(begun), streamId, packetsGiven));
        if (recordings.size() > 1) {
            apart.add(of(recordings.subList(1, recordings.size())));
        }
        return apart;
    }

    /** Short, since Flink logs every split. */
    @Override
    public String toString() {
        return recordings.size() + " recordings from " + splitId + " on";
    }
}
