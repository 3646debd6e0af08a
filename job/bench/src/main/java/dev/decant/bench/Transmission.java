package dev.decant.bench;

import dev.decant.audio.OpusPacket;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.SampleFormat;
import dev.decant.decode.DecodeSettings;
import dev.decant.decode.Decoding;
import dev.decant.decode.IsolationSettings;
import dev.decant.decode.LiveLimits;
import dev.decant.decode.SequencerSettings;
import dev.decant.network.NetworkConditions;
import dev.decant.network.NetworkSimulation;
import dev.decant.network.Sender;
import dev.decant.network.SentPacket;
import dev.decant.opus.DecoderVerification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;

/**
 * Speech that went through a network, and what a job of Decant made of what came out.
 *
 * @param lossRate share of packets lost
 * @param repair what is done about them
 * @param packets what was sent
 * @param network what became of it
 * @param reception what was made of that
 */
record Transmission(
        double lossRate,
        NetworkTable.Repair repair,
        List<SentPacket> packets,
        NetworkSimulation network,
        Reception reception) {

    private static final DecodeSettings SETTINGS = new DecodeSettings(
            DecoderBenchmark.ENGINE,
            SampleFormat.S16LE,
            Reception.RATE,
            1,
            1,
            0,
            true,
            DecoderVerification.GUARDS,
            new LiveLimits(1_000, 1L << 30),
            false,
            PipelineSettings.IMAGE_INTERVAL,
            new IsolationSettings(IsolationSettings.When.NEVER, 1, Duration.ofSeconds(10)),
            SequencerSettings.usual());

    static Transmission of(
            double lossRate,
            NetworkTable.Repair repair,
            List<SentPacket> packets,
            NetworkConditions conditions,
            long seed) {
        Sender sender = Sender.of(packets);
        NetworkSimulation network = NetworkSimulation.of(List.of(sender), conditions, seed);
        long copied = network.onlyCopied(sender).stream()
                .mapToObj(packets::get)
                .filter(packet -> packet.payload().length > 1)
                .mapToLong(SentPacket::ticks)
                .sum();
        return new Transmission(lossRate, repair, packets, network, new Reception(copied));
    }

    /** Decodes all of them, and what was sent as well: that is what they are compared with. */
    static void receive(List<Transmission> transmissions) throws Exception {
        Map<List<SentPacket>, short[]> sounds = new HashMap<>();
        for (Transmission transmission : transmissions) {
            if (!sounds.containsKey(transmission.packets())) {
                sounds.put(transmission.packets(), decode(transmission.packets()));
            }
        }
        List<OpusPacket> arrivals = new ArrayList<>();
        for (int i = 0; i < transmissions.size(); i++) {
            arrivals.addAll(transmissions.get(i).network().overRtp(Integer.toString(i)));
        }
        run(arrivals, frame -> {
            Transmission transmission = transmissions.get(Integer.parseInt(frame.streamId()));
            transmission.reception().add(frame, sounds.get(transmission.packets()));
        });
    }

    private static short[] decode(List<SentPacket> packets) throws Exception {
        Sender sender = Sender.of(packets);
        short[] sound = new short[(int) (sender.ticks() / Reception.TICKS_A_SAMPLE)];
        NetworkSimulation clean = NetworkSimulation.of(List.of(sender), NetworkConditions.CLEAN, 0);
        run(clean.overRtp("all"), frame -> Reception.samples(frame)
                .get(sound, (int) frame.position(), (int) frame.sampleCount()));
        return sound;
    }

    /** A job of one task: the order of packets is kept. */
    private static void run(List<OpusPacket> packets, Consumer<PcmFrame> frames) throws Exception {
        Configuration configuration = new Configuration().set(PipelineOptions.OBJECT_REUSE, true);
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
        Decoding decoding = Decoding.of(environment.fromData(packets, OpusPacket.TYPE), SETTINGS);
        CloseableIterator<PcmFrame> decoded = decoding.frames().executeAndCollect();
        try {
            decoded.forEachRemaining(frames);
        } finally {
            decoded.close();
        }
    }
}
