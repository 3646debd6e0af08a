package dev.decant.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.PcmChunk;
import dev.decant.audio.PcmChunk.Run;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import dev.decant.audio.SampleFormat;
import dev.decant.kafka.ChunkHarness.Backend;
import dev.decant.kafka.ChunkHarness.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Frames in, chunks out. At 16 kHz a frame of 20 ms has 320 samples, and a second 16,000. */
class PcmChunkerTest {
    private static final PcmFormat MONO = new PcmFormat(SampleFormat.S16LE, 16_000, 1);
    private static final PcmFormat STEREO = new PcmFormat(SampleFormat.S24LE, 16_000, 2);
    private static final Settings USUAL = Settings.A_SECOND_AT_16_KHZ;
    private static final int FRAME = 320;
    private static final int SECOND = 16_000;

    private final SpokenStream alice = new SpokenStream("alice", MONO);
    private ChunkHarness harness;

    @BeforeEach
    void open() throws Exception {
        harness = ChunkHarness.open(USUAL);
    }

    @AfterEach
    void close() {
        harness.close();
    }

    @Test
    void aSecondOfFramesIsAChunk() throws Exception {
        harness.add(alice.decoded(49, FRAME));
        assertThat(harness.chunks()).isEmpty();

        harness.add(alice.decoded(52, FRAME));

        assertChunks(
                alice.chunk(0, 0, run(Outcome.DECODED, SECOND)), alice.chunk(0, SECOND, run(Outcome.DECODED, SECOND)));
    }

    @Test
    void aFrameThatLiesInTwoChunksIsSplit() throws Exception {
        harness.add(alice.decoded(FRAME - 104));
        harness.add(alice.decoded(50, FRAME));
        harness.add(alice.end());

        assertChunks(
                alice.chunk(0, 0, run(Outcome.DECODED, SECOND)),
                alice.chunk(0, SECOND, run(Outcome.DECODED, FRAME - 104)),
                alice.chunk(0, SECOND + FRAME - 104, run(Outcome.END, 0)));
    }

    @Test
    void aFrameCanHoldSeveralChunks() throws Exception {
        harness.close();
        harness = ChunkHarness.open(USUAL.millis(5));

        harness.add(alice.decoded(200));

        assertChunks(alice.chunk(0, 0, run(Outcome.DECODED, 80)), alice.chunk(0, 80, run(Outcome.DECODED, 80)));
    }

    @Test
    void whoJoinsInTheMiddleGetsAShortChunkFirst() throws Exception {
        alice.skip(SECOND * 7 + 15_000);

        harness.add(alice.decoded(60, FRAME));

        assertChunks(
                alice.chunk(0, SECOND * 7 + 15_000, run(Outcome.DECODED, 1_000)),
                alice.chunk(0, SECOND * 8, run(Outcome.DECODED, SECOND)));
    }

    @Test
    void aSegmentEndsTheChunkOfTheOneBefore() throws Exception {
        harness.add(alice.decoded(3, FRAME));
        harness.add(alice.reset());
        harness.add(alice.decoded(2, FRAME));
        alice.reset();
        harness.add(alice.decoded(1, FRAME));
        harness.add(alice.end());

        assertChunks(
                alice.chunk(0, 0, run(Outcome.DECODED, 3 * FRAME)),
                alice.chunk(1, 0, run(Outcome.DECODED, 2 * FRAME)),
                alice.chunk(2, 0, run(Outcome.DECODED, FRAME)),
                alice.chunk(2, FRAME, run(Outcome.END, 0)));
    }

    @Test
    void samplesThatWereTrimmedEndTheChunk() throws Exception {
        harness.add(alice.decoded(FRAME));
        alice.skip(100);
        harness.add(alice.decoded(50, FRAME));

        assertChunks(
                alice.chunk(0, 0, run(Outcome.DECODED, FRAME)),
                alice.chunk(0, FRAME + 100, run(Outcome.DECODED, SECOND - FRAME - 100)));
    }

    @Test
    void anotherFormatEndsTheChunk() throws Exception {
        SpokenStream wider = new SpokenStream("alice", STEREO);
        wider.skip(FRAME);
        harness.add(alice.decoded(FRAME));
        harness.add(wider.decoded(FRAME));
        harness.add(wider.end());

        assertChunks(
                alice.chunk(0, 0, run(Outcome.DECODED, FRAME)),
                wider.chunk(0, FRAME, run(Outcome.DECODED, FRAME)),
                wider.chunk(0, 2 * FRAME, run(Outcome.END, 0)));
    }

    @Test
    void framesWithoutSamplesLeaveNoTrace() throws Exception {
        harness.add(alice.decoded(0));
        harness.snapshot();
        assertThat(harness.streamsInState()).isZero();

        harness.add(alice.decoded(FRAME));
        harness.add(new PcmFrame("alice", Outcome.DECODED, MONO, new byte[0], 0, 0, 17, null));
        harness.add(alice.decoded(49, FRAME));

        assertChunks(alice.chunk(0, 0, run(Outcome.DECODED, SECOND)));
    }

    @Test
    void aChunkTellsHowItsSamplesCameAbout() throws Exception {
        for (Outcome outcome : new Outcome[] {
            Outcome.DECODED, Outcome.DECODED, Outcome.CONCEALED, Outcome.FEC, Outcome.DECODED, Outcome.REJECTED
        }) {
            harness.add(alice.next(outcome, FRAME));
        }
        harness.add(alice.decoded(44, FRAME));

        assertChunks(alice.chunk(
                0,
                0,
                run(Outcome.DECODED, 2 * FRAME),
                run(Outcome.CONCEALED, FRAME),
                run(Outcome.FEC, FRAME),
                run(Outcome.DECODED, FRAME),
                run(Outcome.REJECTED, FRAME),
                run(Outcome.DECODED, 44 * FRAME)));
    }

    @Test
    void aGapIsZerosInBegunChunksAndACountInWholeOnes() throws Exception {
        harness.add(alice.decoded(1_000));
        harness.add(alice.next(Outcome.FILLED, 1_000_000L * SECOND));
        harness.add(alice.decoded(16_000));

        assertChunks(
                alice.chunk(0, 0, run(Outcome.DECODED, 1_000), run(Outcome.FILLED, 15_000)),
                alice.chunk(0, SECOND, run(Outcome.FILLED, 999_999L * SECOND)),
                alice.chunk(0, 1_000_000L * SECOND, run(Outcome.FILLED, 1_000), run(Outcome.DECODED, 15_000)));
    }

    @Test
    void aChunkOfNothingButSilenceHasNoSamples() throws Exception {
        alice.skip(100);
        harness.add(alice.next(Outcome.FILLED, 200));
        harness.snapshot();
        harness.add(alice.next(Outcome.FILLED, 300));
        harness.add(alice.end());

        List<PcmChunk> chunks = harness.chunks();
        assertSame(
                chunks,
                List.of(alice.chunk(0, 100, run(Outcome.FILLED, 500)), alice.chunk(0, 600, run(Outcome.END, 0))));
        assertThat(chunks.get(0).pcm()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void nothingIsLeftOfAStreamThatHasEnded(Backend backend) throws Exception {
        harness.close();
        harness = ChunkHarness.open(USUAL.backend(backend));
        harness.add(alice.decoded(FRAME));
        harness.snapshot();
        assertThat(harness.streamsInState()).isEqualTo(1);
        harness.add(alice.decoded(FRAME));

        harness.add(alice.end());

        assertThat(harness.streamsInState()).isZero();
        harness.snapshot();
        assertThat(harness.streamsInState()).isZero();
        assertChunks(
                alice.chunk(0, 0, run(Outcome.DECODED, 2 * FRAME)), alice.chunk(0, 2 * FRAME, run(Outcome.END, 0)));
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void theEndOfTheInputEndsEveryChunk(Backend backend) throws Exception {
        harness.close();
        harness = ChunkHarness.open(USUAL.backend(backend));
        SpokenStream bob = new SpokenStream("bob", STEREO);
        harness.add(alice.decoded(FRAME));
        harness.snapshot();
        harness.add(bob.decoded(FRAME));
        harness.add(alice.next(Outcome.CONCEALED, FRAME));

        harness.endInput();

        assertThat(harness.streamsInState()).isZero();
        assertThat(harness.chunks())
                .map(PcmChunkerTest::shown)
                .containsExactlyInAnyOrderElementsOf(shown(List.of(
                        alice.chunk(0, 0, run(Outcome.DECODED, FRAME), run(Outcome.CONCEALED, FRAME)),
                        bob.chunk(0, 0, run(Outcome.DECODED, FRAME)))));
    }

    @Test
    void pcmBeyondTheMemoryIsInState() throws Exception {
        harness.close();
        // There is room for the first 4,096 bytes of one chunk, not of two.
        harness = ChunkHarness.open(USUAL.memory(8_000));
        SpokenStream bob = new SpokenStream("bob", MONO);
        harness.add(alice.decoded(3, FRAME));
        assertThat(harness.streamsInState()).isZero();

        harness.add(bob.decoded(3, FRAME));

        assertThat(harness.streamsInState()).isEqualTo(1);
        harness.add(alice.end());
        assertChunks(
                alice.chunk(0, 0, run(Outcome.DECODED, 3 * FRAME)), alice.chunk(0, 3 * FRAME, run(Outcome.END, 0)));
    }

    @Test
    void aLengthThatChangedHoldsAtOnce() throws Exception {
        harness.add(alice.decoded(12_000));
        var state = harness.snapshot();
        harness.close();
        harness = ChunkHarness.restore(USUAL.millis(250), 1, state);

        harness.add(alice.decoded(4_100));

        assertChunks(
                alice.chunk(0, 0, run(Outcome.DECODED, 12_000)), alice.chunk(0, 12_000, run(Outcome.DECODED, 4_000)));
    }

    @Test
    void chunksThatNoRecordCanHoldAreCutIntoWholeFractions() throws Exception {
        harness.close();
        harness = ChunkHarness.open(USUAL.maxRecordBytes(20_000));

        harness.add(alice.decoded(50, FRAME));

        assertChunks(
                alice.chunk(0, 0, run(Outcome.DECODED, 4_000)),
                alice.chunk(0, 4_000, run(Outcome.DECODED, 4_000)),
                alice.chunk(0, 8_000, run(Outcome.DECODED, 4_000)),
                alice.chunk(0, 12_000, run(Outcome.DECODED, 4_000)));
    }

    /**
     * Streams with everything that happens to streams, in a job that is restored with another number of subtasks time and
     * again, against chunks that are put together sample by sample.
     */
    @ParameterizedTest
    @CsvSource({"1,HASH_MAP,1048576", "2,HASH_MAP,0", "3,ROCKS_DB,1048576", "4,ROCKS_DB,0", "5,ROCKS_DB,20000"})
    void whateverHappensToStreamsAndToTheJobTheChunksAreTheSame(long seed, Backend backend, long memory)
            throws Exception {
        Settings settings = USUAL.millis(100).backend(backend).memory(memory);
        int length = SECOND / 10;
        Random random = new Random(seed);
        List<PcmFrame> frames = spoken(random, length);
        harness.close();
        harness = ChunkHarness.open(settings);
        List<PcmChunk> chunks = new ArrayList<>();

        for (PcmFrame frame : frames) {
            harness.add(frame);
            chunks.addAll(harness.chunks());
            int fate = random.nextInt(100);
            if (fate < 4) {
                var state = harness.snapshot();
                if (fate < 2) {
                    harness.close();
                    harness = ChunkHarness.restore(settings, 1 + random.nextInt(3), state);
                }
            }
        }

        Map<String, List<PcmChunk>> ofStreams = byStream(chunks, length);
        Map<String, List<PcmChunk>> expected = byStream(ChunkModel.regroup(frames, length), length);
        assertThat(ofStreams.keySet()).isEqualTo(expected.keySet()).hasSize(4);
        for (String streamId : expected.keySet()) {
            assertSame(ofStreams.get(streamId), expected.get(streamId));
        }
        assertThat(chunks.stream().filter(chunk -> chunk.outcome().isEmpty()).count())
                .isGreaterThan(20);
        assertThat(harness.streamsInState()).isZero();
    }

    /** Frames of four streams, interleaved, each of which ends. */
    private static List<PcmFrame> spoken(Random random, int length) {
        List<SpokenStream> streams = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            streams.add(new SpokenStream("stream " + i, i % 2 == 0 ? MONO : STEREO));
        }
        List<PcmFrame> frames = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            SpokenStream stream = streams.get(random.nextInt(streams.size()));
            switch (random.nextInt(20)) {
                case 0 -> frames.add(stream.next(Outcome.FILLED, random.nextInt(3 * length)));
                case 1 -> frames.add(stream.next(Outcome.FILLED, 1 + random.nextInt(50)));
                case 2 -> frames.add(stream.next(Outcome.CONCEALED, FRAME));
                case 3 -> frames.add(stream.next(Outcome.FEC, FRAME));
                case 4 -> frames.add(stream.reset());
                case 5 -> stream.skip(random.nextInt(2 * length));
                case 6 -> frames.add(stream.decoded(6 * FRAME));
                default -> frames.add(stream.decoded(random.nextInt(FRAME + 1)));
            }
        }
        streams.forEach(stream -> frames.add(stream.end()));
        return frames;
    }

    /** The chunks of each stream; a gap of several chunks is several. */
    private static Map<String, List<PcmChunk>> byStream(List<PcmChunk> chunks, long length) {
        return chunks.stream()
                .flatMap(chunk -> ChunkModel.wholeGaps(chunk, length).stream())
                .collect(Collectors.groupingBy(PcmChunk::streamId));
    }

    private void assertChunks(PcmChunk... expected) {
        assertSame(harness.chunks(), Arrays.asList(expected));
    }

    private static void assertSame(List<PcmChunk> chunks, List<PcmChunk> expected) {
        assertThat(chunks).map(PcmChunkerTest::shown).isEqualTo(shown(expected));
    }

    private static List<String> shown(List<PcmChunk> chunks) {
        return chunks.stream().map(PcmChunkerTest::shown).toList();
    }

    /** All of a chunk, the samples by their CRC. */
    private static String shown(PcmChunk chunk) {
        CRC32 crc = new CRC32();
        crc.update(chunk.pcm());
        return chunk.streamId() + " " + chunk.format() + " " + chunk.segment() + "@" + chunk.position() + " "
                + chunk.origins() + " " + chunk.pcm().length + " bytes " + crc.getValue();
    }

    private static Run run(Outcome outcome, long samples) {
        return new Run(outcome, samples);
    }
}
