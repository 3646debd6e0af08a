package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import dev.decant.audio.SampleFormat;
import dev.decant.kafka.DeadLetterHeaders;
import dev.decant.kafka.KafkaTopics;
import dev.decant.kafka.PacketProducer;
import dev.decant.kafka.PcmRecords;
import dev.decant.local.KafkaBroker;
import dev.decant.opus.ReferenceDecoder;
import dev.decant.opus.TestStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Producer, real broker, the job, and back: every sample compared with a direct decode. */
class KafkaToKafkaITCase {
    private static final PacketOrigin NOWHERE = new PacketOrigin("", 0, 0, PacketOrigin.NO_TIME);
    private static final int PARTITIONS = 3;

    private static KafkaBroker broker;

    @TempDir
    private Path folder;

    private String packets;
    private String pcm;
    private String deadLetters;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = KafkaBroker.start();
    }

    @AfterAll
    static void stopBroker() {
        if (broker != null) {
            broker.close();
        }
    }

    @BeforeEach
    void createTopics(TestInfo test) {
        String name = test.getTestMethod().orElseThrow().getName();
        packets = name + "-packets";
        pcm = name + "-pcm";
        deadLetters = name + "-dead-letters";
        try (KafkaTopics topics = KafkaTopics.connect(broker.bootstrapServers(), Map.of())) {
            topics.create(packets, PARTITIONS);
            topics.create(pcm, PARTITIONS);
            topics.create(deadLetters, 1);
        }
    }

    @Test
    void streamsOfEveryKindComeOutAsADirectDecodeGivesThem() throws Exception {
        List<TestStream> streams = TestStream.ofEveryKind();
        produceInterleaved(streams);

        decode("--rate", "48000");

        assertSamePcm(streams, new PcmFormat(SampleFormat.S16LE, 48_000, 2));
    }

    @Test
    void atSixteenKilohertzMonoAndAtLeastOnce() throws Exception {
        List<TestStream> streams = TestStream.ofEveryKind();
        produceInterleaved(streams);

        decode("--rate", "16000", "--channels", "1", "--delivery", "at-least-once");

        assertSamePcm(streams, new PcmFormat(SampleFormat.S16LE, 16_000, 1));
    }

    @Test
    void inFloatAndTwentyFourBits() throws Exception {
        List<TestStream> streams = TestStream.ofEveryKind();
        produceInterleaved(streams);

        decode("--sample-format", "s24le", "--rate", "24000");

        assertSamePcm(streams, new PcmFormat(SampleFormat.S24LE, 24_000, 2));
    }

    @Test
    void headersSettleChannelsGainPreSkipAndTrims() throws Exception {
        TestStream stream = TestStream.ofEveryKind().stream()
                .filter(one -> one.channels() == 1)
                .findFirst()
                .orElseThrow();
        OpusHead head = OpusHead.of(1, 400, -1_536);
        int last = stream.packets().size() - 1;
        try (PacketProducer producer = new PacketProducer(broker.bootstrapServers(), packets, Map.of())) {
            for (int i = 0; i <= last; i++) {
                producer.send(new OpusPacket(
                        "alice",
                        stream.packets().get(i),
                        i,
                        (long) i * stream.ticks(),
                        head,
                        0,
                        0,
                        i == last ? 100 : 0,
                        OpusPacket.ABSENT,
                        NOWHERE));
            }
            producer.end("alice");
        }

        decode("--rate", "16000");

        PcmFormat format = new PcmFormat(SampleFormat.S16LE, 16_000, 1);
        byte[] all = ReferenceDecoder.decode(format, -1_536, stream.packets());
        int from = (int) format.samples(400) * format.bytesPerSample();
        int to = (int) format.samples((long) stream.ticks() * stream.packets().size() - 100) * format.bytesPerSample();
        assertThat(pcmOf(readPcm(), format).get("alice")).isEqualTo(Arrays.copyOfRange(all, from, to));
    }

    @Test
    void badRecordsBecomeDeadLettersAndTheStreamGoesOn() throws Exception {
        List<byte[]> good = TestStream.ofEveryKind().get(0).packets();
        byte[] malformed = {0x0B, 0};
        Map<String, Object> properties = Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
        byte[] alice = "alice".getBytes(StandardCharsets.UTF_8);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(packets, 0, alice, good.get(0)));
            producer.send(new ProducerRecord<>(packets, 0, alice, malformed));
            producer.send(new ProducerRecord<>(packets, 0, new byte[] {(byte) 0xFF}, good.get(0)));
            producer.send(new ProducerRecord<>(packets, 0, null, good.get(0)));
            var badHeader = new ProducerRecord<>(packets, 0, alice, good.get(1));
            badHeader.headers().add("opus.seq", "one".getBytes(StandardCharsets.UTF_8));
            producer.send(badHeader);
            producer.send(new ProducerRecord<>(packets, 0, alice, good.get(2)));
            producer.send(new ProducerRecord<>(packets, 0, alice, null));
        }

        decode();

        List<PcmFrame> frames = readPcm().stream().map(PcmRecords::read).toList();
        assertThat(frames)
                .extracting(PcmFrame::outcome)
                .containsExactly(Outcome.DECODED, Outcome.CONCEALED, Outcome.DECODED, Outcome.END);
        assertThat(CommittedRecords.read(broker.bootstrapServers(), deadLetters))
                .extracting(
                        letter -> header(letter, DeadLetterHeaders.REASON),
                        letter -> header(letter, DeadLetterHeaders.TOPIC),
                        letter -> header(letter, DeadLetterHeaders.OFFSET))
                .containsExactlyInAnyOrder(
                        tuple("MALFORMED_PACKET", packets, "1"),
                        tuple("MALFORMED_KEY", packets, "2"),
                        tuple("MALFORMED_KEY", packets, "3"),
                        tuple("MALFORMED_HEADER", packets, "4"));
    }

    private void produceInterleaved(List<TestStream> streams) {
        int longest = streams.stream()
                .mapToInt(stream -> stream.packets().size())
                .max()
                .orElseThrow();
        try (PacketProducer producer = new PacketProducer(broker.bootstrapServers(), packets, Map.of())) {
            for (int i = 0; i < longest; i++) {
                for (TestStream stream : streams) {
                    if (i < stream.packets().size()) {
                        producer.send(stream.name(), stream.packets().get(i));
                    }
                }
            }
            streams.forEach(stream -> producer.end(stream.name()));
        }
    }

    /** Runs {@code decant stream} over all that is there. */
    private void decode(String... arguments) {
        List<String> all = new ArrayList<>(List.of(
                "stream",
                "--brokers",
                broker.bootstrapServers(),
                "--topic",
                packets,
                "--pcm-topic",
                pcm,
                "--dead-letter-topic",
                deadLetters,
                "--end",
                "latest",
                "--checkpoints",
                folder.toUri().toString(),
                "-D",
                "execution.checkpointing.interval=500ms",
                "-D",
                "pcm.transactional-id-prefix=" + pcm));
        all.addAll(List.of(arguments));
        StringWriter err = new StringWriter();
        int exitCode = Decant.run(
                all.toArray(String[]::new), new PrintWriter(new StringWriter(), true), new PrintWriter(err, true));
        assertThat(exitCode).as(err.toString()).isZero();
    }

    private void assertSamePcm(List<TestStream> streams, PcmFormat format) {
        Map<String, byte[]> decoded = pcmOf(readPcm(), format);
        assertThat(decoded).hasSameSizeAs(streams);
        for (TestStream stream : streams) {
            assertThat(decoded.get(stream.name()))
                    .as(stream.name())
                    .isEqualTo(ReferenceDecoder.decode(format, 0, stream.packets()));
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> readPcm() {
        return CommittedRecords.read(broker.bootstrapServers(), pcm);
    }

    /** The samples of each stream; every frame must begin where the one before it ended. */
    private static Map<String, byte[]> pcmOf(List<ConsumerRecord<byte[], byte[]>> records, PcmFormat format) {
        Map<String, ByteArrayOutputStream> streams = new LinkedHashMap<>();
        Map<String, Long> positions = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            PcmFrame frame = PcmRecords.read(record);
            assertThat(frame.format()).isEqualTo(format);
            if (frame.outcome() == Outcome.END) {
                continue;
            }
            assertThat(frame.position())
                    .as("position of a frame of " + frame.streamId())
                    .isEqualTo(positions.getOrDefault(frame.streamId(), 0L));
            positions.put(frame.streamId(), frame.position() + frame.sampleCount());
            streams.computeIfAbsent(frame.streamId(), id -> new ByteArrayOutputStream())
                    .writeBytes(frame.pcm());
        }
        Map<String, byte[]> pcm = new LinkedHashMap<>();
        streams.forEach((streamId, bytes) -> pcm.put(streamId, bytes.toByteArray()));
        return pcm;
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
