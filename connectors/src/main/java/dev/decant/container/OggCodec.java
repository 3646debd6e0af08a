package dev.decant.container;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What an Ogg stream that is not Opus holds, by the first bytes of its first packet. */
enum OggCodec {
    VORBIS("Vorbis", "\u0001vorbis"),
    FLAC("FLAC", "\u007fFLAC"),
    SPEEX("Speex", "Speex   "),
    THEORA("Theora", "\u0080theora"),
    VP8("VP8", "OVP80"),
    SKELETON("Ogg Skeleton", "fishead\0");

    private final String label;
    private final byte[] magic;

    OggCodec(String label, String magic) {
        this.label = label;
        this.magic = magic.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The name of the codec; there is one for the unknown too. */
    static String nameOf(byte[] firstPacket) {
        for (OggCodec codec : values()) {
            int length = codec.magic.length;
            if (firstPacket.length >= length && Arrays.equals(firstPacket, 0, length, codec.magic, 0, length)) {
                return codec.label;
            }
        }
        return "an unknown codec";
    }
}
