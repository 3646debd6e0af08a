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
import dev.decant.kafka.PacketProducer;
import dev.decant.local.KafkaBroker;
import dev.decant.opus.ReferenceDecoder;
import dev.decant.opus.TestStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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

    private static KafkaBroker broker;

    @TempDir
    private Path folder;

    private JobTopics topics;

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
        topics = JobTopics.create(broker, test);
    }

    @Test
    void streamsOfEveryKindComeOutAsADirectDecodeGivesThem() throws Exception {
        List<TestStream> streams = TestStream.ofEveryKind();
        topics.produceInterleaved(streams);

        decode("--rate", "48000");

        assertSamePcm(streams, new PcmFormat(SampleFormat.S16LE, 48_000, 2));
    }

    @Test
    void atSixteenKilohertzMonoAndAtLeastOnce() throws Exception {
        List<TestStream> streams = TestStream.ofEveryKind();
        topics.produceInterleaved(streams);

        decode("--rate", "16000", "--channels", "1", "--delivery", "at-least-once");

        assertSamePcm(streams, new PcmFormat(SampleFormat.S16LE, 16_000, 1));
    }

    @Test
    void inFloatAndTwentyFourBits() throws Exception {
        List<TestStream> streams = TestStream.ofEveryKind();
        topics.produceInterleaved(streams);

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
        try (PacketProducer producer = topics.producer()) {
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
        assertThat(StreamPcm.of(topics.readPcm(), format).get("alice")).isEqualTo(Arrays.copyOfRange(all, from, to));
    }

    @Test
    void badRecordsBecomeDeadLettersAndTheStreamGoesOn() throws Exception {
        List<byte[]> good = TestStream.ofEveryKind().get(0).packets();
        byte[] malformed = {0x0B, 0};
        Map<String, Object> properties = Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
        byte[] alice = "alice".getBytes(StandardCharsets.UTF_8);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topics.packets(), 0, alice, good.get(0)));
            producer.send(new ProducerRecord<>(topics.packets(), 0, alice, malformed));
            producer.send(new ProducerRecord<>(topics.packets(), 0, new byte[] {(byte) 0xFF}, good.get(0)));
            producer.send(new ProducerRecord<>(topics.packets(), 0, null, good.get(0)));
            var badHeader = new ProducerRecord<>(topics.packets(), 0, alice, good.get(1));
            badHeader.headers().add("opus.seq", "one".getBytes(StandardCharsets.UTF_8));
            producer.send(badHeader);
            producer.send(new ProducerRecord<>(topics.packets(), 0, alice, good.get(2)));
            producer.send(new ProducerRecord<>(topics.packets(), 0, alice, null));
        }

        decode();

        assertThat(topics.readPcm())
                .extracting(PcmFrame::outcome)
                .containsExactly(Outcome.DECODED, Outcome.CONCEALED, Outcome.DECODED, Outcome.END);
        assertThat(topics.readDeadLetters())
                .extracting(
                        letter -> header(letter, DeadLetterHeaders.REASON),
                        letter -> header(letter, DeadLetterHeaders.TOPIC),
                        letter -> header(letter, DeadLetterHeaders.OFFSET))
                .containsExactlyInAnyOrder(
                        tuple("MALFORMED_PACKET", topics.packets(), "1"),
                        tuple("MALFORMED_KEY", topics.packets(), "2"),
                        tuple("MALFORMED_KEY", topics.packets(), "3"),
                        tuple("MALFORMED_HEADER", topics.packets(), "4"));
    }

    /** Runs {@code decant stream} over all that is there. */
    private void decode(String... arguments) {
        List<String> all = new ArrayList<>(List.of(
                "--topic",
                topics.packets(),
                "--end",
                "latest",
                "--checkpoints",
                folder.toUri().toString(),
                "-D",
                "execution.checkpointing.interval=500ms"));
        all.addAll(List.of(arguments));
        DecantCall call = DecantCall.of(topics.streamArguments(all.toArray(String[]::new)));
        assertThat(call.exitCode()).as(call.err()).isZero();
    }

    private void assertSamePcm(List<TestStream> streams, PcmFormat format) {
        StreamPcm.assertDecoded(StreamPcm.of(topics.readPcm(), format), streams, format);
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
