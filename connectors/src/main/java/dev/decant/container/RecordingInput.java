package dev.decant.container;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.flink.core.fs.Path;

/**
 * What is to be read.
 *
 * @param path a folder, or a recording
 * @param list the list of what is to be read of the folder; null: what the patterns take
 * @param outputFolder is passed over; null: there is none
 * @param done is passed over, and counted
 */
record RecordingInput(
        Path path, Path list, List<String> included, List<String> excluded, Path outputFolder, DoneRecordings done)
        implements Serializable {

    InputFiles files() {
        return InputFiles.of(path);
    }

    /**
     * Opens the way through the input.
     *
     * @param place after which it begins
     * @throws IOException if there is no such input
     */
    RecordingWalk walk(WalkPlace place) throws IOException {
        InputFiles files = files();
        String start = path.getPath().isEmpty() ? "/" : path.getPath();
        String root = start.endsWith("/") ? start : start + "/";
        boolean isFolder = files.isFolder(start);
        if (list != null && !isFolder) {
            throw new IOException("the list " + list + " is one of recordings in a folder, and " + files.shown(start)
                    + " is a file: give the folder");
        }
        if (list != null) {
            return new ListWalk(files, root, list, place.line());
        }
        if (!isFolder) {
            return new SingleRecording(files, start, place.found() > 0);
        }
        RecordingPatterns patterns = new RecordingPatterns(included, excluded);
        return new FolderWalk(files, root, patterns, passedOver(files), place.name());
    }

    private String passedOver(InputFiles files) {
        return outputFolder != null && InputFiles.of(outputFolder).equals(files) ? outputFolder.getPath() : null;
    }
}
