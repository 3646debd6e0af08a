package dev.decant.file;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hashes that every Java has. */
final class Digests {
    private Digests() {}

    /** A SHA-256 of nothing so far. */
    static MessageDigest sha256() {
        return begin("SHA-256");
    }

    /** The SHA-256 of all of {@code bytes}. */
    static byte[] sha256(byte[] bytes) {
        return sha256().digest(bytes);
    }

    /** An MD5 of nothing so far. */
    static MessageDigest md5() {
        return begin("MD5");
    }

    private static MessageDigest begin(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has " + algorithm, e);
        }
    }
}
