package dev.decant.job;

import static dev.decant.job.UsageException.usage;

import dev.decant.kafka.KafkaTopics;
import dev.decant.local.KafkaBroker;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The broker of the demo, kept for who wants to send packets and look at PCM. */
@Command(
        name = "broker",
        description = {
            "Keep a Kafka broker on this machine, to try things out with.",
            "It listens on 127.0.0.1 only and asks nobody for a password. On Ctrl-C, or when the process that started it is"
                    + " gone, it ends, and its data is deleted."
        },
        mixinStandardHelpOptions = true)
final class BrokerCommand implements Callable<Integer> {
    private static final int PARTITIONS = 4;

    @Option(
            names = "--port",
            paramLabel = "<port>",
            defaultValue = "9092",
            description = "Where it listens; 0 for any port that is free. Default: ${DEFAULT-VALUE}")
    private int port;

    @Option(
            names = "--topic",
            paramLabel = "<topic>",
            split = ",",
            description = "Topics to create, with " + PARTITIONS + " partitions each, separated by commas.")
    private List<String> topics = List.of();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        try (KafkaBroker broker = KafkaBroker.startAt(Ports.require(port))) {
            create(broker.bootstrapServers());
            spec.commandLine().getOut().println("Kafka broker at " + broker.bootstrapServers() + "; Ctrl-C ends it");
            broker.awaitEndOfParent();
        }
        return 0;
    }

    private void create(String brokers) {
        try (KafkaTopics kafka = KafkaTopics.connect(brokers, Map.of())) {
            topics.forEach(topic -> kafka.create(topic, PARTITIONS));
        } catch (IllegalArgumentException wrong) {
            // The name of a topic.
            throw usage(wrong.getMessage());
        }
    }
}
