package dev.decant.job;

import dev.decant.local.KafkaBroker;
import dev.decant.local.Leftovers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A Kafka broker for the tests of a class, and topics of its own for each of them. It leaves nothing behind. */
final class BrokerExtension implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
    private final boolean secured;
    private final Map<String, String> settings;
    private BrokerSecurity security;
    private KafkaBroker broker;
    private JobTopics topics;
    private int tests;

    /** A broker for whoever comes. */
    BrokerExtension() {
        this(Map.of());
    }

    /** @param settings of the broker, by name, that differ from the usual */
    BrokerExtension(Map<String, String> settings) {
        this(false, settings);
    }

    private BrokerExtension(boolean secured, Map<String, String> settings) {
        this.secured = secured;
        this.settings = settings;
    }

    /** A broker that has {@link #security()} beside the plain listener. */
    static BrokerExtension secured() {
        return new BrokerExtension(true, Map.of());
    }

    /** What a secured broker demands. */
    BrokerSecurity security() {
        return security;
    }

    KafkaBroker broker() {
        return broker;
    }

    String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** Those of this test, named after it. */
    JobTopics topics() {
        return topics;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        if (secured) {
            security = BrokerSecurity.create();
            broker = security.start();
        } else {
            broker = KafkaBroker.start(settings);
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        topics = JobTopics.create(broker, context.getRequiredTestMethod().getName() + "-" + tests++);
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (broker != null) {
            Path folder = broker.folder();
            broker.close();
            Leftovers.assertNoneOf(folder);
        }
        if (security != null) {
            security.close();
        }
    }
}
