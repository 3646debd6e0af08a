package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeBlockTest {
    private final AtomicLong liveBytes = new AtomicLong();

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 18_228, 26_996, 61_440})
    void isAlignedZeroedAndOfTheSizeAskedFor(int size) {
        List<NativeBlock> blocks = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            NativeBlock block = new NativeBlock(size, liveBytes);
            blocks.add(block);
            assertThat(block.address() % 64).isZero();
            assertThat(block.size()).isEqualTo(size);
            assertThat(block.bytes().capacity()).isEqualTo(size);
            assertThat(block.bytes().mismatch(ByteBuffer.allocate(size))).isEqualTo(-1);
            assertThat(block.isIntact()).isTrue();
            for (int at = 0; at < size; at++) {
                block.bytes().put(at, (byte) 0x5A);
            }
            assertThat(block.isIntact()).isTrue();
        }
        blocks.forEach(NativeBlock::close);
        assertThat(liveBytes).hasValue(0);
    }

    @Test
    void theViewLiesAtTheAddress() {
        try (NativeBlock block = new NativeBlock(100, liveBytes)) {
            new Pointer(block.address()).setInt(96, 0x04030201);
            assertThat(block.bytes().get(96)).isEqualTo((byte) 1);
            assertThat(block.bytes().getInt(96)).isEqualTo(0x04030201);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-64, -57, -8, -1, 100, 101, 107, 163})
    void oneByteBeyondEitherEndIsNoticed(int offset) {
        try (NativeBlock block = new NativeBlock(100, liveBytes)) {
            Pointer beyond = new Pointer(block.address() + offset);
            beyond.setByte(0, (byte) ~beyond.getByte(0));
            assertThat(block.isIntact()).isFalse();
            block.mendGuards();
            assertThat(block.isIntact()).isTrue();
        }
        assertThat(liveBytes).hasValue(0);
    }

    @Test
    void nothingCanBeHadOfAFreedBlock() {
        NativeBlock block = new NativeBlock(100, liveBytes);
        assertThat(liveBytes).hasValue(100 + NativeBlock.OVERHEAD);
        block.close();
        block.close();
        assertThat(liveBytes).hasValue(0);
        assertThatThrownBy(block::address).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(block::bytes).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(block::isIntact).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(block::mendGuards).isInstanceOf(IllegalStateException.class);
    }
}
