package dev.decant.audio;

import java.util.Arrays;
import java.util.Objects;

/**
 * What decoder a link needs, and how many channels come out: settled by its header, by the channels that are wished for
 * and by how many streams a packet may hold (RFC 7845, section 5.1.1; RFC 8486).
 *
 * @param mappingFamily of the header; 0 for a plain decoder
 * @param streamCount streams in each packet, 1 to 255
 * @param coupledCount how many of them are stereo
 * @param mapping with {@link Decoder#MULTISTREAM}: for each channel the decoded channel that it takes, 255: silence; empty
 *     otherwise
 * @param demixingMatrix with {@link Decoder#PROJECTION}: Q15, little-endian, column by column; empty otherwise
 * @param decodedChannels what the decoder gives, 1 to 255
 * @param channels of the output, to which those are mixed where it has another number of them
 */
public record ChannelLayout(
        int mappingFamily,
        int streamCount,
        int coupledCount,
        byte[] mapping,
        byte[] demixingMatrix,
        int decodedChannels,
        int channels) {

    /** The kinds of decoders that libopus has. The numbers of these are part of what is serialized. */
    public enum Decoder {
        /** One stream, mono or stereo; it gives either, whatever the packets are (opus.h). */
        PLAIN,
        /** Several streams (opus_multistream.h). */
        MULTISTREAM,
        /** Several streams, then a matrix (opus_projection.h). */
        PROJECTION
    }

    /** Output channels where neither a wish nor a header says: a decoder gives stereo for either. */
    public static final int USUAL_CHANNELS = 2;

    private static final byte[] NONE = {};
    private static final ChannelLayout MONO = new ChannelLayout(0, 1, 0, NONE, NONE, 1, 1);
    private static final ChannelLayout STEREO = new ChannelLayout(0, 1, 1, NONE, NONE, 2, 2);

    private static final int SPEAKER_FAMILY = 1;
    private static final int AMBISONIC_FAMILY = 2;
    private static final int PROJECTION_FAMILY = 3;

    /** What an OpusHead can say (RFC 7845, section 5.1). */
    private static final int MOST_CHANNELS = 255;

    /** What libopus takes (mapping_matrix.c): as much as an Ogg page of headers can hold. */
    private static final int MAX_MATRIX_BYTES = 65_004;

    public ChannelLayout {
        Objects.requireNonNull(mapping, "mapping");
        Objects.requireNonNull(demixingMatrix, "demixingMatrix");
    }

    /**
     * The layout of a plain decoder.
     *
     * @param channels 1 or 2
     */
    public static ChannelLayout plain(int channels) {
        return switch (channels) {
            case 1 -> MONO;
            case 2 -> STEREO;
            default -> throw new IllegalArgumentException(channels + " channels: a plain decoder gives 1 or 2");
        };
    }

    /**
     * The layout of a link.
     *
     * @param head its header, or null: mono or stereo, whichever its packets are
     * @param wishedChannels of the output; null: those of the header, or 2
     * @param maxStreams the most streams that a packet may hold, and half of the most channels
     * @throws UnsupportedLayoutException if there are more, or the wish cannot be met
     */
    public static ChannelLayout of(OpusHead head, Integer wishedChannels, int maxStreams)
            throws UnsupportedLayoutException {
        int headChannels = head == null ? USUAL_CHANNELS : head.channels();
        int channels = wishedChannels == null ? headChannels : wishedChannels;
        if (isForPlainDecoder(head) && channels <= 2 && (channels == headChannels || isMixable(head))) {
            return plain(channels);
        }
        if (head == null) {
            throw new UnsupportedLayoutException("without a header the link has 1 or 2 channels, not the " + channels
                    + " that its stream began with");
        }
        if (head.streamCount() > maxStreams) {
            throw refused(head, "decoder.max-streams allows " + maxStreams + " streams");
        }
        if (head.channels() > maxChannels(maxStreams)) {
            // Channels may repeat decoded ones, so that one stream alone could ask for buffers and records of 255.
            throw refused(
                    head,
                    "decoder.max-streams allows " + maxStreams + " streams, and so " + maxChannels(maxStreams)
                            + " channels");
        }
        if (channels != headChannels) {
            requireMixable(head, channels);
        }
        if (head.mappingFamily() == PROJECTION_FAMILY) {
            requireProjection(head);
        }
        return new ChannelLayout(
                head.mappingFamily(),
                head.streamCount(),
                head.coupledCount(),
                head.mapping(),
                head.demixingMatrix(),
                headChannels,
                channels);
    }

    /** The most channels of a link where its packets may hold so many streams. */
    public static int maxChannels(int maxStreams) {
        return Math.min(2 * maxStreams, MOST_CHANNELS);
    }

    /**
     * Whether a link with this header, or with null for none, is one stream whose channels are those of the output in
     * order: then a plain decoder does.
     */
    public static boolean isForPlainDecoder(OpusHead head) {
        if (head == null || head.mappingFamily() == 0) {
            return true;
        }
        byte[] mapping = head.mapping();
        return head.streamCount() == 1
                && head.channels() == 1 + head.coupledCount()
                && mapping.length == head.channels()
                && mapping[0] == 0
                && (mapping.length == 1 || mapping[1] == 1);
    }

    /** Which kind of decoder it takes. */
    public Decoder decoder() {
        if (demixingMatrix.length > 0) {
            return Decoder.PROJECTION;
        }
        return mapping.length > 0 ? Decoder.MULTISTREAM : Decoder.PLAIN;
    }

    /** What the channels of the output mean. */
    public ChannelOrder order() {
        boolean hasSpeakers = mappingFamily <= SPEAKER_FAMILY || isMixed();
        return hasSpeakers ? ChannelOrder.SPEAKERS : ChannelOrder.UNPOSITIONED;
    }

    /** Whether the decoder gives another number of channels than there are in the output. */
    public boolean isMixed() {
        return channels != decodedChannels;
    }

    /** Whether the channels are spherical harmonics (RFC 8486). */
    public boolean isAmbisonic() {
        return isAmbisonic(mappingFamily);
    }

    /** Whether stereo that is not part of the sound field comes as the last two channels of ambisonics. */
    public boolean hasNonDiegeticStereo() {
        return isAmbisonic() && !isSquare(decodedChannels) && isSquare(decodedChannels - 2);
    }

    /** Layouts are equal if all they say is. */
    @Override
    public boolean equals(Object other) {
        return other == this
                || (other instanceof ChannelLayout layout
                        && mappingFamily == layout.mappingFamily
                        && streamCount == layout.streamCount
                        && coupledCount == layout.coupledCount
                        && decodedChannels == layout.decodedChannels
                        && channels == layout.channels
                        && Arrays.equals(mapping, layout.mapping)
                        && Arrays.equals(demixingMatrix, layout.demixingMatrix));
    }

    @Override
    public int hashCode() {
        return Objects.hash(mappingFamily, streamCount, coupledCount, decodedChannels, channels)
                + Arrays.hashCode(mapping);
    }

    private static void requireMixable(OpusHead head, int channels) throws UnsupportedLayoutException {
        if (!isMixable(head)) {
            throw refused(
                    head, "those channels have no meaning, and cannot be mixed to " + channels + " (pcm.channels)");
        }
        if (channels > 2) {
            throw refused(head, "they cannot be mixed to the " + channels + " channels that the stream began with");
        }
        if (isAmbisonic(head.mappingFamily()) && !isAmbisonicCount(head.channels())) {
            throw refused(
                    head,
                    "ambisonics have no such number of channels, and cannot be mixed to " + channels
                            + " (pcm.channels)");
        }
    }

    /** What libopus demands besides (opus_projection_decoder.c): each channel pairs with a decoded one. */
    private static void requireProjection(OpusHead head) throws UnsupportedLayoutException {
        int decoded = head.streamCount() + head.coupledCount();
        if (head.channels() > decoded) {
            throw refused(head, "its demixing matrix makes more channels than the " + decoded + " that are decoded");
        }
        if (head.demixingMatrix().length > MAX_MATRIX_BYTES) {
            throw refused(
                    head,
                    "its demixing matrix has " + head.demixingMatrix().length + " bytes, at most " + MAX_MATRIX_BYTES
                            + " can be used");
        }
    }

    private static UnsupportedLayoutException refused(OpusHead head, String why) {
        return new UnsupportedLayoutException("the header says " + head.channels() + " channels in "
                + head.streamCount() + " streams, mapping family " + head.mappingFamily() + ": " + why);
    }

    /** Families that nobody has defined are to be taken as 255 (RFC 7845, section 5.1.1.4). */
    private static boolean isMixable(OpusHead head) {
        return head == null || head.mappingFamily() <= PROJECTION_FAMILY;
    }

    private static boolean isAmbisonic(int family) {
        return family == AMBISONIC_FAMILY || family == PROJECTION_FAMILY;
    }

    /** (1 + n)² for order n, and 2 more where there is stereo besides (RFC 8486, section 3.1). */
    private static boolean isAmbisonicCount(int channels) {
        return isSquare(channels) || isSquare(channels - 2);
    }

    private static boolean isSquare(int number) {
        int root = (int) Math.round(Math.sqrt(number));
        return number > 0 && root * root == number;
    }
}
