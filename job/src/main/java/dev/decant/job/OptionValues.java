package dev.decant.job;

import static dev.decant.job.UsageException.usage;

import dev.decant.job.DecantOptions.Flag;
import dev.decant.kafka.ClientSecrets;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.description.TextElement;
import org.apache.flink.util.TimeUtils;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/**
 * The options of a command as the command line gives them: flags, {@code -D}, {@code --kafka.<property>}, and a file.
 * What stands on the command line goes before what stands in the file.
 */
final class OptionValues {
    /** Flink takes for secrets what is called tokens; these are about how to get some. */
    private static final String NO_SECRETS = "security.delegation.token";

    @Option(
            names = "-D",
            paramLabel = "<key>=<value>",
            description = "Sets any option of Decant or of Flink by its key, but for secrets; may be repeated.")
    private final Map<String, String> byKey = new LinkedHashMap<>();

    @Option(
            names = "--config",
            paramLabel = "<file>",
            description = "A file of options, one \"key: value\" or \"key=value\" a line.")
    private Path file;

    private final Map<Flag, OptionSpec> flags = new LinkedHashMap<>();

    /** Gives {@code command} the flags, each with its help and its default. */
    void addFlags(CommandSpec command, List<Flag> named) {
        for (Flag flag : named) {
            OptionSpec.Builder option = OptionSpec.builder(flag.name())
                    .paramLabel(flag.label())
                    .type(String.class)
                    .description(describe(flag.option()).replace("%", "%%"));
            if (flag.option().defaultValue() instanceof Boolean) {
                option.arity("0").fallbackValue("true");
            }
            OptionSpec built = option.build();
            command.addOption(built);
            flags.put(flag, built);
        }
    }

    /**
     * Everything that was given.
     *
     * @throws UsageException if the file cannot be read, a key that begins like one of ours is none, or a secret stands on
     *     the command line
     */
    Configuration toConfiguration() {
        byKey.forEach(OptionValues::requireNoSecret);
        Map<String, String> values = new TreeMap<>(file == null ? Map.of() : read(file));
        values.putAll(byKey);
        flags.forEach((flag, option) -> {
            if (option.getValue() != null) {
                values.put(flag.option().key(), option.getValue());
            }
        });
        values.keySet().forEach(OptionValues::requireKnown);
        // The byte order goes without saying.
        values.computeIfPresent(
                DecantOptions.PCM_SAMPLE_FORMAT.key(),
                (key, format) -> format.matches("(?i)[sf][0-9]{2}") ? format + "le" : format);
        return Configuration.fromMap(values);
    }

    /**
     * The value of an option, which must be there.
     *
     * @throws UsageException if it is not, or cannot be read
     */
    static <T> T require(Configuration configuration, ConfigOption<T> option) {
        return get(configuration, option).orElseThrow(() -> usage(nameOf(option) + " is missing: " + text(option)));
    }

    /**
     * The value of an option, or its default.
     *
     * @throws UsageException if it cannot be read
     */
    static <T> Optional<T> get(Configuration configuration, ConfigOption<T> option) {
        try {
            return Optional.ofNullable(configuration.get(option));
        } catch (IllegalArgumentException unreadable) {
            throw usage(nameOf(option) + " is \"" + configuration.toMap().get(option.key())
                    + "\", which cannot be read: " + text(option));
        }
    }

    /** {@code --kafka.a.b value} and {@code --kafka.a.b=value}, which no list of flags can hold, as {@code -D}. */
    static String[] withKafkaProperties(String[] arguments) {
        List<String> plain = new ArrayList<>();
        String flag = "--" + DecantOptions.KAFKA_PREFIX;
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i];
            if (!argument.startsWith(flag)) {
                plain.add(argument);
                continue;
            }
            plain.add("-D");
            String property = argument.substring(2);
            if (property.contains("=")) {
                plain.add(property);
            } else if (i + 1 < arguments.length) {
                plain.add(property + "=" + arguments[++i]);
            } else {
                throw usage(argument + " has no value");
            }
        }
        return plain.toArray(new String[0]);
    }

    /** What an option is for, its default and its key. */
    static String describe(ConfigOption<?> option) {
        String standard = option.hasDefaultValue() ? "Default: " + standard(option) + ". " : "";
        return text(option) + " " + standard + "Key: " + option.key();
    }

    /** The default of an option, as one would write it. */
    static String standard(ConfigOption<?> option) {
        Object standard = option.defaultValue();
        if (standard instanceof Duration duration) {
            return TimeUtils.formatWithHighestUnit(duration);
        }
        if (standard instanceof List<?> values) {
            return values.stream().map(String::valueOf).collect(Collectors.joining(";"));
        }
        return String.valueOf(standard);
    }

    /** What an option is for. */
    static String text(ConfigOption<?> option) {
        return option.description().getBlocks().stream()
                .filter(TextElement.class::isInstance)
                .map(block -> ((TextElement) block).getFormat())
                .collect(Collectors.joining(" "));
    }

    /** How users know an option: its flag if it has one, and its key. */
    static String nameOf(ConfigOption<?> option) {
        return DecantOptions.flags().stream()
                .filter(flag -> flag.option().key().equals(option.key()))
                .findFirst()
                .map(flag -> flag.name() + " (" + option.key() + ")")
                .orElse(option.key());
    }

    private static Map<String, String> read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw UsageException.failed("--config " + file + " cannot be read: " + e.getMessage(), e);
        }
        return properties.stringPropertyNames().stream().collect(Collectors.toMap(key -> key, properties::getProperty));
    }

    /** The command line is for everybody to see: in {@code ps}, in the shell's history, in the description of a pod. */
    private static void requireNoSecret(String key, String value) {
        boolean ofKafka = key.startsWith(DecantOptions.KAFKA_PREFIX);
        boolean secret = ofKafka
                ? ClientSecrets.isExposed(key.substring(DecantOptions.KAFKA_PREFIX.length()), value)
                : GlobalConfiguration.isSensitive(key) && !key.startsWith(NO_SECRETS);
        if (secret) {
            throw usage("\"" + key + "\" is a secret, which everybody can see on a command line: put it into the file"
                    + " that --config names"
                    + (ofKafka ? ", or say where it lies: ${file:/path/of.properties:key}, ${env:NAME}" : ""));
        }
    }

    private static void requireKnown(String key) {
        String namespace = key.contains(".") ? key.substring(0, key.indexOf('.') + 1) : key;
        if (DecantOptions.NAMESPACES.contains(namespace)
                && !DecantOptions.keys().contains(key)) {
            throw usage("\"" + key + "\" is no option; those that begin so: "
                    + DecantOptions.keys().stream()
                            .filter(known -> known.startsWith(namespace))
                            .sorted()
                            .collect(Collectors.joining(", ")));
        }
    }
}
