package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import dev.decant.audio.SampleFormat;
import dev.decant.kafka.PacketProducer;
import dev.decant.network.Arrival;
import dev.decant.network.NetworkConditions;
import dev.decant.network.NetworkSimulation;
import dev.decant.network.Sender;
import dev.decant.network.SentPacket;
import dev.decant.network.Speech;
import dev.decant.network.Speech.Option;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A bad network and failures together: what a job gives that is killed again and again is byte for byte what a job gives that
 * takes the same packets undisturbed.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class BadNetworkITCase {
    private static final PcmFormat FORMAT = new PcmFormat(SampleFormat.S16LE, 16_000, 1);
    private static final String[] RTP = {"--packet-format", "rtp", "-D", "state.backend.type=rocksdb"};
    private static final long SEED = 4;

    @RegisterExtension
    static final BrokerExtension kafka = new BrokerExtension();

    @RegisterExtension
    static final ClusterExtension flink = new ClusterExtension(2, 1);

    @TempDir
    private Path folder;

    @Test
    void failuresChangeNoSampleOfWhatABadNetworkLeaves() throws Exception {
        Map<String, NetworkSimulation> networks = networks();
        JobTopics disturbed = kafka.topics();
        Map<String, byte[]> disturbedFiles;
        try (LiveJob job = new LiveJob(flink.cluster(), disturbed, folder.resolve("disturbed"), FORMAT, RTP)) {
            job.submit(2);
            try (Arriving arriving = new Arriving(disturbed, networks)) {
                arriving.goOn();
                disturbed.awaitPcm(frames -> frames.size() > 500);
                replaceTaskManager();
                int before = disturbed.readPcm().size();
                arriving.goOn();
                disturbed.awaitPcm(frames -> frames.size() > before + 500);
                flink.cluster().killJobManager();
                flink.cluster().restartJobManager();
                job.submitFromLastCheckpoint(2);
                int then = disturbed.readPcm().size();
                arriving.goOn();
                disturbed.awaitPcm(frames -> frames.size() > then + 500);
                replaceTaskManager();
                arriving.goOn();
                arriving.awaitEnd();
            }
            disturbed.awaitPcm(frames -> ends(frames) == networks.size());
            disturbed.awaitPcm(frames -> job.wavs().manifestEntries() == networks.size());
            disturbedFiles = job.wavs().read(FORMAT);
        }

        JobTopics undisturbed = outputsOfAnotherJobWith(disturbed);
        try (LiveJob job = new LiveJob(flink.cluster(), undisturbed, folder.resolve("undisturbed"), FORMAT, RTP)) {
            job.submit(2, "--group", "undisturbed", "--end", "latest");
            job.awaitFinished();

            List<PcmFrame> frames = undisturbed.readPcm();
            assertThat(texts(disturbed.readPcm())).isEqualTo(texts(frames));
            assertThat(frames)
                    .extracting(PcmFrame::outcome)
                    .contains(Outcome.DECODED, Outcome.FEC, Outcome.CONCEALED, Outcome.COMFORT_NOISE, Outcome.END);
            assertThat(frames).extracting(PcmFrame::segment).contains(0, 1);
            Map<String, byte[]> files = job.wavs().read(FORMAT);
            assertThat(files).containsOnlyKeys(networks.keySet());
            files.forEach((streamId, pcm) ->
                    StreamPcm.assertSame("the file of " + streamId, disturbedFiles.get(streamId), pcm));
        }
        assertThat(letters(disturbed)).isEqualTo(letters(undisturbed));
    }

    /** Each of another kind: losses in bursts, mixed order, copies, pauses, senders that begin anew, numbers that wrap. */
    private static Map<String, NetworkSimulation> networks() throws IOException {
        List<SentPacket> withPauses =
                Speech.conversation().packets(Option.FORWARD_ERROR_CORRECTION, Option.DISCONTINUOUS_TRANSMISSION);
        List<SentPacket> recoverable = Speech.conversation().packets(Option.FORWARD_ERROR_CORRECTION);
        NetworkConditions bad =
                NetworkConditions.CLEAN.losing(0.1, 2).reordering(10).duplicating(0.05);
        Sender wraps = Sender.of(withPauses).from(65_400, 0xFFFF_0000L);
        Map<String, NetworkSimulation> networks = new TreeMap<>();
        networks.put("pauses", NetworkSimulation.of(List.of(wraps), bad, SEED));
        networks.put("recoverable", NetworkSimulation.of(List.of(Sender.of(recoverable)), bad.losing(0.3, 3), SEED));
        networks.put("redundant", NetworkSimulation.of(List.of(Sender.of(recoverable)), bad.redundant(2), SEED));
        networks.put(
                "restarting",
                NetworkSimulation.of(
                        List.of(
                                Sender.of(recoverable.subList(0, 500)),
                                Sender.of(recoverable.subList(0, 700)).as(77).from(9_000, 1_000_000)),
                        bad,
                        SEED));
        return networks;
    }

    private static long ends(List<PcmFrame> frames) {
        return frames.stream().filter(frame -> frame.outcome() == Outcome.END).count();
    }

    private static void replaceTaskManager() throws InterruptedException {
        flink.cluster().killTaskManager(flink.cluster().taskManagers().first());
        flink.cluster().addTaskManager();
    }

    private static JobTopics outputsOfAnotherJobWith(JobTopics topics) {
        JobTopics others = JobTopics.create(kafka.broker(), "undisturbed");
        return new JobTopics(others.brokers(), topics.packets(), others.pcm(), others.deadLetters());
    }

    /** All that there is of each stream's frames, in their order. */
    private static Map<String, List<String>> texts(List<PcmFrame> frames) {
        return frames.stream()
                .collect(Collectors.groupingBy(
                        PcmFrame::streamId,
                        TreeMap::new,
                        Collectors.mapping(
                                frame -> frame.outcome() + " " + frame.segment() + " " + frame.position() + " "
                                        + frame.sampleCount() + " "
                                        + HexFormat.of().formatHex(frame.pcm()),
                                Collectors.toList())));
    }

    private static List<String> letters(JobTopics topics) {
        return topics.readDeadLetters().stream()
                .map(ConsumerRecord::value)
                .map(HexFormat.of()::formatHex)
                .sorted()
                .toList();
    }

    /**
     * What comes out of the networks goes to Kafka, a packet of each stream every few milliseconds, and then the ends: in
     * quarters, so that however slow the machine is there is something left to arrive after each failure.
     */
    private static final class Arriving implements AutoCloseable {
        private static final long MILLIS_BETWEEN = 15;
        private static final int QUARTERS = 4;

        private final PacketProducer producer;
        private final Map<String, NetworkSimulation> networks;
        private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
        private final ScheduledFuture<?> clock;
        private final long beginning = System.currentTimeMillis();
        private final int quarter;
        private volatile int quarters;
        private int next;

        Arriving(JobTopics topics, Map<String, NetworkSimulation> networks) {
            this.networks = networks;
            int most = networks.values().stream()
                    .mapToInt(network -> network.arrivals().size())
                    .max()
                    .orElseThrow();
            quarter = most / QUARTERS;
            producer = topics.producer();
            clock = thread.scheduleAtFixedRate(this::sendOneOfEach, 0, MILLIS_BETWEEN, TimeUnit.MILLISECONDS);
        }

        /** Lets another quarter arrive. */
        void goOn() {
            quarters++;
        }

        /** Returns when all have arrived. */
        void awaitEnd() throws InterruptedException, ExecutionException {
            try {
                clock.get();
            } catch (CancellationException all) {
                producer.flush();
            }
        }

        private void sendOneOfEach() {
            if (quarters < QUARTERS && next >= quarters * quarter) {
                return;
            }
            boolean all = true;
            for (Map.Entry<String, NetworkSimulation> network : networks.entrySet()) {
                List<Arrival> arrivals = network.getValue().arrivals();
                if (next < arrivals.size()) {
                    producer.send(record(network.getKey(), arrivals.get(next)));
                    all = false;
                } else if (next == arrivals.size()) {
                    producer.end(network.getKey());
                }
            }
            next++;
            if (all) {
                clock.cancel(false);
            }
        }

        /** With record times of today: the broker deletes what is older than a week. */
        private OpusPacket record(String streamId, Arrival arrival) {
            List<OpusPacket> packets = arrival.overRtp(streamId, next);
            // All of them are in one record, that of the last.
            OpusPacket packet = packets.get(packets.size() - 1);
            return new OpusPacket(
                    streamId,
                    packet.payload(),
                    packet.sequenceNumber(),
                    packet.timestamp(),
                    null,
                    OpusPacket.ABSENT,
                    0,
                    0,
                    OpusPacket.ABSENT,
                    new PacketOrigin("", 0, 0, beginning + arrival.arrivedAt() / 48),
                    packet.rtp());
        }

        @Override
        public void close() {
            thread.shutdownNow();
            producer.close();
        }
    }
}
