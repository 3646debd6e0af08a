package dev.decant.file;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * What became of each recording: {@code _report.jsonl} in the output folder, a JSON object a line, a line a recording.
 * While a job runs, and if it dies, there are parts of it instead, {@code _report/*.jsonl}, one a commit; {@link #merge()}
 * puts them together.
 *
 * <p>A line has
 *
 * <ul>
 *   <li>{@code path}: the recording, relative to the input folder;
 *   <li>{@code status}: {@link RecordingStatus}; {@code error} and {@code error_offset}: what was wrong first, and at which
 *       byte; {@code problems}: all that was noticed, what is merely irregular too;
 *   <li>{@code container}; {@code header}: the OpusHead of the first link; {@code bytes}, {@code links}, {@code packets},
 *       {@code malformed_packets}, {@code rejected_packets};
 *   <li>{@code output}: the file or the shard, relative to the output folder; {@code format}, {@code rate},
 *       {@code channels}, {@code samples} (a channel), {@code seconds} of what is in it; {@code concealed_seconds},
 *       {@code recovered_seconds} (forward error correction) and {@code filled_seconds} of that were not simply decoded;
 *   <li>{@code sha256}: of the PCM, interleaved, in WAVE's order of channels, without any header.
 * </ul>
 */
public final class Report {
    private static final String FILE = "_report.jsonl";

    private final Path folder;
    private final FileSystem files;

    private Report(Path folder) throws IOException {
        this.folder = folder;
        this.files = folder.getFileSystem();
    }

    /** The report of an output folder, whether there is one or not. */
    public static Report of(Path folder) throws IOException {
        return new Report(OutputFolder.qualified(folder));
    }

    /**
     * How many recordings ended in which way.
     *
     * @param counts how many, by status
     * @param seconds of sound in the output
     * @param failures what was wrong with the first that were not {@link RecordingStatus#OK}, a sentence each
     */
    public record Summary(Map<RecordingStatus, Long> counts, double seconds, List<String> failures) {
        /** How many sentences there are at most. */
        public static final int MOST_FAILURES = 20;

        /** How many recordings ended so. */
        public long count(RecordingStatus status) {
            return counts.getOrDefault(status, 0L);
        }

        /** How many recordings there are. */
        public long total() {
            return counts.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** Where the report stands once it is merged. */
    public Path path() {
        return new Path(folder, FILE);
    }

    /** Whether an earlier run left a report or parts of one. */
    public boolean exists() throws IOException {
        return files.exists(path()) || files.exists(former()) || !parts().isEmpty();
    }

    /**
     * The paths of the recordings that need not be read again: all but the {@link RecordingStatus#UNREADABLE}.
     *
     * @throws IOException if a line cannot be read; the message names the file and the line
     */
    public void forEachDone(Consumer<String> path) throws IOException {
        forEachLine(line -> {
            if (line.status() != RecordingStatus.UNREADABLE) {
                path.accept(line.path());
            }
        });
    }

    /** What the lines name as output, each once. */
    Set<String> outputs() throws IOException {
        Set<String> outputs = new HashSet<>();
        forEachLine(line -> line.output().ifPresent(outputs::add));
        return outputs;
    }

    /**
     * Makes one file of all parts, and of what an earlier run reported. Of several lines of a recording the last one stays:
     * it was tried again. Memory: 12 bytes a line.
     *
     * @throws IOException if a line cannot be read, or the report not be written
     */
    public Summary merge() throws IOException {
        PathHashes.Countdown paths = paths().countdown();
        Tally tally = new Tally();
        Path merged = new Path(folder, FILE + ".merging");
        try (OutputStream out = files.create(merged, FileSystem.WriteMode.OVERWRITE)) {
            forEachLine(line -> {
                if (paths.isLast(line.path())) {
                    tally.add(line);
                    write(line, out);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        replace(merged);
        files.delete(Account.REPORT.folder(folder), true);
        return tally.summary();
    }

    private void replace(Path merged) throws IOException {
        // Most file systems do not rename onto a file that is there; that of S3 does not even answer, but throws.
        if (!LocalPlace.isLocal(path()) && files.exists(path())) {
            files.delete(former(), false);
            rename(path(), former());
        }
        rename(merged, path());
        files.delete(former(), false);
    }

    private void rename(Path from, Path to) throws IOException {
        if (!files.rename(from, to)) {
            throw new IOException("The report " + from + " cannot be renamed to " + to);
        }
    }

    /** The report before the last merge: there is one only while, or because, that has not come to its end. */
    private Path former() {
        return new Path(folder, FILE + ".former");
    }

    private PathHashes paths() throws IOException {
        PathHashes paths = new PathHashes();
        forEachLine(line -> paths.add(line.path()));
        return paths;
    }

    /** All lines, in the order in which they were written. */
    private void forEachLine(Consumer<ReportLine> consumer) throws IOException {
        if (files.exists(path())) {
            read(path(), consumer);
        } else if (files.exists(former())) {
            read(former(), consumer);
        }
        for (Path part : parts()) {
            read(part, consumer);
        }
    }

    private List<Path> parts() throws IOException {
        List<FileStatus> parts = new ArrayList<>();
        for (FileStatus file : Listing.of(files, Account.REPORT.folder(folder))) {
            if (Account.isPart(file.getPath().getName())) {
                parts.add(file);
            }
        }
        parts.sort(Comparator.comparingLong(FileStatus::getModificationTime)
                .thenComparing(part -> part.getPath().getName()));
        return parts.stream().map(FileStatus::getPath).toList();
    }

    private void read(Path file, Consumer<ReportLine> consumer) throws IOException {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(files.open(file), StandardCharsets.UTF_8))) {
            long number = 0;
            for (String text = in.readLine(); text != null; text = in.readLine()) {
                number++;
                ReportLine line;
                try {
                    line = ReportLine.parse(text);
                } catch (IOException e) {
                    throw new IOException("Line " + number + " of " + file + ": " + e.getMessage(), e);
                }
                consumer.accept(line);
            }
        }
    }

    private static void write(ReportLine line, OutputStream out) {
        try {
            out.write((line.toJson() + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A summary while it grows. */
    private static final class Tally {
        private final Map<RecordingStatus, Long> counts = new EnumMap<>(RecordingStatus.class);
        private final List<String> failures = new ArrayList<>();
        private double seconds;

        void add(ReportLine line) {
            counts.merge(line.status(), 1L, Long::sum);
            seconds += line.seconds();
            if (line.status() != RecordingStatus.OK && failures.size() < Summary.MOST_FAILURES) {
                failures.add(line.path() + ": " + line.status().label() + ", byte " + line.errorOffset() + ": "
                        + line.error().orElse("no reason is known"));
            }
        }

        Summary summary() {
            return new Summary(Map.copyOf(counts), seconds, List.copyOf(failures));
        }
    }
}
