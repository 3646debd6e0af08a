package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What passes between an engine and its process. */
class MessageTest {
    private final Message message = new Message();

    @Test
    void isItsLengthAndItsContent() throws IOException {
        message.clear().putByte(-2).putInt(1).putLong(2).putText("ö").putBytes(new byte[] {9});
        assertThat(HexFormat.of().formatHex(written()))
                .isEqualTo("00000014" + "fe" + "00000001" + "0000000000000002" + "00000002c3b6" + "09");
        assertThat(message.readFrom(new ByteArrayInputStream(written()))).isTrue();
        assertThat(message.getByte()).isEqualTo(-2);
        assertThat(message.getInt()).isEqualTo(1);
        assertThat(message.getLong()).isEqualTo(2);
        assertThat(message.getText()).isEqualTo("ö");
        assertThat(message.getBytes()).containsExactly(9);
        assertThat(message.getBytes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {8_192, 8_193, 61_440, 5_000_000})
    void growsWithWhatIsInIt(int length) throws IOException {
        byte[] content = new byte[length];
        new Random(1).nextBytes(content);
        message.clear().putInt(3).putBytes(content);
        Message other = new Message();
        assertThat(other.readFrom(new ByteArrayInputStream(written()))).isTrue();
        assertThat(other.getInt()).isEqualTo(3);
        assertThat(other.getBytes()).isEqualTo(content);
    }

    @Test
    void followsAnother() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        message.clear().putText("first, and longer").writeTo(out);
        message.clear().putText("second").writeTo(out);
        ByteArrayInputStream in = new ByteArrayInputStream(out.toByteArray());
        message.readFrom(in);
        assertThat(message.getText()).isEqualTo("first, and longer");
        message.readFrom(in);
        assertThat(message.getText()).isEqualTo("second");
        assertThat(message.readFrom(in)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000000", "ffffffff", "02000001", "7fffffff", "230a2320"})
    void aLengthThatCannotBeIsRefused(String length) {
        assertThatThrownBy(() -> read(length)).isInstanceOf(Message.MalformedException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"000000", "00000005aabb", "02000000aabb"})
    void oneThatIsCutShortIsTheEnd(String bytes) {
        assertThatThrownBy(() -> read(bytes)).isInstanceOf(EOFException.class);
    }

    @Test
    void whatIsNotInItCannotBeRead() throws IOException {
        assertMalformed("00000001aa", message::getInt);
        assertMalformed("00000005" + "00000002aa", message::getText);
        assertMalformed("00000005" + "ffffffffaa", message::getText);
        assertMalformed("00000002aabb", () -> message.getBytes(new byte[3], 3));
        assertMalformed("00000002aabb", () -> message.getBytes(new byte[3], 1));
        assertMalformed("00000002aabb", () -> message.getBytes(new byte[1], 2));
        assertMalformed("0000000163", () -> ProcessProtocol.Request.readFrom(message));
        assertMalformed("0000000163", () -> ProcessProtocol.requireDone(message));
    }

    @Test
    void carriesSettings() throws IOException {
        for (DecoderVerification verification : DecoderVerification.values()) {
            DecoderSettings settings =
                    new DecoderSettings(new PcmFormat(SampleFormat.S24LE, 16_000, 2), -32_768, 10, false, verification);
            ProcessProtocol.putSettings(message.clear(), settings);
            message.readFrom(new ByteArrayInputStream(written()));
            assertThat(ProcessProtocol.readSettings(message)).isEqualTo(settings);
        }
    }

    @Test
    void carriesEveryLayout() throws IOException {
        for (ChannelLayout layout : TestLayouts.ALL) {
            PcmFormat format = new PcmFormat(SampleFormat.S16LE, 8_000, layout.channels(), layout.order());
            DecoderSettings settings = new DecoderSettings(format, layout, 0, 0, true, DecoderVerification.GUARDS);
            ProcessProtocol.putSettings(message.clear(), settings);
            message.readFrom(new ByteArrayInputStream(written()));
            assertThat(ProcessProtocol.readSettings(message)).isEqualTo(settings);
        }
    }

    @Test
    void carriesEveryError() throws IOException {
        for (OpusError error : OpusError.values()) {
            OpusException thrown = new OpusException(error, "A packet");
            ProcessProtocol.putException(message, thrown);
            message.readFrom(new ByteArrayInputStream(written()));
            assertThatThrownBy(() -> ProcessProtocol.requireDone(message))
                    .isInstanceOfSatisfying(
                            OpusException.class, e -> assertThat(e.error()).isEqualTo(error))
                    .hasMessage(thrown.getMessage());
        }
        ProcessProtocol.putException(message, new IllegalArgumentException("a defect"));
        message.readFrom(new ByteArrayInputStream(written()));
        assertThatThrownBy(() -> ProcessProtocol.requireDone(message))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("In the process of the decoders: java.lang.IllegalArgumentException: a defect");
    }

    @Test
    void anEngineOfAnotherVersionIsRefused() throws IOException {
        message.clear()
                .putByte(ProcessProtocol.Request.OPEN.ordinal())
                .putInt(ProcessProtocol.VERSION + 1)
                .putText("java")
                .putInt(0);
        ByteArrayOutputStream answers = new ByteArrayOutputStream();
        new DecoderService().serve(new ByteArrayInputStream(written()), answers);
        message.readFrom(new ByteArrayInputStream(answers.toByteArray()));
        assertThatThrownBy(() -> ProcessProtocol.requireDone(message))
                .isInstanceOf(OpusLibraryException.class)
                .hasMessage("The process of the decoders is another version of Decant than this one");
    }

    @Test
    void whatHasNoNumberCannotBeUsed() throws IOException {
        Numbered<String> numbered = new Numbered<>();
        assertThat(numbered.add("a")).isZero();
        assertThat(numbered.add("b")).isEqualTo(1);
        assertThat(numbered.add("c")).isEqualTo(2);
        assertThat(numbered.remove(1)).isEqualTo("b");
        for (int number : new int[] {-1, 1, 3}) {
            assertThatThrownBy(() -> numbered.get(number)).hasMessage("Nothing has the number " + number);
        }
        assertThat(numbered.add("d")).isEqualTo(1);
        assertThat(numbered.get(1)).isEqualTo("d");
        assertThat(numbered.get(2)).isEqualTo("c");
    }

    private interface Reading {
        void run() throws IOException;
    }

    private void assertMalformed(String bytes, Reading reading) throws IOException {
        assertThat(read(bytes)).isTrue();
        assertThatThrownBy(reading::run).isInstanceOf(Message.MalformedException.class);
    }

    private boolean read(String bytes) throws IOException {
        return message.readFrom(new ByteArrayInputStream(HexFormat.of().parseHex(bytes)));
    }

    private byte[] written() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        message.writeTo(out);
        return out.toByteArray();
    }
}
