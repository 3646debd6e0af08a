package dev.decant.opus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The files that are mapped into this process, and where (proc(5), {@code /proc/pid/maps}). */
final class FileMappings {
    private static final Path MAPS = Path.of("/proc/self/maps");

    /** Below lie small numbers. Linux puts a library above, on every 64-bit machine. */
    private static final long LOWEST_LIBRARY = 1L << 32;

    /** address, permissions, offset, device, inode, path. */
    private static final int FIELDS = 6;

    private final List<Mapping> mappings;
    private final List<Mapping> libraries;

    /**
     * @param file device, inode and path: what tells one file from another
     */
    private record Mapping(long start, long end, boolean executable, String file) {
        boolean contains(long address) {
            return address >= start && address < end;
        }
    }

    private FileMappings(List<Mapping> mappings) {
        this.mappings = mappings;
        Set<String> executableFiles = new HashSet<>();
        for (Mapping mapping : mappings) {
            if (mapping.executable) {
                executableFiles.add(mapping.file);
            }
        }
        libraries = mappings.stream()
                .filter(mapping -> executableFiles.contains(mapping.file) && mapping.start >= LOWEST_LIBRARY)
                .toList();
    }

    /**
     * As they are now.
     *
     * @throws NoImagesException where the operating system does not tell
     */
    static FileMappings ofThisProcess() throws NoImagesException {
        if (!Files.exists(MAPS)) {
            throw new NoImagesException(
                    "this operating system does not tell where it loads a library: there is no " + MAPS);
        }
        try {
            return of(Files.readAllLines(MAPS));
        } catch (IOException e) {
            throw new NoImagesException(MAPS + " cannot be read: " + Sentences.of(e));
        }
    }

    static FileMappings of(List<String> lines) {
        List<Mapping> mappings = new ArrayList<>();
        for (String line : lines) {
            String[] fields = line.split(" +", FIELDS);
            if (fields.length == FIELDS && fields[5].startsWith("/")) {
                int dash = fields[0].indexOf('-');
                mappings.add(new Mapping(
                        Long.parseUnsignedLong(fields[0], 0, dash, 16),
                        Long.parseUnsignedLong(fields[0], dash + 1, fields[0].length(), 16),
                        fields[1].indexOf('x') >= 0,
                        fields[3] + " " + fields[4] + " " + fields[5]));
            }
        }
        return new FileMappings(mappings);
    }

    /**
     * Where the file begins that is mapped at an address.
     *
     * @throws NoImagesException if none is
     */
    long startOfFileAt(long address) throws NoImagesException {
        String file = mappings.stream()
                .filter(mapping -> mapping.contains(address))
                .map(Mapping::file)
                .findFirst()
                .orElseThrow(() -> new NoImagesException("its code is in no file that " + MAPS + " names"));
        return mappings.stream()
                .filter(mapping -> mapping.file.equals(file))
                .mapToLong(Mapping::start)
                .min()
                .getAsLong();
    }

    /**
     * The library or program that a word would point into if it were an address. Files that hold no code are left out:
     * Java maps some of them where the addresses look like two small numbers.
     */
    Optional<String> libraryAt(long word) {
        // Almost every word ends here.
        if (word < LOWEST_LIBRARY) {
            return Optional.empty();
        }
        for (Mapping mapping : libraries) {
            if (mapping.contains(word)) {
                return Optional.of(mapping.file);
            }
        }
        return Optional.empty();
    }
}
