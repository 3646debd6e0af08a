package dev.decant.container;

import dev.decant.audio.OpusHead;
import java.util.BitSet;
import java.util.Map;

/**
 * What the Track Box of a track says (ISO 14496-12, section 8.3).
 *
 * @param id its number, from 1
 * @param entries the types of its sample entries, for people
 * @param head the header in its first sample entry with Opus, as it stands there; null if it has none
 * @param descriptions which of its sample entries have Opus that is decoded with that header, from 1
 * @param timescale units a second, at least 1 if it is Opus
 * @param duration of all its samples, in units; 0: not known
 * @param edits its edit list
 * @param table its Sample Table Box
 * @param tables the boxes in that one, by type
 */
record Mp4Track(
        long id,
        String entries,
        OpusHead head,
        BitSet descriptions,
        long timescale,
        long duration,
        Mp4Edits edits,
        Mp4Box table,
        Map<String, Mp4Box> tables) {

    /** Whether it can be read. */
    boolean isOpus() {
        return head != null;
    }

    /** Whether it may be Opus, and nobody can tell (section 8.12). */
    boolean isEncrypted() {
        return entries.contains("enca");
    }

    /** Whether there are samples besides those in fragments. */
    boolean hasTables() {
        return !tables.isEmpty();
    }

    /** Whether a sample entry, counted from 1, is one that is decoded with the header. */
    boolean isDescribedBy(long description) {
        return description <= descriptions.length() && descriptions.get((int) description);
    }

    /**
     * One of its tables.
     *
     * @param type how it is called
     * @param other how it is called in another form
     * @throws MalformedBoxException if it has neither
     */
    Mp4Box table(String type, String other) throws MalformedBoxException {
        Mp4Box box = tables.getOrDefault(type, tables.get(other));
        if (box == null) {
            throw new MalformedBoxException(table.offset(), "the track %d has no box %s", id, type);
        }
        return box;
    }
}
