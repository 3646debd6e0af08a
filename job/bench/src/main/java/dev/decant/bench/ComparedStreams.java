package dev.decant.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The samples of a hundred streams, spread over all, as one hash; of none where there are fewer, since to hash all of their
 * samples would be a good part of what is measured. In {@code loop.c} it is the same.
 */
final class ComparedStreams {
    private static final int COUNT = 100;

    private final Map<String, WordsHash> hashes = new LinkedHashMap<>();

    /** @param streams of {@link PacketRounds} */
    ComparedStreams(int streams) {
        int every = streams / COUNT;
        for (int stream = 0; every > 0 && stream < streams; stream += every) {
            hashes.put(PacketRounds.streamId(stream), new WordsHash(0));
        }
    }

    /** The next samples of a stream; if it is none of the hundred they are passed over. */
    void see(String streamId, byte[] pcm) {
        WordsHash hash = hashes.get(streamId);
        if (hash != null) {
            hash.update(pcm);
        }
    }

    /** Of all samples so far. */
    long hash() {
        WordsHash all = new WordsHash(WordsHash.FIRST);
        hashes.values().forEach(hash -> all.update(hash.value()));
        return all.value();
    }
}
