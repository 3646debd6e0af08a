package dev.decant.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryFolderTest {
    private final TemporaryFolder folder = TemporaryFolder.create("temporary-folder-test");

    @Test
    void deletesAllThatIsInIt() {
        folder.write("a/b/file", new byte[] {1});
        folder.write("file", new byte[0]);
        assertThat(folder.path().resolve("a/b/file")).hasBinaryContent(new byte[] {1});

        folder.delete();

        assertThat(folder.path()).doesNotExist();
    }

    @Test
    void leavesAloneWhatALinkPointsTo(@TempDir Path elsewhere) throws Exception {
        Path kept = Files.createFile(elsewhere.resolve("kept"));
        Files.createSymbolicLink(folder.path().resolve("link"), elsewhere);

        folder.delete();

        assertThat(folder.path()).doesNotExist();
        assertThat(kept).exists();
    }

    @Test
    void mayBeDeletedAlready() throws Exception {
        Files.delete(folder.path());
        folder.delete();
        assertThat(folder.path()).doesNotExist();
    }
}
