package dev.decant.container;

import dev.decant.audio.MediaClock;
import dev.decant.audio.OpusHead;
import java.io.IOException;

/** What a TrackEntry says (RFC 9559, section 5.1.4.1) that matters to Opus, after the codec mapping of A_OPUS. */
final class MatroskaTrack {
    private static final String OPUS = "A_OPUS";

    /** An OpusHead of 255 channels with a demixing matrix for as many decoded ones. */
    private static final int MAX_CODEC_PRIVATE_BYTES = 21 + 2 * 255 * 255;

    /** Stripped headers are what all packets begin with: a byte or two, by those that write them. */
    private static final int MAX_STRIPPED_BYTES = 64;

    private static final byte[] NOTHING = {};
    private static final int ALGO_ZLIB = 0;
    private static final int ALGO_HEADER_STRIPPING = 3;
    private static final int SCOPE_BLOCKS = 1;
    private static final int SCOPE_CODEC_PRIVATE = 2;

    private long number;
    private String codecId = "no CodecID";
    private byte[] codecPrivate = NOTHING;
    private long codecDelay;
    private long channels = 1;
    private int encodings;
    private long scope;
    private byte[] stripped = NOTHING;

    /** Why nothing can be had of the track; null: nothing is in the way. */
    private String refusal;

    private MatroskaTrack() {}

    /** Reads the TrackEntry that {@code ebml} stands at. */
    static MatroskaTrack read(EbmlReader ebml) throws IOException, DamagedElementException {
        MatroskaTrack track = new MatroskaTrack();
        for (long end = ebml.end(); ebml.nextWithin(end); ) {
            switch (ebml.element()) {
                case TRACK_NUMBER -> track.number = ebml.readUnsigned();
                case CODEC_ID -> track.codecId = ebml.readString();
                case CODEC_PRIVATE ->
                    track.codecPrivate = track.readLimited(ebml, MAX_CODEC_PRIVATE_BYTES, "a CodecPrivate");
                case CODEC_DELAY -> track.codecDelay = ebml.readUnsigned();
                case AUDIO -> track.readAudio(ebml);
                case CONTENT_ENCODINGS -> track.readEncodings(ebml);
                default -> ebml.skipTo(ebml.end());
            }
        }
        return track;
    }

    /** The TrackNumber, by which Blocks name their track. */
    long number() {
        return number;
    }

    String codecId() {
        return codecId;
    }

    boolean isOpus() {
        return codecId.equals(OPUS);
    }

    /**
     * The OpusHead in the CodecPrivate. The mapping demands one; without it mono and stereo can be told by Channels and
     * CodecDelay.
     *
     * @throws IllegalArgumentException if there is none, or packets cannot be had of the track; the message says why
     */
    OpusHead head() {
        if (refusal != null) {
            throw new IllegalArgumentException(refusal);
        }
        if (codecPrivate.length > 0) {
            return OpusHead.parse((scope & SCOPE_CODEC_PRIVATE) != 0 ? join(stripped, codecPrivate) : codecPrivate);
        }
        if (channels != 1 && channels != 2) {
            throw new IllegalArgumentException(
                    "a track of " + channels + " channels without a CodecPrivate: an OpusHead is needed");
        }
        return OpusHead.of((int) channels, (int) Math.min(codecDelayTicks(), Integer.MAX_VALUE), 0);
    }

    /** The CodecDelay, 48 kHz ticks; 0: it is not stated. */
    long codecDelayTicks() {
        return MediaClock.ofNanos(codecDelay);
    }

    /** What all packets begin with and Blocks leave out. */
    byte[] strippedHeader() {
        return (scope & SCOPE_BLOCKS) != 0 ? stripped : NOTHING;
    }

    private void readAudio(EbmlReader ebml) throws IOException, DamagedElementException {
        for (long end = ebml.end(); ebml.nextWithin(end); ) {
            switch (ebml.element()) {
                case CHANNELS -> channels = ebml.readUnsigned();
                default -> ebml.skipTo(ebml.end());
            }
        }
    }

    private void readEncodings(EbmlReader ebml) throws IOException, DamagedElementException {
        for (long end = ebml.end(); ebml.nextWithin(end); ) {
            switch (ebml.element()) {
                case CONTENT_ENCODING -> readEncoding(ebml);
                default -> ebml.skipTo(ebml.end());
            }
        }
    }

    private void readEncoding(EbmlReader ebml) throws IOException, DamagedElementException {
        if (++encodings > 1) {
            refusal = "a track with several ContentEncodings: one of header stripping can be read";
        }
        scope = SCOPE_BLOCKS;
        for (long end = ebml.end(); ebml.nextWithin(end); ) {
            switch (ebml.element()) {
                case CONTENT_ENCODING_SCOPE -> scope = ebml.readUnsigned();
                case CONTENT_ENCODING_TYPE -> requireCompression(ebml.readUnsigned());
                case CONTENT_COMPRESSION -> readCompression(ebml);
                default -> ebml.skipTo(ebml.end());
            }
        }
    }

    private void requireCompression(long type) {
        if (type != 0) {
            refusal = "an encrypted track: only the plain packets can be read";
        }
    }

    private void readCompression(EbmlReader ebml) throws IOException, DamagedElementException {
        long algo = ALGO_ZLIB;
        for (long end = ebml.end(); ebml.nextWithin(end); ) {
            switch (ebml.element()) {
                case CONTENT_COMP_ALGO -> algo = ebml.readUnsigned();
                case CONTENT_COMP_SETTINGS -> stripped = readLimited(ebml, MAX_STRIPPED_BYTES, "a ContentCompSettings");
                default -> ebml.skipTo(ebml.end());
            }
        }
        if (algo != ALGO_HEADER_STRIPPING) {
            refusal =
                    "a track compressed with ContentCompAlgo %d: only header stripping (3) can be read".formatted(algo);
        }
    }

    private byte[] readLimited(EbmlReader ebml, int limit, String what) throws IOException, DamagedElementException {
        long bytes = ebml.end() - ebml.position();
        if (bytes > limit) {
            refusal = "%s of %d bytes: at most %d can be read".formatted(what, bytes, limit);
            ebml.skipTo(ebml.end());
            return NOTHING;
        }
        return ebml.readBytes((int) bytes);
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = new byte[first.length + second.length];
        System.arraycopy(first, 0, both, 0, first.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
