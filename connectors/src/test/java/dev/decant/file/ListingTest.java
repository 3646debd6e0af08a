package dev.decant.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListingTest {
    @TempDir
    private java.nio.file.Path folder;

    @Test
    void aFolderThatIsNotThereIsEmpty() throws IOException {
        assertThat(list(folder.resolve("nowhere"))).isEmpty();
    }

    @Test
    void filesThatAreRenamedMeanwhileDoNotDisturb() throws Exception {
        Files.createFile(folder.resolve("stays"));
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> renaming = CompletableFuture.runAsync(() -> renameUntil(done));
        try {
            for (int i = 0; i < 3_000; i++) {
                assertThat(list(folder))
                        .extracting(file -> file.getPath().getName())
                        .contains("stays");
            }
        } finally {
            done.set(true);
            renaming.join();
        }
    }

    private void renameUntil(AtomicBoolean done) {
        try {
            while (!done.get()) {
                java.nio.file.Path temporary = Files.createFile(folder.resolve("temporary"));
                Files.move(temporary, folder.resolve("file"), StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static FileStatus[] list(java.nio.file.Path listed) throws IOException {
        return Listing.of(FileSystem.getLocalFileSystem(), new Path(listed.toUri()));
    }
}
