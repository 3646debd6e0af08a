package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import dev.decant.opus.ReferenceDecoder;
import java.util.Arrays;
import java.util.List;

/**
 * A stream whose frames are compared, as they come, with what a direct decode of its packets gives. That a frame is
 * missing or there twice is an error at once; other samples are, at the end.
 */
final class ComparedStream implements AutoCloseable {
    private static final int TICKS_OF_UNDECODABLE = 960;

    private final String streamId;
    private final PcmFormat format;
    private final List<byte[]> packets;
    private final ReferenceDecoder reference;
    private int frames;
    private long samples;
    private boolean ended;
    private int different;
    private int firstDifferent = -1;

    /** @param packets of the stream, null for those that are to be concealed; may grow */
    ComparedStream(String streamId, PcmFormat format, List<byte[]> packets) {
        this.streamId = streamId;
        this.format = format;
        this.packets = packets;
        this.reference = new ReferenceDecoder(format, 0);
    }

    /** How many frames were seen, each of one packet. */
    int frames() {
        return frames;
    }

    boolean ended() {
        return ended;
    }

    void see(PcmFrame frame) {
        assertThat(ended).as("a frame after the end of " + streamId).isFalse();
        if (frame.outcome() == Outcome.END) {
            ended = true;
            return;
        }
        byte[] packet = packets.get(frames);
        byte[] expected = packet == null ? reference.conceal(TICKS_OF_UNDECODABLE) : reference.decode(packet);
        assertThat(frame.format()).as(streamId).isEqualTo(format);
        assertThat(frame.outcome())
                .as("%s, frame %d", streamId, frames)
                .isEqualTo(packet == null ? Outcome.REJECTED : Outcome.DECODED);
        assertThat(frame.position())
                .as("position of frame %d of %s", frames, streamId)
                .isEqualTo(samples);
        assertThat(frame.pcm()).as("%s, frame %d", streamId, frames).hasSameSizeAs(expected);
        if (!Arrays.equals(frame.pcm(), expected)) {
            different++;
            firstDifferent = firstDifferent < 0 ? frames : firstDifferent;
        }
        frames++;
        samples += frame.sampleCount();
    }

    /** What is not as it should be, or an empty string. */
    String complaint() {
        if (!ended) {
            return streamId + " has no end";
        }
        if (frames != packets.size()) {
            return streamId + " has " + frames + " frames of " + packets.size() + " packets";
        }
        return different == 0
                ? ""
                : streamId + ": " + different + " of " + frames + " frames have other samples than a direct decode, the"
                        + " first of them is frame " + firstDifferent;
    }

    @Override
    public void close() {
        reference.close();
    }
}
