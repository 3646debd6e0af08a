package dev.decant.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketFraming;
import dev.decant.audio.PacketOrigin;
import dev.decant.rtp.ConferenceRecording.Packet;
import dev.decant.rtp.RtpSettings.SeveralSsrcs;
import dev.decant.rtp.RtpWriter.Copy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real speakers of a conference, interleaved as they spoke. */
class ConferenceRecordingTest {
    private static final PacketOrigin ORIGIN = new PacketOrigin("packets", 0, 0, PacketOrigin.NO_TIME);

    private final RtpReader reader = new RtpReader(
            new RtpSettings(List.of(111), List.of(63), SeveralSsrcs.SPLIT), new UnregisteredMetricsGroup());

    private List<Packet> recording;

    @BeforeEach
    void readRecording() throws Exception {
        String folder = System.getenv("DECANT_TEST_DATA");
        assumeTrue(folder != null, "DECANT_TEST_DATA is not set: no conference to read");
        recording = ConferenceRecording.read(Path.of(folder, "rtp", "jitsi_sample.json"));
    }

    @Test
    void everyPacketOfEverySpeakerComesBackAsItWasSent() throws Exception {
        Map<String, Integer> packetsBySpeaker = new TreeMap<>();
        int redundant = 0;
        for (Packet sent : recording) {
            List<OpusPacket> packets = reader.read(sent.rtp(), "meeting", null, OpusPacket.ABSENT, ORIGIN);

            assertThat(packets).hasSize(1);
            OpusPacket packet = packets.get(0);
            assertThat(packet.payload()).containsExactly(sent.payload());
            assertThat(packet.sequenceNumber()).isEqualTo(sent.sequenceNumber());
            assertThat(packet.timestamp()).isEqualTo(sent.timestamp());
            assertThat(PacketFraming.duration(packet.payload())).isEqualTo(960);
            packetsBySpeaker.merge(packet.streamId(), 1, Integer::sum);
            redundant += packet.rtp().redundant() ? 1 : 0;
        }
        System.out.printf(
                "%d packets, payload type 111, %d redundant copies; by speaker: %s%n",
                recording.size(), redundant, packetsBySpeaker);
        assertThat(packetsBySpeaker)
                .isEqualTo(Map.of(
                        "meeting.ssrc-785912465", 1_110,
                        "meeting.ssrc-3290801458", 470,
                        "meeting.ssrc-2256866138", 454));
    }

    @Test
    void copiesOfItsPacketsHaveTheNumbersAndTimesOfTheOriginals() throws Exception {
        Map<Long, List<Packet>> sentBySpeaker = new HashMap<>();
        int copies = 0;
        for (Packet sent : recording) {
            List<Packet> before = sentBySpeaker.computeIfAbsent(sent.ssrc(), ssrc -> new ArrayList<>());
            List<Packet> repeated = before.subList(Math.max(0, before.size() - 2), before.size());
            byte[] record = new RtpWriter(sent.ssrc(), 111)
                    .red(
                            sent.sequenceNumber(),
                            sent.timestamp(),
                            sent.payload(),
                            repeated.stream()
                                    .map(copy -> new Copy((int) (sent.timestamp() - copy.timestamp()), copy.payload()))
                                    .toArray(Copy[]::new));

            List<OpusPacket> packets = reader.read(record, "meeting", null, OpusPacket.ABSENT, ORIGIN);

            List<Packet> expected = new ArrayList<>(repeated);
            expected.add(sent);
            assertThat(packets).hasSameSizeAs(expected);
            for (int i = 0; i < expected.size(); i++) {
                assertThat(packets.get(i).payload())
                        .containsExactly(expected.get(i).payload());
                assertThat(packets.get(i).sequenceNumber())
                        .isEqualTo(expected.get(i).sequenceNumber());
                assertThat(packets.get(i).timestamp()).isEqualTo(expected.get(i).timestamp());
            }
            copies += repeated.size();
            before.add(sent);
        }
        int speakers = sentBySpeaker.size();
        assertThat(copies).isEqualTo(2 * recording.size() - 3 * speakers);
        System.out.printf("with RED: %d packets and %d copies%n", recording.size(), copies);
    }
}
