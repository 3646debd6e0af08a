package dev.decant.file;

import dev.decant.file.FileFormat.Pcm;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

/** A file that goes into something else, whose length must be known before its first byte is there. */
final class EncodedFile implements Closeable {
    private final FinishedFile file;
    private final FileFormat format;
    private final Pcm pcm;
    private final Path encoded;
    private InputStream opened;

    private EncodedFile(FinishedFile file, FileFormat format, Pcm pcm, Path encoded) {
        this.file = file;
        this.format = format;
        this.pcm = pcm;
        this.encoded = encoded;
    }

    /** A format that tells its length only when it is written is written to a temporary file of this machine. */
    static EncodedFile of(FinishedFile file, FileFormat format, Pcm pcm) throws IOException {
        if (format.isSamplesWithin()) {
            return new EncodedFile(file, format, pcm, null);
        }
        Path encoded = Files.createTempFile("decant-", "." + format.suffix());
        EncodedFile result = new EncodedFile(file, format, pcm, encoded);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(encoded))) {
            format.write(file, pcm, out);
        } catch (IOException | RuntimeException e) {
            result.close();
            throw e;
        }
        return result;
    }

    /** How long it is. */
    long bytes() throws IOException {
        return encoded == null ? format.bytes(file) : Files.size(encoded);
    }

    /** All of it; closed with this. */
    InputStream open() throws IOException {
        opened = encoded == null
                ? new SequenceInputStream(Collections.enumeration(List.of(
                        new ByteArrayInputStream(format.beginning(file)),
                        pcm.open(),
                        new ByteArrayInputStream(new byte[format.padding(file)]))))
                : Files.newInputStream(encoded);
        return opened;
    }

    @Override
    public void close() throws IOException {
        if (opened != null) {
            opened.close();
        }
        if (encoded != null) {
            Files.delete(encoded);
        }
    }
}
