package dev.decant.job;

import static dev.decant.job.UsageException.usage;

import dev.decant.audio.Printable;
import dev.decant.kafka.DeadLetterReplay;
import dev.decant.kafka.ReplaySummary;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Puts dead letters back on the packet topics. */
@Command(
        name = "replay-dead-letters",
        description = {
            "Put dead letters back on the topic that they came from, each once, even if this is killed and run again.",
            "A packet that is put back comes after all that its stream has sent since: that helps a stream that was"
                    + " refused as a whole, once what refused it is mended; in a stream that went on the packet is late,"
                    + " and becomes a dead letter again."
        },
        footer = {
            "What is passed over or cannot be put back stays in the dead-letter topic, but the next run begins after it;"
                    + " another --group, or --start earliest, looks again, and puts back again what matches.",
            "Exit code: 0 if every letter that was asked for was put back, 3 if some could not be."
        },
        mixinStandardHelpOptions = true)
final class ReplayDeadLettersCommand implements Callable<Integer> {
    /** What is wrong with the letters is soon told; a million of them are counted. */
    private static final int MAX_COMPLAINTS = 20;

    /** They quote what the letters say. */
    private static final int MAX_COMPLAINT_CHARS = 2_000;

    @Mixin
    private OptionValues options = new OptionValues();

    @Option(names = "--dry-run", description = "Only count: put nothing back, and let the group stay where it is.")
    private boolean dryRun;

    @Spec
    private CommandSpec spec;

    private int complaints;

    private ReplayDeadLettersCommand() {}

    static CommandSpec create() {
        ReplayDeadLettersCommand command = new ReplayDeadLettersCommand();
        CommandSpec spec = CommandSpec.forAnnotatedObject(command);
        command.options.addFlags(spec, DecantOptions.REPLAY_FLAGS);
        return spec;
    }

    @Override
    public Integer call() {
        ReplaySummary summary = replay(options.toConfiguration());
        print(summary);
        return summary.total().unreplayable() == 0 ? 0 : UsageException.SOME_FAILED;
    }

    private ReplaySummary replay(Configuration given) {
        try {
            DeadLetterReplay replay = DeadLetterReplay.builder()
                    .brokers(KafkaOptions.brokers(given))
                    .deadLetterTopic(OptionValues.require(given, DecantOptions.DEAD_LETTERS_TOPIC))
                    .topic(OptionValues.get(given, DecantOptions.REPLAY_TOPIC).orElse(null))
                    .reasons(KafkaOptions.replayReasons(given))
                    .group(OptionValues.require(given, DecantOptions.REPLAY_GROUP))
                    .startAt(KafkaOptions.start(given, DecantOptions.REPLAY_START))
                    .properties(KafkaOptions.clientProperties(given))
                    .build();
            return dryRun ? replay.preview(this::complain) : replay.run(this::complain);
        } catch (IllegalArgumentException wrong) {
            // A topic, the group or a property of the clients, of which the message names one.
            throw usage(wrong.getMessage());
        }
    }

    private void complain(String sentence) {
        complaints++;
        if (complaints <= MAX_COMPLAINTS) {
            String start = sentence.substring(0, Math.min(sentence.length(), MAX_COMPLAINT_CHARS));
            spec.commandLine().getErr().println("decant: " + Printable.of(start));
        }
    }

    private void print(ReplaySummary summary) {
        if (complaints > MAX_COMPLAINTS) {
            spec.commandLine()
                    .getErr()
                    .printf("decant: … and %,d more that cannot be put back%n", complaints - MAX_COMPLAINTS);
        }
        PrintWriter out = spec.commandLine().getOut();
        String line = "%-20s  %12s  %12s  %18s%n";
        out.printf(line, "reason", dryRun ? "would replay" : "replayed", "passed over", "cannot be replayed");
        summary.counts().forEach((reason, counts) -> print(line, reason, counts));
        print(line, "all", summary.total());
    }

    private void print(String line, String reason, ReplaySummary.Counts counts) {
        spec.commandLine()
                .getOut()
                .printf(
                        line,
                        reason,
                        String.format("%,d", counts.replayed()),
                        String.format("%,d", counts.passedOver()),
                        String.format("%,d", counts.unreplayable()));
    }
}
