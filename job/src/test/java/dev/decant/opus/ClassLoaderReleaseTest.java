package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Flink job has a class loader of its own, with a JNA of its own: when the job ends, both must go. */
class ClassLoaderReleaseTest {
    @TempDir
    private Path folder;

    /** More than enough: a class loader that nothing keeps is gone after two or three. */
    private static final int MAX_COLLECTIONS = 500;

    @Test
    void theClassLoaderAndAllThatIsNativeGo() throws Exception {
        WeakReference<ClassLoader> loader = runAJobAndForgetIt();
        for (int i = 0; i < MAX_COLLECTIONS && (loader.get() != null || isMapped()); i++) {
            System.gc();
        }
        assertThat(loader.get()).isNull();
        assertThat(isMapped()).isFalse();
    }

    /** Whether libopus or JNA's own library, both extracted to the folder, are in this process. */
    private boolean isMapped() throws IOException {
        Path maps = Path.of("/proc/self/maps");
        return Files.exists(maps) && Files.readString(maps).contains(folder.toString());
    }

    /** In a thread of its own, as a task has one: what JNA keeps by thread goes with it. */
    private WeakReference<ClassLoader> runAJobAndForgetIt() throws Exception {
        FutureTask<WeakReference<ClassLoader>> task = new FutureTask<>(() -> {
            try (URLClassLoader loader = new URLClassLoader(classPath(), new LoggingOnly())) {
                Thread.currentThread().setContextClassLoader(loader);
                loader.loadClass(Job.class.getName())
                        .getMethod("run", Path.class)
                        .invoke(null, folder);
                return new WeakReference<>(loader);
            }
        });
        Thread thread = new Thread(task, "task");
        thread.start();
        thread.join();
        return task.get();
    }

    private static URL[] classPath() throws IOException {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return urls.toArray(URL[]::new);
    }

    /** What runs in the class loader of the job. */
    public static final class Job {
        private Job() {}

        public static void run(Path folder) {
            assertThat(Job.class.getClassLoader()).isNotEqualTo(ClassLoader.getSystemClassLoader());
            try (OpusEngine engine = OpusEngine.open("embedded", List.of(folder));
                    DecoderWorkspace workspace = engine.newWorkspace(2);
                    OpusDecoder decoder = engine.newDecoder(TestEngines.settings(48_000, 2), workspace)) {
                // CELT, 20 ms, stereo, one frame of no bytes (RFC 6716, section 3.1).
                assertThat(decoder.decode(new byte[] {(byte) 0xFC})).isEqualTo(960);
                assertThat(decoder.pcm(0, 960)).hasSize(3_840);
                assertThat(decoder.finalRange()).isNotNegative();
                decoder.reset();
                if (engine.makesImages()) {
                    DecoderImage image = decoder.image().orElseThrow();
                    engine.restoreDecoder(TestEngines.settings(48_000, 2), image, workspace)
                            .orElseThrow()
                            .close();
                }
            }
            assertThat(LoadedLibrary.count()).isZero();
            // And again, as when a task is restarted.
            OpusEngine.open("embedded", List.of(folder)).close();
        }
    }

    /** As in Flink, logging comes from the cluster; everything else from the job. */
    private static final class LoggingOnly extends ClassLoader {
        LoggingOnly() {
            super(ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.startsWith("org.slf4j.") || name.startsWith("org.apache.logging.")) {
                return ClassLoaderReleaseTest.class.getClassLoader().loadClass(name);
            }
            throw new ClassNotFoundException(name);
        }
    }
}
