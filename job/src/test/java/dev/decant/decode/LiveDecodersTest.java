package dev.decant.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.opus.DecoderDamage;
import dev.decant.opus.OpusEngine;
import dev.decant.opus.ReferenceDecoder;
import dev.decant.opus.TestStream;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Decoders that move from one engine to another. */
class LiveDecodersTest {
    private static final TestStream SPEECH = TestStream.withForwardErrorCorrection(2);
    private static final LinkSettings STEREO = new LinkSettings(2, 0, 0);

    private final OpusEngine engine = OpusEngine.open("embedded", List.of());
    private final OpusEngine other = OpusEngine.open("embedded", List.of());
    private final LiveDecoders decoders =
            new LiveDecoders(engine, TestSettings.USUAL.maxLive(3).build(), 1 << 30, DecoderState.NONE);

    @AfterEach
    void close() {
        decoders.close();
        assertThat(engine.liveNativeBytes()).isZero();
        assertThat(other.liveNativeBytes()).isZero();
        engine.close();
        other.close();
    }

    @Test
    void goOnInTheOtherEngineAsTheyWere() {
        ByteArrayOutputStream pcm = new ByteArrayOutputStream();
        decoders.start("a", STEREO);
        decode("a", 0, 40, pcm);

        decoders.moveTo(other);

        decode("a", 40, 80, pcm);
        decoders.moveTo(engine);
        decode("a", 80, 100, pcm);
        assertThat(pcm.toByteArray())
                .isEqualTo(ReferenceDecoder.decode(
                        TestSettings.USUAL.format(2), 0, SPEECH.packets().subList(0, 100)));
    }

    @Test
    void leaveNothingInTheEngineThatTheyCameFrom() {
        List.of("a", "b", "c").forEach(stream -> decoders.start(stream, STEREO));
        long bytes = decoders.nativeBytes();

        decoders.moveTo(other);

        assertThat(engine.liveNativeBytes()).isZero();
        assertThat(decoders.count()).isEqualTo(3);
        assertThat(decoders.nativeBytes()).isEqualTo(bytes);
    }

    @Test
    void theLeastRecentlyUsedStaysThat() {
        List.of("a", "b", "c").forEach(stream -> decoders.start(stream, STEREO));
        decoders.get("a");

        decoders.moveTo(other);
        decoders.start("d", STEREO);

        assertThat(decoders.get("b")).isNull();
        assertThat(decoders.get("a")).isNotNull();
        assertThat(decoders.evicted().getCount()).isEqualTo(1);
    }

    @Test
    void oneThatNoImageCanBeMadeOfIsLetGo() {
        List.of("a", "b").forEach(stream -> decoders.start(stream, STEREO));
        DecoderDamage.overrun(decoders.get("a").decoder());

        decoders.moveTo(other);

        assertThat(decoders.get("a")).isNull();
        assertThat(decoders.get("b")).isNotNull();
        assertThat(decoders.count()).isEqualTo(1);
    }

    @Test
    void toAnEngineThatTakesNoImagesNoneGoes() {
        decoders.start("a", STEREO);
        try (OpusEngine java = OpusEngine.open("java", List.of())) {
            decoders.moveTo(java);

            assertThat(decoders.count()).isZero();
            assertThat(decoders.nativeBytes()).isZero();
            decoders.start("a", STEREO);
            assertThat(decoders.get("a").decoder().decode(SPEECH.packets().get(0)))
                    .isEqualTo(960);
        }
    }

    private void decode(String streamId, int from, int to, ByteArrayOutputStream pcm) {
        for (byte[] packet : SPEECH.packets().subList(from, to)) {
            var decoder = decoders.get(streamId).decoder();
            pcm.writeBytes(decoder.pcm(0, decoder.decode(packet)));
        }
    }
}
