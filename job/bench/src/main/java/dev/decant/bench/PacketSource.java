package dev.decant.bench;

import dev.decant.audio.OpusPacket;
import dev.decant.bench.PipelineSettings.Life;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiter;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** {@link PacketRounds} in a job. */
final class PacketSource implements GeneratorFunction<Long, OpusPacket> {
    private final String packetFile;
    private final int streams;
    private final Life life;

    private transient PacketRounds rounds;

    private PacketSource(Path packetFile, int streams, Life life) {
        this.packetFile = packetFile.toString();
        this.streams = streams;
        this.life = life;
    }

    /** Adds it to the job. A packet goes when {@link Turns} lets it. */
    static DataStream<OpusPacket> addTo(StreamExecutionEnvironment environment, PipelineSettings settings) {
        DataGeneratorSource<OpusPacket> source = new DataGeneratorSource<>(
                new PacketSource(settings.packets(), settings.streams(), settings.life()),
                Long.MAX_VALUE,
                parallelism -> new Gate<>(),
                OpusPacket.TYPE);
        return environment
                .fromSource(source, WatermarkStrategy.noWatermarks(), "Packets")
                .uid("packets")
                .setParallelism(1);
    }

    @Override
    public void open(SourceReaderContext context) throws IOException {
        rounds = new PacketRounds(PacketFile.read(Path.of(packetFile)), streams, life, 0);
    }

    @Override
    public OpusPacket map(Long index) {
        return rounds.packet(index);
    }

    private static final class Gate<SplitT extends SourceSplit> implements RateLimiter<SplitT> {
        @Override
        public CompletionStage<Void> acquire(int packets) {
            return Turns.OF_THIS_PROCESS.acquire();
        }
    }
}
