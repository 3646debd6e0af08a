package dev.decant.container;

import dev.decant.container.RecordingProblem.Kind;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Walks through a folder and all below it, depth first, in the order of names ({@link FolderListing}). It holds the listings
 * of the folders that it stands in, and nothing else.
 *
 * <p>A folder that cannot be listed, and one that leads back to a folder around it, is given as a recording that is refused.
 */
final class FolderWalk implements RecordingWalk {
    /** The most folders in one another. */
    static final int MAX_DEPTH = 64;

    private static final int ATTEMPTS = 3;

    private final InputFiles files;
    private final String root;
    private final RecordingPatterns patterns;
    private final String passedOver;
    private final String after;
    private final Deque<FolderListing> listings = new ArrayDeque<>();
    private boolean started;

    /**
     * @param root the folder, with a slash at its end
     * @param passedOver the path of a folder that is passed over, within the file system; null: none is
     * @param after the name of the recording after which the walk begins; empty: it begins at the beginning
     */
    FolderWalk(InputFiles files, String root, RecordingPatterns patterns, String passedOver, String after) {
        this.files = files;
        this.root = root;
        this.patterns = patterns;
        this.passedOver = passedOver;
        this.after = after;
    }

    @Override
    public Step next() throws IOException {
        if (!started) {
            started = true;
            listings.push(listing("", null));
            return goBack();
        }
        while (!listings.isEmpty()) {
            FolderListing listing = listings.peek();
            FolderEntry entry = listing.next();
            if (entry == null) {
                listings.pop();
            } else if (entry.isFolder()) {
                return enter(entry);
            } else {
                return step(listing, entry);
            }
        }
        return null;
    }

    /** How many entries of folders are held. */
    int held() {
        return listings.stream().mapToInt(FolderListing::held).sum();
    }

    /** Goes to the place {@link #after}. What has vanished meanwhile does not matter: what would follow it is next. */
    private Step goBack() {
        Step step = Step.toNothing(0);
        for (int from = 0; from < after.length() && step.found() == null; ) {
            int slash = after.indexOf('/', from);
            String name = after.substring(from, slash < 0 ? after.length() : slash);
            boolean isLast = slash < 0 || slash == after.length() - 1;
            FolderListing listing = listings.peek();
            // With a slash at its end it is a folder that was refused.
            listing.dropThrough(name, isLast && slash >= 0);
            FolderEntry folder = isLast ? null : listing.nextFolder(name);
            if (folder == null) {
                break;
            }
            step = enter(folder);
            from = slash + 1;
        }
        return step;
    }

    private Step enter(FolderEntry folder) {
        String path = listings.peek().path() + folder.name() + "/";
        if (listings.size() > MAX_DEPTH) {
            return refused(path, Kind.DAMAGE, "more than " + MAX_DEPTH + " folders lie in one another here");
        }
        if (folder.identity() != null
                && listings.stream().anyMatch(around -> folder.identity().equals(around.identity()))) {
            return refused(path, Kind.DAMAGE, "this is a link back to a folder that it lies in");
        }
        IOException failure = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                listings.push(listing(path, folder.identity()));
                return Step.toNothing(0);
            } catch (IOException e) {
                failure = e;
            }
        }
        return refused(path, Kind.UNREADABLE, "the folder could not be listed: " + failure);
    }

    private FolderListing listing(String path, Object identity) throws IOException {
        List<FolderEntry> taken = new ArrayList<>();
        String folder = root + path;
        for (FolderEntry entry : files.list(folder.length() == 1 ? folder : folder.substring(0, folder.length() - 1))) {
            if (takes(path, entry)) {
                taken.add(entry);
            }
        }
        return new FolderListing(path, identity, taken);
    }

    private boolean takes(String path, FolderEntry entry) {
        if (patterns.passesOver(entry.name())) {
            return false;
        }
        String entryPath = path + entry.name();
        return entry.isFolder() ? !(root + entryPath).equals(passedOver) : patterns.takes(entryPath);
    }

    private Step step(FolderListing listing, FolderEntry entry) {
        String name = listing.path() + entry.name();
        String path = root + name;
        String why = entry.refusal() == null ? files.refusal(path) : entry.refusal();
        RecordingProblem refusal = why == null ? null : new RecordingProblem(0, Kind.DAMAGE, why);
        String outputName = OutputNames.of(listing.unendedPath(entry));
        return new Step(new FoundRecording(name, outputName, path, refusal), entry.bytes(), 0);
    }

    private Step refused(String path, Kind kind, String why) {
        RecordingProblem refusal = new RecordingProblem(0, kind, why);
        return new Step(new FoundRecording(path, OutputNames.of(path) + "/", root + path, refusal), 0, 0);
    }
}
