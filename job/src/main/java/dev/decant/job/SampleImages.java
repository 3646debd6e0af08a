package dev.decant.job;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PcmFormat;
import dev.decant.container.Recording;
import dev.decant.opus.DecoderImage;
import dev.decant.opus.DecoderSettings;
import dev.decant.opus.DecoderWorkspace;
import dev.decant.opus.OpusDecoder;
import dev.decant.opus.OpusEngine;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * How large the images of a library's decoders are: those of the bundled recordings, speech and music in every mode. What
 * is not zero in a decoder's memory depends on the library and on what it decoded, so nothing can be said without trying.
 */
final class SampleImages {
    private static final int PACKETS_FROM_ONE_TO_THE_NEXT = 100;

    private SampleImages() {}

    /**
     * Bytes of the largest.
     *
     * @param engine one that makes images
     * @param format of one or two channels
     */
    static long largest(OpusEngine engine, PcmFormat format) {
        long largest = 0;
        try (DecoderWorkspace workspace = engine.newWorkspace(format.channels())) {
            for (RecordingFile sample : RecordingFile.samples()) {
                largest = Math.max(largest, largest(engine, format, workspace, sample));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("A bundled recording cannot be read", e);
        }
        return largest;
    }

    private static long largest(OpusEngine engine, PcmFormat format, DecoderWorkspace workspace, RecordingFile sample)
            throws IOException {
        long largest = 0;
        try (OpusDecoder decoder = engine.newDecoder(DecoderSettings.of(format), workspace);
                Recording recording = sample.open()) {
            int packets = 0;
            for (OpusPacket packet = recording.next(); packet != null; packet = recording.next()) {
                if (!ChannelLayout.isForPlainDecoder(packet.head())) {
                    return 0;
                }
                decoder.decode(packet.payload());
                packets++;
                if (packets % PACKETS_FROM_ONE_TO_THE_NEXT == 0) {
                    largest = Math.max(
                            largest, decoder.image().map(DecoderImage::toBytes).orElse(new byte[0]).length);
                }
            }
        }
        return largest;
    }
}
