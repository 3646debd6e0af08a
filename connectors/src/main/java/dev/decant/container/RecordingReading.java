package dev.decant.container;

import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import dev.decant.container.RecordingProblem.Kind;
import dev.decant.monitoring.LimitedLog;
import dev.decant.monitoring.LogText;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one recording to its end, or as far as that goes. If its bytes cannot be read it is opened again, and read up to
 * where it stood, as it is when a job comes back. Used by one thread.
 */
final class RecordingReading implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(RecordingReading.class);

    /** How often in a row the recording is opened again without another packet being had. */
    private static final int MAX_RETRIES = 3;

    private final FoundRecording found;
    private final String streamId;
    private final RecordingBytes bytes;
    private final String path;
    private final ReadingSettings settings;
    private final PacketChecks checks;
    private final LimitedLog retries;

    /** How many packets have gone on, those before a checkpoint included. */
    private long given;

    private int failures;

    /** What there was to say at the attempt that came furthest, of those that failed. */
    private RecordingEnd furthest;

    private Recording recording;
    private RecordingCheck check;

    /**
     * @param streamId the stream ID of the packets
     * @param given how many packets have gone on already
     * @param path what the recording is called
     * @param bytes where it is
     * @param retries where it is said that it is opened again
     */
    RecordingReading(
            FoundRecording found,
            String streamId,
            long given,
            String path,
            RecordingBytes bytes,
            ReadingSettings settings,
            PacketChecks checks,
            LimitedLog retries) {
        this.found = found;
        this.streamId = streamId;
        this.given = given;
        this.path = path;
        this.bytes = bytes;
        this.settings = settings;
        this.checks = checks;
        this.retries = retries;
    }

    /**
     * Reads one packet.
     *
     * @return null if that packet does not go on, or went on before; with an end the recording is over
     */
    RecordingPart advance() {
        if (found.refusal() != null) {
            return last(end(found.refusal()));
        }
        try {
            if (recording == null) {
                recording = Recordings.open(bytes, path, streamId, settings);
                check = new RecordingCheck(checks, recording);
            }
            OpusPacket packet = recording.next();
            if (packet == null) {
                return last(end(null));
            }
            if (!check.passes(packet) || check.packets() <= given) {
                return null;
            }
            given++;
            failures = 0;
            return new RecordingPart(packet, null);
        } catch (RecordingException refusal) {
            return last(end(refusal.problem()));
        } catch (IOException failure) {
            return openAgain(failure);
        }
    }

    /** Closing twice does nothing. */
    @Override
    public void close() {
        if (recording == null) {
            return;
        }
        try {
            recording.close();
        } catch (IOException failure) {
            LOG.warn("{} was read, but could not be closed", LogText.escaped(path), failure);
        }
        recording = null;
    }

    private RecordingPart openAgain(IOException failure) {
        long offset = recording == null ? 0 : recording.bytesRead();
        RecordingEnd attempt = end(new RecordingProblem(
                offset, Kind.UNREADABLE, "the bytes could not be read; trying again may help: " + failure));
        if (furthest == null || attempt.packets() > furthest.packets() || attempt.bytes() >= furthest.bytes()) {
            furthest = attempt;
        }
        close();
        if (failures == MAX_RETRIES) {
            return last(furthest);
        }
        failures++;
        // No stack trace: where a store fails, recordings fail by the thousand.
        retries.write(() -> path + " cannot be read, and is opened again: " + failure);
        return null;
    }

    private RecordingEnd end(RecordingProblem failure) {
        if (recording != null) {
            return check.end(found, streamId, given, failure);
        }
        return new RecordingEnd(
                found.name(), streamId, found.outputName(), path, null, null, 0, given, 0, 0, List.of(), failure);
    }

    private RecordingPart last(RecordingEnd end) {
        PacketOrigin origin = new PacketOrigin(path, 0, end.bytes(), PacketOrigin.NO_TIME);
        return new RecordingPart(end.packets() > 0 ? OpusPacket.end(streamId, origin) : null, end);
    }
}
