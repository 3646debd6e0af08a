package dev.decant.kafka;

import dev.decant.audio.DeadLetter.Reason;
import dev.decant.audio.PcmChunk.Run;
import dev.decant.audio.PcmFrame.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** {@link PcmHeaders#ORIGINS}: the runs of a chunk as text. */
final class OriginsHeader {
    private OriginsHeader() {}

    static Header of(List<Run> origins) {
        String text = origins.stream()
                .map(run -> OutcomeHeader.word(run.outcome()) + ":" + run.sampleCount())
                .collect(Collectors.joining(","));
        return new RecordHeader(PcmHeaders.ORIGINS, text.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * The runs that a header holds.
     *
     * @param samples what their sum must be
     * @throws MalformedRecordException if it is not, or if the text is no list of runs
     */
    static List<Run> read(Header header, long samples) throws MalformedRecordException {
        if (header.value() == null) {
            throw malformed(header);
        }
        List<Run> origins = new ArrayList<>();
        long left = samples;
        for (String text : new String(header.value(), StandardCharsets.UTF_8).split(",", -1)) {
            Run run = run(header, text);
            origins.add(run);
            left -= run.sampleCount();
            if (left < 0) {
                break;
            }
        }
        if (left != 0) {
            throw new MalformedRecordException(
                    Reason.MALFORMED_HEADER,
                    "header " + header.key() + " holds " + DecimalHeader.shown(header.value()) + ", which are not the "
                            + samples + " samples of header " + PcmHeaders.SAMPLES);
        }
        return origins;
    }

    private static Run run(Header header, String text) throws MalformedRecordException {
        int colon = text.indexOf(':');
        Outcome outcome = colon < 0 ? null : OutcomeHeader.outcome(text.substring(0, colon));
        if (outcome == null || outcome == Outcome.END) {
            throw malformed(header);
        }
        byte[] count = text.substring(colon + 1).getBytes(StandardCharsets.UTF_8);
        return new Run(outcome, DecimalHeader.read(new RecordHeader(header.key(), count), 1, Long.MAX_VALUE));
    }

    private static MalformedRecordException malformed(Header header) {
        return new MalformedRecordException(
                Reason.MALFORMED_HEADER,
                "header " + header.key() + " holds " + DecimalHeader.shown(header.value())
                        + ": take runs of outcomes with their samples, such as decoded:15680,concealed:320");
    }
}
