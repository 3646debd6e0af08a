package dev.decant.bench;

import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
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

/**
 * Packets of many streams that go on for ever: one of each stream, then the next of each. Every stream is made of the same
 * packets, but begins somewhere else among them.
 *
 * <p>Each stream is ended once and begins anew, in another of the first rounds: streams that had all begun in the same
 * round would all be due for an image in the same round, too.
 */
final class PacketSource implements GeneratorFunction<Long, OpusPacket> {
    /** Rounds after which every stream was ended once. */
    static final int ROUNDS_OF_ENDS = PipelineSettings.IMAGE_INTERVAL + 1;

    private static final int MILLIS_OF_A_ROUND = 20;

    private final String packetFile;
    private final int streams;
    private final boolean endsStreams;

    private transient byte[][] packets;
    private transient String[] streamIds;

    private PacketSource(Path packetFile, int streams, boolean endsStreams) {
        this.packetFile = packetFile.toString();
        this.streams = streams;
        this.endsStreams = endsStreams;
    }

    /** Adds it to the job. A packet goes when {@link Turns} lets it. */
    static DataStream<OpusPacket> addTo(StreamExecutionEnvironment environment, PipelineSettings settings) {
        DataGeneratorSource<OpusPacket> source = new DataGeneratorSource<>(
                new PacketSource(settings.packets(), settings.streams(), settings.endsStreams()),
                Long.MAX_VALUE,
                parallelism -> new Gate<>(),
                OpusPacket.TYPE);
        return environment
                .fromSource(source, WatermarkStrategy.noWatermarks(), "Packets")
                .uid("packets");
    }

    static String streamId(int stream) {
        return "stream-" + stream;
    }

    @Override
    public void open(SourceReaderContext context) throws IOException {
        packets = PacketFile.read(Path.of(packetFile)).toArray(byte[][]::new);
        streamIds = new String[streams];
        for (int stream = 0; stream < streams; stream++) {
            streamIds[stream] = streamId(stream);
        }
    }

    @Override
    public OpusPacket map(Long index) {
        int stream = (int) (index % streams);
        int round = (int) (index / streams);
        PacketOrigin origin = new PacketOrigin("generated", 0, index, (long) round * MILLIS_OF_A_ROUND);
        if (endsStreams && round == 1 + stream % PipelineSettings.IMAGE_INTERVAL) {
            return OpusPacket.end(streamIds[stream], origin);
        }
        return OpusPacket.plain(streamIds[stream], packets[(31 * stream + round) % packets.length], origin);
    }

    private static final class Gate<SplitT extends SourceSplit> implements RateLimiter<SplitT> {
        @Override
        public CompletionStage<Void> acquire(int packets) {
            return Turns.OF_THIS_PROCESS.acquire();
        }
    }
}
