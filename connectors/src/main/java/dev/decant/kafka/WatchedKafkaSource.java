package dev.decant.kafka;

import java.io.IOException;
import java.util.Properties;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.lineage.LineageVertex;
import org.apache.flink.streaming.api.lineage.LineageVertexProvider;
import org.apache.kafka.common.network.Selector;

/**
 * Flink's Kafka source, and what it leaves out: that a job whose offsets Kafka does not have says what was lost is up to
 * {@link LostOffsetReader}; of a topic that is read up to an end, that it comes to the end to {@link BoundedEnumerator},
 * that the end is committed to {@link EndCommittingReader}.
 */
final class WatchedKafkaSource<T>
        implements Source<T, KafkaPartitionSplit, KafkaSourceEnumState>, ResultTypeQueryable<T>, LineageVertexProvider {
    private final KafkaSource<T> source;
    private final Properties consumer;

    /**
     * @param consumer what the source was built with: brokers, group and whatever the client needs
     */
    WatchedKafkaSource(KafkaSource<T> source, Properties consumer) {
        this.source = source;
        this.consumer = consumer;
    }

    @Override
    public SourceReader<T, KafkaPartitionSplit> createReader(SourceReaderContext context) throws Exception {
        GroupOffsets offsets = new GroupOffsets(consumer);
        SourceReader<T, KafkaPartitionSplit> reader = new LostOffsetReader<>(source.createReader(context), offsets);
        return isBounded() ? new EndCommittingReader<>(reader, offsets::commit) : reader;
    }

    @Override
    public Boundedness getBoundedness() {
        return source.getBoundedness();
    }

    @Override
    public SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> createEnumerator(
            SplitEnumeratorContext<KafkaPartitionSplit> context) {
        loadWhatClosingNeeds();
        if (!isBounded()) {
            return source.createEnumerator(context);
        }
        DiscoveryContext discovery = new DiscoveryContext(context);
        return new BoundedEnumerator(source.createEnumerator(discovery), discovery);
    }

    @Override
    public SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> restoreEnumerator(
            SplitEnumeratorContext<KafkaPartitionSplit> context, KafkaSourceEnumState checkpoint) throws IOException {
        loadWhatClosingNeeds();
        if (!isBounded()) {
            return source.restoreEnumerator(context, checkpoint);
        }
        DiscoveryContext discovery = new DiscoveryContext(context);
        return new BoundedEnumerator(source.restoreEnumerator(discovery, checkpoint), discovery);
    }

    @Override
    public SimpleVersionedSerializer<KafkaPartitionSplit> getSplitSerializer() {
        return source.getSplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<KafkaSourceEnumState> getEnumeratorCheckpointSerializer() {
        return source.getEnumeratorCheckpointSerializer();
    }

    @Override
    public TypeInformation<T> getProducedType() {
        return source.getProducedType();
    }

    @Override
    public LineageVertex getLineageVertex() {
        return source.getLineageVertex();
    }

    /**
     * The JobManager closes the enumerator, and with it the admin client, while it closes the class loader of the job. What the
     * client loads no sooner than then it does not get any more, and its connections stay open for ever.
     */
    private static void loadWhatClosingNeeds() {
        try {
            for (Class<?> nested : Selector.class.getDeclaredClasses()) {
                Class.forName(nested.getName(), true, nested.getClassLoader());
            }
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("the class was there a moment ago", e);
        }
    }

    private boolean isBounded() {
        return getBoundedness() == Boundedness.BOUNDED;
    }
}
