package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./decant transcode} is killed in the middle of a batch, again and again, and goes on by {@code --resume}. */
class TranscodeResumeITCase {
    @TempDir
    private Path folder;

    @Test
    void aBatchThatWasKilledThreeTimesGivesWhatAnUndisturbedOneGives() throws Exception {
        Path out = folder.resolve("out");

        new KilledBatch(new Folder(out), folder, 2_000).assertThatNothingIsLost();

        try (Stream<Path> left = Files.list(out)) {
            assertThat(left.map(file -> file.getFileName().toString()).filter(name -> name.startsWith(".")))
                    .isEmpty();
        }
    }

    /** On this machine. */
    private record Folder(Path path) implements KilledBatch.Place {
        @Override
        public String in(Path recordings) {
            return recordings.toString();
        }

        @Override
        public String out() {
            return path.toString();
        }

        @Override
        public List<String> arguments() {
            return List.of();
        }

        /** Looks into the folders of recordings only: what is hidden comes and goes as one looks. */
        @Override
        public Set<String> visible() throws IOException {
            Set<String> visible = new TreeSet<>();
            if (!Files.isDirectory(path)) {
                return visible;
            }
            for (Path part : children(path)) {
                String name = part.getFileName().toString();
                if (Files.isDirectory(part) && !name.startsWith(".")) {
                    for (Path file : children(part)) {
                        visible.add(name + "/" + file.getFileName());
                    }
                }
            }
            return visible;
        }

        @Override
        public TranscodedFolder look() {
            return new TranscodedFolder(path);
        }

        private static List<Path> children(Path folder) throws IOException {
            try (Stream<Path> children = Files.list(folder)) {
                return children.toList();
            }
        }
    }
}
