package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.kafka.DeadLetterHeaders;
import dev.decant.opus.ReferenceDecoder;
import dev.decant.opus.TestStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What somebody may put into a topic who wishes us ill: the streams beside it are decoded, and nothing else happens. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class HostileRecordsITCase {
    private static final PcmFormat FORMAT = new PcmFormat(SampleFormat.S16LE, 48_000, 2);
    private static final byte[] MALFORMED_PACKET = {0x0B, 0};

    private static final List<String> STREAM_IDS = List.of(
            "../../outside",
            "/tmp/outside",
            "..",
            ".decant",
            "_manifest",
            "CON",
            "a\u0000b",
            "\u001b[2J\u001b]0;owned\u0007",
            "one\n{\"stream\":\"two\"}",
            "\u202egnp.exe",
            "${jndi:ldap://127.0.0.1/x}",
            "%2e%2e%2foutside",
            "x".repeat(512),
            "€".repeat(170));

    @RegisterExtension
    static final BrokerExtension kafka = new BrokerExtension();

    @TempDir
    private Path folder;

    @Test
    void streamIdsStayWithinTheFolderAndHeadersWithinTheirRecord() throws Exception {
        JobTopics topics = kafka.topics();
        List<byte[]> packets = TestStream.ofEveryKind().get(0).packets().subList(0, 5);
        try (KafkaProducer<byte[], byte[]> producer = topics.plainProducer()) {
            for (String streamId : STREAM_IDS) {
                packets.forEach(packet -> producer.send(loaded(topics.packets(), streamId, packet)));
                producer.send(new ProducerRecord<>(topics.packets(), bytes(streamId), null));
            }
            producer.send(loaded(topics.packets(), "mallory", MALFORMED_PACKET));
        }
        WavFolder wavs = new WavFolder(folder.resolve("in").resolve("wav"));

        topics.decode(
                folder.resolve("checkpoints"),
                "--topic",
                topics.packets(),
                "--out",
                wavs.path().toString());

        Map<String, byte[]> decoded = wavs.read(FORMAT);
        assertThat(decoded)
                .containsOnlyKeys(
                        Stream.concat(STREAM_IDS.stream(), Stream.of("mallory")).toList());
        byte[] expected = ReferenceDecoder.decode(FORMAT, 0, packets);
        STREAM_IDS.forEach(streamId -> StreamPcm.assertSame(streamId, decoded.get(streamId), expected));
        try (Stream<Path> beside = Files.list(folder);
                Stream<Path> around = Files.list(folder.resolve("in"))) {
            assertThat(beside.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("checkpoints", "in");
            assertThat(around).containsExactly(wavs.path());
        }
        List<ConsumerRecord<byte[], byte[]>> letters = topics.readDeadLetters();
        assertThat(letters).hasSize(1);
        assertThat(header(letters.get(0), DeadLetterHeaders.TOPIC)).isEqualTo(topics.packets());
        assertThat(header(letters.get(0), DeadLetterHeaders.REASON)).isEqualTo("MALFORMED_PACKET");
    }

    /** A record with as many headers as fit, and with those that Decant alone should write. */
    private static ProducerRecord<byte[], byte[]> loaded(String topic, String streamId, byte[] packet) {
        var record = new ProducerRecord<>(topic, bytes(streamId), packet);
        record.headers()
                .add(DeadLetterHeaders.TOPIC, bytes("__consumer_offsets"))
                .add(DeadLetterHeaders.REASON, bytes("\u001b[2J"))
                .add(DeadLetterHeaders.RECORD_TIME, bytes("-1"))
                .add(DeadLetterHeaders.REPLAYS, bytes("many"))
                .add("rtp.ssrc", bytes("4294967296"))
                .add("large", new byte[200_000]);
        for (int i = 0; i < 5_000; i++) {
            record.headers().add("h\n" + i, bytes("v"));
        }
        return record;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
