package dev.decant.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.container.RecordingProblem.Kind;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderWalkTest {
    private static final InputFiles LOCAL = new InputFiles("file", null);

    @TempDir
    Path folder;

    @Test
    void goesDepthFirstInTheOrderOfNames() throws IOException {
        make("b.opus", "a/z.opus", "a/b/c.opus", "a.opus", "ä.opus", "B.opus", "c/x.wav", "c/d/e.ogg");

        assertThat(Walked.names(walk("")))
                .containsExactly("B.opus", "a/b/c.opus", "a/z.opus", "a.opus", "b.opus", "c/d/e.ogg", "ä.opus");
    }

    @Test
    void aWalkThatComesBackGivesWhatFollows() throws IOException {
        make("a.opus", "b/a.opus", "b/c/d.opus", "b/e.opus", "b.opus", "f/g/h/i.opus", "j.opus");
        List<String> all = Walked.names(walk(""));
        assertThat(all).hasSize(7);

        for (int passed = 1; passed <= all.size(); passed++) {
            assertThat(Walked.names(walk(all.get(passed - 1))))
                    .as("after %s", all.get(passed - 1))
                    .isEqualTo(all.subList(passed, all.size()));
        }
    }

    @Test
    void whatHasVanishedMeanwhileDoesNotMatter() throws IOException {
        make("a.opus", "b/a.opus", "b/c/d.opus", "b/e.opus", "f.opus");

        Files.delete(folder.resolve("b/c/d.opus"));
        assertThat(Walked.names(walk("b/c/d.opus"))).containsExactly("b/e.opus", "f.opus");
        Files.delete(folder.resolve("b/c"));
        assertThat(Walked.names(walk("b/c/d.opus"))).containsExactly("b/e.opus", "f.opus");
        Files.delete(folder.resolve("b/a.opus"));
        Files.delete(folder.resolve("b/e.opus"));
        Files.delete(folder.resolve("b"));
        assertThat(Walked.names(walk("b/c/d.opus"))).containsExactly("f.opus");
    }

    @Test
    void hiddenOnesAndTheOutputFolderArePassedOver() throws IOException {
        make("a.opus", ".b.opus", "_c.opus", ".d/e.opus", "_f/g.opus", "out/h.opus", "outside/i.opus", "j/out/k.opus");

        assertThat(Walked.names(new FolderWalk(
                        LOCAL, root(), usual(), folder.resolve("out").toString(), "")))
                .containsExactly("a.opus", "j/out/k.opus", "outside/i.opus");
        RecordingPatterns hidden = new RecordingPatterns(List.of("_*/**", ".*"), List.of());
        assertThat(Walked.names(new FolderWalk(LOCAL, root(), hidden, null, "")))
                .containsExactly(".b.opus", "_f/g.opus");
    }

    @Test
    void outputsNeverShareAName() throws IOException {
        make(
                "a.opus",
                "a.ogg",
                "b.opus",
                "B.opus",
                "c.opus",
                "c",
                "d.opus.opus",
                "d.opus",
                "e.opus.ogg",
                "f/a.opus",
                "g.opus",
                "g/h.opus",
                "g.txt");
        RecordingPatterns allButText = new RecordingPatterns(List.of("**"), List.of("*.txt"));

        Map<String, String> names = new HashMap<>();
        for (FoundRecording found : Walked.found(new FolderWalk(LOCAL, root(), allButText, null, ""))) {
            names.put(found.name(), found.outputName());
        }

        assertThat(names)
                .containsOnly(
                        Map.entry("a.opus", "a.opus"),
                        Map.entry("a.ogg", "a.ogg"),
                        Map.entry("b.opus", "b"),
                        Map.entry("B.opus", "B"),
                        Map.entry("c.opus", "c.opus"),
                        Map.entry("c", "c"),
                        Map.entry("d.opus.opus", "d.opus.opus"),
                        Map.entry("d.opus", "d"),
                        Map.entry("e.opus.ogg", "e.opus"),
                        Map.entry("f/a.opus", "f/a"),
                        Map.entry("g.opus", "g"),
                        Map.entry("g/h.opus", "g/h"));
        assertThat(names.values()).doesNotHaveDuplicates();
    }

    @Test
    void aFileKeepsItsNameWhereTheWalkComesBack() throws IOException {
        make("a/b.ogg", "a/b.opus", "a/c.opus");

        assertThat(Walked.found(walk("a/b.ogg")).stream().map(FoundRecording::outputName))
                .containsExactly("a/b.opus", "a/c");
    }

    @Test
    void hostileNamesAreNamesLikeOthers() throws IOException {
        String[] names = {
            "a:b.opus",
            "s3:/x.opus",
            "with space.opus",
            "100%41.opus",
            "new\nline.opus",
            "日本.opus",
            "#?&=.opus",
            "trailing .opus",
            "~.opus",
            "'\"$(x).opus",
            "😀/x:y/z.opus"
        };
        make(names);

        List<FoundRecording> found = Walked.found(walk(""));

        assertThat(found).extracting(FoundRecording::name).containsExactlyInAnyOrder(names);
        for (FoundRecording recording : found) {
            assertThat(recording.refusal()).isNull();
            try (var in = LOCAL.bytes(recording.path()).open(1)) {
                assertThat(new String(in.readAllBytes())).isEqualTo("pus");
            }
        }
    }

    @Test
    void aNameThatFlinkCannotHoldIsRefusedAndNotLost() throws IOException {
        make("a\\..\\..\\b.opus", "c.opus");

        List<FoundRecording> found = Walked.found(walk(""));

        assertThat(found).extracting(FoundRecording::name).containsExactly("a\\..\\..\\b.opus", "c.opus");
        assertThat(found.get(0).refusal().message()).contains("holds a backslash");
    }

    @Test
    void linksAreFollowedButNotInCircles() throws IOException {
        make("a/b/c.opus", "d/e.opus");
        Files.createSymbolicLink(folder.resolve("a/b/up"), folder.resolve("a"));
        Files.createSymbolicLink(folder.resolve("a/here"), Path.of("."));
        Files.createSymbolicLink(folder.resolve("a/over"), folder.resolve("d"));
        Files.createSymbolicLink(folder.resolve("d/back"), folder.resolve("a"));
        Files.createSymbolicLink(folder.resolve("gone.opus"), Path.of("nowhere"));
        Files.createSymbolicLink(folder.resolve("self.opus"), Path.of("self.opus"));

        List<FoundRecording> found = Walked.found(walk(""));

        assertThat(found)
                .extracting(FoundRecording::name)
                .containsExactly(
                        "a/b/c.opus",
                        "a/b/up/",
                        "a/here/",
                        "a/over/back/",
                        "a/over/e.opus",
                        "d/back/b/c.opus",
                        "d/back/b/up/",
                        "d/back/here/",
                        "d/back/over/",
                        "d/e.opus",
                        "gone.opus",
                        "self.opus");
        assertThat(found.get(1).refusal())
                .isEqualTo(new RecordingProblem(0, Kind.DAMAGE, "this is a link back to a folder that it lies in"));
    }

    @Test
    void foldersAreNotFollowedWithoutEnd() throws IOException {
        make("d/".repeat(63) + "a.opus", "d/".repeat(64) + "b.opus", "d/".repeat(65) + "c.opus");

        List<FoundRecording> found = Walked.found(walk(""));

        assertThat(found)
                .extracting(FoundRecording::name)
                .containsExactly("d/".repeat(63) + "a.opus", "d/".repeat(64) + "b.opus", "d/".repeat(65));
        assertThat(found.get(2).refusal().message()).isEqualTo("more than 64 folders lie in one another here");
        assertThat(Walked.names(walk("d/".repeat(65)))).isEmpty();
    }

    @Test
    void aFolderThatCannotBeListedIsReportedAndPassedWhenComingBack() throws IOException {
        make("a/b.opus", "c.opus");
        FolderWalk walk = walk("");
        walk.next();
        Files.delete(folder.resolve("a/b.opus"));
        Files.delete(folder.resolve("a"));

        List<FoundRecording> found = Walked.found(walk);

        assertThat(found).extracting(FoundRecording::name).containsExactly("a/", "c.opus");
        assertThat(found.get(0).outputName()).isEqualTo("a/");
        assertThat(found.get(0).refusal().kind()).isEqualTo(Kind.UNREADABLE);
        assertThat(found.get(0).refusal().message()).startsWith("the folder could not be listed: ");

        make("a/b.opus");
        assertThat(Walked.names(walk("a/"))).containsExactly("c.opus");
    }

    @Test
    void withoutAnInputFolderThereIsNothingToReport() {
        assertThatThrownBy(new FolderWalk(LOCAL, root() + "none/", usual(), null, "")::next)
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(root() + "none");
    }

    @Test
    void whatWouldHangIsNotOpened() throws IOException {
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(folder.resolve("a.opus")));

            List<FoundRecording> found = Walked.found(walk(""));

            assertThat(found).hasSize(1);
            assertThat(found.get(0).refusal().message())
                    .isEqualTo("it is no regular file but a pipe, a socket or a device");
        }
    }

    @Test
    void holdsTheListingsOfTheFoldersItStandsInAndNothingElse() throws IOException {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            for (int j = 0; j < 20; j++) {
                names.add("%02d/%02d/a.opus".formatted(i, j));
            }
        }
        make(names.toArray(String[]::new));

        FolderWalk walk = walk("");
        int most = 0;
        int found = 0;
        for (RecordingWalk.Step step = walk.next(); step != null; step = walk.next()) {
            most = Math.max(most, walk.held());
            found += step.found() == null ? 0 : 1;
        }

        assertThat(found).isEqualTo(600);
        assertThat(most).isBetween(30, 30 + 20 + 1);
        assertThat(walk.held()).isZero();
    }

    private FolderWalk walk(String after) {
        return new FolderWalk(LOCAL, root(), usual(), null, after);
    }

    private static RecordingPatterns usual() {
        return new RecordingPatterns(List.of(), List.of());
    }

    private String root() {
        return folder + "/";
    }

    private void make(String... names) throws IOException {
        for (String name : names) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "opus");
        }
    }
}
