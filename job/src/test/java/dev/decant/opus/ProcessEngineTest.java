package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.PacketFraming;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An engine in a process of its own, as long as nothing happens to that process. */
class ProcessEngineTest {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final byte[] PACKET = TestStream.changing().packets().get(0);

    @TempDir
    private Path folder;

    @AfterEach
    void noWorkingFolderIsLeft() throws IOException {
        assertThat(workingFolders()).isEmpty();
    }

    @Test
    void describesTheLibraryInTheProcess() {
        try (OpusEngine engine = open("embedded");
                OpusEngine here = OpusEngine.open("embedded", List.of(folder))) {
            assertThat(engine.description()).isEqualTo(here.description());
            assertThat(engine.nativeBytes(ChannelLayout.plain(1))).isEqualTo(here.nativeBytes(ChannelLayout.plain(1)));
            assertThat(engine.nativeBytes(ChannelLayout.plain(2))).isEqualTo(here.nativeBytes(ChannelLayout.plain(2)));
            assertThat(engine.makesImages()).isEqualTo(here.makesImages());
            for (ChannelLayout layout : TestLayouts.ALL) {
                assertThat(engine.nativeBytes(layout)).isEqualTo(here.nativeBytes(layout));
            }
        }
    }

    @Test
    void theProcessAndItsFolderGoWithTheEngine() throws IOException {
        ProcessEngine engine = open("embedded");
        ProcessHandle process = ProcessHandle.of(engine.pid()).orElseThrow();
        assertThat(workingFolders()).hasSize(1);
        engine.close();
        engine.close();
        assertThat(process.isAlive()).isFalse();
        assertThat(workingFolders()).isEmpty();
        assertThatThrownBy(() -> engine.newWorkspace(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("This engine was closed");
    }

    @Test
    void decodersOfAClosedEngineGoOnAndTheProcessGoesWithTheLast() {
        ProcessEngine engine = open("embedded");
        ProcessHandle process = ProcessHandle.of(engine.pid()).orElseThrow();
        DecoderWorkspace workspace = engine.newWorkspace(2);
        OpusDecoder decoder = engine.newDecoder(TestEngines.settings(48_000, 2), workspace);
        engine.close();
        assertThat(decoder.decode(PACKET)).isEqualTo(960);
        assertThat(engine.liveNativeBytes()).isGreaterThan(engine.nativeBytes(ChannelLayout.plain(2)));
        decoder.close();
        decoder.close();
        assertThat(process.isAlive()).isTrue();
        workspace.close();
        assertThat(engine.liveNativeBytes()).isZero();
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void manyEnginesHaveAProcessEach() {
        try (ProcessEngine first = open("embedded");
                ProcessEngine second = open("java");
                DecoderWorkspace workspace = first.newWorkspace(2);
                DecoderWorkspace foreign = second.newWorkspace(2)) {
            assertThat(first.pid()).isNotEqualTo(second.pid());
            assertThatThrownBy(() -> first.newDecoder(TestEngines.settings(48_000, 2), foreign))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("The workspace of another engine: take one of this engine's");
            first.newDecoder(TestEngines.settings(48_000, 2), workspace).close();
            second.newDecoder(TestEngines.settings(48_000, 2), foreign).close();
        }
    }

    @Test
    void closedDecodersMakeRoomForOthers() {
        List<byte[]> packets = TestStream.changing().packets();
        byte[] expected = ReferenceDecoder.decode(TestEngines.s16(48_000, 2), 0, packets);
        try (OpusEngine engine = open("embedded");
                DecoderWorkspace workspace = engine.newWorkspace(2);
                OpusDecoder neighbour = engine.newDecoder(TestEngines.settings(48_000, 2), workspace)) {
            for (int i = 0; i < 3; i++) {
                long before = engine.liveNativeBytes();
                try (OpusDecoder decoder = engine.newDecoder(TestEngines.settings(48_000, 2), workspace)) {
                    neighbour.decode(packets.get(i));
                    assertThat(DecodeScript.pcm(DecodeScript.of(packets).play(decoder)))
                            .isEqualTo(expected);
                }
                assertThat(engine.liveNativeBytes()).isEqualTo(before);
            }
        }
    }

    @Test
    void theLongestPacketsAndLossesFit() {
        // Code 3 with 48 frames of 2.5 ms, CELT, stereo, of no bytes each (RFC 6716, section 3.2.5), and padding.
        byte[] longest = new byte[PacketFraming.MAX_PACKET_BYTES];
        longest[0] = (byte) 0xE7;
        longest[1] = 48;
        byte[] shortest = {longest[0], longest[1]};
        PcmFormat format = new PcmFormat(SampleFormat.F32LE, 48_000, 2);
        try (OpusEngine engine = open("embedded");
                DecoderWorkspace workspace = engine.newWorkspace(2);
                OpusDecoder decoder = engine.newDecoder(DecoderSettings.of(format), workspace)) {
            assertThat(decoder.decode(shortest)).isEqualTo(5_760);
            assertThat(decoder.conceal(5_760)).isEqualTo(5_760);
            assertThat(decoder.recover(PACKET, 5_760)).isEqualTo(5_760);
            assertThat(decoder.pcm(0, 5_760)).hasSize(46_080);
            assertThatThrownBy(() -> decoder.decode(longest))
                    .isInstanceOf(OpusException.class)
                    .hasMessage("A packet of 61440 bytes: INVALID_PACKET");
            longest[1] |= 0x40;
            // Padding of 254 bytes an octet of 255, so that frames and padding fill the packet.
            int padding = (PacketFraming.MAX_PACKET_BYTES - 2) / 255;
            Arrays.fill(longest, 2, 2 + padding, (byte) 255);
            longest[2 + padding] = (byte) (PacketFraming.MAX_PACKET_BYTES - 3 - 255 * padding);
            assertThat(decoder.decode(longest)).isEqualTo(5_760);
        }
    }

    @Test
    void samplesStayWhenOtherThingsAreAsked() {
        try (OpusEngine engine = open("embedded");
                DecoderWorkspace workspace = engine.newWorkspace(2);
                OpusDecoder decoder = engine.newDecoder(TestEngines.settings(48_000, 2), workspace);
                OpusDecoder other = engine.newDecoder(TestEngines.settings(48_000, 2), workspace)) {
            byte[] pcm = decoder.pcm(0, decoder.decode(PACKET));
            decoder.finalRange();
            decoder.image();
            assertThat(decoder.pcm(0, 960)).isEqualTo(pcm);
            other.decode(PACKET);
            assertThatThrownBy(() -> decoder.pcm(0, 960)).hasMessageContaining("Another decoder has used");
        }
    }

    @Test
    void whatTheEngineRefusesIsRefusedInTheSameWords() {
        try (OpusEngine engine = open("java");
                OpusEngine here = OpusEngine.open("java", List.of());
                DecoderWorkspace workspace = engine.newWorkspace(1);
                DecoderWorkspace workspaceHere = here.newWorkspace(1)) {
            DecoderSettings floats = DecoderSettings.of(new PcmFormat(SampleFormat.F32LE, 48_000, 1));
            OpusException expected =
                    catchThrowableOfType(OpusException.class, () -> here.newDecoder(floats, workspaceHere));
            assertThatThrownBy(() -> engine.newDecoder(floats, workspace))
                    .isInstanceOfSatisfying(
                            OpusException.class, e -> assertThat(e.error()).isEqualTo(OpusError.UNIMPLEMENTED))
                    .hasMessage(expected.getMessage());
            assertThatThrownBy(() -> engine.newDecoder(TestEngines.settings(48_000, 2), workspace))
                    .hasMessage("1 streams and 2 channels in a workspace for at most 1 and 1");
            assertThat(engine.liveNativeBytes()).isZero();
        }
    }

    @Test
    void callsFromOtherThreadsAreRefused() throws Exception {
        try (OpusEngine engine = open("embedded");
                DecoderWorkspace workspace = engine.newWorkspace(1);
                OpusDecoder decoder = engine.newDecoder(TestEngines.settings(48_000, 1), workspace)) {
            List<Runnable> calls = List.of(
                    () -> decoder.decode(PACKET),
                    decoder::reset,
                    decoder::close,
                    () -> engine.newWorkspace(1),
                    () -> engine.newDecoder(TestEngines.settings(48_000, 1), workspace),
                    engine::close);
            Thread thread = new Thread(() -> calls.forEach(call -> assertThatThrownBy(call::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("belongs to thread")));
            Throwable[] thrown = new Throwable[1];
            thread.setUncaughtExceptionHandler((of, e) -> thrown[0] = e);
            thread.start();
            thread.join();
            assertThat(thrown[0]).isNull();
            assertThat(decoder.decode(PACKET)).isEqualTo(960);
        }
    }

    @Test
    void aTaskThatIsCancelledStillCloses() {
        ProcessEngine engine = open("embedded");
        ProcessHandle process = ProcessHandle.of(engine.pid()).orElseThrow();
        DecoderWorkspace workspace = engine.newWorkspace(1);
        OpusDecoder decoder = engine.newDecoder(TestEngines.settings(48_000, 1), workspace);
        Thread.currentThread().interrupt();
        assertThat(decoder.decode(PACKET)).isEqualTo(960);
        decoder.close();
        workspace.close();
        engine.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(process.isAlive()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Embedded", "/there/is/none/libopus.so", "NO LIBRARY"})
    void aLibraryThatCannotBeOpenedIsRefusedInTheSameWords(String choice) throws IOException {
        String library = choice.equals("NO LIBRARY")
                ? Files.writeString(folder.toRealPath().resolve("libopus.so"), "no library")
                        .toString()
                : choice;
        OpusLibraryException expected =
                catchThrowableOfType(OpusLibraryException.class, () -> OpusEngine.open(library, List.of(folder)));
        assertThatThrownBy(() -> open(library))
                .isInstanceOf(OpusLibraryException.class)
                .hasMessage(expected.getMessage());
    }

    @Test
    void aLibraryThatCrashesAsItIsOpenedIsNoLibrary() throws IOException {
        Path library = PoisonedLibrary.writeOneThatCrashesAtOnce(folder);
        assertThatThrownBy(() -> open(library.toString()))
                .isInstanceOf(OpusLibraryException.class)
                .hasMessageMatching("opus\\.library = .*libopus-crashing\\.so cannot be opened in a process of its own:"
                        + " Process \\d+ of the decoders crashed: exit code 1, SIGSEGV in C .*libopus-crashing\\.so.*"
                        + ": PROCESS_CRASHED");
    }

    @Test
    void pathsMayHoldWhatMeansSomethingElsewhere() throws IOException {
        Path odd = Files.createDirectory(folder.resolve("tm_localhost:6122-ab cd;%20"));
        Path library =
                Files.copy(PlainLibOpus.embeddedFile(), odd.resolve("libopus.so"), StandardCopyOption.REPLACE_EXISTING);
        try (OpusEngine engine = OpusEngine.openInOwnProcess(library.toString(), List.of(odd), PATIENCE)) {
            assertThat(engine.description().file())
                    .isEqualTo(library.toRealPath().toString());
            try (Stream<Path> files = Files.list(PrivateFolder.in(odd))) {
                assertThat(files).hasSize(1);
            }
        }
        try (Stream<Path> files = Files.list(PrivateFolder.in(odd))) {
            assertThat(files).isEmpty();
        }
    }

    private ProcessEngine open(String library) {
        return (ProcessEngine) OpusEngine.openInOwnProcess(library, List.of(folder), PATIENCE);
    }

    private List<Path> workingFolders() throws IOException {
        try (Stream<Path> files = Files.list(PrivateFolder.in(folder))) {
            return files.filter(Files::isDirectory).toList();
        }
    }
}
