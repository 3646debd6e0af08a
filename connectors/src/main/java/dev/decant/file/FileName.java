package dev.decant.file;

import dev.decant.container.RecordingEnd;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.core.fs.Path;

/**
 * The names a file may have, relative to the output folder: of a stream {@code <stream>.wav} or
 * {@code <stream>/<start>.wav}, of a recording its own, mirrored; and where that is taken {@code …~2.wav}, {@code …~3.wav}
 * and so on. No stream's name holds a {@code ~}, so a numbered file never stands where another stream's file belongs.
 *
 * @param parent the folders with their slash, or nothing
 * @param last the last part, without number and suffix
 */
record FileName(String parent, String last) {
    private static final String TEMPORARY = "\\.(.+?)(?:~[0-9]+)?\\.%s\\.inprogress\\..+";

    static FileName of(FinishedFile file) {
        return file.end() == null ? ofStream(file) : ofRecording(file.end());
    }

    private static FileName ofStream(FinishedFile file) {
        String stream = StreamFileName.of(file.streamId());
        if (!file.piece()) {
            return new FileName("", stream);
        }
        // Whole: a piece begins at a multiple of a whole number of milliseconds.
        long millis = file.start() * 1_000 / file.format().rate();
        return new FileName(stream + "/", String.format("%012d", millis));
    }

    private static FileName ofRecording(RecordingEnd end) {
        String name = end.outputName();
        int slash = name.lastIndexOf('/');
        return new FileName(name.substring(0, slash + 1), name.substring(slash + 1));
    }

    /** The first choice is number 1. */
    String candidate(int number, FileFormat format) {
        return parent + last + (number == 1 ? "" : "~" + number) + "." + format.suffix();
    }

    /** The place of {@code relative} in a folder. Flink would take "a:b" for something with a scheme. */
    static Path below(Path folder, String relative) {
        return new Path(
                folder.toUri().getScheme(),
                folder.toUri().getAuthority(),
                folder.getPath() + (folder.getPath().endsWith("/") ? "" : "/") + relative);
    }

    /** The last part of the file that local and Hadoop file systems are writing under this temporary name, or null. */
    static String ofTemporaryFile(String name, FileFormat format) {
        Matcher temporary =
                Pattern.compile(TEMPORARY.formatted(format.suffix())).matcher(name);
        return temporary.matches() ? temporary.group(1) : null;
    }
}
