package dev.decant.job;

import dev.decant.decode.Decoding;
import dev.decant.local.LocalFileSystems;
import dev.decant.local.LocalFlink;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Decodes packets from Kafka until it is cancelled, or up to {@code --end}. */
@Command(
        name = "stream",
        description = "Decode packets from Kafka to PCM in Kafka, to WAV files, or to both.",
        mixinStandardHelpOptions = true)
final class StreamCommand implements Callable<Integer> {
    @Mixin
    private OptionValues options = new OptionValues();

    @Spec
    private CommandSpec spec;

    private StreamCommand() {}

    static CommandSpec create() {
        StreamCommand command = new StreamCommand();
        CommandSpec spec = CommandSpec.forAnnotatedObject(command);
        command.options.addFlags(spec, DecantOptions.STREAM_FLAGS);
        command.options.addFlags(spec, DecantOptions.DECODING_FLAGS);
        return spec;
    }

    @Override
    public Integer call() throws Exception {
        Configuration given = options.toConfiguration();
        if (!Decant.isLaunched()) {
            // Flink's client has set the environment up: this becomes a job of its cluster.
            StreamExecutionEnvironment cluster = StreamExecutionEnvironment.getExecutionEnvironment();
            StreamJob.of(given, cluster.getConfiguration()).addTo(cluster);
            cluster.execute(jobName(given));
            return 0;
        }
        Configuration ofFlink = KafkaOptions.withoutClientProperties(given);
        Decoding.requirePossibleHere(StreamJob.decoding(given));
        LocalFileSystems.initialize(ofFlink);
        StreamJob job = StreamJob.of(given, new Configuration());
        try (LocalFlink flink = LocalFlink.start(ofFlink)) {
            StreamExecutionEnvironment local = flink.newEnvironment();
            job.addTo(local);
            spec.commandLine().getOut().println("Decoding on a local Flink, to be watched at " + flink.webUrl());
            local.execute(jobName(given));
            return 0;
        }
    }

    private static String jobName(Configuration given) {
        return "Decant: "
                + OptionValues.get(given, DecantOptions.PACKETS_TOPIC)
                        .map(topics -> String.join(", ", topics))
                        .or(() -> OptionValues.get(given, DecantOptions.PACKETS_TOPIC_PATTERN))
                        .orElse("packets from Kafka");
    }
}
