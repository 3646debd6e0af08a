package dev.decant.bench;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * The other side of {@link PipelineProcess}. Commands come on standard input, one a line, and each is answered by one
 * line of {@code answer name=number …}:
 *
 * <pre>
 * turn N         decode the next N packets; the answer is the CPU time in ns
 * checkpoint N   the same, and a checkpoint is taken meanwhile
 * hash           a hash of the samples of some streams
 * state          memory of the process in bytes, CPU time of threads in ns, and the metrics of the pipeline
 * </pre>
 *
 * The end of standard input ends the program.
 */
final class PipelineMain {
    /** What every answer begins with. */
    static final String ANSWER = "answer ";

    private PipelineMain() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream answers = System.out;
        // Whatever prints, it must not answer.
        System.setOut(System.err);
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        try (RunningPipeline pipeline = RunningPipeline.start(PipelineSettings.ofArguments(arguments))) {
            for (String command = commands.readLine(); command != null; command = commands.readLine()) {
                StringBuilder answer = new StringBuilder(ANSWER);
                answer(pipeline, command.split(" "))
                        .forEach((name, value) ->
                                answer.append(name).append('=').append(value).append(' '));
                answers.println(answer);
                answers.flush();
            }
        }
        // Whatever thread is left does not keep the process.
        System.exit(0);
    }

    private static Map<String, Long> answer(RunningPipeline pipeline, String[] command) throws Exception {
        return switch (command[0]) {
            case "turn", "checkpoint" -> {
                RunningPipeline.Cost cost =
                        pipeline.turn(Integer.parseInt(command[1]), command[0].equals("checkpoint"));
                yield Map.of("pipeline", cost.pipeline(), "decodingThread", cost.decodingThread());
            }
            case "hash" -> Map.of("hash", Turns.OF_THIS_PROCESS.hash());
            case "state" -> state(pipeline);
            default -> throw new IllegalArgumentException("no command: " + command[0]);
        };
    }

    private static Map<String, Long> state(RunningPipeline pipeline) throws Exception {
        Map<String, Long> values = new TreeMap<>(OperatorMetrics.values());
        values.putAll(pipeline.checkpointTimes());
        values.putAll(ThreadTimes.ofThisProcess());
        values.putAll(ProcessMemory.of("self"));
        return values;
    }
}
