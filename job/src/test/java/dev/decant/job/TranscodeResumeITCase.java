package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./decant transcode} is killed in the middle of a batch, again and again, and goes on by {@code --resume}. */
class TranscodeResumeITCase {
    private static final Path LAUNCHER = Path.of(System.getProperty("decant.home"), "decant");
    private static final int RECORDINGS = 2_000;
    private static final int KILLS = 3;

    @TempDir
    private Path folder;

    @Test
    void aBatchThatWasKilledThreeTimesGivesWhatAnUndisturbedOneGives() throws Exception {
        Path in = batch();
        Path undisturbed = folder.resolve("undisturbed");
        DecantCall call = DecantCall.of("transcode", in.toString(), undisturbed.toString());
        assertThat(call.exitCode()).as(call.out() + call.err()).isEqualTo(UsageException.SOME_FAILED);
        Map<String, String> expected = new TranscodedFolder(undisturbed).hashes();

        Path out = folder.resolve("out");
        int visible = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            Process batch = start(in, out, kill > 1);
            // The more is there, the later it is killed: in the end half of all.
            int enough = kill * RECORDINGS / (2 * KILLS);
            while (batch.isAlive() && visibleWavs(out) < enough) {
                batch.onExit()
                        .completeOnTimeout(batch, 20, TimeUnit.MILLISECONDS)
                        .join();
            }
            assertThat(batch.isAlive())
                    .as("whether run %s is in the middle", kill)
                    .isTrue();
            batch.destroyForcibly().waitFor();
            visible = assertWholeFilesOnly(out, expected);
        }
        assertThat(visible).isBetween(1, RECORDINGS - 1);
        Process last = start(in, out, true);

        assertThat(last.waitFor()).as(Files.readString(log())).isEqualTo(UsageException.SOME_FAILED);
        assertThat(new TranscodedFolder(out).hashes()).isEqualTo(expected);
        assertThat(reportOf(out)).isEqualTo(reportOf(undisturbed));
        try (Stream<Path> left = Files.list(out)) {
            assertThat(left.map(file -> file.getFileName().toString()).filter(name -> name.startsWith(".")))
                    .isEmpty();
        }
    }

    /** Many short recordings, some of them broken; each is a file of its own. */
    private Path batch() throws IOException {
        Path in = Files.createDirectory(folder.resolve("in"));
        List<byte[]> contents = new ArrayList<>();
        for (RecordingFile sample : RecordingFile.samples()) {
            try (InputStream bytes = sample.bytes().open(0)) {
                contents.add(bytes.readAllBytes());
            }
        }
        contents.sort((one, other) -> one.length - other.length);
        byte[] shortest = contents.get(0);
        for (int i = 0; i < RECORDINGS; i++) {
            byte[] content = i % 10 == 0 ? contents.get(i / 10 % contents.size()) : shortest;
            byte[] cut = i % 100 == 55 ? Arrays.copyOf(content, content.length - 100 - i) : content;
            Path file = in.resolve(Integer.toString(i % 7)).resolve("call-" + i + ".opus");
            Files.createDirectories(file.getParent());
            Files.write(file, cut);
        }
        return in;
    }

    private Process start(Path in, Path out, boolean resume) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                LAUNCHER.toString(),
                "transcode",
                in.toString(),
                out.toString(),
                "-D",
                "execution.checkpointing.interval=300 ms"));
        if (resume) {
            command.add("--resume");
        }
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
    }

    private Path log() {
        return folder.resolve("log");
    }

    private static long visibleWavs(Path out) throws IOException {
        return wavs(out).size();
    }

    /** What is visible is whole, whenever one looks. */
    private static int assertWholeFilesOnly(Path out, Map<String, String> expected) throws IOException {
        List<Path> wavs = wavs(out);
        for (Path wav : wavs) {
            String name = out.relativize(wav).toString();
            assertThat(new TranscodedFolder(out).hash(name))
                    .as(name + " is what the undisturbed run gives")
                    .isEqualTo(expected.get(name));
        }
        return wavs.size();
    }

    private static List<Path> wavs(Path out) throws IOException {
        List<Path> wavs = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            Path part = out.resolve(Integer.toString(i));
            if (Files.isDirectory(part)) {
                try (Stream<Path> files = Files.list(part)) {
                    files.filter(file -> file.toString().endsWith(".wav")).forEach(wavs::add);
                }
            }
        }
        return wavs;
    }

    private static Map<String, JsonNode> reportOf(Path out) throws IOException {
        return new TreeMap<>(new TranscodedFolder(out).report());
    }
}
