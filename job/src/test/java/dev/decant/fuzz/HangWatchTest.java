package dev.decant.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That a hang is noticed, and that it is known afterwards which packet it was. */
class HangWatchTest {
    @TempDir
    private Path folder;

    private LastPacket packets;

    @BeforeEach
    void open() throws IOException {
        packets = new LastPacket(folder.resolve("fuzz/last-packet.txt"), "seed 7");
    }

    @Test
    void aPacketThatHangsFailsTheRunAndIsNamed() {
        CountDownLatch never = new CountDownLatch(1);

        assertThatThrownBy(() -> HangWatch.run(packets, 1, () -> {
                    packets.enter(4_711);
                    never.await();
                    return null;
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Packet 4711 hangs")
                .hasMessageContaining("CountDownLatch");
    }

    @Test
    void whatTheWorkGivesOrThrowsComesOut() throws Exception {
        assertThat(HangWatch.run(packets, 1, () -> "done")).isEqualTo("done");
        assertThatThrownBy(() -> HangWatch.run(packets, 1, () -> {
                    throw new IOException("broken");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("broken");
    }

    @Test
    void theFileSaysWhichPacketWasTriedLast() throws Exception {
        packets.enter(41);
        packets.enter(123_456);

        assertThat(Files.readString(folder.resolve("fuzz/last-packet.txt")).strip())
                .isEqualTo("seed 7; last packet: 0000000000000123456");
    }
}
