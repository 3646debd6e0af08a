package dev.decant.file;

import dev.decant.audio.OpusHead;
import dev.decant.audio.PcmFormat;
import dev.decant.container.RecordingEnd;
import dev.decant.container.RecordingProblem;
import dev.decant.container.RecordingProblem.Kind;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonProcessingException;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

/** What a {@link Report} says of one recording. */
final class ReportLine {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final int MAX_SHOWN_CHARS = 200;

    private final ObjectNode json;

    private ReportLine(ObjectNode json) {
        this.json = json;
    }

    /** What became of a recording. */
    static ReportLine of(FinishedFile file, Account.Outcome outcome) {
        RecordingEnd end = file.end();
        SampleTally tally = file.tally();
        Optional<RecordingProblem> error = error(file, outcome);
        ObjectNode line = JSON.createObjectNode();
        line.put("path", end.name());
        line.put("status", status(end, outcome, error).label());
        line.put("container", end.container() == null ? null : end.container().label());
        line.set("header", end.head() == null ? JSON.nullNode() : header(end.head()));
        line.put("bytes", end.bytes());
        line.put("links", end.links());
        line.put("packets", end.packets());
        line.put("malformed_packets", end.malformedPackets());
        line.put("rejected_packets", tally.rejectedPackets());
        PcmFormat format = outcome.output() == null ? null : file.format();
        line.put("format", format == null ? null : format.sampleFormat().label());
        line.put("rate", format == null ? null : format.rate());
        line.put("channels", format == null ? null : format.channels());
        line.put("samples", format == null ? 0 : file.samples());
        line.put("seconds", format == null ? 0 : format.seconds(file.samples()));
        line.put("concealed_seconds", format == null ? 0 : format.seconds(tally.concealed()));
        line.put("recovered_seconds", format == null ? 0 : format.seconds(tally.recovered()));
        line.put("filled_seconds", format == null ? 0 : format.seconds(tally.filled()));
        line.put("error", error.map(RecordingProblem::message).orElse(null));
        line.put("error_offset", error.map(RecordingProblem::offset).orElse(null));
        ArrayNode problems = line.putArray("problems");
        end.problems().forEach(problem -> problems.add(problem.toString()));
        line.put("output", outcome.output());
        line.put("sha256", outcome.sha256() == null ? null : HexFormat.of().formatHex(outcome.sha256()));
        return new ReportLine(line);
    }

    /**
     * Reads a line.
     *
     * @throws IOException if it is none
     */
    static ReportLine parse(String text) throws IOException {
        try {
            if (JSON.readTree(text) instanceof ObjectNode line
                    && line.path("path").isTextual()
                    && RecordingStatus.isLabel(line.path("status").asText())) {
                return new ReportLine(line);
            }
        } catch (JsonProcessingException e) {
            throw new IOException("no line of a report: " + start(text), e);
        }
        throw new IOException("no line of a report: " + start(text));
    }

    private static String start(String text) {
        return text.length() <= MAX_SHOWN_CHARS ? text : text.substring(0, MAX_SHOWN_CHARS) + "…";
    }

    /** The recording, by its path below the input folder. */
    String path() {
        return json.path("path").asText();
    }

    RecordingStatus status() {
        return RecordingStatus.of(json.path("status").asText());
    }

    double seconds() {
        return json.path("seconds").asDouble();
    }

    /** What was wrong with it first; empty if nothing was. */
    Optional<String> error() {
        JsonNode error = json.path("error");
        return error.isTextual() ? Optional.of(error.asText()) : Optional.empty();
    }

    /** Where what became of it stands; empty if there is nothing. */
    Optional<String> output() {
        JsonNode output = json.path("output");
        return output.isTextual() ? Optional.of(output.asText()) : Optional.empty();
    }

    /** Where that was, in bytes. */
    long errorOffset() {
        return json.path("error_offset").asLong();
    }

    String toJson() {
        return json.toString();
    }

    private static RecordingStatus status(RecordingEnd end, Account.Outcome outcome, Optional<RecordingProblem> error) {
        if (end.failure() != null && end.failure().kind() == Kind.UNREADABLE) {
            return RecordingStatus.UNREADABLE;
        }
        if (outcome.output() == null) {
            return RecordingStatus.FAILED;
        }
        return error.isPresent() ? RecordingStatus.DAMAGED : RecordingStatus.OK;
    }

    /** The first thing that was lost or refused; what stopped it goes before all. */
    private static Optional<RecordingProblem> error(FinishedFile file, Account.Outcome outcome) {
        RecordingEnd end = file.end();
        if (end.failure() != null) {
            return Optional.of(end.failure());
        }
        if (outcome.refusal() != null) {
            return Optional.of(new RecordingProblem(0, Kind.DAMAGE, outcome.refusal()));
        }
        Optional<RecordingProblem> damage = end.problems().stream()
                .filter(problem -> problem.kind() == Kind.DAMAGE)
                .findFirst();
        if (damage.isPresent() || file.tally().rejectedPackets() == 0) {
            return damage;
        }
        return Optional.of(new RecordingProblem(
                file.tally().rejectedAt(), Kind.DAMAGE, file.tally().rejection()));
    }

    private static ObjectNode header(OpusHead head) {
        ObjectNode header = JSON.createObjectNode();
        header.put("channels", head.channels());
        header.put("mapping_family", head.mappingFamily());
        header.put("streams", head.streamCount());
        header.put("coupled_streams", head.coupledCount());
        header.put("pre_skip", head.preSkip());
        header.put("input_rate", head.inputSampleRate());
        header.put("output_gain_db", head.outputGain() / 256.0);
        return header;
    }
}
