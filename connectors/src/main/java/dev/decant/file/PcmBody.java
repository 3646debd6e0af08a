package dev.decant.file;

import dev.decant.audio.Digests;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame;
import java.io.IOException;
import java.security.MessageDigest;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.core.fs.RecoverableWriter;
import org.apache.flink.core.fs.RecoverableWriter.CommitRecoverable;
import org.apache.flink.core.fs.RecoverableWriter.ResumeRecoverable;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.util.IOUtils;

/**
 * The samples of one file to be: written through a buffer, saved with each checkpoint, put away when others need its file
 * handle and its memory, and taken up again where it stood.
 */
final class PcmBody {
    private static final byte[] SILENCE = new byte[16 * 1024];

    final String streamId;
    final PcmFormat format;
    /** Index of the first sample in the stream. */
    final long start;

    private final WaveOrder order;
    private final BodyStore store;
    private final int bufferBytes;
    private int room;
    /** Null where nobody wants a hash, or where it would have to begin in the middle. */
    private MessageDigest hash;

    private long samples;
    private SampleTally tally = SampleTally.NOTHING;
    private Path path;
    private RecoverableFsDataOutputStream out;
    /** What the file holds of the body, and no more: the way back to it when {@code out} is null. */
    private ResumeRecoverable saved;

    private WrittenBody savedBytes;
    private boolean unsaved;
    private byte[] buffer;
    private int buffered;

    /** A new body without samples. */
    PcmBody(BodyStore store, String streamId, PcmFormat format, long start) {
        this.store = store;
        this.streamId = streamId;
        this.format = format;
        this.start = start;
        order = WaveOrder.of(format);
        bufferBytes = store.shape().bufferBytes();
        room = store.shape().room(format);
        hash = store.shape().hashed() ? Digests.sha256() : null;
    }

    /** A body as the checkpoint kept it, put away. */
    static PcmBody restore(BodyStore store, OpenBody kept) throws IOException {
        PcmBody body = new PcmBody(store, kept.streamId(), kept.format(), kept.start());
        body.samples = kept.samples();
        body.room = kept.room();
        body.tally = kept.tally();
        if (body.samples > 0) {
            body.hash = null;
        }
        if (kept.body() != null) {
            body.path = new Path(kept.body().path());
            body.savedBytes = kept.body();
            body.saved = store.writer()
                    .getResumeRecoverableSerializer()
                    .deserialize(kept.body().version(), kept.body().recoverable());
        }
        return body;
    }

    /** Samples a channel so far. */
    long samples() {
        return samples;
    }

    /** Notes how the samples of a frame came about. */
    void note(PcmFrame frame) {
        tally = tally.with(frame);
    }

    /** Appends {@code count} samples a channel of {@code pcm} from byte {@code offset} on. */
    void append(byte[] pcm, int offset, int count) throws IOException {
        if (order.changes()) {
            writeInOrder(pcm, offset, count);
        } else {
            write(pcm, offset, count * format.bytesPerSample());
        }
        samples += count;
    }

    /** Appends {@code count} samples a channel of silence. */
    void appendSilence(long count) throws IOException {
        long left = count * format.bytesPerSample();
        while (left > 0) {
            int bytes = (int) Math.min(left, SILENCE.length);
            write(SILENCE, 0, bytes);
            left -= bytes;
        }
        samples += count;
    }

    /** Saves everything so far, and says how to come back to it. */
    OpenBody save() throws IOException {
        flush();
        if (unsaved) {
            if (saved != null) {
                store.superseded(saved);
            }
            saved = out.persist();
            SimpleVersionedSerializer<ResumeRecoverable> serializer =
                    store.writer().getResumeRecoverableSerializer();
            savedBytes = new WrittenBody(path.toString(), serializer.getVersion(), serializer.serialize(saved));
            unsaved = false;
        }
        return new OpenBody(streamId, format, samples, start, room, tally, savedBytes);
    }

    /** Saves the body and gives back its file handle and its buffer. The next write takes it up again. */
    void putAway() throws IOException {
        save();
        buffer = null;
        if (out != null) {
            out.close();
            out = null;
        }
    }

    /**
     * Closes the body for good.
     *
     * @param piece whether it is a piece of its stream
     */
    FinishedFile finish(boolean piece) throws IOException {
        WrittenBody written = close();
        byte[] sha256 = hash == null ? null : hash.digest();
        return new FinishedFile(streamId, format, samples, piece, start, room, tally, sha256, written, null);
    }

    /**
     * @return what commits it, or null if it has no samples
     */
    private WrittenBody close() throws IOException {
        flush();
        if (path == null) {
            return null;
        }
        open();
        CommitRecoverable recoverable = out.closeForCommit().getRecoverable();
        out = null;
        buffer = null;
        if (saved != null) {
            store.superseded(saved);
        }
        SimpleVersionedSerializer<CommitRecoverable> serializer = store.writer().getCommitRecoverableSerializer();
        return new WrittenBody(path.toString(), serializer.getVersion(), serializer.serialize(recoverable));
    }

    /** Closes the file handle and forgets what was not saved. */
    void abandon() {
        IOUtils.closeQuietly(out);
        out = null;
        buffer = null;
        buffered = 0;
    }

    /** By way of the buffer: whoever else gets the frame wants it as it is. */
    private void writeInOrder(byte[] pcm, int offset, int count) throws IOException {
        int bytesPerSample = format.bytesPerSample();
        int done = 0;
        while (done < count) {
            if (buffer == null) {
                buffer = new byte[bufferBytes];
            }
            int part = Math.min(count - done, (bufferBytes - buffered) / bytesPerSample);
            if (part == 0) {
                flush();
                continue;
            }
            int bytes = format.sampleFormat().bytes();
            order.copy(pcm, offset + done * bytesPerSample, buffer, buffered, part, bytes);
            buffered += part * bytesPerSample;
            done += part;
        }
    }

    private void write(byte[] bytes, int offset, int length) throws IOException {
        if (buffer == null) {
            buffer = new byte[bufferBytes];
        }
        if (length > bufferBytes - buffered) {
            flush();
        }
        if (length <= bufferBytes) {
            System.arraycopy(bytes, offset, buffer, buffered, length);
            buffered += length;
        } else {
            writeOut(bytes, offset, length);
        }
    }

    private void flush() throws IOException {
        if (buffered > 0) {
            writeOut(buffer, 0, buffered);
            buffered = 0;
        }
    }

    private void writeOut(byte[] bytes, int offset, int length) throws IOException {
        open();
        out.write(bytes, offset, length);
        if (hash != null) {
            hash.update(bytes, offset, length);
        }
        unsaved = true;
    }

    private void open() throws IOException {
        if (out != null) {
            return;
        }
        RecoverableWriter writer = store.writer();
        if (path == null) {
            path = store.newPath();
            out = writer.open(path);
            out.write(new byte[room]);
        } else {
            try {
                out = writer.recover(saved);
            } catch (IOException e) {
                throw new IOException(
                        "The body of stream \"" + streamId + "\" can't be resumed at " + path
                                + ": it must be there, and at least as long as at the checkpoint",
                        e);
            }
        }
    }
}
