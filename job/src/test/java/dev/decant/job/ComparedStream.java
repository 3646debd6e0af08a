package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.PacketContents;
import dev.decant.audio.PcmChunk;
import dev.decant.audio.PcmChunk.Run;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame.Outcome;
import dev.decant.opus.ReferenceDecoder;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A stream whose PCM is compared, as it comes, in frames or in chunks, with what a direct decode of its packets gives. That
 * some is missing or there twice is an error at once; other samples are, at the end.
 */
final class ComparedStream implements AutoCloseable {
    private static final int TICKS_OF_UNDECODABLE = 960;

    private final String streamId;
    private final PcmFormat format;
    private final List<byte[]> packets;
    private final ReferenceDecoder reference;
    private byte[] decoded = {};
    private int decodedFrom;
    private Outcome outcome;
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

    /** Of how many packets all PCM was seen. */
    int frames() {
        return frames;
    }

    boolean ended() {
        return ended;
    }

    void see(PcmChunk chunk) {
        assertThat(ended).as("PCM after the end of " + streamId).isFalse();
        if (chunk.outcome().filter(Outcome.END::equals).isPresent()) {
            ended = true;
            return;
        }
        assertThat(chunk.format()).as(streamId).isEqualTo(format);
        assertThat(chunk.position())
                .as("position of a record of %s, after %d packets", streamId, frames)
                .isEqualTo(samples);
        PcmChunk expected = expected(chunk.sampleCount());
        assertThat(chunk.origins()).as("%s, up to packet %d", streamId, frames).isEqualTo(expected.origins());
        if (!Arrays.equals(chunk.pcm(), expected.pcm())) {
            different++;
            firstDifferent = firstDifferent < 0 ? frames : firstDifferent;
        }
        samples += chunk.sampleCount();
    }

    /** So many samples on from those that were seen. */
    private PcmChunk expected(long count) {
        ByteArrayOutputStream pcm = new ByteArrayOutputStream();
        List<Run> origins = new ArrayList<>();
        for (long left = count; left > 0; ) {
            if (decodedFrom == decoded.length) {
                decodeNext();
            }
            int bytes = (int) Math.min(left * format.bytesPerSample(), decoded.length - decodedFrom);
            pcm.write(decoded, decodedFrom, bytes);
            decodedFrom += bytes;
            left -= bytes / format.bytesPerSample();
            addRun(origins, bytes / format.bytesPerSample());
            if (decodedFrom == decoded.length) {
                frames++;
            }
        }
        return new PcmChunk(streamId, format, pcm.toByteArray(), 0, samples, origins);
    }

    private void decodeNext() {
        byte[] packet = packets.get(frames);
        decoded = packet == null ? reference.conceal(TICKS_OF_UNDECODABLE) : reference.decode(packet);
        decodedFrom = 0;
        outcome = outcomeOf(packet);
    }

    private void addRun(List<Run> origins, long count) {
        int last = origins.size() - 1;
        if (last >= 0 && origins.get(last).outcome() == outcome) {
            origins.set(last, new Run(outcome, origins.get(last).sampleCount() + count));
        } else {
            origins.add(new Run(outcome, count));
        }
    }

    /** What is not as it should be, or an empty string. */
    String complaint() {
        if (!ended) {
            return streamId + " has no end";
        }
        if (frames != packets.size()) {
            return streamId + " has the PCM of " + frames + " of " + packets.size() + " packets";
        }
        return different == 0
                ? ""
                : streamId + ": " + different
                        + " records have other samples than a direct decode, the first of them after" + " packet "
                        + firstDifferent + " of " + frames;
    }

    @Override
    public void close() {
        reference.close();
    }

    private static Outcome outcomeOf(byte[] packet) {
        if (packet == null) {
            return Outcome.REJECTED;
        }
        return PacketContents.isDtx(packet, 1) ? Outcome.COMFORT_NOISE : Outcome.DECODED;
    }
}
