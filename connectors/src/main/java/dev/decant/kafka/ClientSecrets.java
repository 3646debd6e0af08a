package dev.decant.kafka;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.provider.DirectoryConfigProvider;
import org.apache.kafka.common.config.provider.EnvVarConfigProvider;
import org.apache.kafka.common.config.provider.FileConfigProvider;
import org.apache.kafka.common.security.JaasContext;

/**
 * The secrets among the properties of the Kafka clients. Instead of a secret a value may hold a reference that says where
 * it lies: <code>${file:/path:key}</code>, a key of a file of properties; <code>${directory:/path:name}</code>, a file of
 * a folder; <code>${env:NAME}</code>, a variable of the environment. Each client reads it in the process in which it
 * works (Kafka's config providers, KIP-297), so that the job that is submitted, and whatever Flink shows and stores of it,
 * holds the reference alone.
 */
public final class ClientSecrets {
    /** Kafka's own providers, by the names that references begin with here. */
    private static final Map<String, String> PROVIDERS = Map.of(
            "file", FileConfigProvider.class.getName(),
            "directory", DirectoryConfigProvider.class.getName(),
            "env", EnvVarConfigProvider.class.getName());

    private static final Pattern REFERENCE =
            Pattern.compile("\\$\\{(" + String.join("|", PROVIDERS.keySet()) + "):[^}]*}");

    /** An option of a login module that is a secret, and stands there itself. */
    private static final Pattern SECRET_OF_A_LOGIN =
            Pattern.compile("\\w*(password|secret|passphrase)\\w*\\s*=\\s*(?!\"?\\$\\{)", Pattern.CASE_INSENSITIVE);

    /** Kafka hides them like passwords; they are certificates, which anyone may see. */
    private static final Set<String> PUBLIC =
            Set.of(SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG, SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG);

    private static final Set<String> SECRETS = Stream.of(
                    ConsumerConfig.configDef(), ProducerConfig.configDef(), AdminClientConfig.configDef())
            .flatMap(definition -> definition.configKeys().values().stream())
            .filter(property -> property.type == ConfigDef.Type.PASSWORD)
            .map(property -> property.name)
            .filter(name -> !PUBLIC.contains(name))
            .collect(Collectors.toUnmodifiableSet());

    private static final String PROVIDERS_CONFIG = AbstractConfig.CONFIG_PROVIDERS_CONFIG;

    private ClientSecrets() {}

    /**
     * Whether a property holds a secret as it is, for everybody to read who sees the value.
     *
     * @param property of a Kafka client
     */
    public static boolean isExposed(String property, String value) {
        if (!SECRETS.contains(property)) {
            return false;
        }
        return property.equals(SaslConfigs.SASL_JAAS_CONFIG)
                ? SECRET_OF_A_LOGIN.matcher(value).find()
                : !value.contains("${");
    }

    /** Names the providers of the references that the properties hold, unless they name providers themselves. */
    static void addProviders(Properties properties) {
        if (properties.containsKey(PROVIDERS_CONFIG)) {
            return;
        }
        Set<String> used = properties.stringPropertyNames().stream()
                .flatMap(name -> references(properties.getProperty(name)).stream())
                .map(reference -> reference.group(1))
                .collect(Collectors.toSet());
        if (!used.isEmpty()) {
            properties.setProperty(PROVIDERS_CONFIG, String.join(",", used));
            used.forEach(name -> properties.setProperty(PROVIDERS_CONFIG + "." + name + ".class", PROVIDERS.get(name)));
        }
    }

    /**
     * Looks once at what a client in this process will look at: Kafka would take a reference to a key that is not there for
     * the secret itself, and quotes a login module's options that it does not understand.
     *
     * @throws TopicException if a secret is not there, or the login cannot be read; the message names the property
     */
    static void requireReadable(String brokers, Properties properties) {
        AdminClientConfig config;
        try {
            config = new AdminClientConfig(properties);
        } catch (KafkaException e) {
            throw TopicException.noClient(brokers, TopicException.reason(e), e);
        }
        Map<String, Object> resolved = config.originals();
        for (String name : properties.stringPropertyNames()) {
            // One that is not found stays as it is.
            references(String.valueOf(resolved.get(name))).stream().findFirst().ifPresent(reference -> {
                throw TopicException.noClient(
                        brokers,
                        "the Kafka property " + name + " refers to " + reference.group()
                                + ", and there is no such thing on this machine",
                        null);
            });
        }
        requireLogin(brokers, config);
    }

    private static void requireLogin(String brokers, AdminClientConfig config) {
        if (config.getPassword(SaslConfigs.SASL_JAAS_CONFIG) == null) {
            return;
        }
        try {
            JaasContext.loadClientContext(config.values());
        } catch (IllegalArgumentException e) {
            // Not its message, and not as a cause: it may quote a piece of the password.
            throw TopicException.noClient(
                    brokers,
                    "the Kafka property " + SaslConfigs.SASL_JAAS_CONFIG
                            + " cannot be read: it should be a login module"
                            + " that is allowed, the word required, options such as username=\"…\" password=\"…\" with"
                            + " their quotes, and one semicolon at the end",
                    null);
        }
    }

    private static List<MatchResult> references(String value) {
        return REFERENCE.matcher(value).results().toList();
    }
}
