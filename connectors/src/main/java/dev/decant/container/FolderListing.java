package dev.decant.container;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The recordings and the folders of one folder, which are taken one after the other in the order of their names, by the
 * numbers of their UTF-16 characters. Of a file and a folder of one name, which only object stores have, the file is first.
 */
final class FolderListing {
    private static final Comparator<FolderEntry> ORDER =
            Comparator.comparing(FolderEntry::name).thenComparing(FolderEntry::isFolder);

    private final String path;
    private final Object identity;
    private final List<FolderEntry> entries;
    private final BitSet keptEndings;
    private int next;

    /**
     * @param path of the folder below the input folder: empty, or with a slash at its end
     * @param identity of the folder; null if it is not known
     * @param taken what is to be walked through
     */
    FolderListing(String path, Object identity, List<FolderEntry> taken) {
        this.path = path;
        this.identity = identity;
        this.entries = new ArrayList<>(taken);
        entries.sort(ORDER);
        this.keptEndings = keptEndings(entries);
    }

    String path() {
        return path;
    }

    Object identity() {
        return identity;
    }

    /** How many entries are held. */
    int held() {
        return entries.size() - next;
    }

    /** The next entry; null after the last one. */
    FolderEntry next() {
        return next < entries.size() ? entries.set(next++, null) : null;
    }

    /** The path of the entry that {@link #next} gave last, without its ending unless it keeps that. */
    String unendedPath(FolderEntry last) {
        return path + (keptEndings.get(next - 1) ? last.name() : OutputNames.stem(last.name()));
    }

    /**
     * Drops what comes before a name.
     *
     * @param andFolder whether a folder of that name is dropped as well; a file is in any case
     */
    void dropThrough(String name, boolean andFolder) {
        while (next < entries.size()) {
            FolderEntry entry = entries.get(next);
            int order = entry.name().compareTo(name);
            if (order > 0 || order == 0 && entry.isFolder() && !andFolder) {
                return;
            }
            next();
        }
    }

    /** The next entry if it is the folder of that name; else it stays the next one. */
    FolderEntry nextFolder(String name) {
        FolderEntry entry = next < entries.size() ? entries.get(next) : null;
        return entry != null && entry.isFolder() && entry.name().equals(name) ? next() : null;
    }

    /** The places of files that keep their endings ({@link OutputNames}). */
    private static BitSet keptEndings(List<FolderEntry> entries) {
        Set<String> names = new HashSet<>();
        Set<String> stems = new HashSet<>();
        Set<String> sharedStems = new HashSet<>();
        for (FolderEntry entry : entries) {
            if (!entry.isFolder()) {
                names.add(entry.name());
                String stem = OutputNames.stem(entry.name());
                if (!stems.add(stem)) {
                    sharedStems.add(stem);
                }
            }
        }
        BitSet kept = new BitSet();
        for (int i = 0; i < entries.size(); i++) {
            FolderEntry entry = entries.get(i);
            String stem = OutputNames.stem(entry.name());
            kept.set(i, !entry.isFolder() && (sharedStems.contains(stem) || names.contains(stem)));
        }
        return kept;
    }
}
