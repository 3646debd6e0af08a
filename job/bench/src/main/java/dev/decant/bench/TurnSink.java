package dev.decant.bench;

import dev.decant.audio.PcmFrame;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** Drops every frame after {@link Turns} has seen it. */
final class TurnSink implements Sink<PcmFrame> {
    @Override
    public SinkWriter<PcmFrame> createWriter(WriterInitContext context) {
        return new SinkWriter<>() {
            @Override
            public void write(PcmFrame frame, Context frameContext) {
                Turns.OF_THIS_PROCESS.see(frame);
            }

            @Override
            public void flush(boolean endOfInput) {
                // Nothing is kept.
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
    }
}
