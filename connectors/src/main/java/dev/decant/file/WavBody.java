package dev.decant.file;

import dev.decant.audio.PcmFormat;
import java.io.IOException;
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
final class WavBody {
    static final int BUFFER_BYTES = 16 * 1024;

    private static final byte[] SILENCE = new byte[BUFFER_BYTES];

    final String streamId;
    final PcmFormat format;
    /** Index of the first sample in the stream. */
    final long start;

    private final WaveOrder order;
    private final BodyStore store;
    private long samples;
    private Path path;
    private RecoverableFsDataOutputStream out;
    /** What the file holds of the body, and no more: the way back to it when {@code out} is null. */
    private ResumeRecoverable saved;

    private WrittenBody savedBytes;
    private boolean unsaved;
    private byte[] buffer;
    private int buffered;

    /** A new body without samples. */
    WavBody(BodyStore store, String streamId, PcmFormat format, long start) {
        this.store = store;
        this.streamId = streamId;
        this.format = format;
        this.start = start;
        order = WaveOrder.of(format);
    }

    /** A body as the checkpoint kept it, put away. */
    static WavBody restore(BodyStore store, OpenBody kept) throws IOException {
        WavBody body = new WavBody(store, kept.streamId(), kept.format(), kept.start());
        body.samples = kept.samples();
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
        return new OpenBody(streamId, format, samples, start, savedBytes);
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
     * @return what commits it, or null if it has no samples
     */
    WrittenBody finish() throws IOException {
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
                buffer = new byte[BUFFER_BYTES];
            }
            int part = Math.min(count - done, (BUFFER_BYTES - buffered) / bytesPerSample);
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
            buffer = new byte[BUFFER_BYTES];
        }
        if (length > BUFFER_BYTES - buffered) {
            flush();
        }
        if (length <= BUFFER_BYTES) {
            System.arraycopy(bytes, offset, buffer, buffered, length);
            buffered += length;
        } else {
            open();
            out.write(bytes, offset, length);
            unsaved = true;
        }
    }

    private void flush() throws IOException {
        if (buffered > 0) {
            open();
            out.write(buffer, 0, buffered);
            buffered = 0;
            unsaved = true;
        }
    }

    private void open() throws IOException {
        if (out != null) {
            return;
        }
        RecoverableWriter writer = store.writer();
        if (path == null) {
            path = store.newPath();
            out = writer.open(path);
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
