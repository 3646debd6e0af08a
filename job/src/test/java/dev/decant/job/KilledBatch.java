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
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A batch of recordings, {@code ./decant transcode} of which is killed in its middle again and again, and goes on by
 * {@code --resume}: what is to be seen is whole at all times, and in the end all that an undisturbed run gives.
 */
final class KilledBatch {
    private static final Path LAUNCHER = Path.of(System.getProperty("decant.home"), "decant");
    private static final int KILLS = 3;

    /** Where a batch is read from and written to. */
    interface Place {
        /** What to transcode, as an argument; {@code recordings} are there from now on. */
        String in(Path recordings) throws IOException;

        /** Where to, as an argument. */
        String out();

        /** What else the command line needs to know. */
        List<String> arguments();

        /** The paths below {@link #out()} that somebody sees who looks now, of files that are no hidden ones. */
        Set<String> visible() throws IOException;

        /** A folder that holds what is visible now. */
        TranscodedFolder look() throws IOException;
    }

    private final Place place;
    private final Path folder;
    private final int size;

    /**
     * @param folder for the recordings, for what an undisturbed run makes of them, and for what is printed
     * @param size how many recordings there are
     */
    KilledBatch(Place place, Path folder, int size) {
        this.place = place;
        this.folder = folder;
        this.size = size;
    }

    void assertThatNothingIsLost() throws Exception {
        Path recordings = recordings();
        TranscodedFolder undisturbed = new TranscodedFolder(folder.resolve("undisturbed"));
        DecantCall call = DecantCall.of(
                "transcode", recordings.toString(), undisturbed.path().toString());
        assertThat(call.exitCode()).as(call.out() + call.err()).isEqualTo(UsageException.SOME_FAILED);
        Map<String, String> expected = undisturbed.hashes();

        String in = place.in(recordings);
        for (int kill = 1; kill <= KILLS; kill++) {
            Process batch = start(in, kill > 1);
            // The more is there, the later it is killed: in the end half of all.
            int enough = kill * size / (2 * KILLS);
            while (batch.isAlive() && visibleWavs().size() < enough) {
                batch.onExit()
                        .completeOnTimeout(batch, 200, TimeUnit.MILLISECONDS)
                        .join();
            }
            assertThat(batch.isAlive())
                    .as("whether run %s is in the middle, %s", kill, Files.readString(log()))
                    .isTrue();
            batch.destroyForcibly().waitFor();
            assertThat(assertWholeFilesOnly(expected)).isBetween(1, size - 1);
        }
        Process last = start(in, true);

        assertThat(last.waitFor()).as(Files.readString(log())).isEqualTo(UsageException.SOME_FAILED);
        TranscodedFolder whole = place.look();
        assertThat(whole.hashes()).isEqualTo(expected);
        assertThat(whole.report()).isEqualTo(undisturbed.report());
    }

    /** Many short recordings, some of them broken; each is a file of its own. */
    private Path recordings() throws IOException {
        Path in = Files.createDirectory(folder.resolve("recordings"));
        List<byte[]> contents = new ArrayList<>();
        for (RecordingFile sample : RecordingFile.samples()) {
            try (InputStream bytes = sample.bytes().open(0)) {
                contents.add(bytes.readAllBytes());
            }
        }
        contents.sort((one, other) -> one.length - other.length);
        byte[] shortest = contents.get(0);
        for (int i = 0; i < size; i++) {
            byte[] content = i % 10 == 0 ? contents.get(i / 10 % contents.size()) : shortest;
            byte[] cut = i % 100 == 55 ? Arrays.copyOf(content, content.length - 100 - i) : content;
            Path file = in.resolve(Integer.toString(i % 7)).resolve("call-" + i + ".opus");
            Files.createDirectories(file.getParent());
            Files.write(file, cut);
        }
        return in;
    }

    private Process start(String in, boolean resume) throws IOException {
        List<String> command = new ArrayList<>(List.of(LAUNCHER.toString(), "transcode", in, place.out()));
        command.addAll(List.of("-D", "execution.checkpointing.interval=300 ms"));
        command.addAll(place.arguments());
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

    private Set<String> visibleWavs() throws IOException {
        return place.visible().stream().filter(name -> name.endsWith(".wav")).collect(Collectors.toSet());
    }

    /** What is visible is whole, whenever one looks. */
    private int assertWholeFilesOnly(Map<String, String> expected) throws IOException {
        Set<String> wavs = visibleWavs();
        TranscodedFolder now = place.look();
        for (String wav : wavs) {
            assertThat(now.hash(wav))
                    .as(wav + " is what the undisturbed run gives")
                    .isEqualTo(expected.get(wav));
        }
        return wavs.size();
    }
}
