package dev.decant.container;

import java.util.List;

/** How far a batch has gone on: between two checkpoints it is written packet by packet. */
final class BatchProgress {
    private final RecordingBatch batch;
    private int done;
    private String streamId;
    private long packetsGiven;

    /** How far the bytes of the current recording are counted. */
    private long bytesCounted;

    BatchProgress(RecordingBatch batch) {
        this.batch = batch;
        this.streamId = batch.streamId();
        this.packetsGiven = batch.packetsGiven();
    }

    void recordPacket(String ofStream) {
        streamId = ofStream;
        packetsGiven++;
    }

    void recordEnd() {
        done++;
        streamId = null;
        packetsGiven = 0;
        bytesCounted = 0;
    }

    /** Takes note that the current recording has been read up to a byte, and says how many bytes that is more than before. */
    long countBytes(long upTo) {
        long more = Math.max(0, upTo - bytesCounted);
        bytesCounted += more;
        return more;
    }

    /** What is left. */
    RecordingBatch toBatch() {
        List<FoundRecording> all = batch.recordings();
        return new RecordingBatch(batch.splitId(), all.subList(done, all.size()), streamId, packetsGiven);
    }
}
