package dev.decant.network;

import dev.decant.audio.OpusPacket;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.container.ReadingSettings;
import dev.decant.container.Recording;
import dev.decant.container.RecordingBytes;
import dev.decant.container.Recordings;
import dev.decant.opus.ReferenceDecoder;
import dev.decant.opus.TestEncoder;
import dev.decant.opus.TestEncoder.Bandwidth;
import dev.decant.opus.TestEncoder.Mode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Real speech, 48 kHz mono, and the packets that a sender makes of it. */
public final class Speech {
    private static final PcmFormat FORMAT = new PcmFormat(SampleFormat.S16LE, 48_000, 1);
    private static final int PACKET_SAMPLES = 960;
    private static final int PAUSE_SAMPLES = 72_000;

    /** What an encoder gives for a packet that need not be sent, at most (opus.h, opus_encode). */
    private static final int UNSENT_BYTES = 2;

    /** Enough for the encoder to repeat almost every frame that somebody speaks in. */
    private static final int EXPECTED_LOSS_PERCENT = 25;

    /** What a sender may do besides. */
    public enum Option {
        /** Most packets carry the frame before once more, at fewer bits. */
        FORWARD_ERROR_CORRECTION,
        /**
         * Of the packets in a pause that hold nothing the first is sent, and those after it are not, and have no number.
         */
        DISCONTINUOUS_TRANSMISSION
    }

    private final short[] samples;

    private Speech(short[] samples) {
        this.samples = samples;
    }

    /** One of the samples that come with Decant: "welcome" for instance. */
    public static Speech sample(String name) throws IOException {
        String resource = "/samples/" + name + ".opus";
        InputStream bytes = Speech.class.getResourceAsStream(resource);
        if (bytes == null) {
            throw new FileNotFoundException(resource + " is not on the class path");
        }
        return of(bytes, name);
    }

    /** A recording, which is closed. */
    public static Speech of(InputStream bytes, String name) throws IOException {
        List<byte[]> packets = new ArrayList<>();
        try (Recording recording =
                Recordings.open(RecordingBytes.of(() -> bytes), name, name, ReadingSettings.DEFAULT)) {
            for (OpusPacket packet = recording.next(); packet != null; packet = recording.next()) {
                packets.add(packet.payload());
            }
        }
        ShortBuffer decoded = ByteBuffer.wrap(ReferenceDecoder.decode(FORMAT, 0, packets))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asShortBuffer();
        short[] samples = new short[decoded.remaining()];
        decoded.get(samples);
        return new Speech(samples);
    }

    /** All the speech among the samples that come with Decant, with pauses of one and a half seconds between. */
    public static Speech conversation() throws IOException {
        return sample("welcome")
                .then(sample("bonjour"))
                .then(sample("dialogue"))
                .then(sample("telefon"));
    }

    /** This, a pause, and then the other. */
    public Speech then(Speech other) {
        short[] both = new short[samples.length + PAUSE_SAMPLES + other.samples.length];
        System.arraycopy(samples, 0, both, 0, samples.length);
        System.arraycopy(other.samples, 0, both, samples.length + PAUSE_SAMPLES, other.samples.length);
        return new Speech(both);
    }

    /** SILK wideband at 24 kbit/s, 20 ms a packet. */
    public List<SentPacket> packets(Option... options) {
        Set<Option> chosen = Set.of(options);
        try (TestEncoder encoder = new TestEncoder(FORMAT.rate(), 1)) {
            encoder.mode(Mode.SILK).bandwidth(Bandwidth.WIDE).bitrate(24_000);
            if (chosen.contains(Option.FORWARD_ERROR_CORRECTION)) {
                encoder.forwardErrorCorrection(EXPECTED_LOSS_PERCENT);
            }
            if (chosen.contains(Option.DISCONTINUOUS_TRANSMISSION)) {
                encoder.discontinuousTransmission();
                return withPauses(encoder.encode(samples, PACKET_SAMPLES));
            }
            return allOf(encoder.encode(samples, PACKET_SAMPLES));
        }
    }

    private static List<SentPacket> allOf(List<byte[]> payloads) {
        List<SentPacket> packets = new ArrayList<>();
        for (byte[] payload : payloads) {
            packets.add(new SentPacket(packets.size(), (long) packets.size() * PACKET_SAMPLES, payload));
        }
        return packets;
    }

    private static List<SentPacket> withPauses(List<byte[]> payloads) {
        List<SentPacket> packets = new ArrayList<>();
        boolean pausing = false;
        for (int i = 0; i < payloads.size(); i++) {
            byte[] payload = payloads.get(i);
            boolean holdsNothing = payload.length <= UNSENT_BYTES;
            if (!(holdsNothing && pausing)) {
                packets.add(new SentPacket(packets.size(), (long) i * PACKET_SAMPLES, payload));
            }
            pausing = holdsNothing;
        }
        return packets;
    }
}
