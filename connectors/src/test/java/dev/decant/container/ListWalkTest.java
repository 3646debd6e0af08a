package dev.decant.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.container.RecordingWalk.Step;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListWalkTest {
    @TempDir
    Path temp;

    private Path folder;
    private Path list;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectories(temp.resolve("in"));
        list = temp.resolve("list.txt");
    }

    @Test
    void linesAreReadInTheirOrderHoweverTheyAreWritten() throws IOException {
        write(
                "\uFEFFb.opus",
                "",
                "a/c.wav\r",
                "   ",
                "./a//d:e%41.opus",
                folder + "/f g.opus",
                "file:" + folder + "/h.opus",
                "file://" + folder + "/i.opus",
                "日本.opus");

        List<FoundRecording> found = Walked.found(walk(0));

        assertThat(found)
                .extracting(FoundRecording::name)
                .containsExactly("b.opus", "a/c.wav", "a/d:e%41.opus", "f g.opus", "h.opus", "i.opus", "日本.opus");
        assertThat(found).extracting(FoundRecording::refusal).containsOnlyNulls();
        assertThat(found.get(2).path()).isEqualTo(folder + "/a/d:e%41.opus");
    }

    @Test
    void whatIsNamedTwiceIsReadOnce() throws IOException {
        write("a.opus", "b.opus", "./a.opus", folder + "/a.opus", "/etc/x", "/etc/x", "a.opus");

        assertThat(Walked.names(walk(0))).containsExactly("a.opus", "b.opus", "/etc/x");
    }

    @Test
    void whatLiesElsewhereIsRefused() throws IOException {
        write("/etc/passwd", "../b.opus", "a/../../c", "s3://bucket/d", folder.toString(), folder + "x/e", "f\0.opus");

        List<FoundRecording> found = Walked.found(walk(0));

        assertThat(found).hasSize(7).allSatisfy(recording -> {
            assertThat(recording.refusal()).isNotNull();
            assertThat(recording.outputName()).doesNotStartWith("/").doesNotContain("..");
        });
        assertThat(found.get(1).refusal().message())
                .isEqualTo("not below the input folder " + folder + "/: line 2 of file:" + list);
    }

    @Test
    void whatIsNoPathIsRefused() throws IOException {
        Files.write(list, ("x".repeat(8_192) + "\n" + "y".repeat(8_193) + "\nz\u00ff.opus").getBytes("ISO-8859-1"));

        List<FoundRecording> found = Walked.found(walk(0));

        assertThat(found).hasSize(3);
        assertThat(found.get(0).refusal()).isNull();
        assertThat(found.get(1).refusal().message()).isEqualTo("the line has more than 8192 bytes, and is no path");
        assertThat(found.get(2).refusal().message()).isEqualTo("the line is no UTF-8");
        assertThat(found.get(2).name()).isEqualTo("file:" + list + ", line 3");
    }

    @Test
    void aFolderInAListIsRefused() throws IOException {
        Files.createDirectories(folder.resolve("a.opus"));
        write("a.opus");

        assertThat(Walked.found(walk(0)).get(0).refusal().message())
                .isEqualTo("this is a folder: list the recordings in it");
    }

    @Test
    void sizesOfLocalFilesAreKnown() throws IOException {
        Files.write(folder.resolve("a.opus"), new byte[77]);
        write("a.opus");

        assertThat(walk(0).next().bytes()).isEqualTo(77);
        assertThat(new ListWalk(new InputFiles("s3", "bucket"), "/in/", flinkPath(list), 0)
                        .next()
                        .bytes())
                .isEqualTo(Step.UNKNOWN);
    }

    @Test
    void outputsNeverShareAName() throws IOException {
        write("b/a.opus", "a.opus", "a.OPUS", "c.ogg", "c", "d.opus.ogg", "d.opus", "e.opus.ogg", "b/a.opus");

        assertThat(Walked.found(walk(0)).stream().map(FoundRecording::outputName))
                .containsExactly("b/a", "a.opus", "a.OPUS", "c.ogg", "c", "d.opus.ogg", "d", "e.opus");
    }

    @Test
    void aWalkThatComesBackGivesWhatFollows() throws IOException {
        write("a.opus", "b.opus", "", "a.opus", "/x", "c.opus", "a.ogg", "b.opus", "d.opus");
        List<FoundRecording> found = new ArrayList<>();
        List<Long> lines = new ArrayList<>();
        ListWalk walk = walk(0);
        for (Step step = walk.next(); step != null; step = walk.next()) {
            if (step.found() != null) {
                found.add(step.found());
                lines.add(step.line());
            }
        }
        assertThat(lines).containsExactly(1L, 2L, 5L, 6L, 7L, 9L);

        for (int passed = 1; passed <= found.size(); passed++) {
            assertThat(Walked.found(walk(lines.get(passed - 1)))).isEqualTo(found.subList(passed, found.size()));
        }
    }

    @Test
    void namesTakeSixteenBytesInATableThatIsNeverNearlyEmpty() throws IOException {
        ListedNames names = new ListedNames();
        for (int i = 0; i < 100_000; i++) {
            names.add("folder/" + i + ".opus");
            names.add("folder/" + i + ".opus");
        }

        assertThat(names.size()).isEqualTo(100_000);
        assertThat(names.bytes()).isLessThanOrEqualTo(100_000 * 16 * 8 / 3);
        for (int i = 0; i < 100_000; i++) {
            assertThat(names.keepsEnding("folder/" + i + ".opus")).isFalse();
            assertThat(names.pass("folder/" + i + ".opus")).isTrue();
            assertThat(names.pass("folder/" + i + ".opus")).isFalse();
        }
    }

    @Test
    void everyEndingInEveryCaseIsANameOfItsOwn() throws IOException {
        ListedNames names = new ListedNames();
        names.add("a");
        int count = 1;
        for (String ending : OutputNames.ENDINGS) {
            for (int capitals = 0; capitals < 1 << ending.length() - 1; capitals++) {
                StringBuilder cased = new StringBuilder("a").append(ending);
                for (int i = 0; i < ending.length() - 1; i++) {
                    if ((capitals >> i & 1) == 1) {
                        cased.setCharAt(i + 2, Character.toUpperCase(cased.charAt(i + 2)));
                    }
                }
                names.add(cased.toString());
                count += ending.contains("4") && !isDistinct(capitals, ending) ? 0 : 1;
            }
        }

        assertThat(names.size()).isEqualTo(count);
    }

    @Test
    void linesEndWithTheFileToo() throws IOException {
        ListLines lines = new ListLines(new ByteArrayInputStream("a\n\nb".getBytes(StandardCharsets.UTF_8)));

        assertThat(lines.next()).isEqualTo(new ListLines.Line(1, "a", null));
        assertThat(lines.next()).isEqualTo(new ListLines.Line(2, "", null));
        assertThat(lines.next()).isEqualTo(new ListLines.Line(3, "b", null));
        assertThat(lines.next()).isNull();
    }

    /** A digit has no capital: then the same name is made twice. */
    private static boolean isDistinct(int capitals, String ending) {
        return (capitals >> ending.indexOf('4') - 1 & 1) == 0;
    }

    private ListWalk walk(long after) {
        return new ListWalk(new InputFiles("file", null), folder + "/", flinkPath(list), after);
    }

    private static org.apache.flink.core.fs.Path flinkPath(Path path) {
        return new org.apache.flink.core.fs.Path("file", null, path.toString());
    }

    private void write(String... lines) throws IOException {
        Files.writeString(list, String.join("\n", lines) + "\n");
    }
}
