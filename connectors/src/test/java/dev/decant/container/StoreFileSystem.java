package dev.decant.container;

import java.io.File;
import java.net.URI;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.local.LocalFileStatus;
import org.apache.flink.core.fs.local.LocalFileSystem;

/** This machine's files as those of a file system that is not this machine's: {@code store:///tmp/a.opus}. */
public final class StoreFileSystem extends LocalFileSystem {
    @Override
    public URI getUri() {
        return URI.create("store:///");
    }

    @Override
    public boolean isDistributedFS() {
        return true;
    }

    @Override
    public FileStatus[] listStatus(Path folder) {
        File[] files = pathToFile(folder).listFiles();
        if (files == null) {
            return null;
        }
        FileStatus[] found = new FileStatus[files.length];
        for (int i = 0; i < files.length; i++) {
            found[i] = new LocalFileStatus(files[i], this);
        }
        return found;
    }

    /** Flink finds it by its name in META-INF/services. */
    public static final class Factory implements FileSystemFactory {
        @Override
        public String getScheme() {
            return "store";
        }

        @Override
        public FileSystem create(URI uri) {
            return new StoreFileSystem();
        }
    }
}
