package dev.decant.job;

import dev.decant.audio.OpusPacket;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.container.Recording;
import dev.decant.decode.DecodeSettings;
import dev.decant.kafka.KafkaTopics;
import dev.decant.opus.DecoderSettings;
import dev.decant.opus.DecoderWorkspace;
import dev.decant.opus.EngineDescription;
import dev.decant.opus.OpusDecoder;
import dev.decant.opus.OpusEngine;
import dev.decant.opus.OpusException;
import dev.decant.opus.OpusLibraryException;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.util.EnvironmentInformation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows what a job would find on this machine, and what would stop it. */
@Command(
        name = "doctor",
        description = {
            "Show what a job would find on this machine, and what would stop it.",
            "With --streams: the memory that so many live streams need, and the options to set."
        },
        footer = "Exit code: 0 if nothing would stop a job, 1 if something would.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    private static final long MEBIBYTE = 1 << 20;

    @Mixin
    private OptionValues options = new OptionValues();

    @Mixin
    private LoadOptions load = new LoadOptions();

    @Spec
    private CommandSpec spec;

    private final List<String> obstacles = new ArrayList<>();

    private DoctorCommand() {}

    static CommandSpec create() {
        DoctorCommand command = new DoctorCommand();
        CommandSpec spec = CommandSpec.forAnnotatedObject(command);
        command.options.addFlags(spec, DecantOptions.KAFKA_FLAGS);
        command.options.addFlags(spec, DecantOptions.DECODING_FLAGS);
        return spec;
    }

    @Override
    public Integer call() {
        Configuration given = options.toConfiguration();
        load.check(given);
        DecodeSettings settings = StreamJob.decoding(load.ofDecoding(given));
        String chosen = settings.library();
        showMachine();
        for (String library : List.of("embedded", "system", "java")) {
            showLibrary(library, chosen);
        }
        if (!List.of("auto", "embedded", "system", "java").contains(chosen)) {
            showLibrary(chosen, chosen);
        }
        decodeSample(chosen);
        OptionValues.get(given, DecantOptions.BROKERS)
                .ifPresent(brokers -> showBrokers(brokers, KafkaOptions.clientProperties(given)));
        if (load.isGiven()) {
            showMemoryOf(given, settings);
        }
        out().println();
        if (obstacles.isEmpty()) {
            out().println("Nothing found that would stop a job here.");
            return 0;
        }
        obstacles.forEach(obstacle -> out().println("Would stop a job: " + obstacle));
        return UsageException.FAILED;
    }

    private void showMachine() {
        show("Decant", new Decant.Version().getVersion()[0]);
        show("Java", Runtime.version() + ", " + System.getProperty("java.vm.name"));
        show("Flink", EnvironmentInformation.getVersion());
        show(
                "System",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch") + ", "
                        + Runtime.getRuntime().availableProcessors() + " cores");
        show("Heap", Runtime.getRuntime().maxMemory() / MEBIBYTE + " MiB at most");
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system) {
            show(
                    "Memory",
                    system.getFreeMemorySize() / MEBIBYTE + " MiB free of " + system.getTotalMemorySize() / MEBIBYTE
                            + " MiB");
        }
    }

    private void showLibrary(String library, String chosen) {
        try (OpusEngine engine = OpusEngine.open(library, List.of())) {
            EngineDescription found = engine.description();
            show("libopus, " + library, found.version() + ", " + found.file());
            show("", "SHA-256 " + found.sha256());
            if (found.monoStateBytes() > 0) {
                show(
                        "",
                        "a decoder takes " + found.monoStateBytes() + " bytes (mono), " + found.stereoStateBytes()
                                + " bytes (stereo)");
            }
        } catch (OpusLibraryException missing) {
            show("libopus, " + library, "no: " + missing.getMessage());
            if (library.equals(chosen)) {
                obstacles.add(missing.getMessage());
            }
        }
    }

    /** The proof that decoding works: a bundled recording, through the engine that a job would take. */
    private void decodeSample(String library) {
        RecordingFile sample = RecordingFile.samples().get(0);
        PcmFormat format = new PcmFormat(SampleFormat.S16LE, 48_000, 2);
        try (OpusEngine engine = OpusEngine.open(library, List.of());
                DecoderWorkspace workspace = engine.newWorkspace(format.channels());
                OpusDecoder decoder = engine.newDecoder(DecoderSettings.of(format), workspace);
                Recording recording = sample.open()) {
            long samples = 0;
            long start = System.nanoTime();
            for (OpusPacket packet = recording.next(); packet != null; packet = recording.next()) {
                samples += decoder.decode(packet.payload());
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            show(
                    "Decoding",
                    String.format(
                            "%s by %s: %.1f s of audio, %.0f times real time, from a cold start",
                            sample.path(),
                            engine.description().origin(),
                            format.seconds(samples),
                            format.seconds(samples) / seconds));
        } catch (OpusLibraryException | OpusException | IOException e) {
            show("Decoding", "no: " + e.getMessage());
            if (!obstacles.contains(e.getMessage())) {
                obstacles.add(e.getMessage());
            }
        }
    }

    private void showBrokers(String brokers, Map<String, String> properties) {
        try (KafkaTopics kafka = KafkaTopics.connect(brokers, properties)) {
            show(
                    "Kafka",
                    brokers + " answers; transactions last "
                            + kafka.maxTransactionTimeout().toMinutes() + " min at most");
        } catch (RuntimeException unreachable) {
            show("Kafka", "no: " + unreachable.getMessage());
            obstacles.add(unreachable.getMessage());
        }
    }

    private void showMemoryOf(Configuration given, DecodeSettings settings) {
        try (OpusEngine engine = OpusEngine.open(settings.library(), List.of())) {
            out().println();
            new MemoryPlanTable(load.plan(given, settings, engine), out()).print(load.describe(given, settings));
        } catch (OpusLibraryException missing) {
            show("Memory", "not known without the library");
        }
    }

    private void show(String what, String value) {
        out().printf("%-18s %s%n", what, value);
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
