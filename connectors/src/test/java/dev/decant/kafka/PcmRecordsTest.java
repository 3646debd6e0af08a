package dev.decant.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.decant.audio.ChannelOrder;
import dev.decant.audio.PcmChunk;
import dev.decant.audio.PcmChunk.Run;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import dev.decant.audio.SampleFormat;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PcmRecordsTest {
    private static final PcmFormat STEREO = new PcmFormat(SampleFormat.S16LE, 16_000, 2);

    private final PcmRecordWriter writer = new PcmRecordWriter("pcm");
    private final PcmChunkRecordWriter chunkWriter = new PcmChunkRecordWriter("pcm");

    @Test
    void writesTheContract() {
        PcmFrame frame = frame(Outcome.DECODED, STEREO, new byte[8], 2, 3, 640);

        ProducerRecord<byte[], byte[]> record = writer.serialize(frame, null, 123L);

        assertThat(record.topic()).isEqualTo("pcm");
        assertThat(record.partition()).isNull();
        assertThat(record.timestamp()).isNull();
        assertThat(record.key()).isEqualTo("Zoë".getBytes(StandardCharsets.UTF_8));
        assertThat(record.value()).isSameAs(frame.pcm());
        assertThat(texts(record.headers()))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "pcm.format", "s16le",
                        "pcm.rate", "16000",
                        "pcm.channels", "2",
                        "pcm.samples", "2",
                        "pcm.segment", "3",
                        "pcm.position", "640",
                        "pcm.outcome", "decoded"));
    }

    @ParameterizedTest
    @CsvSource({"DECODED,decoded", "FEC,fec", "CONCEALED,concealed", "FILLED,filled", "REJECTED,rejected", "END,end"})
    void namesEachOutcome(Outcome outcome, String word) {
        boolean empty = outcome == Outcome.FILLED || outcome == Outcome.END;
        PcmFrame frame = frame(outcome, STEREO, new byte[empty ? 0 : 4], outcome == Outcome.END ? 0 : 1, 0, 0);

        ProducerRecord<byte[], byte[]> record = writer.serialize(frame, null, null);

        assertThat(texts(record.headers())).containsEntry("pcm.outcome", word);
        assertThat(record.value() == null).isEqualTo(outcome == Outcome.END);
        assertThat(PcmRecords.read(received(record))).usingRecursiveComparison().isEqualTo(frame);
    }

    @ParameterizedTest
    @EnumSource(SampleFormat.class)
    void readsWhatIsWrittenInEachFormat(SampleFormat sampleFormat) {
        for (PcmFormat format : List.of(
                new PcmFormat(sampleFormat, 8_000, 1),
                new PcmFormat(sampleFormat, 8_000, 2, ChannelOrder.UNPOSITIONED),
                new PcmFormat(sampleFormat, 48_000, 6, ChannelOrder.SPEAKERS),
                new PcmFormat(sampleFormat, 48_000, 255))) {
            PcmFrame frame = frame(
                    Outcome.FEC, format, new byte[3 * format.bytesPerSample()], 3, Integer.MAX_VALUE, Long.MAX_VALUE);

            assertThat(PcmRecords.read(received(writer.serialize(frame, null, null))))
                    .usingRecursiveComparison()
                    .isEqualTo(frame);
        }
    }

    @Test
    void writesTheFormatOfEachFrameThoughItKeepsTheHeadersOfTheLast() {
        PcmFormat mono = new PcmFormat(SampleFormat.F32LE, 48_000, 1);
        writer.serialize(frame(Outcome.DECODED, STEREO, new byte[4], 1, 0, 0), null, null);

        ProducerRecord<byte[], byte[]> record =
                writer.serialize(frame(Outcome.DECODED, mono, new byte[4], 1, 0, 0), null, null);

        assertThat(texts(record.headers()))
                .containsEntry("pcm.format", "f32le")
                .containsEntry("pcm.rate", "48000")
                .containsEntry("pcm.channels", "1");
    }

    @Test
    void writesNothingForAReset() {
        assertThat(writer.serialize(frame(Outcome.RESET, STEREO, new byte[0], 0, 1, 0), null, null))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pcm.format",
                "pcm.rate",
                "pcm.channels",
                "pcm.samples",
                "pcm.segment",
                "pcm.position",
                "pcm.outcome"
            })
    void refusesARecordWithoutOneOfItsHeaders(String name) {
        ConsumerRecord<byte[], byte[]> record = written(4, 1);
        record.headers().remove(name);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> PcmRecords.read(record))
                .withMessage("record pcm-0@7: header " + name + " is missing");
    }

    @ParameterizedTest
    @CsvSource({
        "pcm.format,s8,no sample format",
        "pcm.rate,44100,Opus cannot be decoded to 44100",
        "pcm.rate,16k,pcm.rate",
        "pcm.channels,0,0 channels",
        "pcm.channels,256,256 channels",
        "pcm.channel-order,vorbis,take speakers or unpositioned",
        "pcm.samples,2,2 samples",
        "pcm.samples,9223372036854775807,9223372036854775807 samples",
        "pcm.samples,-1,pcm.samples",
        "pcm.segment,-1,pcm.segment",
        "pcm.segment,2147483648,pcm.segment",
        "pcm.position,-1,pcm.position",
        "pcm.outcome,DECODED,pcm.outcome",
        "pcm.outcome,reset,pcm.outcome",
        "pcm.outcome,filled,0 samples",
        "pcm.outcome,end,not null",
    })
    void refusesARecordThatBreaksTheContract(String name, String value, String message) {
        ConsumerRecord<byte[], byte[]> record = written(4, 1);
        record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> PcmRecords.read(record))
                .withMessageStartingWith("record pcm-0@7: ")
                .withMessageContaining(message);
    }

    @Test
    void refusesANullValueThatDoesNotEndTheStream() {
        ConsumerRecord<byte[], byte[]> record = received(new ProducerRecord<>(
                "pcm",
                null,
                "s".getBytes(StandardCharsets.UTF_8),
                null,
                written(4, 1).headers()));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> PcmRecords.read(record))
                .withMessageContaining("the value is null");
    }

    @Test
    void writesTheContractOfChunks() {
        PcmChunk chunk = chunk(12, new Run(Outcome.DECODED, 1), new Run(Outcome.CONCEALED, 2));

        ProducerRecord<byte[], byte[]> record = chunkWriter.serialize(chunk, null, 123L);

        assertThat(record.topic()).isEqualTo("pcm");
        assertThat(record.timestamp()).isNull();
        assertThat(record.key()).isEqualTo("Zoë".getBytes(StandardCharsets.UTF_8));
        assertThat(record.value()).isSameAs(chunk.pcm());
        assertThat(texts(record.headers()))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "pcm.format", "s16le",
                        "pcm.rate", "16000",
                        "pcm.channels", "2",
                        "pcm.samples", "3",
                        "pcm.segment", "3",
                        "pcm.position", "640",
                        "pcm.outcome", "mixed",
                        "pcm.origins", "decoded:1,concealed:2"));
        assertThat(PcmRecords.readChunk(received(record)))
                .usingRecursiveComparison()
                .isEqualTo(chunk);
    }

    @ParameterizedTest
    @EnumSource(value = Outcome.class, mode = EnumSource.Mode.EXCLUDE, names = "RESET")
    void chunksOfOneOutcomeAreFramesToo(Outcome outcome) {
        boolean empty = outcome == Outcome.FILLED || outcome == Outcome.END;
        PcmChunk chunk = chunk(empty ? 0 : 8, new Run(outcome, outcome == Outcome.END ? 0 : 2));

        ProducerRecord<byte[], byte[]> record = chunkWriter.serialize(chunk, null, null);

        assertThat(record.value() == null).isEqualTo(outcome == Outcome.END);
        assertThat(texts(record.headers())).containsEntry("pcm.outcome", OutcomeHeader.word(outcome));
        assertThat(texts(record.headers()).containsKey("pcm.origins")).isEqualTo(outcome != Outcome.END);
        assertThat(PcmRecords.readChunk(received(record)))
                .usingRecursiveComparison()
                .isEqualTo(chunk);
        assertThat(PcmChunk.of(PcmRecords.read(received(record))))
                .usingRecursiveComparison()
                .isEqualTo(chunk);
    }

    @Test
    void framesAreReadAsChunksOfOneRun() {
        PcmFrame frame = frame(Outcome.FEC, STEREO, new byte[8], 2, 3, 640);

        PcmChunk chunk = PcmRecords.readChunk(received(writer.serialize(frame, null, null)));

        assertThat(chunk).usingRecursiveComparison().isEqualTo(PcmChunk.of(frame));
    }

    @Test
    void mixedChunksAreNoFrames() {
        ConsumerRecord<byte[], byte[]> record =
                written(chunk(8, new Run(Outcome.DECODED, 1), new Run(Outcome.FILLED, 1)));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> PcmRecords.read(record))
                .withMessage(
                        "record pcm-0@7: header pcm.outcome holds \"mixed\": this is a chunk, and is to be read as one,"
                                + " with its header pcm.origins");
        record.headers().remove("pcm.origins");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PcmRecords.readChunk(record))
                .withMessageContaining("mixed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pcm.origins|decoded:1,concealed:2|not the 2 samples",
                "pcm.origins|decoded:1|not the 2 samples",
                "pcm.origins|decoded:9223372036854775807,concealed:9223372036854775807|not the 2 samples",
                "pcm.origins|decoded:2,|take runs of outcomes",
                "pcm.origins|decoded|take runs of outcomes",
                "pcm.origins|decoded:|take a decimal number",
                "pcm.origins|decoded:0,concealed:2|take a decimal number",
                "pcm.origins|decoded:-1,concealed:3|take a decimal number",
                "pcm.origins|Decoded:1,concealed:1|take runs of outcomes",
                "pcm.origins|reset:1,concealed:1|take runs of outcomes",
                "pcm.origins|end:2|take runs of outcomes",
                "pcm.origins|mixed:2|take runs of outcomes",
                "pcm.origins|decoded:1,decoded:1|two runs of DECODED",
                "pcm.origins|decoded:2|but header pcm.origins says decoded",
                "pcm.outcome|decoded|but header pcm.origins says mixed",
                "pcm.samples|3|not the 3 samples",
                "pcm.channels|1|2 samples of 2 bytes belong there",
            })
    void refusesAChunkThatBreaksTheContract(String name, String value, String message) {
        ConsumerRecord<byte[], byte[]> record =
                written(chunk(8, new Run(Outcome.DECODED, 1), new Run(Outcome.CONCEALED, 1)));
        record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> PcmRecords.readChunk(record))
                .withMessageStartingWith("record pcm-0@7: ")
                .withMessageContaining(message);
    }

    @Test
    void refusesAChunkWithoutAValueOrOrigins() {
        ConsumerRecord<byte[], byte[]> sound = written(chunk(8, new Run(Outcome.DECODED, 2)));
        ConsumerRecord<byte[], byte[]> record =
                received(new ProducerRecord<>("pcm", null, sound.key(), null, sound.headers()));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> PcmRecords.readChunk(record))
                .withMessageContaining("the value is null");
        sound.headers().add("pcm.origins", null);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PcmRecords.readChunk(sound))
                .withMessageContaining("header pcm.origins holds null");
    }

    private ConsumerRecord<byte[], byte[]> written(PcmChunk chunk) {
        return received(chunkWriter.serialize(chunk, null, null));
    }

    private static PcmChunk chunk(int bytes, Run... origins) {
        return new PcmChunk("Zoë", STEREO, new byte[bytes], 3, 640, List.of(origins));
    }

    private ConsumerRecord<byte[], byte[]> written(int bytes, long samples) {
        return received(writer.serialize(frame(Outcome.DECODED, STEREO, new byte[bytes], samples, 0, 0), null, null));
    }

    private static PcmFrame frame(
            Outcome outcome, PcmFormat format, byte[] pcm, long samples, int segment, long position) {
        return new PcmFrame("Zoë", outcome, format, pcm, samples, segment, position, null);
    }

    private static Map<String, String> texts(Headers headers) {
        Map<String, String> texts = new LinkedHashMap<>();
        headers.forEach(header -> {
            String twice = texts.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
            assertThat(twice).isNull();
        });
        return texts;
    }

    private static ConsumerRecord<byte[], byte[]> received(ProducerRecord<byte[], byte[]> sent) {
        return new ConsumerRecord<>(
                sent.topic(),
                0,
                7,
                0,
                TimestampType.CREATE_TIME,
                -1,
                -1,
                sent.key(),
                sent.value(),
                new RecordHeaders(sent.headers()),
                Optional.empty());
    }
}
