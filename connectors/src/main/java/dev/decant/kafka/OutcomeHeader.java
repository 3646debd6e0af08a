package dev.decant.kafka;

import dev.decant.audio.PcmFrame.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** How {@link PcmHeaders} names outcomes. */
final class OutcomeHeader {
    /** In the place of an outcome: there are several. */
    static final String MIXED = "mixed";

    private static final Header MIXED_HEADER = header(MIXED);
    private static final Map<Outcome, Header> HEADERS = new EnumMap<>(Outcome.class);
    private static final Map<String, Outcome> OUTCOMES = Arrays.stream(Outcome.values())
            .filter(outcome -> outcome != Outcome.RESET)
            .collect(Collectors.toMap(OutcomeHeader::word, outcome -> outcome));

    static {
        for (Outcome outcome : Outcome.values()) {
            HEADERS.put(outcome, header(word(outcome)));
        }
    }

    private OutcomeHeader() {}

    static Header of(Outcome outcome) {
        return HEADERS.get(outcome);
    }

    static Header mixed() {
        return MIXED_HEADER;
    }

    static String word(Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The outcome of that word, or null: a reset has none, since it is not written. */
    static Outcome outcome(String word) {
        return OUTCOMES.get(word);
    }

    /** All words, for a message. */
    static String words() {
        return Arrays.stream(Outcome.values())
                .filter(outcome -> outcome != Outcome.RESET)
                .map(OutcomeHeader::word)
                .collect(Collectors.joining(", "));
    }

    private static Header header(String word) {
        return new RecordHeader(PcmHeaders.OUTCOME, word.getBytes(StandardCharsets.US_ASCII));
    }
}
