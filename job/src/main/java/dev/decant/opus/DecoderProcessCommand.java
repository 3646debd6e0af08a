package dev.decant.opus;

import com.sun.jna.Native;
import dev.decant.audio.PcmFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.slf4j.Logger;

/** How a process with decoders is started: a small JVM with nothing but the classes that decode. */
final class DecoderProcessCommand {
    /** One of each jar, or folder of classes, that the process needs. Of Flink it needs nothing. */
    private static final List<Class<?>> CLASSES = List.of(
            DecoderProcessMain.class,
            PcmFormat.class,
            Native.class,
            io.github.jaredmdobson.concentus.OpusDecoder.class,
            Logger.class);

    private static final List<String> OPTIONS = List.of(
            // Other JVMs than HotSpot, and later ones, have other options.
            "-XX:+IgnoreUnrecognizedVMOptions",
            // Ten thousand decoders take 10 MB of the heap; what is not used is not taken.
            "-Xms8m",
            "-Xmn4m",
            "-Xmx256m",
            "-XX:+UseSerialGC",
            // The time goes into native code: that Java starts fast is worth more than that it gets faster still.
            "-XX:TieredStopAtLevel=1",
            "-XX:ReservedCodeCacheSize=16m",
            "-Xshare:auto",
            "-XX:-UsePerfData",
            // The output is for answers, and warnings come before it can be taken.
            "-XX:+DisplayVMOutputToStderr",
            "-Xlog:disable",
            "-Xlog:all=warning:stderr",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=" + ProcessFolder.CRASH_REPORT,
            "-XX:ErrorLogTimeout=5");

    /** Options of the JVM that a user meant for another one. */
    private static final List<String> OPTIONS_OF_OTHERS =
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    /**
     * For glibc (mallopt(3)): a decoder is mapped, so that the system has its memory again when it is freed. Else the
     * process would keep that of all decoders until the last one has moved to the TaskManager, and both would be counted
     * at once. A process may have 65,530 mappings; Java needs some of them.
     */
    private static final Map<String, String> ENVIRONMENT =
            Map.of("MALLOC_MMAP_THRESHOLD_", "16384", "MALLOC_MMAP_MAX_", "50000");

    private DecoderProcessCommand() {}

    /**
     * Starts a process.
     *
     * @param folder it works in, with nothing in it yet
     * @throws IOException if it cannot be started
     * @throws OpusLibraryException if it is not known where the classes it needs are
     */
    static Process start(ProcessFolder folder) throws IOException {
        writeClassPath(folder.path().resolve(ProcessFolder.CLASS_PATH));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.addAll(properties(folder));
        command.addAll(List.of("-cp", ProcessFolder.CLASS_PATH, DecoderProcessMain.class.getName()));
        command.add(Long.toString(ProcessHandle.current().pid()));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.path().toFile());
        OPTIONS_OF_OTHERS.forEach(builder.environment()::remove);
        builder.environment().putAll(ENVIRONMENT);
        Thread thread = Thread.currentThread();
        ClassLoader contextClassLoader = thread.getContextClassLoader();
        // The JDK's thread that waits for the end of processes outlives them, and must not keep a job's class loader.
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        try {
            return builder.start();
        } finally {
            thread.setContextClassLoader(contextClassLoader);
        }
    }

    /** What decides where libraries are looked for and extracted to: JNA's own to the folder, if no user says else. */
    private static List<String> properties(ProcessFolder folder) {
        Map<String, String> properties = new TreeMap<>();
        properties.put("jna.tmpdir", folder.path().toString());
        for (String name : System.getProperties().stringPropertyNames()) {
            if (name.startsWith("jna.") || name.equals("java.io.tmpdir")) {
                properties.put(name, System.getProperty(name));
            }
        }
        return properties.entrySet().stream()
                .map(property -> "-D" + property.getKey() + "=" + property.getValue())
                .toList();
    }

    /** A jar that only names others, by their addresses, in which no character means anything else. */
    private static void writeClassPath(Path jar) throws IOException {
        Set<String> places = new LinkedHashSet<>();
        for (Class<?> type : CLASSES) {
            places.add(placeOf(type));
        }
        addPlaceOfEmbeddedLibrary(places);
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, String.join(" ", places));
        try (OutputStream out = Files.newOutputStream(jar)) {
            new JarOutputStream(out, manifest).close();
        }
    }

    private static String placeOf(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            throw new OpusLibraryException("The process of the decoders cannot be started: it is not known where "
                    + type.getName() + " was loaded from");
        }
        return uri(source.getLocation());
    }

    /** Of a platform that none is embedded for there is none; the process says so, if it is asked for it. */
    private static void addPlaceOfEmbeddedLibrary(Set<String> places) throws IOException {
        Optional<URL> library = EmbeddedLibrary.location();
        if (library.isPresent() && library.get().openConnection() instanceof JarURLConnection inJar) {
            places.add(uri(inJar.getJarFileURL()));
        }
    }

    private static String uri(URL url) {
        try {
            URI uri = url.toURI();
            // As a file's: without a folder's slash at its end, a class path takes it for a jar.
            return uri.getScheme().equals("file") ? Path.of(uri).toUri().toASCIIString() : uri.toASCIIString();
        } catch (URISyntaxException e) {
            throw new OpusLibraryException(
                    "The process of the decoders cannot be started: " + url + " is no address", e);
        }
    }
}
