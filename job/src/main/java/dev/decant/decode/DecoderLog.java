package dev.decant.decode;

import dev.decant.audio.MediaClock;
import dev.decant.opus.DecoderImage;
import java.util.Arrays;

/**
 * What brings a decoder back: where its log begins, and the steps since. It stays in memory as long as the decoder does,
 * for to look into state with every packet would cost more than the rest of what is kept; state gets what is new when
 * a checkpoint is taken or the decoder is let go. Changed by one thread.
 */
final class DecoderLog {
    /** What stays of the log before an image: after a second, most decoders have forgotten what was before it. */
    static final int PRE_ROLL_TICKS = MediaClock.HZ;

    private static final byte[] NOTHING = new byte[0];
    private static final int FIRST_CAPACITY = 256;

    private SavedDecoder saved;
    private byte[] bytes;
    private int length;
    private int count;
    private int lastStep;
    private long ticks;

    /** Whether state has nothing of it, or what no longer holds. */
    private boolean anew;
    /** If not {@link #anew}: how much of it state has. */
    private int writtenLength;

    private int writtenCount;

    private DecoderLog(SavedDecoder saved) {
        this.saved = saved;
        bytes = NOTHING;
    }

    /** Of a decoder of which nothing is known, and nothing is in state. */
    DecoderLog() {
        this(SavedDecoder.UNKNOWN);
    }

    /** What is in state. */
    static DecoderLog written(SavedDecoder saved, Iterable<LoggedSteps> steps) {
        DecoderLog log = new DecoderLog(saved);
        for (LoggedSteps some : steps) {
            log.append(some);
        }
        log.recordWritten();
        return log;
    }

    /**
     * The decoder is in its first state now.
     *
     * @param library the SHA-256 of the library whose decoder it is
     */
    void begin(String library) {
        saved = SavedDecoder.inFirstState(library);
        anew = true;
        length = 0;
        count = 0;
        ticks = 0;
    }

    /** The decoder has done {@code step}. */
    void append(LoggedStep step) {
        int more = LoggedSteps.length(step);
        makeRoom(more);
        LoggedSteps.put(step, bytes, length);
        lastStep = length;
        length += more;
        count++;
        ticks += step.ticks();
    }

    /** {@code image} is the decoder as it is now. Of the log a second stays, in case the image is of no use one day. */
    void save(DecoderImage image) {
        keepPreRoll();
        saved = SavedDecoder.of(image, count);
    }

    /** Cuts the log to its last second, without an image: it will bring back a decoder that sounds like this one. */
    void cut() {
        keepPreRoll();
        saved = SavedDecoder.UNKNOWN;
    }

    /** Where the log begins. */
    SavedDecoder saved() {
        return saved;
    }

    /** All steps of the log in order, those before the image too; good until the log's next change. */
    LoggedSteps steps() {
        return new LoggedSteps(bytes, 0, length, count);
    }

    /** Whether the final range after the next packet is the encoder's, for all that the log knows. */
    boolean givesRange() {
        return isEmpty() || LoggedSteps.givesRangeAt(bytes, lastStep);
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Whether state has all of it. */
    boolean isWritten() {
        return !anew && writtenLength == length;
    }

    /** Whether state needs {@link #saved} and {@link #unwritten} instead of what it has, or added to it. */
    boolean isAnew() {
        return anew;
    }

    /** The steps that state does not have, as they are now. */
    LoggedSteps unwritten() {
        int from = anew ? 0 : writtenLength;
        return new LoggedSteps(
                Arrays.copyOfRange(bytes, from, length), 0, length - from, count - (anew ? 0 : writtenCount));
    }

    /** State has all of it now. */
    void recordWritten() {
        anew = false;
        writtenLength = length;
        writtenCount = count;
    }

    private void append(LoggedSteps steps) {
        int more = steps.length();
        makeRoom(more);
        steps.put(bytes, length);
        for (int at = length; at < length + more; at = LoggedSteps.next(bytes, at)) {
            ticks += LoggedSteps.ticksAt(bytes, at);
            lastStep = at;
        }
        length += more;
        count += steps.count();
    }

    private void makeRoom(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, Math.max(FIRST_CAPACITY, length + length / 2)));
        }
    }

    private void keepPreRoll() {
        int first = 0;
        while (first < length) {
            long left = ticks - LoggedSteps.ticksAt(bytes, first);
            if (left < PRE_ROLL_TICKS) {
                break;
            }
            first = LoggedSteps.next(bytes, first);
            count--;
            ticks = left;
        }
        System.arraycopy(bytes, first, bytes, 0, length - first);
        length -= first;
        lastStep -= first;
        anew = true;
    }
}
