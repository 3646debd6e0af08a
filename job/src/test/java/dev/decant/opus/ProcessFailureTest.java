package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.decant.audio.PacketFraming;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.opus.OpusError.Remedy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Native code in another process crashes and hangs, the process is killed, its parent is killed: nothing else happens. */
class ProcessFailureTest {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final List<byte[]> PACKETS = TestStream.changing().packets();

    @TempDir
    private Path folder;

    private Path library;

    @BeforeEach
    void poison() throws IOException {
        library = PoisonedLibrary.write(folder);
    }

    @AfterEach
    void noWorkingFolderIsLeft() throws IOException {
        assertThat(workingFolders()).isEmpty();
    }

    @Test
    void poisonedPacketsAreSoundlyFramedAndDecodedByOtherLibraries() throws Exception {
        try (OpusEngine engine = TestEngines.embedded();
                DecoderWorkspace workspace = engine.newWorkspace(1);
                OpusDecoder decoder = engine.newDecoder(TestEngines.settings(48_000, 1), workspace)) {
            for (byte[] packet : List.of(PoisonedLibrary.crashingPacket(), PoisonedLibrary.hangingPacket())) {
                assertThat(PacketFraming.duration(packet)).isEqualTo(960);
                assertThat(decoder.decode(packet)).isEqualTo(960);
            }
        }
    }

    @Test
    void aPoisonedLibraryDecodesAllElseAsBefore() {
        DecodeScript script = DecodeScript.withLosses(TestStream.changing());
        for (SampleFormat sampleFormat : SampleFormat.values()) {
            PcmFormat format = new PcmFormat(sampleFormat, 48_000, 2);
            try (OpusEngine poisoned = OpusEngine.open(library.toString(), List.of());
                    DecoderWorkspace workspace = poisoned.newWorkspace(2);
                    OpusDecoder decoder = poisoned.newDecoder(DecoderSettings.of(format), workspace);
                    ReferenceDecoder reference = new ReferenceDecoder(PlainLibOpus.embeddedFile(), format, 0)) {
                assertThat(DecodeScript.pcm(script.play(decoder))).isEqualTo(DecodeScript.pcm(script.play(reference)));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SampleFormat.class)
    void aCrashEndsTheProcessAndIsNamed(SampleFormat sampleFormat) {
        try (ProcessEngine engine = open(PATIENCE);
                DecoderWorkspace workspace = engine.newWorkspace(2);
                OpusDecoder decoder =
                        engine.newDecoder(DecoderSettings.of(new PcmFormat(sampleFormat, 48_000, 2)), workspace)) {
            ProcessHandle process = ProcessHandle.of(engine.pid()).orElseThrow();
            assertThat(decoder.decode(PACKETS.get(0))).isEqualTo(960);
            assertThatThrownBy(() -> decoder.decode(PoisonedLibrary.crashingPacket()))
                    .isInstanceOfSatisfying(OpusException.class, e -> {
                        assertThat(e.error()).isEqualTo(OpusError.PROCESS_CRASHED);
                        assertThat(e.error().remedy()).isEqualTo(Remedy.REPLACE_ENGINE);
                    })
                    .hasMessageMatching("Process " + engine.pid()
                            + " of the decoders crashed: exit code 1, SIGSEGV in C .*libopus-poisoned\\.so.*"
                            + ": PROCESS_CRASHED");
            assertThat(process.isAlive()).isFalse();
            assertThat(engine.liveNativeBytes()).isZero();
        }
    }

    @Test
    void recoveringFromTheNextPacketMayCrashToo() {
        try (OpusEngine engine = open(PATIENCE);
                DecoderWorkspace workspace = engine.newWorkspace(1);
                OpusDecoder decoder = engine.newDecoder(TestEngines.settings(48_000, 1), workspace)) {
            assertThat(errorOf(() -> decoder.recover(PoisonedLibrary.crashingPacket(), 960)))
                    .isEqualTo(OpusError.PROCESS_CRASHED);
        }
    }

    @Test
    void everyLaterCallIsToldTheSame() {
        try (OpusEngine engine = open(PATIENCE);
                DecoderWorkspace workspace = engine.newWorkspace(1);
                OpusDecoder decoder = engine.newDecoder(TestEngines.settings(48_000, 1), workspace);
                OpusDecoder other = engine.newDecoder(TestEngines.settings(48_000, 1), workspace)) {
            OpusException first =
                    catchThrowableOfType(OpusException.class, () -> decoder.decode(PoisonedLibrary.crashingPacket()));
            List<ThrowingCallable> calls = List.of(
                    () -> decoder.decode(PACKETS.get(0)),
                    () -> other.decode(PACKETS.get(0)),
                    () -> other.recover(PACKETS.get(0), 960),
                    () -> other.conceal(960),
                    other::reset,
                    other::finalRange,
                    other::image,
                    () -> engine.newWorkspace(1),
                    () -> engine.newDecoder(TestEngines.settings(48_000, 1), workspace),
                    () -> engine.restoreDecoder(
                            TestEngines.settings(48_000, 1), DecoderImage.ofBytes(new byte[4]), workspace));
            for (ThrowingCallable call : calls) {
                assertThatThrownBy(call)
                        .isInstanceOfSatisfying(
                                OpusException.class, e -> assertThat(e.error()).isEqualTo(first.error()))
                        .hasMessage(first.getMessage());
            }
            assertThatThrownBy(() -> decoder.pcm(0, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void aCrashIsNoConcernOfOtherEngines() {
        byte[] expected = ReferenceDecoder.decode(TestEngines.s16(48_000, 2), 0, PACKETS);
        try (OpusEngine crashing = open(PATIENCE);
                OpusEngine sound = open(PATIENCE);
                DecoderWorkspace workspaceOfCrashing = crashing.newWorkspace(1);
                DecoderWorkspace workspace = sound.newWorkspace(2);
                OpusDecoder decoder = sound.newDecoder(TestEngines.settings(48_000, 2), workspace);
                OpusDecoder victim = crashing.newDecoder(TestEngines.settings(48_000, 1), workspaceOfCrashing)) {
            assertThat(errorOf(() -> victim.decode(PoisonedLibrary.crashingPacket())))
                    .isEqualTo(OpusError.PROCESS_CRASHED);
            assertThat(DecodeScript.pcm(DecodeScript.of(PACKETS).play(decoder))).isEqualTo(expected);
        }
    }

    @Test
    void aHangIsEndedAtTheDeadline() {
        try (ProcessEngine engine = open(SHORT);
                DecoderWorkspace workspace = engine.newWorkspace(1);
                OpusDecoder decoder = engine.newDecoder(TestEngines.settings(48_000, 1), workspace)) {
            ProcessHandle process = ProcessHandle.of(engine.pid()).orElseThrow();
            OpusException hung =
                    catchThrowableOfType(OpusException.class, () -> decoder.decode(PoisonedLibrary.hangingPacket()));
            assertThat(hung.error()).isEqualTo(OpusError.PROCESS_HUNG);
            assertThat(hung.error().remedy()).isEqualTo(Remedy.REPLACE_ENGINE);
            assertThat(hung)
                    .hasMessage("Process " + engine.pid()
                            + " of the decoders did not answer within 300 ms, and was ended: PROCESS_HUNG");
            assertThat(process.isAlive()).isFalse();
            assertThat(errorOf(decoder::reset)).isEqualTo(OpusError.PROCESS_HUNG);
        }
    }

    @ParameterizedTest
    @CsvSource({"KILL, 137", "TERM, 143"})
    void aProcessThatIsKilledBetweenCallsPutsNoBlameOnAPacket(String signal, int exitCode) throws Exception {
        try (ProcessEngine engine = open(PATIENCE);
                DecoderWorkspace workspace = engine.newWorkspace(1);
                OpusDecoder decoder = engine.newDecoder(TestEngines.settings(48_000, 1), workspace)) {
            ProcessHandle process = ProcessHandle.of(engine.pid()).orElseThrow();
            kill(signal, process);
            process.onExit().get();
            assertThatThrownBy(() -> decoder.decode(PACKETS.get(0)))
                    .isInstanceOfSatisfying(OpusException.class, e -> {
                        assertThat(e.error()).isEqualTo(OpusError.PROCESS_KILLED);
                        assertThat(e.error().remedy()).isEqualTo(Remedy.REPLACE_ENGINE);
                    })
                    .hasMessage("Process " + engine.pid() + " of the decoders was ended from outside: exit code "
                            + exitCode + ", SIG" + signal + ": PROCESS_KILLED");
        }
    }

    @Test
    void aProcessThatIsKilledDuringACallPutsNoBlameOnThePacket() throws Exception {
        try (ProcessEngine engine = open(PATIENCE);
                DecoderWorkspace workspace = engine.newWorkspace(1);
                OpusDecoder decoder = engine.newDecoder(TestEngines.settings(48_000, 1), workspace)) {
            ProcessHandle process = ProcessHandle.of(engine.pid()).orElseThrow();
            Thread killer = new Thread(() -> {
                awaitBusy(process);
                process.destroyForcibly();
            });
            killer.start();
            assertThat(errorOf(() -> decoder.decode(PoisonedLibrary.hangingPacket())))
                    .isEqualTo(OpusError.PROCESS_KILLED);
            killer.join();
        }
    }

    @Test
    void aProcessThatIsPausedForLongIsTakenToHang() throws Exception {
        try (ProcessEngine engine = open(SHORT);
                DecoderWorkspace workspace = engine.newWorkspace(1);
                OpusDecoder decoder = engine.newDecoder(TestEngines.settings(48_000, 1), workspace)) {
            kill("STOP", ProcessHandle.of(engine.pid()).orElseThrow());
            awaitPaused(engine.pid());
            assertThat(errorOf(() -> decoder.decode(PACKETS.get(0)))).isEqualTo(OpusError.PROCESS_HUNG);
        }
    }

    @Test
    void aProcessThatIsKilledAsItIsClosedIsClosed() throws Exception {
        ProcessEngine engine = open(PATIENCE);
        DecoderWorkspace workspace = engine.newWorkspace(1);
        OpusDecoder decoder = engine.newDecoder(TestEngines.settings(48_000, 1), workspace);
        ProcessHandle process = ProcessHandle.of(engine.pid()).orElseThrow();
        process.destroyForcibly();
        process.onExit().get();
        decoder.close();
        workspace.close();
        assertThat(engine.liveNativeBytes()).isZero();
        engine.close();
    }

    @Test
    void anAnswerThatMakesNoSenseEndsTheProcess() throws IOException {
        ProcessFolder own = ProcessFolder.in(List.of(folder));
        Process mad = new ProcessBuilder("sh", "-c", "echo nonsense; exec sleep 600").start();
        DecoderProcess process = new DecoderProcess(own, mad);
        process.request(ProcessProtocol.Request.OPEN);
        assertThatThrownBy(() -> process.call(Message::getInt))
                .isInstanceOfSatisfying(
                        OpusException.class, e -> assertThat(e.error()).isEqualTo(OpusError.PROCESS_CRASHED))
                .hasMessage(
                        "Process " + mad.pid() + " of the decoders gave an answer that made no sense, and was ended:"
                                + " 1852796531 is no length of a message: PROCESS_CRASHED");
        assertThat(mad.isAlive()).isFalse();
        process.release();
    }

    @Test
    void theProcessEndsWithItsParentEvenWhileItHangs() throws Exception {
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        HangingParent.class.getName(),
                        library.toString(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            String pid = parent.inputReader(StandardCharsets.UTF_8).readLine();
            ProcessHandle child = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
            assertThat(workingFolders()).hasSize(1);
            awaitBusy(child);
            parent.destroyForcibly();
            parent.waitFor();
            child.onExit().get(2, TimeUnit.MINUTES);
        } finally {
            parent.destroyForcibly();
        }
    }

    @Test
    void optionsMeantForOtherJvmsStayAway() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                HangingParent.class.getName(),
                library.toString(),
                folder.toString());
        builder.environment().putAll(Map.of("JAVA_TOOL_OPTIONS", "-Dmeant.for=another", "KEPT", "yes"));
        Process parent = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            String pid = parent.inputReader(StandardCharsets.UTF_8).readLine();
            ProcessHandle child = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
            assertThat(Files.readString(Path.of("/proc", pid, "environ")))
                    .contains("KEPT=yes")
                    .doesNotContain("JAVA_TOOL_OPTIONS");
            parent.destroyForcibly();
            parent.waitFor();
            child.onExit().get(2, TimeUnit.MINUTES);
        } finally {
            parent.destroyForcibly();
        }
    }

    /** A process that decodes, in another one, a packet that hangs. */
    static final class HangingParent {
        public static void main(String[] arguments) {
            ProcessEngine engine = (ProcessEngine)
                    OpusEngine.openInOwnProcess(arguments[0], List.of(Path.of(arguments[1])), Duration.ofDays(1));
            DecoderWorkspace workspace = engine.newWorkspace(1);
            OpusDecoder decoder = engine.newDecoder(TestEngines.settings(48_000, 1), workspace);
            System.out.println(engine.pid());
            decoder.decode(PoisonedLibrary.hangingPacket());
        }
    }

    private ProcessEngine open(Duration deadline) {
        return (ProcessEngine) OpusEngine.openInOwnProcess(library.toString(), List.of(folder), deadline);
    }

    private List<Path> workingFolders() throws IOException {
        try (Stream<Path> files = Files.list(PrivateFolder.in(folder))) {
            return files.filter(Files::isDirectory).toList();
        }
    }

    private static OpusError errorOf(ThrowingCallable call) {
        return catchThrowableOfType(OpusException.class, call).error();
    }

    private static void kill(String signal, ProcessHandle process) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    /** A signal takes its time: until every thread of the process is stopped (proc(5), the state "T"). */
    private static void awaitPaused(long pid) throws IOException {
        boolean paused = false;
        while (!paused) {
            try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
                paused = threads.allMatch(ProcessFailureTest::isPaused);
            }
        }
    }

    private static boolean isPaused(Path thread) {
        try {
            String stat = Files.readString(thread.resolve("stat"));
            return stat.substring(stat.lastIndexOf(')')).startsWith(") T");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Until the process has used the processor for a second more: an idle one never does. */
    private static void awaitBusy(ProcessHandle process) {
        Duration used = process.info().totalCpuDuration().orElseThrow();
        while (process.info().totalCpuDuration().orElseThrow().minus(used).compareTo(Duration.ofSeconds(1)) < 0) {
            Thread.onSpinWait();
        }
    }
}
