package dev.decant.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.util.List;
import org.apache.flink.core.fs.Path;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

class RecordingSourceTest {
    private final RecordingSource.Builder builder =
            RecordingSource.builder().input(new Path("/in")).maxParallelism(128);

    @Test
    void anInputIsNeeded() {
        assertRefused(RecordingSource.builder(), "no input: give a folder, or a recording");
    }

    @Test
    void aListAndPatternsExcludeEachOther() {
        assertRefused(
                builder.list(new Path("/list.txt")).exclude(List.of("a*")),
                "both a list and patterns are given: the list /list.txt names what is read, take one of them");
    }

    @Test
    void aWrongPatternIsRefused() {
        assertRefused(builder.include(List.of("{a")), "the pattern \"{a\" is no glob: Missing '}");
    }

    @Test
    void channelsAreOneOrTwo() {
        assertRefused(builder.channels(3), "pcm.channels is 3: take 1 or 2, or leave it out");
    }

    @Test
    void streamsHaveALimit() {
        assertRefused(builder.maxStreams(0), "decoder.max-streams is 0: take 1 to 255");
        assertRefused(builder.maxStreams(256), "decoder.max-streams is 256: take 1 to 255");
    }

    @Test
    void theMaxParallelismIsNeeded() {
        assertRefused(
                RecordingSource.builder().input(new Path("/in")),
                "the max parallelism is 0: give the job's, 1 to 32768");
        assertRefused(builder.maxParallelism(32_769), "the max parallelism is 32769: give the job's, 1 to 32768");
    }

    @Test
    void travelsToTheCluster() throws IOException, ClassNotFoundException {
        RecordingSource source = builder.include(List.of("*.opus"))
                .outputFolder(new Path("/in/out"))
                .channels(1)
                .build();

        byte[] bytes = InstantiationUtil.serializeObject(source);

        assertThat((RecordingSource)
                        InstantiationUtil.deserializeObject(bytes, getClass().getClassLoader()))
                .usingRecursiveComparison()
                .ignoringFields("input.done")
                .isEqualTo(source);
    }

    private static void assertRefused(RecordingSource.Builder builder, String message) {
        assertThatIllegalArgumentException().isThrownBy(builder::build).withMessage(message);
    }
}
