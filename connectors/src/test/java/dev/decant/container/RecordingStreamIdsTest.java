package dev.decant.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordingStreamIdsTest {
    @ParameterizedTest
    @CsvSource({"1, 1", "1, 1024", "2, 128", "7, 1024", "128, 128", "1000, 1024"})
    void everySubtaskFindsOneOfItsOwnForAnyRecording(int parallelism, int maxParallelism) {
        for (int subtask = 0; subtask < parallelism; subtask++) {
            RecordingStreamIds streamIds = new RecordingStreamIds(subtask, parallelism, maxParallelism);
            for (String name : List.of("a.opus", "b/c.opus", "é 日本.ogg")) {
                assertThat(KeyGroupRangeAssignment.assignKeyToParallelOperator(
                                streamIds.of(name), maxParallelism, parallelism))
                        .isEqualTo(subtask);
            }
        }
    }

    @Test
    void itIsTheNameWhereThatFits() {
        assertThat(new RecordingStreamIds(0, 1, 1_024).of("a/b.opus")).isEqualTo("a/b.opus");
        assertThat(streamIdsOfAllSubtasks("a/b.opus", 4)).containsOnlyOnce("a/b.opus");
    }

    @Test
    void elseTheNameAndTheFirstNumberThatFits() {
        List<String> streamIds = streamIdsOfAllSubtasks("a/b.opus", 4);

        assertThat(streamIds).contains("a/b.opus//2").allMatch(id -> id.matches("a/b\\.opus(//[0-9]+)?"));
        assertThat(streamIds).doesNotHaveDuplicates();
    }

    private static List<String> streamIdsOfAllSubtasks(String name, int parallelism) {
        return IntStream.range(0, parallelism)
                .mapToObj(subtask -> new RecordingStreamIds(subtask, parallelism, 1_024).of(name))
                .toList();
    }
}
