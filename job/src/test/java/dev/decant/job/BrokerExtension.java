package dev.decant.job;

import dev.decant.local.KafkaBroker;
import dev.decant.local.Leftovers;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A Kafka broker for the tests of a class, and topics of its own for each of them. It leaves nothing behind. */
final class BrokerExtension implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
    private final Map<String, String> settings;
    private KafkaBroker broker;
    private JobTopics topics;
    private int tests;

    BrokerExtension() {
        this(Map.of());
    }

    /** @param settings of the broker, by name, that differ from the usual */
    BrokerExtension(Map<String, String> settings) {
        this.settings = settings;
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
    public void beforeAll(ExtensionContext context) throws InterruptedException {
        broker = KafkaBroker.start(settings);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        topics = JobTopics.create(broker, context.getRequiredTestMethod().getName() + "-" + tests++);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (broker != null) {
            Path folder = broker.folder();
            broker.close();
            Leftovers.assertNoneOf(folder);
        }
    }
}
