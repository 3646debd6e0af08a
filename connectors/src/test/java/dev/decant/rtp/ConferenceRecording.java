package dev.decant.rtp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonProcessingException;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

/**
 * The packets of a conference as a Jitsi bridge exports them: one JSON object a line, interleaved as the speakers spoke. RTP's
 * header is taken apart in it: {@code chunk} is the sequence number, and {@code tag} holds the SSRC.
 */
public final class ConferenceRecording {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ConferenceRecording() {}

    /** The packets in {@code file}, in its order. */
    public static List<Packet> read(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(ConferenceRecording::event)
                    .filter(event -> event.path("event").asText().equals("media"))
                    .map(event -> packet(event.path("media")))
                    .toList();
        }
    }

    private static JsonNode event(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Packet packet(JsonNode media) {
        String tag = media.path("tag").textValue();
        return new Packet(
                Long.parseLong(tag.substring(tag.lastIndexOf('-') + 1)),
                Integer.parseInt(media.path("chunk").textValue()),
                Long.parseLong(media.path("timestamp").textValue()),
                Base64.getDecoder().decode(media.path("payload").textValue()));
    }

    /**
     * A packet of a speaker.
     *
     * @param timestamp 48 kHz ticks
     * @param payload an Opus packet
     */
    public record Packet(long ssrc, int sequenceNumber, long timestamp, byte[] payload) {
        /** The packet as it was on the wire. */
        public byte[] rtp() {
            return new RtpWriter(ssrc, RtpSettings.USUAL_OPUS_PAYLOAD_TYPE).packet(sequenceNumber, timestamp, payload);
        }
    }
}
