package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

class KafkaOptionsTest {
    private static final Configuration OPTIONS = Configuration.fromMap(Map.of(
            "kafka.bootstrap.servers", "127.0.0.1:9092",
            "kafka.ssl.keystore.key", "-----BEGIN PRIVATE KEY-----",
            "pcm.rate", "16000",
            "execution.checkpointing.interval", "5 s"));

    @Test
    void theClientsGetTheirPropertiesWithoutThePrefix() {
        assertThat(KafkaOptions.clientProperties(OPTIONS))
                .containsOnly(Map.entry("ssl.keystore.key", "-----BEGIN PRIVATE KEY-----"));
        assertThat(KafkaOptions.brokers(OPTIONS)).isEqualTo("127.0.0.1:9092");
    }

    @Test
    void flinkDoesNotGetThem() {
        assertThat(KafkaOptions.withoutClientProperties(OPTIONS).toMap())
                .containsOnly(Map.entry("pcm.rate", "16000"), Map.entry("execution.checkpointing.interval", "5 s"));
    }

    @Test
    void transactionalIdsTellJobsAndTopicsApart() {
        assertThat(KafkaOptions.transactionalIdPrefix("decant", "pcm")).isEqualTo("decant-pcm");
        assertThat(KafkaOptions.transactionalIdPrefix("a group: of ours", "pcm"))
                .matches("decant-[0-9a-f-]{36}")
                .isEqualTo(KafkaOptions.transactionalIdPrefix("a group: of ours", "pcm"))
                .isNotEqualTo(KafkaOptions.transactionalIdPrefix("a group: of theirs", "pcm"));
        assertThat(KafkaOptions.transactionalIdPrefix("g".repeat(250), "pcm")).matches("decant-[0-9a-f-]{36}");
    }
}
