package dev.decant.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The running pipeline: a JVM of its own, so that all its CPU time and memory are its own, which decodes when it is told
 * to and waits in between.
 */
final class PipelineProcess implements TurnTaker {
    /** What Flink reaches into on Java 17, as in the configuration that comes with its distribution. */
    private static final List<String> OPEN_PACKAGES = List.of(
            "java.lang",
            "java.lang.reflect",
            "java.net",
            "java.io",
            "java.nio",
            "sun.nio.ch",
            "java.text",
            "java.time",
            "java.util",
            "java.util.concurrent",
            "java.util.concurrent.atomic",
            "java.util.concurrent.locks");

    /** Words for the JVMs of pipelines, such as those that start a profiler. */
    private static final String MORE_JVM_OPTIONS = "BENCH_JVM_OPTIONS";

    private final Path log;
    private final Process process;
    private final Writer commands;
    private final BufferedReader answers;

    /**
     * @param log what the process prints is added to it
     */
    PipelineProcess(PipelineSettings settings, Path log) throws IOException {
        this.log = log;
        process = new ProcessBuilder(command(settings))
                .redirectError(Redirect.appendTo(log.toFile()))
                .start();
        commands = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.US_ASCII);
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    }

    @Override
    public RunningPipeline.Cost turn(int packets, boolean checkpoint) throws IOException {
        Map<String, Long> answer = ask((checkpoint ? "checkpoint " : "turn ") + packets);
        return new RunningPipeline.Cost(answer.get("pipeline"), answer.get("decodingThread"));
    }

    @Override
    public long hash() throws IOException {
        return ask("hash").get("hash");
    }

    @Override
    public Map<String, Long> state() throws IOException {
        return ask("state");
    }

    /** CPU time of the whole process since it was started, ns. */
    long cpuNanos() {
        return new ProcessClock(process.pid()).nanos();
    }

    @Override
    public void close() throws IOException {
        commands.close();
        process.onExit().join();
    }

    private Map<String, Long> ask(String command) throws IOException {
        commands.write(command + "\n");
        commands.flush();
        String answer = answers.readLine();
        // The JVM itself may have something to say, such as that it records.
        while (answer != null && !answer.startsWith(PipelineMain.ANSWER)) {
            answer = answers.readLine();
        }
        if (answer == null) {
            throw new BenchException("a pipeline ended without an answer; " + log + " says why");
        }
        Map<String, Long> values = new TreeMap<>();
        for (String word : answer.substring(PipelineMain.ANSWER.length()).split(" ")) {
            values.put(word.substring(0, word.indexOf('=')), Long.parseLong(word.substring(word.indexOf('=') + 1)));
        }
        return values;
    }

    private static List<String> command(PipelineSettings settings) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        // The collector that Flink's own scripts choose.
        command.addAll(List.of("-XX:+UseG1GC", "-Xmx" + settings.heapMegabytes() + "m"));
        // The CPU time of a thread that has ended would be missing.
        command.add("-XX:-UseDynamicNumberOfCompilerThreads");
        OPEN_PACKAGES.forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
        String more = System.getenv().getOrDefault(MORE_JVM_OPTIONS, "").strip();
        if (!more.isEmpty()) {
            command.addAll(List.of(more.split("\\s+")));
        }
        command.add(PipelineMain.class.getName());
        return Stream.concat(command.stream(), settings.arguments().stream()).toList();
    }
}
