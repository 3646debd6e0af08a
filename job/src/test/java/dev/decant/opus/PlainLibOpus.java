package dev.decant.opus;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** opus.h called in the plainest way: JNA's interface mapping, Java arrays, memory that libopus allocates itself. */
interface PlainLibOpus extends Library {
    /** The library that {@code opus.library = embedded} loads. */
    PlainLibOpus EMBEDDED = load(embeddedFile());

    Pointer opus_decoder_create(int rate, int channels, IntByReference error);

    int opus_decode(Pointer decoder, byte[] packet, int length, short[] pcm, int samples, int fec);

    int opus_decode_float(Pointer decoder, byte[] packet, int length, float[] pcm, int samples, int fec);

    int opus_decoder_ctl(Pointer decoder, int request, Object... argument);

    /** Not before libopus 1.5. */
    int opus_packet_has_lbrr(byte[] packet, int length);

    /** {@code frames} may be null. */
    int opus_packet_parse(
            byte[] packet, int length, byte[] toc, Pointer[] frames, short[] sizes, IntByReference payloadOffset);

    int opus_packet_get_nb_samples(byte[] packet, int length, int rate);

    int opus_multistream_packet_unpad(byte[] packet, int length, int streams);

    int opus_decoder_get_size(int channels);

    void opus_decoder_destroy(Pointer decoder);

    Pointer opus_multistream_decoder_create(
            int rate, int channels, int streams, int coupledStreams, byte[] mapping, IntByReference error);

    int opus_multistream_decode(Pointer decoder, byte[] packet, int length, short[] pcm, int samples, int fec);

    int opus_multistream_decode_float(Pointer decoder, byte[] packet, int length, float[] pcm, int samples, int fec);

    int opus_multistream_decoder_ctl(Pointer decoder, int request, Object... argument);

    void opus_multistream_decoder_destroy(Pointer decoder);

    Pointer opus_projection_decoder_create(
            int rate,
            int channels,
            int streams,
            int coupledStreams,
            byte[] demixingMatrix,
            int matrixBytes,
            IntByReference error);

    int opus_projection_decode(Pointer decoder, byte[] packet, int length, short[] pcm, int samples, int fec);

    int opus_projection_decode_float(Pointer decoder, byte[] packet, int length, float[] pcm, int samples, int fec);

    int opus_projection_decoder_ctl(Pointer decoder, int request, Object... argument);

    void opus_projection_decoder_destroy(Pointer decoder);

    Pointer opus_multistream_surround_encoder_create(
            int rate,
            int channels,
            int mappingFamily,
            IntByReference streams,
            IntByReference coupledStreams,
            byte[] mapping,
            int application,
            IntByReference error);

    int opus_multistream_encode(Pointer encoder, short[] pcm, int samples, byte[] packet, int length);

    int opus_multistream_encoder_ctl(Pointer encoder, int request, Object... argument);

    void opus_multistream_encoder_destroy(Pointer encoder);

    Pointer opus_projection_ambisonics_encoder_create(
            int rate,
            int channels,
            int mappingFamily,
            IntByReference streams,
            IntByReference coupledStreams,
            int application,
            IntByReference error);

    int opus_projection_encode(Pointer encoder, short[] pcm, int samples, byte[] packet, int length);

    int opus_projection_encoder_ctl(Pointer encoder, int request, Object... argument);

    void opus_projection_encoder_destroy(Pointer encoder);

    Pointer opus_encoder_create(int rate, int channels, int application, IntByReference error);

    int opus_encode(Pointer encoder, short[] pcm, int samples, byte[] packet, int length);

    int opus_encoder_ctl(Pointer encoder, int request, Object... argument);

    void opus_encoder_destroy(Pointer encoder);

    static PlainLibOpus load(Path file) {
        return Native.load(
                file.toString(), PlainLibOpus.class, Map.of(Library.OPTION_OPEN_FLAGS, OpenFlags.ofThisPlatform()));
    }

    static Path embeddedFile() {
        try (OpusEngine engine = OpusEngine.open("embedded", List.of())) {
            return Path.of(engine.description().file());
        }
    }

    static void requireOk(int result, String what) {
        if (result != 0) {
            throw new IllegalStateException(what + " gave " + OpusError.ofCode(result));
        }
    }
}
