package dev.decant.container;

import dev.decant.audio.OpusHead;
import java.io.IOException;
import java.util.BitSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the samples of a track are, by its Sample Description Box (ISO 14496-12, section 8.5.2): usually one entry, more if
 * tracks were joined.
 */
final class Mp4SampleEntries {
    private static final int FIELD_BYTES = 8;

    /** An AudioSampleEntry without its header; QuickTime has longer ones (section 12.2.3). */
    private static final int AUDIO_BYTES = 28;

    private static final int QUICKTIME_1_BYTES = AUDIO_BYTES + 16;
    private static final int QUICKTIME_2_BYTES = AUDIO_BYTES + 36;
    private static final int VERSION_AT = 8;

    /** What nobody has more of; further ones are passed over. */
    private static final int MOST = 256;

    private final Set<String> types = new TreeSet<>();
    private final BitSet descriptions = new BitSet();
    private OpusHead head;

    private Mp4SampleEntries() {}

    /** Reads the box {@code stsd}. */
    static Mp4SampleEntries read(Mp4Cursor cursor, Mp4Box box, ProblemList problems)
            throws IOException, MalformedBoxException {
        Mp4SampleEntries entries = new Mp4SampleEntries();
        box.enter(cursor, FIELD_BYTES);
        Mp4Boxes boxes = new Mp4Boxes(cursor, box, FIELD_BYTES);
        for (int description = 1; description <= MOST; description++) {
            Mp4Box entry = boxes.next();
            if (entry == null) {
                break;
            }
            entries.types.add(Mp4Box.name(entry.type()));
            if (entry.is("Opus")) {
                entries.add(description, readOpus(cursor, entry, problems));
            }
        }
        return entries;
    }

    /** The types of the entries, for people. */
    String types() {
        return types.isEmpty() ? "nothing" : String.join(" and ", types);
    }

    /** The header of the first entry with Opus; null: there is none. */
    OpusHead head() {
        return head;
    }

    /** The numbers, from 1, of the entries that are decoded with that header. */
    BitSet descriptions() {
        return descriptions;
    }

    private void add(int description, OpusHead other) {
        if (head == null) {
            head = other;
        }
        if (isDecodedAlike(head, other)) {
            descriptions.set(description);
        }
    }

    /** Pre-skip and input rate are for information, and differ where recordings were joined. */
    private static boolean isDecodedAlike(OpusHead first, OpusHead second) {
        return first.equals(new OpusHead(
                first.version(),
                second.channels(),
                first.preSkip(),
                first.inputSampleRate(),
                second.outputGain(),
                second.mappingFamily(),
                second.streamCount(),
                second.coupledCount(),
                second.mapping(),
                second.demixingMatrix()));
    }

    private static OpusHead readOpus(Mp4Cursor cursor, Mp4Box entry, ProblemList problems)
            throws IOException, MalformedBoxException {
        entry.enter(cursor, AUDIO_BYTES);
        cursor.skip(VERSION_AT);
        int fieldBytes =
                switch (cursor.uint16()) {
                    case 1 -> QUICKTIME_1_BYTES;
                    case 2 -> QUICKTIME_2_BYTES;
                    default -> AUDIO_BYTES;
                };
        Mp4Boxes boxes = new Mp4Boxes(cursor, entry, fieldBytes);
        for (Mp4Box box = boxes.next(); box != null; box = boxes.next()) {
            if (box.is("dOps")) {
                return OpusSpecificBox.read(cursor, box, problems);
            }
        }
        throw new MalformedBoxException(entry.offset(), "the sample entry Opus has no box dOps");
    }
}
