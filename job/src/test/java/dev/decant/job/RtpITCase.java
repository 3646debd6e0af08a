package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import dev.decant.audio.SampleFormat;
import dev.decant.kafka.PacketProducer;
import dev.decant.opus.ReferenceDecoder;
import dev.decant.opus.TestEncoder.Bandwidth;
import dev.decant.opus.TestEncoder.Mode;
import dev.decant.opus.TestStream;
import dev.decant.rtp.ConferenceRecording;
import dev.decant.rtp.ConferenceRecording.Packet;
import dev.decant.rtp.RtpWriter;
import dev.decant.rtp.RtpWriter.Copy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** RTP packets through a real broker and the job: every sample compared with a direct decode of the packets. */
class RtpITCase {
    private static final PcmFormat FORMAT = new PcmFormat(SampleFormat.S16LE, 48_000, 2);

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
    void redundantCopiesTakeThePlaceOfLostPacketsAndOtherPayloadsNone() throws Exception {
        List<byte[]> packets =
                TestStream.of(Mode.CELT, Bandwidth.FULL, 2, 960, 64_000).packets();
        RtpWriter opus = new RtpWriter(7, 111).extension(new byte[4]).padding(3);
        RtpWriter telephoneEvents = new RtpWriter(7, 126);
        byte[] rtcp = {(byte) 0x80, (byte) 201, 0, 1, 0, 0, 0, 7};
        // Both wrap on the way.
        long number = 65_530;
        long timestamp = 0x1_0000_0000L - 10 * 960;
        List<byte[]> records = new ArrayList<>();
        for (int i = 0; i < packets.size(); i++) {
            if (i % 3 != 1) {
                records.add(opus.red(number, timestamp, packets.get(i), copies(packets, i)));
            }
            number++;
            timestamp += 960;
            if (i % 21 == 20) {
                records.add(rtcp);
                records.add(telephoneEvents.packet(number++, timestamp, new byte[] {1, 10, 0, 0}));
            }
        }
        send("alice", records);

        topics.decode(folder, "--topic", topics.packets(), "--packet-format", "rtp");

        List<PcmFrame> frames = topics.readPcm();
        assertThat(frames).extracting(PcmFrame::outcome).containsOnly(Outcome.DECODED);
        StreamPcm.assertSame(
                "alice", StreamPcm.of(frames, FORMAT).get("alice"), ReferenceDecoder.decode(FORMAT, 0, packets));
        assertThat(topics.readDeadLetters()).isEmpty();
    }

    @Test
    void everySpeakerOfAConferenceComesOutAsOneGaplessTimeline() throws Exception {
        String data = System.getenv("DECANT_TEST_DATA");
        assumeTrue(data != null, "DECANT_TEST_DATA is not set: no conference to decode");
        List<Packet> conference = ConferenceRecording.read(Path.of(data, "rtp", "jitsi_sample.json"));
        Map<String, List<byte[]>> payloads = new LinkedHashMap<>();
        for (Packet packet : conference) {
            payloads.computeIfAbsent("meeting.ssrc-" + packet.ssrc(), speaker -> new ArrayList<>())
                    .add(packet.payload());
        }
        send("meeting", conference.stream().map(Packet::rtp).toList());
        try (PacketProducer producer = topics.producer()) {
            conference.stream().map(Packet::ssrc).distinct().forEach(ssrc -> producer.end("meeting", ssrc));
        }

        topics.decode(folder, "--topic", topics.packets(), "--packet-format", "rtp", "-D", "rtp.several-ssrcs=split");

        List<PcmFrame> frames = topics.readPcm();
        assertThat(frames).extracting(PcmFrame::segment).containsOnly(0);
        Map<String, byte[]> pcm = StreamPcm.of(frames, FORMAT);
        assertThat(pcm.keySet()).isEqualTo(payloads.keySet());
        payloads.forEach((speaker, packets) -> {
            StreamPcm.assertSame(speaker, pcm.get(speaker), ReferenceDecoder.decode(FORMAT, 0, packets));
            System.out.printf(
                    "%s: %d packets, %.2f s, one segment%n",
                    speaker, packets.size(), pcm.get(speaker).length / FORMAT.bytesPerSample() / 48_000.0);
        });
        assertThat(topics.readDeadLetters()).isEmpty();
    }

    /** The two packets before packet {@code i}, or as many as there are; one after a telephone event repeats none. */
    private static Copy[] copies(List<byte[]> packets, int i) {
        List<Copy> copies = new ArrayList<>();
        for (int before = Math.min(2, i % 21); before >= 1; before--) {
            copies.add(new Copy(before * 960, packets.get(i - before)));
        }
        return copies.toArray(Copy[]::new);
    }

    private void send(String key, List<byte[]> records) throws Exception {
        byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
        try (KafkaProducer<byte[], byte[]> producer = topics.plainProducer()) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (byte[] record : records) {
                sent.add(producer.send(new ProducerRecord<>(topics.packets(), keyBytes, record)));
            }
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        }
    }
}
