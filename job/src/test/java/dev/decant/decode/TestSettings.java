package dev.decant.decode;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.decode.IsolationSettings.When;
import dev.decant.opus.DecoderVerification;
import java.time.Duration;

/** Settings for tests: 48 kHz s16le of the embedded library, with room for all. */
record TestSettings(
        String library,
        int rate,
        DecoderVerification verification,
        LiveLimits limits,
        boolean recovery,
        int imageInterval,
        IsolationSettings isolation) {
    static final TestSettings USUAL = new TestSettings(
            "embedded",
            48_000,
            DecoderVerification.GUARDS,
            new LiveLimits(1_000, 1L << 30),
            true,
            100,
            new IsolationSettings(When.NEVER, 3, Duration.ofSeconds(10)));

    TestSettings library(String other) {
        return new TestSettings(other, rate, verification, limits, recovery, imageInterval, isolation);
    }

    TestSettings rate(int other) {
        return new TestSettings(library, other, verification, limits, recovery, imageInterval, isolation);
    }

    TestSettings verification(DecoderVerification other) {
        return new TestSettings(library, rate, other, limits, recovery, imageInterval, isolation);
    }

    TestSettings limits(int decoders, long bytes) {
        return new TestSettings(
                library, rate, verification, new LiveLimits(decoders, bytes), recovery, imageInterval, isolation);
    }

    /** With as much memory as the TaskManager has for its decoders. */
    TestSettings limitedByTaskManager() {
        return new TestSettings(
                library, rate, verification, new LiveLimits(10_000, null), recovery, imageInterval, isolation);
    }

    TestSettings maxLive(int decoders) {
        return limits(decoders, 1L << 30);
    }

    TestSettings recovery(boolean other) {
        return new TestSettings(library, rate, verification, limits, other, imageInterval, isolation);
    }

    TestSettings imageInterval(int other) {
        return new TestSettings(library, rate, verification, limits, recovery, other, isolation);
    }

    TestSettings isolation(IsolationSettings other) {
        return new TestSettings(library, rate, verification, limits, recovery, imageInterval, other);
    }

    PcmFormat format(int channels) {
        return new PcmFormat(SampleFormat.S16LE, rate, channels);
    }

    DecodeSettings build() {
        return new DecodeSettings(
                library,
                SampleFormat.S16LE,
                rate,
                null,
                8,
                0,
                true,
                verification,
                limits,
                recovery,
                imageInterval,
                isolation,
                SequencerSettings.usual());
    }
}
