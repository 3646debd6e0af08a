package dev.decant.container;

import java.util.HashMap;
import java.util.Map;

/**
 * The elements of EBML (RFC 8794, section 11) and Matroska (RFC 9559, section 5) that matter to the sound, and others that are
 * long, so that it can be said what a recording ends in.
 */
enum MatroskaElement {
    EBML(0x1A45DFA3, "EBML header"),
    EBML_READ_VERSION(0x42F7, "EBMLReadVersion"),
    DOC_TYPE(0x4282, "DocType"),

    SEGMENT(0x18538067, "Segment"),
    INFO(0x1549A966, "Info"),
    TIMESTAMP_SCALE(0x2AD7B1, "TimestampScale"),

    TRACKS(0x1654AE6B, "Tracks"),
    TRACK_ENTRY(0xAE, "TrackEntry"),
    TRACK_NUMBER(0xD7, "TrackNumber"),
    CODEC_ID(0x86, "CodecID"),
    CODEC_PRIVATE(0x63A2, "CodecPrivate"),
    CODEC_DELAY(0x56AA, "CodecDelay"),
    AUDIO(0xE1, "Audio"),
    CHANNELS(0x9F, "Channels"),
    CONTENT_ENCODINGS(0x6D80, "ContentEncodings"),
    CONTENT_ENCODING(0x6240, "ContentEncoding"),
    CONTENT_ENCODING_SCOPE(0x5032, "ContentEncodingScope"),
    CONTENT_ENCODING_TYPE(0x5033, "ContentEncodingType"),
    CONTENT_COMPRESSION(0x5034, "ContentCompression"),
    CONTENT_COMP_ALGO(0x4254, "ContentCompAlgo"),
    CONTENT_COMP_SETTINGS(0x4255, "ContentCompSettings"),

    CLUSTER(0x1F43B675, "Cluster"),
    TIMESTAMP(0xE7, "Timestamp"),
    SIMPLE_BLOCK(0xA3, "SimpleBlock"),
    BLOCK_GROUP(0xA0, "BlockGroup"),
    BLOCK(0xA1, "Block"),
    DISCARD_PADDING(0x75A2, "DiscardPadding"),

    CUES(0x1C53BB6B, "Cues"),
    TAGS(0x1254C367, "Tags"),
    CHAPTERS(0x1043A770, "Chapters"),
    ATTACHMENTS(0x1941A469, "Attachments"),
    SEEK_HEAD(0x114D9B74, "SeekHead"),

    /** Anything else: it is passed over, as RFC 8794, section 6.3 demands, and so is what only fills or checks. */
    OTHER(0, "other");

    private static final Map<Integer, MatroskaElement> BY_ID = new HashMap<>();

    static {
        for (MatroskaElement element : values()) {
            BY_ID.put(element.id, element);
        }
    }

    private final int id;
    private final String label;

    MatroskaElement(int id, String label) {
        this.id = id;
        this.label = label;
    }

    /** The element of an ID, which has its length marker. */
    static MatroskaElement of(int id) {
        return BY_ID.getOrDefault(id, OTHER);
    }

    /** The ID with its length marker. */
    int id() {
        return id;
    }

    /** Whether its size may be left open (RFC 9559, section 5: unknownsizeallowed), as live recordings do. */
    boolean sizeMayBeUnknown() {
        return this == SEGMENT || this == CLUSTER;
    }

    /** Its name in the specification. */
    @Override
    public String toString() {
        return label;
    }
}
