package dev.decant.job;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints every option: the page of the documentation is what this prints. */
@Command(
        name = "options",
        description = "Print every option, as the documentation shows it.",
        mixinStandardHelpOptions = true)
final class OptionsCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().getOut().print(page());
        spec.commandLine().getOut().flush();
    }

    /** The page, in Markdown. */
    static String page() {
        Map<String, ConfigOption<?>> options = new TreeMap<>();
        Stream.concat(
                        DecantOptions.flags().stream().map(DecantOptions.Flag::option),
                        DecantOptions.WITHOUT_FLAG.stream())
                .forEach(option -> options.put(option.key(), option));
        return "# Options\n"
                + "\n"
                + "`./decant options` prints this page. An option is set by its flag, by `-D key=value`, or by a line\n"
                + "`key: value` in the file that `--config` names; the command line goes before the file. Keys that begin\n"
                + "with `kafka.` go to the Kafka clients (`--kafka.security.protocol SSL`); every other key is Flink's.\n"
                + "[Secrets](security.md) are refused on the command line.\n"
                + "\n"
                + "| key | flag | default | |\n"
                + "|---|---|---|---|\n"
                + options.values().stream().map(OptionsCommand::row).collect(Collectors.joining());
    }

    private static String row(ConfigOption<?> option) {
        String flag = DecantOptions.flags().stream()
                .filter(named -> named.option().key().equals(option.key()))
                .map(named -> "`" + named.name() + "`")
                .findFirst()
                .orElse("");
        String standard = option.hasDefaultValue() ? "`" + OptionValues.standard(option) + "`" : "";
        return String.format(
                Locale.ROOT,
                "| `%s` | %s | %s | %s |\n",
                option.key(),
                flag,
                standard,
                OptionValues.text(option).replace("|", "\\|"));
    }
}
