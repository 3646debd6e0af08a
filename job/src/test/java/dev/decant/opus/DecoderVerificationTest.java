package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Pointer;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;

/** What each way of looking for damage finds, and that it finds none where there is none. */
class DecoderVerificationTest {
    private static final List<byte[]> PACKETS = TestStream.changing().packets();

    /** Keeps the library loaded from test to test, so that the map is made once. */
    private static OpusEngine keeper;

    private final OpusEngine engine = TestEngines.embedded();
    private final DecoderWorkspace workspace = engine.newWorkspace(2);

    @BeforeAll
    static void load() {
        keeper = TestEngines.embedded();
    }

    @AfterAll
    static void unload() {
        keeper.close();
    }

    @AfterEach
    void everythingIsFreed() {
        workspace.close();
        engine.close();
        assertThat(engine.liveNativeBytes()).isZero();
    }

    static List<TestStream> streams() {
        return TestStream.ofEveryKind();
    }

    @Test
    void aChecksumFindsAnyByteThatWasChanged() {
        SplittableRandom random = new SplittableRandom(3);
        for (int trial = 0; trial < 500; trial++) {
            try (NativeDecoder decoder = newDecoder(DecoderVerification.CHECKSUM)) {
                int packets = random.nextInt(5);
                PACKETS.subList(0, packets).forEach(decoder::decode);
                int at = random.nextInt(decoder.state().size());
                flip(decoder.state().address() + at, 1 << random.nextInt(8));
                List<ThrowingCallable> calls = everyCall(decoder);
                // Each is the first after the damage in some trials.
                assertCorrupted(
                        calls.get(trial % calls.size()), "This decoder's state was overwritten since its last call");
                calls.forEach(call -> assertCorrupted(call, "This decoder's state was overwritten"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DecoderVerification.class,
            names = {"GUARDS", "CHECKSUM"})
    void guardsAreLookedAt(DecoderVerification verification) {
        try (NativeDecoder decoder = newDecoder(verification)) {
            decoder.decode(PACKETS.get(0));
            flip(decoder.state().address() + decoder.state().size(), 1);
            everyCall(decoder)
                    .forEach(call -> assertCorrupted(call, "Memory around this decoder's state or its buffers was"));
        }
    }

    @ParameterizedTest
    @EnumSource(value = DecoderVerification.class, mode = Mode.EXCLUDE, names = "CHECKSUM")
    void theStateItselfIsLookedAtByTheChecksumOnly(DecoderVerification verification) {
        try (NativeDecoder decoder = newDecoder(verification)) {
            decoder.decode(PACKETS.get(0));
            // The last word of a state is a sample of a filter.
            flip(decoder.state().address() + decoder.state().size() - 1, 1);
            assertThat(decoder.decode(PACKETS.get(1))).isEqualTo(960);
        }
    }

    @Test
    void offLooksAtNothing() {
        try (NativeDecoder decoder = newDecoder(DecoderVerification.OFF)) {
            flip(decoder.state().address() - 1, 1);
            assertThat(decoder.decode(PACKETS.get(0))).isEqualTo(960);
            flip(decoder.state().address() - 1, 1);
        }
    }

    @ParameterizedTest
    @MethodSource("streams")
    void aChecksumGivesNoFalseAlarm(TestStream stream) {
        DecodeScript script = DecodeScript.withLosses(stream);
        DecoderSettings settings = settings(DecoderVerification.CHECKSUM);
        try (OpusDecoder decoder = engine.newDecoder(settings, workspace);
                ReferenceDecoder reference = new ReferenceDecoder(settings.format(), settings.gain())) {
            assertThat(DecodeScript.pcm(script.play(decoder))).isEqualTo(DecodeScript.pcm(script.play(reference)));
            // None where the operating system does not tell where a library is loaded.
            decoder.image()
                    .flatMap(image -> engine.restoreDecoder(settings, image, workspace))
                    .ifPresent(restored -> {
                        assertThat(DecodeScript.pcm(script.play(restored)))
                                .isEqualTo(DecodeScript.pcm(script.play(reference)));
                        restored.close();
                    });
        }
    }

    @Test
    void aRefusedPacketIsNoDamage() {
        try (OpusDecoder decoder = newDecoder(DecoderVerification.CHECKSUM)) {
            decoder.decode(PACKETS.get(0));
            // Code 3 with no frames (RFC 6716, section 3.2.5).
            assertThatThrownBy(() -> decoder.decode(new byte[] {0x4b, 0}))
                    .isInstanceOfSatisfying(
                            OpusException.class, e -> assertThat(e.error()).isEqualTo(OpusError.INVALID_PACKET));
            assertThat(decoder.decode(PACKETS.get(1))).isEqualTo(960);
        }
    }

    private NativeDecoder newDecoder(DecoderVerification verification) {
        return (NativeDecoder) engine.newDecoder(settings(verification), workspace);
    }

    private static DecoderSettings settings(DecoderVerification verification) {
        return new DecoderSettings(TestEngines.s16(48_000, 2), -300, 0, true, verification);
    }

    private static List<ThrowingCallable> everyCall(OpusDecoder decoder) {
        return List.of(
                () -> decoder.decode(PACKETS.get(0)),
                () -> decoder.recover(PACKETS.get(0), 960),
                () -> decoder.conceal(960),
                decoder::reset,
                decoder::image,
                decoder::finalRange);
    }

    private static void assertCorrupted(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        OpusException.class, e -> assertThat(e.error()).isEqualTo(OpusError.MEMORY_CORRUPTED))
                .hasMessageStartingWith(message);
    }

    private static void flip(long address, int bits) {
        Pointer victim = new Pointer(address);
        victim.setByte(0, (byte) (victim.getByte(0) ^ bits));
    }
}
