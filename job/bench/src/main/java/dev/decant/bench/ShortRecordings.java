package dev.decant.bench;

import dev.decant.audio.OpusHead;
import dev.decant.container.OggWriter;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Short recordings: cut out of a few minutes of sound at any sample, and each encoded on its own. Some hundreds are
 * different; after the last of them comes the first one again.
 */
final class ShortRecordings implements CorpusContent {
    private static final int DIFFERENT = 400;
    private static final int SECONDS_OF_SOUND = 120;

    private final String library;
    private final int recordings;
    private final List<Mix> mixes;
    private final int[] ticks = new int[DIFFERENT];
    private final byte[][] files = new byte[DIFFERENT][];
    private final Map<Mix, short[]> sounds = new EnumMap<>(Mix.class);

    /**
     * @param library path of the libopus that encodes them
     * @param mixes of which recordings take turns
     * @param shortest seconds; all lengths up to {@code longest} are as likely
     */
    ShortRecordings(String library, int recordings, List<Mix> mixes, double shortest, double longest) {
        this.library = library;
        this.recordings = recordings;
        this.mixes = mixes;
        Random random = new Random(3);
        for (int n = 0; n < DIFFERENT; n++) {
            ticks[n] = (int) (Sound.RATE * (shortest + (longest - shortest) * random.nextDouble()));
        }
    }

    @Override
    public int recordings() {
        return recordings;
    }

    @Override
    public int channels(int recording) {
        return mix(recording).channels();
    }

    @Override
    public int ticks(int recording) {
        return ticks[recording % DIFFERENT];
    }

    @Override
    public byte[] file(int recording) {
        int n = recording % DIFFERENT;
        if (files[n] == null) {
            files[n] = encode(n);
        }
        return files[n];
    }

    private byte[] encode(int n) {
        Mix mix = mix(n);
        short[] sound = sounds.computeIfAbsent(mix, each -> each.sound(SECONDS_OF_SOUND));
        int from = new Random(n).nextInt(SECONDS_OF_SOUND * Sound.RATE - ticks[n]);
        short[] cut = Arrays.copyOfRange(sound, from * mix.channels(), (from + ticks[n]) * mix.channels());
        // The decoder is late: silence behind the sound pushes all of it out.
        int packets = (Encoder.LOOKAHEAD + ticks[n] + Encoder.FRAME_SAMPLES - 1) / Encoder.FRAME_SAMPLES;
        short[] padded = Arrays.copyOf(cut, packets * Encoder.FRAME_SAMPLES * mix.channels());
        int trimEnd = packets * Encoder.FRAME_SAMPLES - Encoder.LOOKAHEAD - ticks[n];
        OpusHead head = OpusHead.of(mix.channels(), Encoder.LOOKAHEAD, 0);
        return OggWriter.recording(head, Encoder.encode(library, mix, padded), trimEnd);
    }

    /** The number of different ones is a multiple of the number of mixes. */
    private Mix mix(int recording) {
        return mixes.get(recording % mixes.size());
    }
}
