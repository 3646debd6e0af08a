package dev.decant.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.audio.PcmFrame;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.flink.streaming.runtime.operators.sink.SinkWriterOperatorFactory;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That a writer which cannot be made leaves nothing in its TaskManager; the broker takes connections, and never answers. */
// Closing Flink's harness may throw anything.
@SuppressWarnings("try")
class WatchedKafkaWriterTest {
    private static final String ADMIN_CLIENT = "kafka-admin-client-thread";
    private static final int PATIENCE_SECONDS = 60;

    private ServerSocket silent;
    private Set<Thread> before;

    @BeforeEach
    void start() throws Exception {
        silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        before = adminClients();
    }

    @AfterEach
    void stop() throws Exception {
        silent.close();
    }

    @Test
    void leavesNothingWhenBrokersDoNotAnswer() throws Exception {
        try (OneInputStreamOperatorTestHarness<PcmFrame, ?> task = task(TimeUnit.SECONDS.toMillis(3))) {
            CompletableFuture<Set<Thread>> seen = CompletableFuture.supplyAsync(this::awaitAdminClients);

            assertThatThrownBy(task::open).hasStackTraceContaining("TimeoutException");

            assertEnded(seen.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        }
    }

    @Test
    void leavesNothingWhenItIsCancelled() throws Exception {
        try (OneInputStreamOperatorTestHarness<PcmFrame, ?> task = task(TimeUnit.HOURS.toMillis(1))) {
            CompletableFuture<Void> cancelled = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                try {
                    task.open();
                    cancelled.complete(null);
                } catch (Throwable e) {
                    cancelled.completeExceptionally(e);
                }
            });
            thread.start();
            Set<Thread> seen = awaitAdminClients();

            thread.interrupt();

            assertThat(cancelled)
                    .failsWithin(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .withThrowableThat()
                    .havingRootCause()
                    .isInstanceOf(InterruptedException.class);
            assertEnded(seen);
        }
    }

    private OneInputStreamOperatorTestHarness<PcmFrame, ?> task(long timeoutMillis) throws Exception {
        Map<String, String> properties = new HashMap<>();
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "" + timeoutMillis);
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "" + timeoutMillis);
        return new OneInputStreamOperatorTestHarness<>(new SinkWriterOperatorFactory<>(KafkaPcmSink.builder()
                .brokers("127.0.0.1:" + silent.getLocalPort())
                .topic("pcm")
                .transactionalIdPrefix("test")
                .properties(properties)
                .build()));
    }

    /** Those that were not there before, once there are some. */
    private Set<Thread> awaitAdminClients() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < deadline) {
            Set<Thread> now = adminClients();
            now.removeAll(before);
            if (!now.isEmpty()) {
                return now;
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("the writer has made no admin client");
    }

    private static Set<Thread> adminClients() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(ADMIN_CLIENT))
                .collect(Collectors.toSet());
    }

    private static void assertEnded(Set<Thread> threads) throws InterruptedException {
        for (Thread thread : List.copyOf(threads)) {
            thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            assertThat(thread.isAlive()).as(thread.getName()).isFalse();
        }
    }
}
