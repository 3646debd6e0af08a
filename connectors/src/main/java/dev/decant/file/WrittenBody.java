package dev.decant.file;

import java.util.Objects;

/**
 * What brings a body back: to write on, or to commit it.
 *
 * @param path where the body stands once it is committed
 * @param version of the file system's serializer that wrote {@code recoverable}
 * @param recoverable a {@code ResumeRecoverable} of an open body, a {@code CommitRecoverable} of a finished one
 */
record WrittenBody(String path, int version, byte[] recoverable) {
    WrittenBody {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(recoverable, "recoverable");
    }
}
