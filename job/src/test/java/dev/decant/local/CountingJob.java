package dev.decant.local;

import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** A job of nothing but Flink: counts to its first argument. */
public final class CountingJob {
    private CountingJob() {}

    public static void main(String[] arguments) throws Exception {
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        environment.fromSequence(1, Long.parseLong(arguments[0])).sinkTo(new DiscardingSink<>());
        environment.execute("counting");
    }
}
