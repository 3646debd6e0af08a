package dev.decant.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The WAV files of a tree.
 *
 * @param files by the name that they have in common with their recordings: the path without what follows the first dot
 * @param bytes all files together
 */
record WavFiles(Map<String, Path> files, long bytes) {

    /** The most that a WAV of mono or stereo may hold besides its samples: a head, and perhaps the name of a program. */
    private static final long MOST_HEAD_BYTES = 512;

    static WavFiles in(Path folder) throws IOException {
        Map<String, Path> files = new TreeMap<>();
        long bytes = 0;
        try (Stream<Path> tree = Files.walk(folder)) {
            Iterator<Path> wavs =
                    tree.filter(path -> path.toString().endsWith(".wav")).iterator();
            while (wavs.hasNext()) {
                Path wav = wavs.next();
                files.put(folder.relativize(wav).toString().replaceFirst("\\..*", ""), wav);
                bytes += Files.size(wav);
            }
        }
        return new WavFiles(files, bytes);
    }

    /**
     * @param whose who made them, for the error
     * @throws BenchException if there are not as many as the corpus has recordings, and as long together
     */
    void requireAllOf(Corpus corpus, String whose) {
        long most = corpus.pcmBytes() + MOST_HEAD_BYTES * corpus.recordings();
        if (files.size() != corpus.recordings() || bytes < corpus.pcmBytes() || bytes > most) {
            throw new BenchException(whose + " made " + files.size() + " WAV files of " + bytes + " bytes out of "
                    + corpus.recordings() + " recordings, which hold " + corpus.pcmBytes() + " bytes of samples");
        }
    }

    /** The SHA-256 of each file, by its name. */
    Map<String, String> digests() throws IOException {
        Map<String, String> digests = new TreeMap<>();
        for (Map.Entry<String, Path> file : files.entrySet()) {
            digests.put(file.getKey(), digest(file.getValue()));
        }
        return digests;
    }

    private static String digest(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                DigestInputStream digesting = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            byte[] buffer = new byte[1 << 16];
            while (digesting.read(buffer) >= 0) {
                // The stream does it.
            }
            return HexFormat.of().formatHex(digesting.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
