package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import dev.decant.audio.PcmChunk;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import dev.decant.audio.SampleFormat;
import dev.decant.kafka.DeadLetterHeaders;
import dev.decant.kafka.KafkaTopics;
import dev.decant.kafka.PacketProducer;
import dev.decant.opus.ReferenceDecoder;
import dev.decant.opus.TestStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Producer, real broker, the job, and back: every sample compared with a direct decode. */
class KafkaToKafkaITCase {
    private static final PacketOrigin NOWHERE = new PacketOrigin("", 0, 0, PacketOrigin.NO_TIME);

    @RegisterExtension
    static final BrokerExtension kafka = new BrokerExtension();

    @TempDir
    private Path folder;

    private JobTopics topics;

    @BeforeEach
    void takeTopics() {
        topics = kafka.topics();
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
    void inChunksOfASecond() throws Exception {
        List<TestStream> streams = TestStream.ofEveryKind();
        topics.produceInterleaved(streams);
        TestStream unended = TestStream.withForwardErrorCorrection(1).named("never ended");
        try (PacketProducer producer = topics.producer()) {
            unended.packets().forEach(packet -> producer.send(unended.name(), packet));
        }

        decode("--rate", "16000", "--channels", "1", "--chunk", "1s");

        List<TestStream> all = new ArrayList<>(streams);
        all.add(unended);
        PcmFormat format = new PcmFormat(SampleFormat.S16LE, 16_000, 1);
        List<PcmChunk> chunks = topics.readChunks();
        StreamPcm.assertDecoded(StreamPcm.ofChunks(chunks, format), all, format);
        StreamPcm.assertWhole(chunks, 16_000);
    }

    @Test
    void chunksThatTheTopicCannotHoldAreRefused() throws Exception {
        setMaxMessageBytes(topics.pcm(), 30_000);

        DecantCall call = DecantCall.of(topics.streamArguments(
                "--topic", topics.packets(), "--delivery", "at-least-once", "--rate", "16000", "--chunk", "1s"));

        assertThat(call.err())
                .contains("pcm.chunk is 1.0 s: as s16le at 16000 Hz with 2 channels that takes up to 85296 bytes, and a"
                        + " record of the PCM topic is 30000 bytes long at most");
        assertThat(call.exitCode()).isEqualTo(2);
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
        byte[] alice = "alice".getBytes(StandardCharsets.UTF_8);
        try (KafkaProducer<byte[], byte[]> producer = topics.plainProducer()) {
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

    @Test
    void deadLettersThatTheirTopicCannotHoldAreCut() throws Exception {
        int limit = 16_384;
        setMaxMessageBytes(topics.deadLetters(), limit);
        byte[] alice = "alice".getBytes(StandardCharsets.UTF_8);
        byte[] tooLong = noise(200_000, 1);
        byte[] longKey = noise(100_000, 2);
        byte[] good = TestStream.ofEveryKind().get(0).packets().get(0);
        try (KafkaProducer<byte[], byte[]> producer = topics.plainProducer()) {
            producer.send(new ProducerRecord<>(topics.packets(), 0, alice, tooLong));
            producer.send(new ProducerRecord<>(topics.packets(), 0, longKey, good));
            producer.send(new ProducerRecord<>(topics.packets(), 0, alice, good));
        }

        decode();

        assertThat(topics.readPcm()).extracting(PcmFrame::outcome).containsExactly(Outcome.CONCEALED, Outcome.DECODED);
        Map<String, ConsumerRecord<byte[], byte[]>> letters = topics.readDeadLetters().stream()
                .collect(Collectors.toMap(letter -> header(letter, DeadLetterHeaders.REASON), letter -> letter));
        assertThat(letters).containsOnlyKeys("PACKET_TOO_LARGE", "MALFORMED_KEY");

        ConsumerRecord<byte[], byte[]> cutValue = letters.get("PACKET_TOO_LARGE");
        assertThat(cutValue.key()).isEqualTo(alice);
        assertThat(cutValue.value()).hasSizeBetween(limit - 2_000, limit).isEqualTo(startOf(tooLong, cutValue.value()));
        assertThat(header(cutValue, DeadLetterHeaders.VALUE_BYTES)).isEqualTo("200000");

        ConsumerRecord<byte[], byte[]> cutKey = letters.get("MALFORMED_KEY");
        assertThat(cutKey.key()).hasSizeBetween(limit - 2_000, limit).isEqualTo(startOf(longKey, cutKey.key()));
        assertThat(header(cutKey, DeadLetterHeaders.KEY_BYTES)).isEqualTo("100000");
    }

    @Test
    void aSecondRunGoesOnWhereTheFirstEnded() throws Exception {
        List<TestStream> streams = TestStream.ofEveryKind().subList(0, 8);

        topics.produceInterleaved(streams.subList(0, 4));
        decode("--start", "committed");
        topics.produceInterleaved(streams.subList(4, 8));
        decode("--start", "committed");

        assertSamePcm(streams, new PcmFormat(SampleFormat.S16LE, 48_000, 2));
    }

    @Test
    void allTopicsThatAPatternMatchesAreRead() throws Exception {
        List<TestStream> streams = TestStream.ofEveryKind().subList(0, 8);
        String otherPackets = topics.packets() + "-2";
        try (KafkaTopics more = KafkaTopics.connect(kafka.bootstrapServers(), Map.of())) {
            more.create(otherPackets, 1);
        }
        JobTopics others = new JobTopics(topics.brokers(), otherPackets, topics.pcm(), topics.deadLetters());
        topics.produceInterleaved(streams.subList(0, 4));
        others.produceInterleaved(streams.subList(4, 8));

        topics.decode(folder, "--topic-pattern", topics.packets() + "(-\\d+)?");

        assertSamePcm(streams, new PcmFormat(SampleFormat.S16LE, 48_000, 2));
    }

    /** Runs {@code decant stream} over all that is in the packet topic. */
    private void decode(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--topic", topics.packets()));
        all.addAll(List.of(arguments));
        topics.decode(folder, all.toArray(String[]::new));
    }

    private void assertSamePcm(List<TestStream> streams, PcmFormat format) {
        StreamPcm.assertDecoded(StreamPcm.of(topics.readPcm(), format), streams, format);
    }

    private void setMaxMessageBytes(String topic, int bytes) throws Exception {
        ConfigEntry entry = new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(bytes));
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()))) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, topic),
                            List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    private static byte[] noise(int length, long seed) {
        byte[] noise = new byte[length];
        new Random(seed).nextBytes(noise);
        return noise;
    }

    private static byte[] startOf(byte[] whole, byte[] part) {
        return Arrays.copyOf(whole, part.length);
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
