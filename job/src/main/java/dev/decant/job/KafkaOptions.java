package dev.decant.job;

import static dev.decant.job.UsageException.usage;

import dev.decant.audio.DeadLetter.Reason;
import dev.decant.kafka.EndOffsets;
import dev.decant.kafka.StartOffsets;
import dev.decant.rtp.RtpSettings;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/** What the options say about Kafka, in the words of {@code dev.decant.kafka}. */
final class KafkaOptions {
    private static final Pattern TRANSACTIONAL_ID_PREFIXES = Pattern.compile("[A-Za-z0-9._-]{1,200}");

    private KafkaOptions() {}

    static String brokers(Configuration configuration) {
        return OptionValues.require(configuration, DecantOptions.BROKERS);
    }

    /** The properties of every Kafka client; the brokers are told apart from them. */
    static Map<String, String> clientProperties(Configuration configuration) {
        Map<String, String> properties = new TreeMap<>();
        configuration.toMap().forEach((key, value) -> {
            if (key.startsWith(DecantOptions.KAFKA_PREFIX) && !key.equals(DecantOptions.BROKERS.key())) {
                properties.put(key.substring(DecantOptions.KAFKA_PREFIX.length()), value);
            }
        });
        return properties;
    }

    /**
     * The options without the properties of the Kafka clients: what Flink may know. Its web UI shows the configuration,
     * and of the secrets in it hides only those that it takes for some; {@code kafka.ssl.keystore.key} is none of them.
     */
    static Configuration withoutClientProperties(Configuration configuration) {
        Configuration others = new Configuration(configuration);
        configuration.keySet().stream()
                .filter(key -> key.startsWith(DecantOptions.KAFKA_PREFIX))
                .forEach(others::removeKey);
        return others;
    }

    /** Where to start, as {@code option} says. */
    static StartOffsets start(Configuration configuration, ConfigOption<String> option) {
        String start = OptionValues.require(configuration, option);
        return switch (start) {
            case "committed" -> StartOffsets.committed();
            case "earliest" -> StartOffsets.earliest();
            case "latest" -> StartOffsets.latest();
            default ->
                StartOffsets.timestamp(millis(start, OptionValues.nameOf(option), "committed, earliest, latest"));
        };
    }

    static EndOffsets end(Configuration configuration) {
        String end = OptionValues.require(configuration, DecantOptions.PACKETS_END);
        return switch (end) {
            case "never" -> EndOffsets.none();
            case "latest" -> EndOffsets.latest();
            default -> EndOffsets.timestamp(millis(end, "--end (packets.end)", "never, latest"));
        };
    }

    /** How RTP packets are read, if packets are such. */
    static Optional<RtpSettings> rtp(Configuration configuration) {
        if (OptionValues.require(configuration, DecantOptions.PACKETS_FORMAT) != PacketFormat.RTP) {
            return Optional.empty();
        }
        try {
            return Optional.of(new RtpSettings(
                    OptionValues.require(configuration, DecantOptions.RTP_OPUS_PAYLOAD_TYPES),
                    OptionValues.require(configuration, DecantOptions.RTP_RED_PAYLOAD_TYPES),
                    OptionValues.require(configuration, DecantOptions.RTP_SEVERAL_SSRCS)));
        } catch (IllegalArgumentException wrong) {
            throw usage(wrong.getMessage());
        }
    }

    /**
     * Which dead letters are to be put back: all if the option does not say.
     *
     * @throws UsageException if one of its words is no reason
     */
    static Set<Reason> replayReasons(Configuration configuration) {
        Optional<String> given = OptionValues.get(configuration, DecantOptions.REPLAY_REASONS);
        if (given.isEmpty()) {
            return EnumSet.allOf(Reason.class);
        }
        Set<Reason> reasons = EnumSet.noneOf(Reason.class);
        for (String word : given.get().split(",", -1)) {
            reasons.add(Arrays.stream(Reason.values())
                    .filter(reason -> reason.name().equals(word.trim()))
                    .findFirst()
                    .orElseThrow(() -> usage(OptionValues.nameOf(DecantOptions.REPLAY_REASONS) + " has \"" + word
                            + "\", which is no reason: take "
                            + Arrays.stream(Reason.values()).map(Reason::name).collect(Collectors.joining(", ")))));
        }
        return reasons;
    }

    /**
     * What the transactional IDs of a sink begin with: another one for each job and topic, and the same in every run. A
     * name that they may not hold, or that is too long, is told by its hash.
     */
    static String transactionalIdPrefix(String job, String topic) {
        String readable = job + "-" + topic;
        return TRANSACTIONAL_ID_PREFIXES.matcher(readable).matches()
                ? readable
                : "decant-" + UUID.nameUUIDFromBytes(readable.getBytes(StandardCharsets.UTF_8));
    }

    static Pattern pattern(String regex) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw usage("--topic-pattern (packets.topic-pattern) is \"" + regex + "\", no regular expression: "
                    + e.getDescription());
        }
    }

    private static long millis(String time, String option, String words) {
        try {
            return time.chars().allMatch(Character::isDigit)
                    ? Long.parseLong(time)
                    : Instant.parse(time).toEpochMilli();
        } catch (DateTimeParseException | NumberFormatException e) {
            throw usage(option + " is \"" + time + "\": take " + words
                    + ", a time such as 2026-01-31T12:00:00Z, or milliseconds since 1970");
        }
    }
}
