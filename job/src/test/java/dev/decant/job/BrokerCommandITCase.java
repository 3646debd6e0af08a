package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.kafka.KafkaTopics;
import dev.decant.kafka.PacketProducer;
import dev.decant.local.Leftovers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code decant broker}: a broker that can be used, and that goes away. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class BrokerCommandITCase {
    private static final Pattern READY = Pattern.compile("Kafka broker at (127\\.0\\.0\\.1:\\d+); Ctrl-C ends it");

    @TempDir
    private Path temporary;

    @Test
    void carriesRecordsUntilItIsTerminatedAndLeavesNothing() throws Exception {
        DecantProcess broker = DecantProcess.start(temporary, "broker", "--port", "0", "--topic", "packets,pcm");
        String address = broker.awaitLine(READY).group(1);
        Path data = broker.folder("decant-broker");
        sendRecordingTo(address);
        try (KafkaTopics kafka = KafkaTopics.connect(address, Map.of())) {
            assertThat(kafka.requirePacketTopics(List.of("packets", "pcm")))
                    .containsOnly(Map.entry("packets", 4), Map.entry("pcm", 4));
        }
        assertThat(CommittedRecords.read(address, "packets")).isNotEmpty();

        broker.terminate();

        Leftovers.assertNoneOf(data);
    }

    @Test
    void endsWithTheProcessThatStartedItEvenIfThatIsKilled() throws Exception {
        DecantProcess broker = DecantProcess.startByShell(temporary, "broker", "--port", "0");
        broker.awaitLine(READY);
        Path data = broker.folder("decant-broker");

        broker.killShell();

        Leftovers.assertNoneOf(data);
    }

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            DecantCall call = DecantCall.of("broker", "--port", String.valueOf(taken.getLocalPort()));

            assertThat(call.exitCode()).isEqualTo(UsageException.FAILED);
            assertThat(call.err())
                    .isEqualToIgnoringNewLines("decant: port " + taken.getLocalPort()
                            + " of 127.0.0.1 is taken: name another one, or 0 for any that is free");
        }
    }

    @Test
    void aTopicThatCannotBeNamedSoIsNamed() {
        DecantCall call = DecantCall.of("broker", "--port", "0", "--topic", "packets,a/b");

        assertThat(call.exitCode()).isEqualTo(UsageException.USAGE);
        assertThat(call.err()).contains("\"a/b\"");
    }

    private static void sendRecordingTo(String address) throws InterruptedException {
        try (PacketProducer producer = new PacketProducer(address, "packets", Map.of())) {
            new RecordingProducer(producer).send(RecordingFile.samples().subList(0, 1), sent -> {});
        }
    }
}
