package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import dev.decant.audio.ChannelLayout;
import dev.decant.opus.DecodeScript.Outcome;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Why decoders that are called through a binding have crashed: for each suspected cause, what is done about it holds.
 * Two causes have a class of their own: two copies of the library ({@link MixedLibrariesTest}), and a binding that is
 * itself at fault ({@link EngineConformance}, one suite over several engines). The long run is {@link
 * DecoderStressTest}.
 */
class WhyDecodersCrashTest {
    private static final List<TestStream> STREAMS = TestStream.ofEveryKind();
    private static final byte[] PACKET = STREAMS.get(0).packets().get(0);

    private final OpusEngine engine = TestEngines.embedded();
    private final NativeWorkspace workspace = (NativeWorkspace) engine.newWorkspace(2);

    @AfterEach
    void everythingIsFreed() {
        workspace.close();
        engine.close();
        assertThat(engine.liveNativeBytes()).isZero();
    }

    // A buffer is collected while the native call uses it.

    @Test
    void memoryStaysWhereItIsUnderConstantGarbageCollection() throws Exception {
        List<byte[]> packets = repeat(TestStream.changing().packets(), 5);
        byte[] expected = ReferenceDecoder.decode(TestEngines.s16(48_000, 2), 0, packets);
        try (NativeDecoder decoder = newDecoder(2);
                GarbagePressure pressure = new GarbagePressure()) {
            List<Long> addresses = addresses(decoder);
            ByteArrayOutputStream pcm = new ByteArrayOutputStream();
            for (int i = 0; i < packets.size(); i++) {
                pcm.writeBytes(decoder.pcm(0, decoder.decode(packets.get(i))));
                assertThat(addresses(decoder)).isEqualTo(addresses);
                if (i % 100 == 0) {
                    pressure.awaitCollections(2);
                }
            }
            assertThat(pcm.toByteArray()).isEqualTo(expected);
        }
    }

    // A temporary pointer goes stale.

    @Test
    void aClosedDecoderRefusesEveryCall() {
        OpusDecoder decoder = newDecoder(1);
        decoder.decode(PACKET);
        decoder.close();
        decoder.close();
        assertEveryCallRefused(decoder, "This decoder was closed");
    }

    @Test
    void aDecoderWhoseWorkspaceWasClosedRefusesEveryCallAndCloses() {
        DecoderWorkspace own = engine.newWorkspace(1);
        OpusDecoder decoder = engine.newDecoder(TestEngines.settings(48_000, 1), own);
        decoder.decode(PACKET);
        own.close();
        own.close();
        assertEveryCallRefused(decoder, "This workspace was closed");
        decoder.close();
        assertThatThrownBy(() -> engine.newDecoder(TestEngines.settings(48_000, 1), own))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("This workspace was closed");
    }

    @Test
    void aDecoderOutlivesItsEngine() {
        OpusEngine own = TestEngines.embedded();
        DecoderWorkspace ownWorkspace = own.newWorkspace(1);
        OpusDecoder decoder = own.newDecoder(TestEngines.settings(48_000, 1), ownWorkspace);
        own.close();
        own.close();
        assertThat(decoder.decode(PACKET)).isEqualTo(480);
        assertThatThrownBy(() -> own.newWorkspace(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("This engine was closed");
        decoder.close();
        ownWorkspace.close();
        assertThat(own.liveNativeBytes()).isZero();
    }

    @Test
    void aDecoderThatCallsFailedOnClosesLikeAnyOther() {
        long before = engine.liveNativeBytes();
        OpusDecoder decoder = newDecoder(1);
        assertThatThrownBy(() -> decoder.decode(new byte[] {0x4b, 0})).isInstanceOf(OpusException.class);
        decoder.close();
        assertThat(engine.liveNativeBytes()).isEqualTo(before);
    }

    @Test
    void aDecoderThatIsRefusedLeavesNothingBehind() {
        long before = engine.liveNativeBytes();
        // A channel that takes a decoded one that there is not: no header passes with it, but libopus looks itself.
        ChannelLayout impossible = new ChannelLayout(255, 1, 0, new byte[] {5}, new byte[0], 1, 1);
        DecoderSettings refused =
                new DecoderSettings(TestEngines.s16(48_000, 1), impossible, 0, 0, true, DecoderVerification.GUARDS);
        assertThatThrownBy(() -> engine.newDecoder(refused, workspace))
                .isInstanceOfSatisfying(
                        OpusException.class, e -> assertThat(e.error()).isEqualTo(OpusError.BAD_ARG))
                .hasMessage("A decoder to 48000 Hz: BAD_ARG");
        try (DecoderWorkspace mono = engine.newWorkspace(1)) {
            assertThatThrownBy(() -> engine.newDecoder(TestEngines.settings(48_000, 2), mono))
                    .hasMessage("1 streams and 2 channels in a workspace for at most 1 and 1");
        }
        try (OpusEngine java = OpusEngine.open("java", List.of());
                DecoderWorkspace foreign = java.newWorkspace(2)) {
            assertThatThrownBy(() -> engine.newDecoder(TestEngines.settings(48_000, 2), foreign))
                    .hasMessage("The workspace of another engine: take one of this engine's");
        }
        assertThat(engine.liveNativeBytes()).isEqualTo(before);
    }

    @Test
    void samplesThatAnotherDecoderHasOverwrittenAreRefused() {
        try (OpusDecoder first = newDecoder(1);
                OpusDecoder second = newDecoder(1)) {
            first.decode(PACKET);
            second.decode(PACKET);
            assertThat(second.pcm(0, 480)).hasSize(960);
            assertThatThrownBy(() -> first.pcm(0, 480))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Another decoder has used the workspace");
        }
    }

    // Alignment.

    @Test
    void stateAndBuffersAreAlignedTo64Bytes() {
        List<NativeDecoder> decoders = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            decoders.add(newDecoder(1 + i % 2));
            assertThat(addresses(decoders.get(i)))
                    .allSatisfy(address -> assertThat(address % 64).isZero());
        }
        decoders.forEach(NativeDecoder::close);
    }

    // The library is not thread safe.

    @Test
    void eightThreadsOfEightDecodersEachGiveTheSamplesOfTheSerialRun() throws Exception {
        List<byte[]> expected = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            expected.add(ReferenceDecoder.decode(
                    TestEngines.s16(48_000, 2), 0, STREAMS.get(3 * i).packets()));
        }
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<List<byte[]>>> results =
                    threads.invokeAll(Collections.nCopies(8, (Callable<List<byte[]>>) this::decodeEightStreamsAtOnce));
            for (Future<List<byte[]>> result : results) {
                List<byte[]> actual = result.get();
                for (int i = 0; i < 8; i++) {
                    assertThat(actual.get(i)).isEqualTo(expected.get(i));
                }
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void aCallFromAnotherThreadIsRefused() {
        Thread.currentThread().setName("owner");
        try (OpusDecoder decoder = newDecoder(1)) {
            decoder.decode(PACKET);
            assertThat(thrownInAnotherThread(() -> assertEveryCallRefused(
                            decoder, "This decoder belongs to thread \"owner\" and was called from")))
                    .isNull();
            String refusal = "belongs to thread \"owner\", which still runs";
            assertThat(thrownInAnotherThread(decoder::close))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(refusal);
            assertThat(thrownInAnotherThread(workspace::close))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(refusal);
            assertThat(thrownInAnotherThread(() -> newDecoder(1)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("This workspace belongs to thread \"owner\"");
            assertThat(decoder.decode(PACKET)).isEqualTo(480);
        }
    }

    @Test
    void anotherThreadMayCloseOnceTheOwnerHasEnded() {
        long before = engine.liveNativeBytes();
        List<AutoCloseable> left = new ArrayList<>();
        assertThat(thrownInAnotherThread(() -> {
                    DecoderWorkspace own = engine.newWorkspace(1);
                    left.add(engine.newDecoder(TestEngines.settings(48_000, 1), own));
                    left.add(own);
                }))
                .isNull();
        assertThatThrownBy(() -> ((OpusDecoder) left.get(0)).decode(PACKET)).isInstanceOf(IllegalStateException.class);
        assertThat(left).allSatisfy(AutoCloseable::close);
        assertThat(engine.liveNativeBytes()).isEqualTo(before);
    }

    // Wrong C argument types.

    @Test
    void theLibraryAnswersLikeLibopus() {
        EngineDescription description = engine.description();
        assertThat(description.version()).startsWith("libopus");
        assertThat(description.monoStateBytes())
                .isEqualTo(PlainLibOpus.EMBEDDED.opus_decoder_get_size(1))
                .isBetween(10_000, 1_000_000);
        assertThat(description.stereoStateBytes())
                .isEqualTo(PlainLibOpus.EMBEDDED.opus_decoder_get_size(2))
                .isGreaterThan(description.monoStateBytes());
        assertThat(engine.nativeBytes(ChannelLayout.plain(1))).isGreaterThan(description.monoStateBytes());
        assertThat(engine.nativeBytes(ChannelLayout.plain(2))).isGreaterThan(description.stereoStateBytes());
    }

    /** Gain, phase inversion, reset and final range have their effects compared in {@link EngineConformance}. */
    @Test
    void everyControlReachesTheDecoder() {
        DecoderSettings settings =
                new DecoderSettings(TestEngines.s16(48_000, 2), -512, 3, false, DecoderVerification.GUARDS);
        try (NativeDecoder decoder = (NativeDecoder) engine.newDecoder(settings, workspace)) {
            Pointer state = new Pointer(decoder.state().address());
            assertThat(control(state, 4045)).as("OPUS_GET_GAIN").isEqualTo(-512);
            assertThat(control(state, 4047))
                    .as("OPUS_GET_PHASE_INVERSION_DISABLED")
                    .isEqualTo(1);
            assertThat(control(state, 4029)).as("OPUS_GET_SAMPLE_RATE").isEqualTo(48_000);
            decoder.decode(STREAMS.get(20).packets().get(5));
            assertThat(decoder.finalRange()).isNotZero().isEqualTo(Integer.toUnsignedLong(control(state, 4031)));
            decoder.reset();
            assertThat(decoder.finalRange()).isZero();
            assertThat(control(state, 4045)).as("OPUS_GET_GAIN after a reset").isEqualTo(-512);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 61_441, 1_000_000})
    void aPacketLengthThatCannotBeIsRefusedBeforeTheCall(int length) {
        byte[] packet = new byte[length];
        try (OpusDecoder decoder = newDecoder(1)) {
            String message = "A packet of " + length + " bytes, where 1 to 61440 can be decoded: BAD_ARG";
            assertThatThrownBy(() -> decoder.decode(packet))
                    .isInstanceOf(OpusException.class)
                    .hasMessage(message);
            assertThatThrownBy(() -> decoder.recover(packet, 960)).hasMessage(message);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-120, 0, 1, 119, 121, 5_880, Integer.MAX_VALUE})
    void aLostLengthThatCannotBeIsRefusedBeforeTheCall(int ticks) {
        try (OpusDecoder decoder = newDecoder(1)) {
            String message = ticks + " ticks lost, where a multiple of 120 up to 5760 can be made up: BAD_ARG";
            assertThatThrownBy(() -> decoder.conceal(ticks))
                    .isInstanceOf(OpusException.class)
                    .hasMessage(message);
            assertThatThrownBy(() -> decoder.recover(PACKET, ticks)).hasMessage(message);
        }
    }

    @Test
    void samplesBeyondTheLastCallAreRefused() {
        try (OpusDecoder decoder = newDecoder(1)) {
            decoder.decode(PACKET);
            assertThatThrownBy(() -> decoder.pcm(0, 481)).hasMessage("Samples 0 to 481 of a call that returned 480");
            assertThatThrownBy(() -> decoder.pcm(-1, 480)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> decoder.pcm(2, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void theLongestPacketsAndLossesFit() {
        // Code 3 with 48 frames of 2.5 ms, CELT, stereo, of no bytes each (RFC 6716, section 3.2.5).
        byte[] longest = {(byte) 0xE7, 48};
        try (OpusDecoder decoder = newDecoder(2)) {
            assertThat(decoder.decode(longest)).isEqualTo(5_760);
            assertThat(decoder.conceal(5_760)).isEqualTo(5_760);
            assertThat(decoder.recover(PACKET, 5_760)).isEqualTo(5_760);
            assertThat(decoder.pcm(0, 5_760)).hasSize(23_040);
        }
    }

    // The decoder is corrupted and used again.

    @ParameterizedTest
    @ValueSource(
            strings = {
                "before the state",
                "after the state",
                "after the samples",
                "before the samples",
                "after the packet"
            })
    void anOverwrittenGuardIsNoticedAndARebuiltDecoderGivesTheSameSamples(String where) {
        List<byte[]> packets = TestStream.changing().packets();
        byte[] expected = ReferenceDecoder.decode(TestEngines.s16(48_000, 2), 0, packets);
        DecoderWorkspace own = engine.newWorkspace(2);
        NativeDecoder decoder = (NativeDecoder) engine.newDecoder(TestEngines.settings(48_000, 2), own);
        for (byte[] packet : packets.subList(0, 60)) {
            decoder.decode(packet);
        }
        long address = addressOf(where, decoder, (NativeWorkspace) own);
        Pointer victim = new Pointer(address);
        victim.setByte(0, (byte) ~victim.getByte(0));
        for (ThrowingCallable call : everyCall(decoder)) {
            assertThatThrownBy(call).isInstanceOfSatisfying(OpusException.class, e -> {
                assertThat(e.error()).isEqualTo(OpusError.MEMORY_CORRUPTED);
                assertThat(e.error().remedy()).isEqualTo(OpusError.Remedy.REBUILD_DECODER);
            });
        }
        decoder.close();
        try (OpusDecoder rebuilt = engine.newDecoder(TestEngines.settings(48_000, 2), own)) {
            List<Outcome> outcomes = DecodeScript.of(packets).play(rebuilt);
            assertThat(DecodeScript.pcm(outcomes)).isEqualTo(expected);
        }
        own.close();
    }

    private NativeDecoder newDecoder(int channels) {
        return (NativeDecoder) engine.newDecoder(TestEngines.settings(48_000, channels), workspace);
    }

    private List<Long> addresses(NativeDecoder decoder) {
        return List.of(
                decoder.state().address(),
                workspace.input().address(),
                workspace.output().address());
    }

    private static long addressOf(String where, NativeDecoder decoder, NativeWorkspace workspace) {
        return switch (where) {
            case "before the state" -> decoder.state().address() - 1;
            case "after the state" ->
                decoder.state().address() + decoder.state().size();
            case "before the samples" -> workspace.output().address() - 1;
            case "after the samples" ->
                workspace.output().address() + workspace.output().size();
            default -> workspace.input().address() + workspace.input().size();
        };
    }

    /** A decoder a stream, fed in turn, as a task does it. */
    private List<byte[]> decodeEightStreamsAtOnce() {
        List<OpusDecoder> decoders = new ArrayList<>();
        List<ByteArrayOutputStream> pcm = new ArrayList<>();
        try (DecoderWorkspace own = engine.newWorkspace(2)) {
            for (int i = 0; i < 8; i++) {
                decoders.add(engine.newDecoder(TestEngines.settings(48_000, 2), own));
                pcm.add(new ByteArrayOutputStream());
            }
            for (int packet = 0; packet < 800; packet++) {
                for (int i = 0; i < 8; i++) {
                    List<byte[]> packets = STREAMS.get(3 * i).packets();
                    if (packet < packets.size()) {
                        int samples = decoders.get(i).decode(packets.get(packet));
                        pcm.get(i).writeBytes(decoders.get(i).pcm(0, samples));
                    }
                }
            }
            decoders.forEach(OpusDecoder::close);
        }
        return pcm.stream().map(ByteArrayOutputStream::toByteArray).toList();
    }

    /** All but {@code pcm}, which only copies. */
    private static List<ThrowingCallable> everyCall(OpusDecoder decoder) {
        return List.of(
                () -> decoder.decode(PACKET),
                () -> decoder.recover(PACKET, 960),
                () -> decoder.conceal(960),
                decoder::reset,
                decoder::image,
                decoder::finalRange);
    }

    private static void assertEveryCallRefused(OpusDecoder decoder, String message) {
        List<ThrowingCallable> calls = new ArrayList<>(everyCall(decoder));
        calls.add(() -> decoder.pcm(0, 0));
        for (ThrowingCallable call : calls) {
            assertThatThrownBy(call).isInstanceOf(IllegalStateException.class).hasMessageStartingWith(message);
        }
    }

    private static int control(Pointer decoder, int request) {
        IntByReference value = new IntByReference();
        PlainLibOpus.requireOk(PlainLibOpus.EMBEDDED.opus_decoder_ctl(decoder, request, value), "opus_decoder_ctl");
        return value.getValue();
    }

    /** What the action threw in a thread that has ended since, or null. */
    private static Throwable thrownInAnotherThread(Runnable action) {
        FutureTask<Void> task = new FutureTask<>(action, null);
        Thread thread = new Thread(task, "other");
        thread.start();
        try {
            thread.join();
            task.get();
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<byte[]> repeat(List<byte[]> packets, int times) {
        List<byte[]> repeated = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            repeated.addAll(packets);
        }
        return repeated;
    }
}
