package dev.decant.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.audio.OpusHead;
import dev.decant.container.Container;
import dev.decant.container.RecordingEnd;
import dev.decant.container.RecordingProblem;
import dev.decant.container.RecordingProblem.Kind;
import dev.decant.file.Account.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.local.LocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private static final RecordingProblem ODD = new RecordingProblem(7, Kind.IRREGULARITY, "no last page");
    private static final RecordingProblem LOST = new RecordingProblem(4_711, Kind.DAMAGE, "page 4 follows");
    private static final RecordingProblem NO_OPUS = new RecordingProblem(0, Kind.DAMAGE, "it begins with RIFF");
    private static final RecordingProblem NO_DISK = new RecordingProblem(99, Kind.UNREADABLE, "the disk is gone");
    private static final Outcome WRITTEN = new Outcome("a.wav", new byte[] {1, (byte) 0xAB}, null);
    private static final Outcome NOTHING = new Outcome(null, null, null);

    @TempDir
    java.nio.file.Path folder;

    @Test
    void aLineSaysAllThereIsToSay() {
        SampleTally tally = new SampleTally(160, 320, 16_000, 0, 0, null);
        FinishedFile file = new FinishedFile("x", Frames.FORMAT, 32_000, false, 0, 44, tally, null, null, null);

        assertThat(ReportLine.of(file.with(end("a.opus", null, ODD, LOST)), WRITTEN)
                        .toJson())
                .isEqualTo(
                        "{\"path\":\"a.opus\",\"status\":\"damaged\",\"container\":\"Ogg\",\"header\":{\"channels\":1,"
                                + "\"mapping_family\":0,\"streams\":1,\"coupled_streams\":0,\"pre_skip\":312,\"input_rate\":0,"
                                + "\"output_gain_db\":-1.0},\"bytes\":5000,\"links\":1,\"packets\":100,\"malformed_packets\":2,"
                                + "\"rejected_packets\":0,\"format\":\"s16le\",\"rate\":16000,\"channels\":1,\"samples\":32000,"
                                + "\"seconds\":2.0,\"concealed_seconds\":0.01,\"recovered_seconds\":0.02,\"filled_seconds\":1.0,"
                                + "\"error\":\"page 4 follows\",\"error_offset\":4711,\"problems\":[\"byte 7: no last page\","
                                + "\"byte 4711: page 4 follows\"],\"output\":\"a.wav\",\"sha256\":\"01ab\"}");
    }

    @Test
    void whatIsMerelyIrregularIsNoError() {
        ReportLine line = line(end("a.opus", null, ODD), SampleTally.NOTHING, WRITTEN);

        assertThat(line.status()).isEqualTo(RecordingStatus.OK);
        assertThat(line.error()).isEmpty();
    }

    @Test
    void whatTheDecoderRefusedIsAnError() {
        SampleTally tally = new SampleTally(1, 0, 0, 1, 812, "OPUS_INVALID_PACKET");
        ReportLine line = line(end("a.opus", null), tally, WRITTEN);

        assertThat(line.status()).isEqualTo(RecordingStatus.DAMAGED);
        assertThat(line.error()).contains("OPUS_INVALID_PACKET");
        assertThat(line.errorOffset()).isEqualTo(812);
    }

    @Test
    void aRecordingWithoutOutputHasFailed() {
        assertThat(line(end("a.opus", NO_OPUS), SampleTally.NOTHING, NOTHING).status())
                .isEqualTo(RecordingStatus.FAILED);
        ReportLine refused = line(end("a.opus", null), SampleTally.NOTHING, new Outcome(null, null, "too long"));
        assertThat(refused.status()).isEqualTo(RecordingStatus.FAILED);
        assertThat(refused.error()).contains("too long");
        ReportLine unreadable = line(end("a.opus", NO_DISK, LOST), SampleTally.NOTHING, NOTHING);
        assertThat(unreadable.status()).isEqualTo(RecordingStatus.UNREADABLE);
        assertThat(unreadable.error()).contains("the disk is gone");
        assertThat(unreadable.errorOffset()).isEqualTo(99);
    }

    @Test
    void partsBecomeOneFileAndAreGone() throws IOException {
        write(line("a.opus", RecordingStatus.OK), line("b.opus", RecordingStatus.FAILED));
        write(line("c.opus", RecordingStatus.DAMAGED));

        Report.Summary summary = report().merge();

        assertThat(Files.readAllLines(folder.resolve("_report.jsonl")))
                .containsExactlyInAnyOrder(
                        line("a.opus", RecordingStatus.OK).toJson(),
                        line("b.opus", RecordingStatus.FAILED).toJson(),
                        line("c.opus", RecordingStatus.DAMAGED).toJson());
        assertThat(folder).isDirectoryNotContaining("glob:**/_report");
        assertThat(summary.total()).isEqualTo(3);
        assertThat(summary.count(RecordingStatus.OK)).isEqualTo(1);
        assertThat(summary.count(RecordingStatus.UNREADABLE)).isZero();
        assertThat(summary.seconds()).isEqualTo(4);
        assertThat(summary.failures())
                .containsExactlyInAnyOrder(
                        "b.opus: failed, byte 0: it begins with RIFF", "c.opus: damaged, byte 4711: page 4 follows");
    }

    @Test
    void whatWasTriedAgainIsReportedOnce() throws IOException {
        write(line("a.opus", RecordingStatus.UNREADABLE), line("b.opus", RecordingStatus.OK));
        report().merge();
        write(line("a.opus", RecordingStatus.OK), line("c.opus", RecordingStatus.OK));

        Report.Summary summary = report().merge();

        assertThat(summary.total()).isEqualTo(3);
        assertThat(summary.count(RecordingStatus.OK)).isEqualTo(3);
        assertThat(Files.readAllLines(folder.resolve("_report.jsonl"))).hasSize(3);
    }

    @Test
    void aMergeThatDiedBetweenTwoRenamesIsMadeUpFor() throws IOException {
        write(line("a.opus", RecordingStatus.OK));
        report().merge();
        Files.move(folder.resolve("_report.jsonl"), folder.resolve("_report.jsonl.former"));
        Files.writeString(folder.resolve("_report.jsonl.merging"), "half a li");
        write(line("b.opus", RecordingStatus.OK));

        assertThat(report().exists()).isTrue();
        assertThat(report().merge().total()).isEqualTo(2);
        assertThat(folder).isDirectoryNotContaining("glob:**/*.former");
        assertThat(folder).isDirectoryNotContaining("glob:**/*.merging");
    }

    @Test
    void allButTheUnreadableAreDone() throws IOException {
        assertThat(report().exists()).isFalse();
        write(line("a.opus", RecordingStatus.OK), line("b.opus", RecordingStatus.UNREADABLE));
        report().merge();
        write(line("c.opus", RecordingStatus.FAILED));

        List<String> done = new ArrayList<>();
        report().forEachDone(done::add);

        assertThat(report().exists()).isTrue();
        assertThat(done).containsExactly("a.opus", "c.opus");
    }

    @Test
    void aReportOfNothingIsEmpty() throws IOException {
        assertThat(report().merge().total()).isZero();
        assertThat(folder.resolve("_report.jsonl")).isEmptyFile();
    }

    @Test
    void aLineThatIsNoneIsNamed() throws IOException {
        Files.writeString(folder.resolve("_report.jsonl"), "{\"path\":\"a\",\"status\":\"ok\"}\n{\"path\":1}\n");

        assertThatThrownBy(() -> report().merge())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Line 2 of")
                .hasMessageContaining("no line of a report: {\"path\":1}");
    }

    private Report report() throws IOException {
        return Report.of(new Path(folder.toUri()));
    }

    private void write(ReportLine... lines) throws IOException {
        LocalFileSystem files = new LocalFileSystem();
        Account.REPORT.write(
                Arrays.stream(lines).map(ReportLine::toJson).toList(),
                new Path(folder.toUri()),
                files,
                files.createRecoverableWriter());
    }

    private static ReportLine line(String path, RecordingStatus status) {
        return switch (status) {
            case OK -> line(end(path, null), SampleTally.NOTHING, WRITTEN);
            case DAMAGED -> line(end(path, null, LOST), SampleTally.NOTHING, WRITTEN);
            case FAILED -> line(end(path, NO_OPUS), SampleTally.NOTHING, NOTHING);
            case UNREADABLE -> line(end(path, NO_DISK), SampleTally.NOTHING, NOTHING);
        };
    }

    /** Of a recording of 2 s. */
    private static ReportLine line(RecordingEnd end, SampleTally tally, Outcome outcome) {
        return ReportLine.of(
                new FinishedFile(end.streamId(), Frames.FORMAT, 32_000, false, 0, 44, tally, null, null, end), outcome);
    }

    private static RecordingEnd end(String path, RecordingProblem failure, RecordingProblem... problems) {
        return new RecordingEnd(
                path,
                path + "//2",
                "a",
                "/in/" + path,
                Container.OGG,
                OpusHead.of(1, 312, -256),
                1,
                100,
                2,
                5_000,
                List.of(problems),
                failure);
    }
}
