package dev.decant.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputFilesTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"file", "store"})
    void bytesAreReadFromAnyOffset(String scheme) throws IOException {
        byte[] bytes = new byte[100_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i % 251);
        }
        Files.write(folder.resolve("a:b.opus"), bytes);
        RecordingBytes recording = new InputFiles(scheme, null).bytes(folder + "/a:b.opus");

        for (int offset : new int[] {0, 1, 70_000, 99_999, 100_000, 200_000}) {
            try (InputStream in = recording.open(offset)) {
                byte[] rest = in.readAllBytes();
                assertThat(rest).hasSize(Math.max(0, bytes.length - offset));
                assertThat(rest.length == 0 || rest[0] == (byte) (offset % 251)).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "store"})
    void foldersAreWalkedThroughOnAnyFileSystem(String scheme) throws IOException {
        for (String name : List.of("a.opus", "b/c d:e%41.opus", "b/f\n.opus", "g.txt")) {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.write(folder.resolve(name), new byte[5]);
        }
        RecordingPatterns usual = new RecordingPatterns(List.of(), List.of());

        FolderWalk walk = new FolderWalk(new InputFiles(scheme, null), folder + "/", usual, null, "");

        assertThat(Walked.names(walk)).containsExactly("a.opus", "b/c d:e%41.opus", "b/f\n.opus");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "store"})
    void whatThereIsAndIsNot(String scheme) throws IOException {
        InputFiles files = new InputFiles(scheme, null);
        Files.write(folder.resolve("a.opus"), new byte[5]);

        assertThat(files.isFolder(folder.toString())).isTrue();
        assertThat(files.isFolder(folder + "/a.opus")).isFalse();
        assertThat(files.size(folder + "/a.opus")).isEqualTo(5);
        assertThatThrownBy(() -> files.isFolder(folder + "/none")).isInstanceOf(FileNotFoundException.class);
        assertThatThrownBy(() -> files.list(folder + "/none")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> files.bytes(folder + "/none").open(0)).isInstanceOf(IOException.class);
    }

    @Test
    void pathsAreShownWithTheirFileSystemUnlessItIsThisMachine() {
        assertThat(new InputFiles("file", null).shown("/in/a")).isEqualTo("/in/a");
        assertThat(new InputFiles("s3", "bucket").shown("/in/a")).isEqualTo("s3://bucket/in/a");
        assertThat(new InputFiles("s3", "bucket").shown("s3://other/a")).isEqualTo("s3://other/a");
        assertThat(new InputFiles("store", null).shown("/in/a")).isEqualTo("store:///in/a");
    }

    @Test
    void whatFlinkWouldTakeForAnotherPathIsRefused() {
        InputFiles files = new InputFiles("s3", "bucket");

        assertThat(List.of("/a b:c%41\n.opus", "/日本/😀.opus", "/a/..b")).allMatch(path -> files.refusal(path) == null);
        assertThat(List.of("/a\\b", "/a//b", "/a/../b", "/a/./b")).noneMatch(path -> files.refusal(path) == null);
    }
}
