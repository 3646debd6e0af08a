package dev.decant.bench;

import dev.decant.audio.MediaClock;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.util.List;

/**
 * The samples that were made of what a network delivered: where they come from, and how far they are from those of what was
 * sent. The signal to noise ratio is that of all samples: ten times the logarithm of the energy of what was sent, decoded
 * without loss, over the energy of the difference.
 */
final class Reception {
    /** Of the samples: what speech recognition takes. */
    static final int RATE = 16_000;

    static final int TICKS_A_SAMPLE = MediaClock.HZ / RATE;

    private final long[] samples = new long[Outcome.values().length];
    private long copied;
    private double signal;
    private double noise;
    private double lostSignal;

    /**
     * @param copiedTicks of what came as a copy only, 48 kHz ticks
     */
    Reception(long copiedTicks) {
        copied = copiedTicks / TICKS_A_SAMPLE;
    }

    static Reception sum(List<Transmission> transmissions, NetworkTable.Repair repair) {
        Reception sum = new Reception(0);
        transmissions.stream()
                .filter(transmission -> transmission.repair() == repair)
                .forEach(transmission -> sum.add(transmission.reception()));
        return sum;
    }

    /** The samples of a frame, s16le; zeros where a gap is filled. */
    static ShortBuffer samples(PcmFrame frame) {
        byte[] pcm =
                frame.outcome() == Outcome.FILLED ? new byte[(int) frame.sampleCount() * Short.BYTES] : frame.pcm();
        return ByteBuffer.wrap(pcm).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
    }

    /**
     * @param sound what was sent, decoded without loss
     */
    void add(PcmFrame frame, short[] sound) {
        samples[frame.outcome().ordinal()] += frame.sampleCount();
        boolean lost =
                switch (frame.outcome()) {
                    case FEC, CONCEALED, FILLED -> true;
                    default -> false;
                };
        ShortBuffer heard = samples(frame);
        for (int i = 0; i < frame.sampleCount(); i++) {
            double sent = sound[(int) frame.position() + i];
            double difference = sent - heard.get(i);
            signal += sent * sent;
            noise += difference * difference;
            lostSignal += lost ? sent * sent : 0;
        }
    }

    /** From packets that came themselves. */
    double percentDecoded() {
        return percent(samples[Outcome.DECODED.ordinal()] - copied);
    }

    /** From packets of which only a copy came. */
    double percentCopied() {
        return percent(copied);
    }

    double percent(Outcome outcome) {
        return percent(samples[outcome.ordinal()]);
    }

    /** In dB. */
    double signalToNoise() {
        return decibels(noise);
    }

    /** In dB, were there nothing in the place of what was lost, and all else as it was sent. */
    double signalToNoiseOfSilence() {
        return decibels(lostSignal);
    }

    private double decibels(double ofNoise) {
        return 10 * Math.log10(signal / ofNoise);
    }

    private double percent(long count) {
        long all = 0;
        for (long ofOutcome : samples) {
            all += ofOutcome;
        }
        return 100.0 * count / all;
    }

    private void add(Reception other) {
        for (int i = 0; i < samples.length; i++) {
            samples[i] += other.samples[i];
        }
        copied += other.copied;
        signal += other.signal;
        noise += other.noise;
        lostSignal += other.lostSignal;
    }
}
