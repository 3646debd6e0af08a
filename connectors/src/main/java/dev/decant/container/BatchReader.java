package dev.decant.container;

import dev.decant.monitoring.LimitedLog;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.connector.base.source.reader.RecordsBySplits;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsChange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads batches of recordings in a thread of its own, so that the task never waits for a disk or a store. What is read
 * goes on in pieces of at most {@link #MAX_PARTS} parts, and not much more than {@link #MAX_BYTES}, of which Flink keeps two
 * ahead.
 */
final class BatchReader implements SplitReader<RecordingPart, RecordingBatch> {
    static final int MAX_PARTS = 256;
    static final int MAX_BYTES = 256 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(BatchReader.class);

    private final LimitedLog retries = new LimitedLog("recordings that are opened again", LOG::warn);
    private final InputFiles files;
    private final RecordingStreamIds streamIds;
    private final ReadingSettings settings;
    private final PacketChecks checks;
    private final Deque<RecordingBatch> batches = new ArrayDeque<>();

    /** How many recordings of the first batch are done. */
    private int done;

    private RecordingReading reading;

    private volatile boolean isWoken;

    BatchReader(InputFiles files, RecordingStreamIds streamIds, ReadingSettings settings, PacketChecks checks) {
        this.files = files;
        this.streamIds = streamIds;
        this.settings = settings;
        this.checks = checks;
    }

    @Override
    public RecordsWithSplitIds<RecordingPart> fetch() {
        RecordingBatch batch = batches.peek();
        if (batch == null || done == batch.recordings().size()) {
            return finished(batch);
        }
        if (reading == null) {
            reading = done == 0 && batch.isBegun()
                    ? begun(batch)
                    : fromTheBeginning(batch.recordings().get(done));
        }
        List<RecordingPart> parts = new ArrayList<>();
        if (readInto(parts)) {
            reading.close();
            reading = null;
            done++;
        }
        isWoken = false;
        Map<String, Collection<RecordingPart>> read = parts.isEmpty() ? Map.of() : Map.of(batch.splitId(), parts);
        return new RecordsBySplits<>(read, Set.of());
    }

    @Override
    public void handleSplitsChanges(SplitsChange<RecordingBatch> change) {
        // Batches are only ever added.
        batches.addAll(change.splits());
    }

    @Override
    public void wakeUp() {
        isWoken = true;
    }

    @Override
    public void close() {
        retries.close();
        if (reading != null) {
            reading.close();
        }
    }

    private RecordingReading begun(RecordingBatch batch) {
        return reading(batch.recordings().get(0), batch.streamId(), batch.packetsGiven());
    }

    private RecordingReading fromTheBeginning(FoundRecording found) {
        return reading(found, streamIds.of(found.name()), 0);
    }

    private RecordingReading reading(FoundRecording found, String streamId, long given) {
        String path = files.shown(found.path());
        return new RecordingReading(found, streamId, given, path, files.bytes(found.path()), settings, checks, retries);
    }

    /** Reads a piece, or until somebody wants something else; true if the recording is over. */
    private boolean readInto(List<RecordingPart> parts) {
        int bytes = 0;
        while (parts.size() < MAX_PARTS && bytes < MAX_BYTES && !isWoken) {
            RecordingPart part = reading.advance();
            if (part == null) {
                continue;
            }
            parts.add(part);
            if (part.end() != null) {
                return true;
            }
            bytes += part.packet().payload().length;
        }
        return false;
    }

    private RecordsWithSplitIds<RecordingPart> finished(RecordingBatch batch) {
        if (batch == null) {
            return new RecordsBySplits<>(Map.of(), Set.of());
        }
        batches.remove();
        done = 0;
        return new RecordsBySplits<>(Map.of(), Set.of(batch.splitId()));
    }
}
