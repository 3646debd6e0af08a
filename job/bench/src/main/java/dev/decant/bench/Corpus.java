package dev.decant.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/**
 * A tree of recordings, a hundred a folder.
 *
 * @param folder the root of the tree
 * @param recordings how many there are
 * @param ticks what they last together, 48 kHz ticks
 * @param pcmBytes what they are as s16le at 48 kHz
 */
record Corpus(Path folder, int recordings, long ticks, long pcmBytes) {
    private static final int A_FOLDER = 100;

    /**
     * Writes a corpus, unless it is there from an earlier time.
     *
     * @param parent the folder of all corpora
     * @param name of the corpus, to which the number of recordings is added
     */
    static Corpus in(Path parent, String name, CorpusContent content) throws IOException {
        Path folder = parent.resolve(name + "-" + content.recordings());
        if (!Files.isDirectory(folder)) {
            System.err.println("writing " + folder);
            // Under another name first: a corpus that is there is whole.
            Path part = parent.resolve(folder.getFileName() + ".part");
            ScratchFolder.delete(part);
            write(part, content);
            Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
        }
        long ticks = 0;
        long pcmBytes = 0;
        for (int n = 0; n < content.recordings(); n++) {
            ticks += content.ticks(n);
            pcmBytes += (long) Short.BYTES * content.channels(n) * content.ticks(n);
        }
        return new Corpus(folder, content.recordings(), ticks, pcmBytes);
    }

    private static void write(Path folder, CorpusContent content) throws IOException {
        for (int n = 0; n < content.recordings(); n++) {
            Path some = folder.resolve(String.format(Locale.ROOT, "%04d", n / A_FOLDER));
            if (n % A_FOLDER == 0) {
                Files.createDirectories(some);
            }
            Files.write(some.resolve(String.format(Locale.ROOT, "%06d.opus", n)), content.file(n));
        }
    }

    double hours() {
        return ticks / (3_600.0 * Sound.RATE);
    }
}
