package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.audio.OpusHead;
import dev.decant.container.OggWriter;
import dev.decant.local.S3Bucket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./decant transcode} from bucket to bucket: what {@link TranscodeITCase} and {@link TranscodeResumeITCase} ask for. */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class TranscodeS3ITCase {
    private static final String DATA = System.getenv("DECANT_TEST_DATA");

    /** Each takes a dozen requests; -Ddecant.s3.recordings=2000 is the batch of {@link TranscodeResumeITCase}. */
    private static final int RECORDINGS = Integer.getInteger("decant.s3.recordings", 400);

    private static final String IN = "in/";
    private static final String OUT = "out/";

    @RegisterExtension
    static final S3Extension s3 = new S3Extension();

    @TempDir
    private Path folder;

    @Test
    void aTreeBecomesATreeAndItsReportCanBeWrittenAgain() throws Exception {
        Path local = Files.createDirectory(folder.resolve("local"));
        Path in = TranscodeITCase.samples(folder.resolve("in"));
        Files.writeString(in.resolve("broken.opus"), "no recording", StandardCharsets.US_ASCII);
        s3.bucket().upload(in, IN);

        DecantCall call = transcode();

        assertThat(call.exitCode()).as(call.err()).isEqualTo(UsageException.SOME_FAILED);
        DecantCall here = DecantCall.of("transcode", in.toString(), local.toString());
        assertThat(here.exitCode()).as(here.err()).isEqualTo(UsageException.SOME_FAILED);
        TranscodedFolder out = downloaded();
        assertThat(out.hashes()).isEqualTo(new TranscodedFolder(local).hashes()).hasSize(7);
        assertThat(out.report()).isEqualTo(new TranscodedFolder(local).report()).containsKey("broken.opus");
        assertNothingIsBegun();

        byte[] report = s3.bucket().get(OUT + "_report.jsonl");
        DecantCall again = call("report", s3.bucket().uri("out"));

        assertThat(again.exitCode()).as(again.err()).isEqualTo(UsageException.SOME_FAILED);
        assertThat(s3.bucket().get(OUT + "_report.jsonl")).isEqualTo(report);
    }

    @Test
    void everyRecordingComesOutAsLibopusGivesItAndEveryBrokenOneIsNamed() throws Exception {
        assumeTrue(DATA != null, "DECANT_TEST_DATA is not set: real recordings are not tried");
        Path data = Path.of(DATA);
        for (String kind : List.of("recordings", "broken")) {
            s3.bucket().upload(data.resolve(kind), IN + kind + "/");
        }

        DecantCall call = transcode("--include", TranscodedRecordings.INCLUDE);

        assertThat(call.exitCode()).as(call.err()).isEqualTo(UsageException.SOME_FAILED);
        new TranscodedRecordings(data, downloaded()).assertAsTheManifestSays();
        assertNothingIsBegun();
    }

    @Test
    void aBatchThatWasKilledThreeTimesGivesWhatAnUndisturbedOneGives() throws Exception {
        new KilledBatch(new Bucket(s3.bucket(), folder), folder, RECORDINGS).assertThatNothingIsLost();

        assertThat(s3.bucket().keys()).noneMatch(key -> key.startsWith(OUT + "."));
    }

    @Test
    void aRecordingWithoutSamplesIsAnEmptyObjectAndBucketsMayBeTheFolders() throws Exception {
        S3Bucket in = s3.bucket();
        S3Bucket out = s3.newBucket("out");
        in.put("silent.opus", new OggWriter(1).headers(OpusHead.of(1, 312, 0)).toBytes());

        DecantCall call = call("transcode", "s3://" + in.name(), "s3://" + out.name(), "--format", "raw");

        assertThat(out.keys()).as(call.err() + call.out()).containsExactly("_report.jsonl", "silent.raw");
        assertThat(out.get("silent.raw")).isEmpty();
        assertThat(out.openUploads()).isEmpty();
    }

    /** From {@link #IN} to {@link #OUT}; a second attempt would hide what went wrong with the first. */
    private static DecantCall transcode(String... options) {
        List<String> all = new ArrayList<>(List.of(
                "transcode", s3.bucket().uri("in"), s3.bucket().uri("out"), "-D", "restart-strategy.type=none"));
        all.addAll(List.of(options));
        return call(all.toArray(String[]::new));
    }

    private static DecantCall call(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(s3.arguments());
        return DecantCall.of(all.toArray(String[]::new));
    }

    private TranscodedFolder downloaded() throws IOException {
        Path path = folder.resolve("downloaded");
        s3.bucket().download(OUT, path);
        return new TranscodedFolder(path);
    }

    private static void assertNothingIsBegun() {
        assertThat(s3.bucket().keys()).noneMatch(key -> key.contains(".decant") || key.contains("_report/"));
        assertThat(s3.bucket().openUploads()).isEmpty();
    }

    /** From {@link #IN} to {@link #OUT} of a bucket. */
    private record Bucket(S3Bucket bucket, Path folder) implements KilledBatch.Place {
        @Override
        public String in(Path recordings) throws IOException {
            bucket.upload(recordings, IN);
            return bucket.uri("in");
        }

        @Override
        public String out() {
            return bucket.uri("out");
        }

        @Override
        public List<String> arguments() {
            return s3.arguments();
        }

        @Override
        public Set<String> visible() {
            Set<String> visible = new TreeSet<>();
            for (String key : bucket.keys(OUT)) {
                if (!key.startsWith(OUT + ".")) {
                    visible.add(key.substring(OUT.length()));
                }
            }
            return visible;
        }

        @Override
        public TranscodedFolder look() throws IOException {
            Path now = Files.createTempDirectory(folder, "seen");
            bucket.download(OUT, now);
            return new TranscodedFolder(now);
        }
    }
}
