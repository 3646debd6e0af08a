package dev.decant.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real S3 server, asked without Flink, and by Flink's file system. */
class S3ServerITCase {
    private static S3Server server;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws Exception {
        server = S3Server.start();
        LocalFileSystems.initialize(server.configuration());
    }

    @AfterAll
    static void stop() {
        LocalFileSystems.initialize(new Configuration());
        if (server != null) {
            Path folder = server.folder();
            server.close();
            Leftovers.assertNoneOf(folder);
        }
    }

    @Test
    void foldersGoIntoABucketAndComeBack() throws Exception {
        S3Bucket bucket = server.newBucket("folders");
        List<String> names = List.of("b/c d/ä+&?.txt", "a.txt", "b/e.txt");
        for (String name : names) {
            Path file = folder.resolve("in").resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, name);
        }

        bucket.upload(folder.resolve("in"), "all/");
        bucket.download("all/b/", folder.resolve("out"));

        assertThat(bucket.keys()).containsExactly("all/a.txt", "all/b/c d/ä+&?.txt", "all/b/e.txt");
        assertThat(folder.resolve("out/c d/ä+&?.txt")).hasContent("b/c d/ä+&?.txt");
        assertThat(folder.resolve("out/e.txt")).hasContent("b/e.txt");
        assertThat(folder.resolve("out/a.txt")).doesNotExist();
    }

    @Test
    void moreKeysThanAnAnswerHoldsAreAllSeen() {
        S3Bucket bucket = server.newBucket("many");
        List<String> keys =
                IntStream.range(0, 1_001).mapToObj("%04d"::formatted).toList();
        keys.forEach(key -> bucket.put(key, new byte[0]));

        assertThat(bucket.keys()).isEqualTo(keys);
    }

    @Test
    void whoHasAnotherSecretIsRefused() {
        S3Requests stranger = new S3Requests(
                URI.create(server.configuration().toMap().get("s3.endpoint")),
                server.configuration().toMap().get("s3.access-key"),
                "another-secret-key");

        assertThatThrownBy(() -> stranger.put("/bucket", new byte[0])).hasMessageContaining("403");
    }

    @Test
    void anUploadIsOpenUntilItIsCommitted() throws Exception {
        S3Bucket bucket = server.newBucket("uploads");
        var path = new org.apache.flink.core.fs.Path(bucket.uri("wav/alice"));
        FileSystem files = path.getFileSystem();
        RecoverableFsDataOutputStream out = files.createRecoverableWriter().open(path);
        out.write("pcm".getBytes(StandardCharsets.UTF_8));

        assertThat(bucket.openUploads()).containsExactly("wav/alice");
        assertThat(bucket.keys()).isEmpty();

        out.closeForCommit().commit();

        assertThat(bucket.openUploads()).isEmpty();
        assertThat(bucket.keys()).containsExactly("wav/alice");
        assertThat(bucket.get("wav/alice")).asString().isEqualTo("pcm");
    }
}
