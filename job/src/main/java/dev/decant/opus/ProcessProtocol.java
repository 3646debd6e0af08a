package dev.decant.opus;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.ChannelOrder;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import java.io.IOException;
import java.util.List;

/** What the messages between an engine and its process hold: a request, one answer, and so on. */
final class ProcessProtocol {
    /** The first number of both sides: "DEC" and the version of the protocol. */
    static final int VERSION = 0x44454302;

    /** In place of the number of a decoder that could not be restored. */
    static final int NONE = -1;

    /** What an engine asks of its process. */
    enum Request {
        /** VERSION, library, number of temporary folders, folders. Answer: VERSION, description, images, sizes. */
        OPEN,
        /** Streams, channels. Answer: number of the workspace, live bytes. */
        NEW_WORKSPACE,
        /** Number of the workspace. Answer: live bytes. */
        CLOSE_WORKSPACE,
        /** Number of the workspace, settings. Answer: number of the decoder, live bytes. */
        NEW_DECODER,
        /** Number of the workspace, settings, image. Answer: number of the decoder or NONE, live bytes. */
        RESTORE_DECODER,
        /** Number of the decoder. Answer: live bytes. */
        CLOSE_DECODER,
        /** Number of the decoder, packet. Answer: samples a channel, PCM. */
        DECODE,
        /** Number of the decoder, ticks, packet. Answer: samples a channel, PCM. */
        RECOVER,
        /** Number of the decoder, ticks. Answer: samples a channel, PCM. */
        CONCEAL,
        /** Number of the decoder. The answer is empty. */
        RESET,
        /** Number of the decoder. Answer: the final range. */
        FINAL_RANGE,
        /** Number of the decoder. Answer: the image; nothing if there is none. */
        IMAGE,
        /** Layout. Answer: bytes that a decoder takes outside the heap. */
        NATIVE_BYTES;

        private static final List<Request> ALL = List.of(values());

        static Request readFrom(Message message) throws IOException {
            return ProcessProtocol.one(ALL, message.getByte());
        }
    }

    /** What an answer begins with. */
    enum Outcome {
        /** The answer to the request follows. */
        DONE,
        /** An {@link OpusException}: its error and its message. */
        OPUS_EXCEPTION,
        /** An {@link OpusLibraryException}: its message. */
        LIBRARY_EXCEPTION,
        /** A defect of ours: what it says. */
        DEFECT;

        private static final List<Outcome> ALL = List.of(values());
    }

    private static final List<OpusError> ERRORS = List.of(OpusError.values());
    private static final List<SampleFormat> SAMPLE_FORMATS = List.of(SampleFormat.values());
    private static final List<ChannelOrder> CHANNEL_ORDERS = List.of(ChannelOrder.values());
    private static final List<DecoderVerification> VERIFICATIONS = List.of(DecoderVerification.values());

    private ProcessProtocol() {}

    /** Throws what was thrown in the process, if its answer is that. */
    static void requireDone(Message answer) throws IOException {
        switch (one(Outcome.ALL, answer.getByte())) {
            case DONE -> {
                // What the request asked for follows.
            }
            case OPUS_EXCEPTION -> throw OpusException.ofOtherProcess(one(ERRORS, answer.getByte()), answer.getText());
            case LIBRARY_EXCEPTION -> throw new OpusLibraryException(answer.getText());
            case DEFECT -> throw new IllegalStateException("In the process of the decoders: " + answer.getText());
        }
    }

    static void putException(Message answer, RuntimeException thrown) {
        if (thrown instanceof OpusException e) {
            answer.clear()
                    .putByte(Outcome.OPUS_EXCEPTION.ordinal())
                    .putByte(e.error().ordinal())
                    .putText(e.getMessage());
        } else if (thrown instanceof OpusLibraryException) {
            answer.clear().putByte(Outcome.LIBRARY_EXCEPTION.ordinal()).putText(thrown.getMessage());
        } else {
            answer.clear().putByte(Outcome.DEFECT.ordinal()).putText(thrown.toString());
        }
    }

    static void putSettings(Message request, DecoderSettings settings) {
        PcmFormat format = settings.format();
        request.putByte(format.sampleFormat().ordinal())
                .putInt(format.rate())
                .putByte(format.order().ordinal());
        putLayout(request, settings.layout())
                .putInt(settings.gain())
                .putByte(settings.complexity())
                .putByte(settings.phaseInversion() ? 1 : 0)
                .putByte(settings.verification().ordinal());
    }

    static DecoderSettings readSettings(Message request) throws IOException {
        SampleFormat sampleFormat = one(SAMPLE_FORMATS, request.getByte());
        int rate = request.getInt();
        ChannelOrder order = one(CHANNEL_ORDERS, request.getByte());
        ChannelLayout layout = readLayout(request);
        return new DecoderSettings(
                new PcmFormat(sampleFormat, rate, layout.channels(), order),
                layout,
                request.getInt(),
                request.getByte(),
                request.getByte() != 0,
                one(VERIFICATIONS, request.getByte()));
    }

    static Message putLayout(Message request, ChannelLayout layout) {
        return request.putInt(layout.mappingFamily())
                .putInt(layout.streamCount())
                .putInt(layout.coupledCount())
                .putInt(layout.mapping().length)
                .putBytes(layout.mapping())
                .putInt(layout.demixingMatrix().length)
                .putBytes(layout.demixingMatrix())
                .putInt(layout.decodedChannels())
                .putInt(layout.channels());
    }

    static ChannelLayout readLayout(Message request) throws IOException {
        return new ChannelLayout(
                request.getInt(),
                request.getInt(),
                request.getInt(),
                request.getBytes(request.getInt()),
                request.getBytes(request.getInt()),
                request.getInt(),
                request.getInt());
    }

    static void putDescription(Message answer, EngineDescription description) {
        answer.putText(description.origin())
                .putText(description.file())
                .putText(description.sha256())
                .putText(description.version())
                .putInt(description.monoStateBytes())
                .putInt(description.stereoStateBytes());
    }

    static EngineDescription readDescription(Message answer) throws IOException {
        return new EngineDescription(
                answer.getText(),
                answer.getText(),
                answer.getText(),
                answer.getText(),
                answer.getInt(),
                answer.getInt());
    }

    private static <E extends Enum<E>> E one(List<E> all, int number) throws IOException {
        if (number < 0 || number >= all.size()) {
            throw new Message.MalformedException(number + " stands for nothing");
        }
        return all.get(number);
    }
}
