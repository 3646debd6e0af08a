package dev.decant.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientPropertiesTest {
    private static final String BROKERS = "localhost:9092";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bootstrap.servers",
                "group.id",
                "auto.offset.reset",
                "enable.auto.commit",
                "key.serializer",
                "value.deserializer",
                "partitioner.ignore.keys",
                "transactional.id",
                "transaction.timeout.ms"
            })
    void refusesWhatDecantSetsItself(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClientProperties.checked(BROKERS, Map.of(name, "x")))
                .withMessageStartingWith("the Kafka property " + name + " is set by Decant itself: ");
    }

    @Test
    void refusesWhatKafkaWouldRefuseAndNamesIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClientProperties.parseProducer(
                        ClientProperties.checked(BROKERS, Map.of("acks", "some", "sasl.jaas.config", "hunter2"))))
                .withMessageContaining("acks")
                .withMessageNotContaining("hunter2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClientProperties.parseConsumer(
                        ClientProperties.checked(BROKERS, Map.of("fetch.min.bytes", "many"))))
                .withMessageContaining("fetch.min.bytes");
    }

    @ParameterizedTest
    @CsvSource({"enable.idempotence,false", "acks,1", "retries,0", "max.in.flight.requests.per.connection,6"})
    void refusesWhatLosesOrRepeatsRecords(String name, String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PacketProducer(BROKERS, "packets", Map.of(name, value)))
                .withMessageStartingWith("the Kafka property " + name + " must ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KafkaPcmSink.builder()
                        .brokers(BROKERS)
                        .topic("pcm")
                        .transactionalIdPrefix("decant")
                        .properties(Map.of(name, value))
                        .build())
                .withMessageStartingWith("the Kafka property " + name + " must ");
    }

    @Test
    void passesOnWhatKafkaDoesNotKnow() {
        assertThat(ClientProperties.checked(BROKERS, Map.of("my.interceptor.url", "http://x")))
                .containsEntry("my.interceptor.url", "http://x")
                .containsEntry("bootstrap.servers", BROKERS);
    }

    @Test
    void producersFillLargerBatchesThanKafkasOwnUnlessToldOtherwise() {
        assertThat(ClientProperties.ofProducer(BROKERS, Map.of())).containsEntry("batch.size", "131072");
        assertThat(ClientProperties.ofProducer(BROKERS, Map.of("batch.size", "1")))
                .containsEntry("batch.size", "1");
    }

    @Test
    void refusesNoBrokers() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClientProperties.checked(" ", Map.of()))
                .withMessageStartingWith("no brokers");
    }
}
