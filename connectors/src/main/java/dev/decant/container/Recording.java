package dev.decant.container;

import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import java.io.IOException;
import java.util.List;

/**
 * The packets of one recording, one after the other. Used by one thread; memory does not grow with the length.
 *
 * <p>Damage does not stop the reading: what can be read is given, what cannot is named in {@link #problems()}. A lost
 * stretch is seen in the packets too, as a gap in their sequence numbers and timestamps.
 */
public interface Recording extends AutoCloseable {

    /** What the recording is called in messages and in the origin of its packets. */
    String path();

    /** What holds the packets. */
    Container container();

    /** The header of the link of the last packet; of the first link before there was one. */
    OpusHead head();

    /**
     * The next packet, or null after the last one; telling others that the stream is over is up to the caller.
     *
     * <ul>
     *   <li>{@code payload}: as it is in the recording. Its framing has not been looked at; it is never empty.
     *   <li>{@code sequenceNumber}: from 0, over all links. It skips what was lost and is to be filled
     *       ({@link ReadingSettings#holes}); how many packets that were is an estimate.
     *   <li>{@code timestamp}: 48 kHz ticks on the clock of the link, pre-skip included: the first packet of most links
     *       has 0. Holes that are skipped take no time.
     *   <li>{@code head} and {@code link}: always there; links count from 0. All packets of a link share one head.
     *   <li>{@code trimStart}, {@code trimEnd}: what to drop besides the pre-skip, which is in the head.
     *   <li>{@code origin}: the path, the number of the track (0 in Ogg), the offset of the packet's first byte, and as record
     *       time the milliseconds from the beginning of the recording to the packet, by which holes of any length are genuine.
     * </ul>
     *
     * @throws IOException if the recording cannot be read further because of its stream, not because of what is in it
     */
    OpusPacket next() throws IOException;

    /** What was wrong in what has been read until now, in the order of the bytes; complete once {@link #next} gave null. */
    List<RecordingProblem> problems();

    /** How many bytes of the recording were read until now; its size, once {@link #next} gave null. */
    long bytesRead();

    /** Closes all that was opened for it. Closing twice does nothing. */
    @Override
    void close() throws IOException;
}
