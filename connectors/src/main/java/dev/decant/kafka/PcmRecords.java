package dev.decant.kafka;

import static dev.decant.kafka.RequiredHeaders.header;
import static dev.decant.kafka.RequiredHeaders.malformed;
import static dev.decant.kafka.RequiredHeaders.refusal;
import static dev.decant.kafka.RequiredHeaders.text;

import dev.decant.audio.ChannelOrder;
import dev.decant.audio.PcmChunk;
import dev.decant.audio.PcmChunk.Run;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import dev.decant.audio.SampleFormat;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Reads the records of a PCM topic: for consumers in Java. */
public final class PcmRecords {
    private static final byte[] NO_SAMPLES = new byte[0];

    private PcmRecords() {}

    /**
     * The frame in {@code record}: {@link PcmFrame#pcm()} is empty for {@link Outcome#FILLED} (silence of
     * {@link PcmFrame#sampleCount()} samples) and {@link Outcome#END}. A {@link Outcome#REJECTED} frame comes without its
     * dead letter, which is in a topic of its own. For a topic without chunks: of one with {@link PcmHeaders#ORIGINS} only
     * chunks of one outcome are frames.
     *
     * @throws IllegalArgumentException if the record breaks the contract of {@link PcmHeaders}; the message names the
     *     record and what is wrong
     */
    public static PcmFrame read(ConsumerRecord<byte[], byte[]> record) {
        try {
            return frame(record);
        } catch (MalformedRecordException e) {
            throw refusal(record, e);
        }
    }

    /**
     * The chunk in {@code record}. A record without {@link PcmHeaders#ORIGINS}, that of a frame or of the end of a stream,
     * is a chunk of one run: so this reads every PCM topic.
     *
     * @throws IllegalArgumentException if the record breaks the contract of {@link PcmHeaders}; the message names the
     *     record and what is wrong
     */
    public static PcmChunk readChunk(ConsumerRecord<byte[], byte[]> record) {
        try {
            return record.headers().lastHeader(PcmHeaders.ORIGINS) == null ? PcmChunk.of(frame(record)) : chunk(record);
        } catch (MalformedRecordException e) {
            throw refusal(record, e);
        }
    }

    private static PcmFrame frame(ConsumerRecord<byte[], byte[]> record) throws MalformedRecordException {
        Outcome outcome = outcome(record);
        PcmFormat format = format(record);
        long samples = samples(record);
        byte[] pcm = record.value() == null ? NO_SAMPLES : record.value();
        requireValue(record.value(), outcome);
        requireLength(pcm, outcome, format, samples);
        return new PcmFrame(
                StreamIds.read(record.key()), outcome, format, pcm, samples, segment(record), position(record), null);
    }

    private static PcmChunk chunk(ConsumerRecord<byte[], byte[]> record) throws MalformedRecordException {
        List<Run> origins = OriginsHeader.read(header(record, PcmHeaders.ORIGINS), samples(record));
        String outcome = origins.size() > 1
                ? OutcomeHeader.MIXED
                : OutcomeHeader.word(origins.get(0).outcome());
        if (!outcome.equals(text(record, PcmHeaders.OUTCOME))) {
            throw malformed("header " + PcmHeaders.OUTCOME + " holds "
                    + DecimalHeader.shown(header(record, PcmHeaders.OUTCOME).value()) + ", but header "
                    + PcmHeaders.ORIGINS + " says " + outcome);
        }
        if (record.value() == null) {
            throw malformed("the value is null, but header " + PcmHeaders.OUTCOME + " is not \"end\"");
        }
        String streamId = StreamIds.read(record.key());
        PcmFormat format = format(record);
        int segment = segment(record);
        long position = position(record);
        try {
            return new PcmChunk(streamId, format, record.value(), segment, position, origins);
        } catch (IllegalArgumentException e) {
            throw malformed(e.getMessage());
        }
    }

    private static long samples(ConsumerRecord<byte[], byte[]> record) throws MalformedRecordException {
        return number(record, PcmHeaders.SAMPLES, Long.MAX_VALUE);
    }

    private static int segment(ConsumerRecord<byte[], byte[]> record) throws MalformedRecordException {
        return (int) number(record, PcmHeaders.SEGMENT, Integer.MAX_VALUE);
    }

    private static long position(ConsumerRecord<byte[], byte[]> record) throws MalformedRecordException {
        return number(record, PcmHeaders.POSITION, Long.MAX_VALUE);
    }

    private static PcmFormat format(ConsumerRecord<byte[], byte[]> record) throws MalformedRecordException {
        int rate = (int) number(record, PcmHeaders.RATE, Integer.MAX_VALUE);
        int channels = (int) number(record, PcmHeaders.CHANNELS, Integer.MAX_VALUE);
        try {
            SampleFormat sampleFormat = SampleFormat.of(text(record, PcmHeaders.FORMAT));
            Header order = record.headers().lastHeader(PcmHeaders.CHANNEL_ORDER);
            return new PcmFormat(
                    sampleFormat, rate, channels, order == null ? ChannelOrder.usual(channels) : channelOrder(order));
        } catch (IllegalArgumentException e) {
            throw malformed(e.getMessage());
        }
    }

    private static ChannelOrder channelOrder(Header header) throws MalformedRecordException {
        try {
            return ChannelOrder.of(header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException unknown) {
            throw malformed("header " + PcmHeaders.CHANNEL_ORDER + " holds " + DecimalHeader.shown(header.value())
                    + ": take speakers or unpositioned");
        }
    }

    private static Outcome outcome(ConsumerRecord<byte[], byte[]> record) throws MalformedRecordException {
        String word = text(record, PcmHeaders.OUTCOME);
        Outcome outcome = OutcomeHeader.outcome(word);
        if (outcome == null && word.equals(OutcomeHeader.MIXED)) {
            throw malformed("header " + PcmHeaders.OUTCOME + " holds \"" + word
                    + "\": this is a chunk, and is to be read as one, with its header " + PcmHeaders.ORIGINS);
        }
        if (outcome == null) {
            throw malformed("header " + PcmHeaders.OUTCOME + " holds "
                    + DecimalHeader.shown(header(record, PcmHeaders.OUTCOME).value())
                    + ": take one of " + OutcomeHeader.words());
        }
        return outcome;
    }

    private static void requireValue(byte[] value, Outcome outcome) throws MalformedRecordException {
        if ((value == null) != (outcome == Outcome.END)) {
            throw malformed(
                    value == null
                            ? "the value is null, but header " + PcmHeaders.OUTCOME + " is not \"end\""
                            : "header " + PcmHeaders.OUTCOME + " is \"end\", but the value is not null");
        }
    }

    private static void requireLength(byte[] pcm, Outcome outcome, PcmFormat format, long samples)
            throws MalformedRecordException {
        boolean withoutSamples = outcome == Outcome.FILLED || outcome == Outcome.END;
        long expected = withoutSamples ? 0 : samples;
        // Divided, not multiplied: the header may hold a number that overflows.
        if (pcm.length % format.bytesPerSample() != 0 || pcm.length / format.bytesPerSample() != expected) {
            throw malformed("the value has " + pcm.length + " bytes, but " + expected + " samples of "
                    + format.bytesPerSample() + " bytes belong there");
        }
    }

    private static long number(ConsumerRecord<byte[], byte[]> record, String name, long max)
            throws MalformedRecordException {
        return DecimalHeader.read(header(record, name), 0, max);
    }
}
