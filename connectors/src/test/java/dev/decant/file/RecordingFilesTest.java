package dev.decant.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.OpusHead;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.SampleFormat;
import dev.decant.container.Container;
import dev.decant.container.RecordingEnd;
import dev.decant.container.RecordingProblem;
import dev.decant.container.RecordingProblem.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecordingFilesTest {
    private static final RecordingProblem NO_OPUS = new RecordingProblem(12, Kind.DAMAGE, "no Opus");
    private static final RecordingProblem NO_DISK = new RecordingProblem(12, Kind.UNREADABLE, "no disk");

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());

    @TempDir
    java.nio.file.Path folder;

    @ParameterizedTest
    @EnumSource(names = {"WAV", "RAW"})
    void recordingsBecomeFilesOfTheirNamesAndLinesOfTheReport(FileFormat format) throws Exception {
        List<PcmFrame> frames = List.of(
                Frames.decoded("a/one.opus", 0),
                Frames.decoded("a/one.opus", 1),
                Frames.end("a/one.opus"),
                Frames.decoded("two: ö.webm", 0),
                Frames.end("two: ö.webm"),
                Frames.decoded("lost.opus", 0),
                Frames.end("lost.opus"));
        List<RecordingEnd> ends = List.of(
                end("a/one.opus", "a/one", 2, null),
                end("two: ö.webm", "two: ö", 1, NO_OPUS),
                end("lost.opus", "lost", 1, NO_DISK),
                end("no.opus", "no", 0, NO_OPUS),
                end("b/empty.opus", "b/empty", 0, null));

        Report.Summary summary = run(format, frames, ends);

        boolean wav = format == FileFormat.WAV;
        Map<String, byte[]> files = files();
        String suffix = "." + format.suffix();
        assertThat(files).containsOnlyKeys("_report.jsonl", "a/one" + suffix, "two: ö" + suffix, "b/empty" + suffix);
        byte[] samples = Frames.samples("a/one.opus", 0, 640);
        assertThat(files.get("a/one" + suffix)).isEqualTo(wav ? Frames.wav(samples) : samples);
        byte[] begun = Frames.samples("two: ö.webm", 0, 320);
        assertThat(files.get("two: ö" + suffix)).isEqualTo(wav ? Frames.wav(begun) : begun);
        assertThat(files.get("b/empty" + suffix))
                .isEqualTo(wav ? WavHeader.of(new PcmFormat(SampleFormat.S16LE, 8_000, 1), 0) : new byte[0]);
        assertThat(summary.counts())
                .isEqualTo(Map.of(
                        RecordingStatus.OK, 2L,
                        RecordingStatus.DAMAGED, 1L,
                        RecordingStatus.FAILED, 1L,
                        RecordingStatus.UNREADABLE, 1L));
    }

    @Test
    void aNameThatIsTakenIsNumberedAndTheReportSaysSo() throws Exception {
        Files.writeString(folder.resolve("one.wav"), "not ours");

        run(
                FileFormat.WAV,
                List.of(Frames.decoded("one.opus", 0), Frames.end("one.opus")),
                List.of(end("one.opus", "one", 1, null)));

        assertThat(folder.resolve("one.wav")).hasContent("not ours");
        assertThat(folder.resolve("one~2.wav")).hasBinaryContent(Frames.wav("one.opus", 320));
        assertThat(folder.resolve("_report.jsonl")).content().contains("\"output\":\"one~2.wav\"");
    }

    @Test
    void aFileThatCannotBeCalledWhatItShouldFailsAlone() throws Exception {
        Files.writeString(folder.resolve("a.wav"), "where another's folder should be");

        Report.Summary summary = run(
                FileFormat.WAV,
                List.of(
                        Frames.decoded("a.wav/b.opus", 0),
                        Frames.end("a.wav/b.opus"),
                        Frames.decoded("c.opus", 0),
                        Frames.end("c.opus")),
                List.of(end("a.wav/b.opus", "a.wav/b", 1, null), end("c.opus", "c", 1, null)));

        assertThat(summary.counts()).isEqualTo(Map.of(RecordingStatus.OK, 1L, RecordingStatus.FAILED, 1L));
        assertThat(summary.failures()).singleElement().asString().contains("a.wav is a file");
        assertThat(folder.resolve("c.wav")).hasBinaryContent(Frames.wav("c.opus", 320));
    }

    @Test
    void shardsThatNoReportNamesGoBeforeARunGoesOn() throws Exception {
        RecordingFiles shards = RecordingFiles.in(new Path(folder.toUri()), FileFormat.WAV, head -> null)
                .inShards(1_000_000);
        run(
                shards,
                List.of(Frames.decoded("one.opus", 0), Frames.end("one.opus")),
                List.of(end("one.opus", "one", 1, null)));
        java.nio.file.Path reported;
        try (Stream<java.nio.file.Path> files = Files.list(folder)) {
            reported = files.filter(file -> file.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
        }
        Files.copy(reported, folder.resolve("recordings-0123456789abcdef01234567.parquet"));
        Files.writeString(folder.resolve(".recordings-0123.parquet.inprogress.0-1"), "half");
        Files.writeString(folder.resolve("notes.parquet"), "not ours");

        shards.deleteUnfinished();

        assertThat(files())
                .containsOnlyKeys("_report.jsonl", reported.getFileName().toString(), "notes.parquet");
    }

    private Report.Summary run(FileFormat format, List<PcmFrame> frames, List<RecordingEnd> ends) throws Exception {
        return run(
                RecordingFiles.in(
                        new Path(folder.toUri()),
                        format,
                        head -> new PcmFormat(SampleFormat.S16LE, 8_000, head.channels())),
                frames,
                ends);
    }

    private Report.Summary run(RecordingFiles files, List<PcmFrame> frames, List<RecordingEnd> ends) throws Exception {
        Configuration configuration = new Configuration();
        StreamExecutionEnvironment job = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        job.setParallelism(2);
        files.write(
                job.fromData(frames, PcmFrame.TYPE)
                        .setParallelism(1)
                        .keyBy(PcmFrame::streamId, Types.STRING)
                        .filter(frame -> true),
                job.fromData(ends, RecordingEnd.TYPE).setParallelism(1));
        job.execute();
        assertThat(folder.resolve(".decant")).doesNotExist();
        return files.report().merge();
    }

    private Map<String, byte[]> files() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<java.nio.file.Path> all = Files.walk(folder)) {
            for (java.nio.file.Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(folder.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return files;
    }

    private static RecordingEnd end(String path, String outputName, long packets, RecordingProblem failure) {
        return new RecordingEnd(
                path,
                path,
                outputName,
                "/in/" + path,
                Container.OGG,
                OpusHead.of(1, 312, 0),
                1,
                packets,
                0,
                5_000,
                List.of(),
                failure);
    }
}
