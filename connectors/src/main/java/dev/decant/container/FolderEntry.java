package dev.decant.container;

/**
 * One name in a folder.
 *
 * @param isFolder whether it is a folder, or a link to one
 * @param bytes the size of a file; 0 if that cannot be told
 * @param identity equal for one and the same folder, whatever path leads to it; null where the file system does not tell
 * @param refusal why it cannot be read; null if nothing speaks against it
 */
record FolderEntry(String name, boolean isFolder, long bytes, Object identity, String refusal) {

    static FolderEntry file(String name, long bytes) {
        return new FolderEntry(name, false, bytes, null, null);
    }

    static FolderEntry folder(String name, Object identity) {
        return new FolderEntry(name, true, 0, identity, null);
    }

    static FolderEntry refused(String name, String why) {
        return new FolderEntry(name, false, 0, null, why);
    }
}
