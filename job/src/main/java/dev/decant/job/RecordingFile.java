package dev.decant.job;

import static dev.decant.job.UsageException.usage;

import dev.decant.container.ReadingSettings;
import dev.decant.container.Recording;
import dev.decant.container.RecordingBytes;
import dev.decant.container.Recordings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A recording that somebody named, and the stream that it becomes.
 *
 * @param path as it was named
 * @param streamId its stream ID
 * @param bytes where its bytes are
 */
record RecordingFile(String path, String streamId, RecordingBytes bytes) {
    private static final String SAMPLES = "/samples/";

    /**
     * Files, each with its name as stream ID, the ending left out; where two would get the same one, both keep their
     * endings, and the same name in two folders is numbered.
     *
     * @throws UsageException if one of them is no file that can be read
     */
    static List<RecordingFile> of(List<Path> files) {
        for (Path file : files) {
            if (!Files.isRegularFile(file)) {
                throw usage(file + (Files.exists(file) ? " is not a file" : " does not exist"));
            }
            if (!Files.isReadable(file)) {
                throw UsageException.failed(file + " may not be read", null);
            }
        }
        Map<String, Long> sharing =
                files.stream().collect(Collectors.groupingBy(RecordingFile::withoutEnding, Collectors.counting()));
        Map<String, Integer> taken = new HashMap<>();
        List<RecordingFile> recordings = new ArrayList<>();
        for (Path file : files) {
            String stem = withoutEnding(file);
            String name = sharing.get(stem) == 1 ? stem : file.getFileName().toString();
            int number = taken.merge(name, 1, Integer::sum);
            recordings.add(new RecordingFile(
                    file.toString(),
                    number == 1 ? name : name + "-" + number,
                    RecordingBytes.of(() -> Files.newInputStream(file))));
        }
        return recordings;
    }

    /** The recordings that come with Decant. */
    static List<RecordingFile> samples() {
        try (InputStream index = sample("index")) {
            return new String(index.readAllBytes())
                    .lines()
                    .map(name -> new RecordingFile(
                            name, withoutEnding(Path.of(name)), RecordingBytes.of(() -> sample(name))))
                    .toList();
        } catch (IOException e) {
            throw UsageException.failed("the bundled samples cannot be read: " + e.getMessage(), e);
        }
    }

    /** The recording under another stream ID. */
    RecordingFile as(String otherStreamId) {
        return new RecordingFile(path, otherStreamId, bytes);
    }

    /** Opens it; the caller closes it. */
    Recording open() throws IOException {
        return Recordings.open(bytes, path, streamId, ReadingSettings.DEFAULT);
    }

    private static InputStream sample(String name) throws IOException {
        InputStream sample = RecordingFile.class.getResourceAsStream(SAMPLES + name);
        if (sample == null) {
            throw new IOException(SAMPLES + name + " is not in the jar");
        }
        return sample;
    }

    private static String withoutEnding(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }
}
