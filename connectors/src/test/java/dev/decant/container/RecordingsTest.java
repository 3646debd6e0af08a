package dev.decant.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.decant.audio.OpusHead;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordingsTest {
    private static final byte[] RECORDING =
            OggWriter.recording(OpusHead.of(1, 312, 0), List.of(new byte[] {8, 1}, new byte[] {8, 2}), 0);

    static Stream<Arguments> refused() {
        byte[] vorbis = "\u0001vorbis and more".getBytes(StandardCharsets.ISO_8859_1);
        byte[] badHead = OpusHead.of(1, 0, 0).toBytes();
        badHead[8] = 0x20;
        byte[] shortHead = Arrays.copyOf(OpusHead.of(1, 0, 0).toBytes(), 12);
        return Stream.of(
                refused("", "x.opus: the file is empty: an Opus recording is needed"),
                refused("O", "x.opus: not an Opus recording: it begins with O"),
                refused("RIFF....WAVE", "x.opus: not an Opus recording: it begins with RIFF"),
                refused("ID3\4", "x.opus: not an Opus recording: it begins with bytes 49 44 33 04"),
                refused(
                        "\0\0\0\u0020ftypiso5",
                        "x.opus: the box moov is missing: the recording was cut, or never finished"),
                refused("\0\0\0\u0008moov", "x.opus: not an Opus recording: it has no tracks"),
                refused("OggS", "x.opus: no Ogg page can be read: the last 4 bytes are no whole Ogg page"),
                refused(
                        Arrays.copyOf(RECORDING, 40),
                        "x.opus: no Ogg page can be read: the recording ends within a page, 40 of at least 47 bytes"),
                refused(
                        new OggWriter(1)
                                .first(vorbis)
                                .page(0, true, new byte[9])
                                .toBytes(),
                        "x.opus: not an Ogg Opus recording: it holds Vorbis"),
                refused(
                        new OggWriter(1)
                                .first(vorbis).stream(2, 0).first(new byte[5]).toBytes(),
                        "x.opus: not an Ogg Opus recording: it holds Vorbis, an unknown codec"),
                refused(
                        new OggWriter(1).page(960, true, new byte[] {8, 1}).toBytes(),
                        "x.opus: the first page, with the OpusHead, is missing: the recording was cut or damaged"),
                refused(
                        new OggWriter(1).first(badHead).toBytes(),
                        "x.opus: OpusHead of version 32: only versions 0 to 15 can be read"),
                refused(
                        new OggWriter(1)
                                .first(vorbis).stream(2, 0).first(shortHead).toBytes(),
                        "x.opus, byte 44: OpusHead of 12 bytes: at least 19 are needed"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("refused")
    void whatCannotBeReadIsRefusedInASentenceAndClosed(byte[] bytes, String message) {
        Watched in = new Watched(new ByteArrayInputStream(bytes));

        RecordingException refusal = catchThrowableOfType(RecordingException.class, () -> Recordings.open(
                        RecordingBytes.of(() -> in), "x.opus", "s", ReadingSettings.DEFAULT)
                .close());

        assertThat(refusal).hasMessage(message);
        assertThat(in.closed).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftyp", "styp", "moof", "free", "skip", "wide", "mdat"})
    void anMp4IsToldByTheBoxThatItBeginsWith(String type) throws IOException {
        byte[] mp4 = new Mp4Writer(OpusHead.of(1, 312, 0), List.of(new byte[] {8, 1}))
                .extended()
                .moovLast();
        byte[] file = type.equals("ftyp") ? mp4 : Mp4Writer.concat(Mp4Writer.box(type), mp4);

        try (Recording recording = Recordings.open(
                RecordingBytes.of(() -> new ByteArrayInputStream(file)), "x.opus", "s", ReadingSettings.DEFAULT)) {
            assertThat(recording.container()).isEqualTo(Container.MP4);
        }
    }

    @Test
    void aRecordingClosesItsStreamAndOnlyThen() throws IOException {
        Watched in = new Watched(new ByteArrayInputStream(RECORDING));
        Recording recording = Recordings.open(RecordingBytes.of(() -> in), "x.opus", "s", ReadingSettings.DEFAULT);
        assertThat(recording.path()).isEqualTo("x.opus");
        assertThat(recording.head()).isEqualTo(OpusHead.of(1, 312, 0));
        assertThat(in.closed).isFalse();

        recording.close();
        recording.close();

        assertThat(recording.next()).isNull();
        assertThat(in.closed).isTrue();
    }

    @Test
    void aStreamThatFailsIsNoFaultOfTheRecording() throws IOException {
        InputStream failing = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the disk is gone");
            }
        };

        assertThatThrownBy(
                        () -> Recordings.open(RecordingBytes.of(() -> failing), "x.opus", "s", ReadingSettings.DEFAULT))
                .hasMessage("the disk is gone");

        InputStream half =
                new SequenceInputStream(new ByteArrayInputStream(RECORDING, 0, RECORDING.length - 5), failing);
        assertThatThrownBy(() -> {
                    try (Recording recording =
                            Recordings.open(RecordingBytes.of(() -> half), "x.opus", "s", ReadingSettings.DEFAULT)) {
                        recording.next();
                    }
                })
                .isNotInstanceOf(RecordingException.class)
                .hasMessage("the disk is gone");
    }

    @Test
    void anEmptyStreamIdIsRefusedBeforeAnythingIsRead() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recordings.open(
                        RecordingBytes.of(() -> new ByteArrayInputStream(RECORDING)),
                        "x.opus",
                        "",
                        ReadingSettings.DEFAULT))
                .withMessage("the stream ID of x.opus is empty: take at least 1 character");
    }

    private static Arguments refused(String bytes, String message) {
        return refused(bytes.getBytes(StandardCharsets.ISO_8859_1), message);
    }

    private static Arguments refused(byte[] bytes, String message) {
        return Arguments.of(bytes, message);
    }

    private static final class Watched extends FilterInputStream {
        private boolean closed;

        private Watched(InputStream in) {
            super(in);
        }

        @Override
        public void close() throws IOException {
            closed = true;
            super.close();
        }
    }
}
