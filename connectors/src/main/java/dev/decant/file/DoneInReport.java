package dev.decant.file;

import dev.decant.container.DoneRecordings;
import java.io.IOException;
import org.apache.flink.core.fs.Path;

/** The recordings that the report of an output folder names, but for those that could not be read. */
public final class DoneInReport implements DoneRecordings {
    private final Path folder;

    /**
     * @param folder the output folder
     */
    public DoneInReport(Path folder) {
        this.folder = folder;
    }

    @Override
    public Lookup open() throws IOException {
        PathHashes done = new PathHashes();
        Report.of(folder).forEachDone(done::add);
        return done::contains;
    }
}
