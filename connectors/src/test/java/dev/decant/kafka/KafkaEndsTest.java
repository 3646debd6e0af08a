package dev.decant.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.decant.audio.DeadLetter;
import dev.decant.audio.DeadLetter.Reason;
import dev.decant.audio.DeadLetter.Stage;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.streaming.util.ProcessFunctionTestHarnesses;
import org.apache.flink.types.Either;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the builders of the source and of the sinks take, and what they refuse. */
class KafkaEndsTest {
    private static final PacketOrigin ORIGIN = new PacketOrigin("packets", 0, 1, 2);

    @Test
    void buildsASourceThatCanBeShippedAndKnowsItsType() throws Exception {
        var source = InstantiationUtil.clone(source().topics(List.of("a", "b")).build());

        assertThat(source.getBoundedness()).isEqualTo(Boundedness.CONTINUOUS_UNBOUNDED);
        assertThat(((ResultTypeQueryable<?>) source).getProducedType()).isEqualTo(KafkaPacketSource.TYPE);
    }

    @Test
    void buildsASourceThatEnds() {
        for (EndOffsets end : List.of(EndOffsets.latest(), EndOffsets.timestamp(1))) {
            assertThat(source().topicPattern(Pattern.compile("p.*"))
                            .endAt(end)
                            .build()
                            .getBoundedness())
                    .isEqualTo(Boundedness.BOUNDED);
        }
    }

    @Test
    void refusesASourceThatLacksSomething() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> source().build())
                .withMessageContaining("give topics or a topic pattern");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> source().topics(List.of()).build())
                .withMessageContaining("give topics or a topic pattern");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> source().topics(List.of("a"))
                        .topicPattern(Pattern.compile("b"))
                        .build())
                .withMessageContaining("take one of them");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> source().topics(List.of("a b")).build())
                .withMessageContaining("packet topic cannot be named \"a b\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> source().topics(List.of("a")).group(" ").build())
                .withMessageContaining("no consumer group");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> source().topics(List.of("a")).brokers(null).build())
                .withMessageContaining("no brokers");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> source().topics(List.of("a"))
                        .properties(Map.of("auto.offset.reset", "latest"))
                        .build())
                .withMessageContaining("auto.offset.reset");
    }

    // Closing Flink's harness may throw anything.
    @SuppressWarnings("try")
    @Test
    void splitsPacketsFromDeadLetters() throws Exception {
        OpusPacket packet = OpusPacket.plain("s", new byte[] {1}, ORIGIN);
        DeadLetter letter =
                new DeadLetter(null, new byte[] {2}, List.of(), ORIGIN, Stage.READ, Reason.MALFORMED_KEY, "no key");
        var splitter = new DeadLetterSplitter();
        assertThat(splitter.getProducedType()).isEqualTo(OpusPacket.TYPE);

        try (var harness = ProcessFunctionTestHarnesses.forProcessFunction(splitter)) {
            harness.processElement(Either.Right(packet), 5);
            harness.processElement(Either.Left(letter), 6);

            assertThat(harness.extractOutputValues()).usingRecursiveComparison().isEqualTo(List.of(packet));
            assertThat(harness.getSideOutput(DeadLetterSplitter.DEAD_LETTERS))
                    .singleElement()
                    .satisfies(out -> assertThat(out.getValue())
                            .usingRecursiveComparison()
                            .isEqualTo(letter));
        }
    }

    @Test
    void buildsSinksThatCanBeShipped() throws Exception {
        assertThat(InstantiationUtil.clone(pcm().build())).isNotNull();
        assertThat(InstantiationUtil.clone(deadLetters().build())).isNotNull();
        assertThat(KafkaPcmSink.builder()
                        .brokers("localhost:9092")
                        .topic("pcm")
                        .guarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                        .build())
                .isNotNull();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "a:b", "a b", "ä"})
    void refusesTransactionalIdPrefixes(String prefix) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pcm().transactionalIdPrefix(prefix).build())
                .withMessageStartingWith("the transactional ID prefix of the PCM topic cannot be ");
    }

    @Test
    void refusesASinkThatLacksSomething() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pcm().topic(null).build())
                .withMessage("no PCM topic: give the name of one");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> deadLetters().topic("..").build())
                .withMessageStartingWith("the dead-letter topic cannot be named \"..\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pcm().guarantee(DeliveryGuarantee.NONE).build())
                .withMessageContaining("take exactly-once or at-least-once");
        for (Duration timeout : List.of(Duration.ZERO, Duration.ofDays(25))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pcm().transactionTimeout(timeout).build())
                    .withMessageContaining("transaction timeout");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        pcm().properties(Map.of("compression.type", "rar")).build())
                .withMessageContaining("compression.type");
    }

    @Test
    void refusesDeadLettersThatWouldBeAllHeaders() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> deadLetters().maxRecordBytes(1_000).build())
                .withMessageContaining("at most 1000 bytes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> deadLetters()
                        .properties(Map.of("max.request.size", "2000"))
                        .build())
                .withMessageContaining("at most 2000 bytes");
    }

    private static KafkaPacketSource.Builder source() {
        return KafkaPacketSource.builder().brokers("localhost:9092").group("decant");
    }

    private static KafkaPcmSink.Builder pcm() {
        return KafkaPcmSink.builder().brokers("localhost:9092").topic("pcm").transactionalIdPrefix("decant-pcm");
    }

    private static KafkaDeadLetterSink.Builder deadLetters() {
        return KafkaDeadLetterSink.builder()
                .brokers("localhost:9092")
                .topic("dead")
                .transactionalIdPrefix("decant-dead");
    }
}
