package dev.decant.job;

import static dev.decant.job.UsageException.usage;

import dev.decant.audio.Printable;
import dev.decant.job.RecordingProducer.Sent;
import dev.decant.kafka.KafkaTopics;
import dev.decant.kafka.PacketProducer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Pushes recordings to Kafka as packets. */
@Command(
        name = "produce",
        description = "Push Opus recordings to Kafka as packets, each as one stream.",
        footer = "Exit code: 0 if every recording was sent whole, 3 if some were not.",
        mixinStandardHelpOptions = true)
final class ProduceCommand implements Callable<Integer> {
    @Mixin
    private OptionValues options = new OptionValues();

    @Option(names = "--topic", required = true, paramLabel = "<topic>", description = "The packet topic.")
    private String topic;

    @Option(
            names = "--stream-id",
            paramLabel = "<id>",
            description = "The stream ID of the one recording; without it the file's name without its ending.")
    private String streamId;

    @Option(names = "--realtime", description = "Send each packet when it would play, all recordings at once.")
    private boolean realtime;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Opus recordings (Ogg, WebM, Matroska, MP4).")
    private List<Path> files;

    @Spec
    private CommandSpec spec;

    private ProduceCommand() {}

    static CommandSpec create() {
        ProduceCommand command = new ProduceCommand();
        CommandSpec spec = CommandSpec.forAnnotatedObject(command);
        command.options.addFlags(spec, DecantOptions.KAFKA_FLAGS);
        return spec;
    }

    @Override
    public Integer call() throws Exception {
        if (streamId != null && files.size() > 1) {
            throw usage("--stream-id is for one recording; " + files.size() + " were named");
        }
        List<RecordingFile> recordings = RecordingFile.of(files);
        if (streamId != null) {
            recordings = List.of(recordings.get(0).as(streamId));
        }
        try {
            return produce(recordings, options.toConfiguration()) ? 0 : UsageException.SOME_FAILED;
        } catch (IllegalArgumentException wrong) {
            // Brokers, topic, stream ID or a property of the clients, of which the message names one.
            throw usage(wrong.getMessage());
        }
    }

    /** Whether every recording was sent whole. */
    private boolean produce(List<RecordingFile> recordings, Configuration given) throws InterruptedException {
        String brokers = KafkaOptions.brokers(given);
        Map<String, String> properties = KafkaOptions.clientProperties(given);
        try (KafkaTopics kafka = KafkaTopics.connect(brokers, properties)) {
            kafka.requirePacketTopics(List.of(topic));
            kafka.requireWritable("packet topic", topic);
        }
        List<Sent> failed = new ArrayList<>();
        try (PacketProducer producer = new PacketProducer(brokers, topic, properties)) {
            RecordingProducer recordingProducer = new RecordingProducer(producer);
            if (realtime) {
                recordingProducer.sendInRealTime(recordings, sent -> tell(sent, failed));
            } else {
                recordingProducer.send(recordings, sent -> tell(sent, failed));
            }
        }
        return failed.isEmpty();
    }

    private void tell(Sent sent, List<Sent> failed) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "%s: %,d packets of stream %s%n",
                Printable.of(sent.recording().path()),
                sent.packets(),
                Printable.of(sent.recording().streamId()));
        if (sent.problem() != null) {
            failed.add(sent);
            spec.commandLine().getErr().println("decant: " + Printable.of(sent.problem()));
        }
    }
}
