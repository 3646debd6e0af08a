package dev.decant.file;

import dev.decant.audio.ChannelOrder;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonProcessingException;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Which stream each WAV file of a folder holds: {@code _manifest/*.jsonl} in that folder, a JSON object a line, a line a
 * file:
 *
 * <pre>{"file":"alice.wav","stream":"alice","format":"s16le","rate":16000,"channels":1,"samples":480000,"start":0}</pre>
 *
 * and {@code "channel_order"}, {@code speakers} or {@code unpositioned}, where the number of channels does not tell: up to two
 * belong to speakers unless it says otherwise, more to none. Of several lines about a file the last one counts ({@link Account}).
 */
public final class WavManifest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private WavManifest() {}

    /**
     * A finished file.
     *
     * @param file path relative to the folder, with {@code /}
     * @param streamId the stream whose samples it holds
     * @param format their shape
     * @param samples samples a channel
     * @param start index of the file's first sample in the stream; 0 unless the stream was cut into pieces
     */
    public record Entry(String file, String streamId, PcmFormat format, long samples, long start) {
        public Entry {
            Objects.requireNonNull(file, "file");
            Objects.requireNonNull(streamId, "streamId");
            Objects.requireNonNull(format, "format");
        }

        /** The length in seconds. */
        public double seconds() {
            return format.seconds(samples);
        }
    }

    /**
     * The finished files of {@code folder}, in the order of their names; none if it has no manifest.
     *
     * @throws IOException if the manifest cannot be read; the message names the file and the line
     */
    public static List<Entry> read(Path folder) throws IOException {
        FileSystem files = folder.getFileSystem();
        List<FileStatus> parts = new ArrayList<>();
        for (FileStatus part : Listing.of(files, Account.MANIFEST.folder(folder))) {
            if (Account.isPart(part.getPath().getName())) {
                parts.add(part);
            }
        }
        parts.sort(Comparator.comparingLong(FileStatus::getModificationTime)
                .thenComparing(part -> part.getPath().getName()));
        Map<String, Entry> entries = new TreeMap<>();
        for (FileStatus part : parts) {
            readPart(files, part.getPath(), entries);
        }
        return List.copyOf(entries.values());
    }

    /** What the manifest says of a finished file. */
    static String line(FinishedFile file, String output) {
        return toJson(new Entry(output, file.streamId(), file.format(), file.samples(), file.start()));
    }

    private static void readPart(FileSystem files, Path part, Map<String, Entry> entries) throws IOException {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(files.open(part), StandardCharsets.UTF_8))) {
            int number = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                number++;
                try {
                    Entry entry = fromJson(line);
                    entries.put(entry.file(), entry);
                } catch (JsonProcessingException | IllegalArgumentException e) {
                    throw new IOException("Line " + number + " of " + part + " is no manifest line: " + line, e);
                }
            }
        }
    }

    private static String toJson(Entry entry) {
        ObjectNode line = JSON.createObjectNode();
        line.put("file", entry.file());
        line.put("stream", entry.streamId());
        line.put("format", entry.format().sampleFormat().label());
        line.put("rate", entry.format().rate());
        line.put("channels", entry.format().channels());
        if (entry.format().order() != ChannelOrder.usual(entry.format().channels())) {
            line.put("channel_order", entry.format().order().label());
        }
        line.put("samples", entry.samples());
        line.put("start", entry.start());
        return line.toString();
    }

    private static Entry fromJson(String text) throws JsonProcessingException {
        JsonNode line = JSON.readTree(text);
        return new Entry(
                field(line, "file").asText(),
                field(line, "stream").asText(),
                format(line),
                field(line, "samples").asLong(),
                field(line, "start").asLong());
    }

    private static PcmFormat format(JsonNode line) {
        int channels = field(line, "channels").asInt();
        JsonNode order = line.get("channel_order");
        return new PcmFormat(
                SampleFormat.of(field(line, "format").asText()),
                field(line, "rate").asInt(),
                channels,
                order == null ? ChannelOrder.usual(channels) : ChannelOrder.of(order.asText()));
    }

    private static JsonNode field(JsonNode line, String name) {
        JsonNode value = line.get(name);
        if (value == null) {
            throw new IllegalArgumentException("\"" + name + "\" is missing");
        }
        return value;
    }
}
