package dev.decant.local;

import java.util.Locale;
import java.util.Map;

/**
 * A door of a broker beside its plain one, which demands something of whoever comes by it. Both lead to the same topics;
 * a client that came by one is never shown the other.
 *
 * @param protocol SASL_SSL or SSL; a broker has one of each at most
 * @param settings of this listener alone, by name: "ssl.keystore.location", "scram-sha-512.sasl.jaas.config"
 */
public record SecuredListener(String protocol, Map<String, String> settings) {
    public SecuredListener {
        settings = Map.copyOf(settings);
    }

    /** See "listener.name" in "Broker Configs" of Kafka's documentation. */
    String prefix() {
        return "listener.name." + protocol.toLowerCase(Locale.ROOT) + ".";
    }
}
