package dev.decant.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jflac.FLACDecoder;
import org.jflac.frame.Frame;
import org.jflac.frame.Header;
import org.jflac.metadata.Metadata;
import org.jflac.metadata.StreamInfo;
import org.jflac.metadata.VorbisComment;

/**
 * A FLAC file as jFLAC reads it, which shares no code with ours.
 *
 * @param frames the header of each frame
 * @param pcm interleaved little-endian samples
 */
record DecodedFlac(StreamInfo info, VorbisComment comment, List<Header> frames, byte[] pcm) {

    /** Decodes a whole file, and fails if any of its frames is broken. */
    static DecodedFlac of(byte[] file) throws IOException {
        FLACDecoder decoder = new FLACDecoder(new ByteArrayInputStream(file));
        Metadata[] metadata = decoder.readMetadata();
        StreamInfo info = decoder.getStreamInfo();
        VorbisComment comment = (VorbisComment) Arrays.stream(metadata)
                .filter(VorbisComment.class::isInstance)
                .findFirst()
                .orElseThrow();
        List<Header> frames = new ArrayList<>();
        ByteArrayOutputStream pcm = new ByteArrayOutputStream();
        for (Frame frame = decoder.readNextFrame(); frame != null; frame = decoder.readNextFrame()) {
            frames.add(frame.header);
            pcm.writeBytes(interleaved(decoder, frame.header));
        }
        assertThat(decoder.getBadFrames()).as("broken frames").isZero();
        return new DecodedFlac(info, comment, frames, pcm.toByteArray());
    }

    private static byte[] interleaved(FLACDecoder decoder, Header header) {
        int bits = header.bitsPerSample;
        byte[] pcm = new byte[header.blockSize * header.channels * bits / 8];
        int at = 0;
        for (int n = 0; n < header.blockSize; n++) {
            for (int channel = 0; channel < header.channels; channel++) {
                at = Signals.put(decoder.getChannelData()[channel].getOutput()[n], bits, pcm, at);
            }
        }
        return pcm;
    }
}
