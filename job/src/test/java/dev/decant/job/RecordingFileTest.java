package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.audio.Toc.Mode;
import dev.decant.container.Recording;
import dev.decant.container.RecordingSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stream IDs of recordings, and the recordings that come with Decant. */
class RecordingFileTest {
    private static final long MAX_SAMPLE_BYTES = 500_000;

    @TempDir
    private Path folder;

    @Test
    void theStreamIdIsTheNameWithoutItsEnding() throws IOException {
        assertThat(streamIds("alice.opus", "bob.v2.ogg", ".hidden")).containsExactly("alice", "bob.v2", ".hidden");
    }

    @Test
    void namesThatWouldBeTheSameKeepTheirEndings() throws IOException {
        assertThat(streamIds("alice.opus", "alice.ogg", "bob.ogg")).containsExactly("alice.opus", "alice.ogg", "bob");
    }

    @Test
    void theSameNameInTwoFoldersIsNumbered() throws IOException {
        assertThat(streamIds("a/alice.opus", "b/alice.opus")).containsExactly("alice.opus", "alice.opus-2");
    }

    @Test
    void aFolderIsNoRecording() {
        assertThatThrownBy(() -> RecordingFile.of(List.of(folder)))
                .isInstanceOf(UsageException.class)
                .hasMessage(folder + " is not a file");
    }

    @Test
    void theSamplesAreSmallAndShowEveryModeInMonoAndStereo() throws IOException {
        Set<Mode> modes = EnumSet.noneOf(Mode.class);
        Set<Integer> channels = new TreeSet<>();
        long bytes = 0;
        for (RecordingFile sample : RecordingFile.samples()) {
            try (Recording recording = sample.open()) {
                RecordingSummary summary = RecordingSummary.of(recording);
                assertThat(summary.problems()).as(sample.path()).isEmpty();
                modes.addAll(summary.modes().keySet());
                channels.add(summary.head().channels());
                bytes += summary.bytes();
            }
        }
        assertThat(modes).containsExactly(Mode.values());
        assertThat(channels).containsExactly(1, 2);
        assertThat(bytes).isLessThan(MAX_SAMPLE_BYTES);
    }

    private List<String> streamIds(String... names) throws IOException {
        for (String name : names) {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.createFile(folder.resolve(name));
        }
        return RecordingFile.of(List.of(names).stream().map(folder::resolve).toList()).stream()
                .map(RecordingFile::streamId)
                .toList();
    }
}
