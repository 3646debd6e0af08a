package dev.decant.bench;

import dev.decant.audio.OpusHead;
import dev.decant.container.OggWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Half an hour each: a few minutes of encoded music, over and over, in each recording in another order. */
final class LongRecordings implements CorpusContent {
    private static final Mix MIX = Mix.CELT;
    private static final int MINUTES = 30;
    private static final int DIFFERENT_MINUTES = 4;
    private static final int PACKETS_A_MINUTE = 60 * Sound.RATE / Encoder.FRAME_SAMPLES;
    private static final int TRIM_END = 500;

    /** Of a recording, 20 ms each. */
    static final int PACKETS = MINUTES * PACKETS_A_MINUTE;

    private final String library;
    private final int recordings;
    private List<byte[]> packets;

    /**
     * @param library path of the libopus that encodes them
     */
    LongRecordings(String library, int recordings) {
        this.library = library;
        this.recordings = recordings;
    }

    @Override
    public int recordings() {
        return recordings;
    }

    @Override
    public int channels(int recording) {
        return MIX.channels();
    }

    @Override
    public int ticks(int recording) {
        return MINUTES * 60 * Sound.RATE - Encoder.LOOKAHEAD - TRIM_END;
    }

    @Override
    public byte[] file(int recording) {
        if (packets == null) {
            packets = Encoder.encode(library, MIX, 60 * DIFFERENT_MINUTES);
        }
        Random random = new Random(recording);
        List<byte[]> chosen = new ArrayList<>(PACKETS);
        for (int minute = 0; minute < MINUTES; minute++) {
            int from = PACKETS_A_MINUTE * random.nextInt(DIFFERENT_MINUTES);
            chosen.addAll(packets.subList(from, from + PACKETS_A_MINUTE));
        }
        OpusHead head = OpusHead.of(MIX.channels(), Encoder.LOOKAHEAD, 0);
        return OggWriter.recording(head, chosen, TRIM_END);
    }
}
