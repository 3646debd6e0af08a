package dev.decant.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientSecretsTest {
    private static final String BROKERS = "localhost:9092";
    private static final String LOGIN =
            "org.apache.kafka.common.security.scram.ScramLoginModule required" + " username=\"alice\" password=\"%s\";";

    @TempDir
    private Path folder;

    @Test
    void referencesAreReadByTheClientAndNotBefore() throws IOException {
        Files.writeString(folder.resolve("secrets.properties"), "login=hunter2\n");
        Files.writeString(folder.resolve("store"), "hunter3");
        String file = "${file:" + folder.resolve("secrets.properties") + ":login}";
        String inFolder = "${directory:" + folder + ":store}";
        // Whatever variable of the environment: one that every machine has.
        Properties properties = ClientProperties.checked(
                BROKERS,
                Map.of(
                        "sasl.jaas.config",
                        LOGIN.formatted(file),
                        "ssl.keystore.password",
                        inFolder,
                        "ssl.key.password",
                        "${env:PATH}"));

        assertThat(properties)
                .containsEntry("sasl.jaas.config", LOGIN.formatted(file))
                .containsEntry("ssl.keystore.password", inFolder);
        AdminClientConfig client = new AdminClientConfig(properties);
        assertThat(client.getPassword("sasl.jaas.config").value()).isEqualTo(LOGIN.formatted("hunter2"));
        assertThat(client.getPassword("ssl.keystore.password").value()).isEqualTo("hunter3");
        assertThat(client.getPassword("ssl.key.password").value()).isEqualTo(System.getenv("PATH"));
        assertThatCode(() -> ClientSecrets.requireReadable(BROKERS, properties)).doesNotThrowAnyException();
    }

    @Test
    void onlyTheProvidersThatAreUsedAreNamed() {
        assertThat(ClientProperties.checked(BROKERS, Map.of("client.id", "a"))).doesNotContainKey("config.providers");
        assertThat(ClientProperties.checked(BROKERS, Map.of("ssl.key.password", "${env:KEY}")))
                .containsEntry("config.providers", "env")
                .doesNotContainKey("config.providers.file.class");
    }

    @Test
    void whoNamesProvidersIsLeftAlone() {
        Map<String, String> given = Map.of("config.providers", "vault", "ssl.key.password", "${file:/a:b}");

        Properties checked = ClientProperties.checked(BROKERS, given);

        Map<String, String> expected = new HashMap<>(given);
        expected.put("bootstrap.servers", BROKERS);
        assertThat(checked).containsExactlyInAnyOrderEntriesOf(new HashMap<>(expected));
    }

    @Test
    void aReferenceToNothingIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("secrets.properties"), "login=hunter2\n");
        String reference = "${file:" + file + ":lgoin}";

        assertRefused(
                Map.of("sasl.jaas.config", LOGIN.formatted(reference)),
                "the Kafka property sasl.jaas.config refers to " + reference
                        + ", and there is no such thing on this machine");
        assertRefused(
                Map.of("ssl.key.password", "${env:NO_SUCH_VARIABLE_OF_DECANT}"),
                "the Kafka property ssl.key.password refers to ${env:NO_SUCH_VARIABLE_OF_DECANT}");
        assertRefused(Map.of("ssl.key.password", "${file:" + folder.resolve("nowhere") + ":a}"), "nowhere");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.apache.kafka.common.security.plain.PlainLoginModule required password=x hunter2;",
                "org.apache.kafka.common.security.plain.PlainLoginModule required password=\"hunter2\"",
                "password=\"hunter2\";",
                "com.sun.security.auth.module.JndiLoginModule required password=\"hunter2\";"
            })
    void aLoginThatCannotBeReadIsNotQuoted(String login) {
        assertRefused(Map.of("sasl.jaas.config", login), "the Kafka property sasl.jaas.config cannot be read");
    }

    private static void assertRefused(Map<String, String> given, String sentence) {
        Properties properties = ClientProperties.checked(BROKERS, given);
        assertThatExceptionOfType(TopicException.class)
                .isThrownBy(() -> ClientSecrets.requireReadable(BROKERS, properties))
                .withMessageStartingWith("cannot set up a client for the brokers at " + BROKERS + ": ")
                .withMessageContaining(sentence)
                .satisfies(refusal -> assertThat(stackTrace(refusal)).doesNotContain("hunter2"));
    }

    private static String stackTrace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
