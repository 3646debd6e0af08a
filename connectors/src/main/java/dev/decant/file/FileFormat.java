package dev.decant.file;

import dev.decant.audio.Digests;
import dev.decant.audio.MediaClock;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;

/** What a file of samples is. */
public enum FileFormat {
    /** WAVE, RF64 where it is too long for that. */
    WAV("wav") {
        @Override
        byte[] beginning(FinishedFile file) {
            return WavHeader.of(file.format(), file.samples());
        }

        @Override
        int padding(FinishedFile file) {
            return WavHeader.padding(file.dataBytes());
        }

        @Override
        int room(PcmFormat format) {
            return WavHeader.of(format, 0).length;
        }
    },

    /** Compressed without loss: 16 or 24 bit, up to 8 channels. */
    FLAC("flac") {
        @Override
        byte[] beginning(FinishedFile file) {
            return new byte[] {'f', 'L', 'a', 'C'};
        }

        @Override
        boolean isSamplesWithin() {
            return false;
        }

        @Override
        String refusal(PcmFormat format, long samples) {
            return FlacEncoding.refusal(format, samples);
        }

        /** Twice through the samples: their hash stands before them. */
        @Override
        void write(FinishedFile file, Pcm pcm, OutputStream out) throws IOException {
            MessageDigest md5 = Digests.md5();
            try (InputStream samples = pcm.open();
                    OutputStream hashing = new DigestOutputStream(OutputStream.nullOutputStream(), md5)) {
                samples.transferTo(hashing);
            }
            try (InputStream samples = pcm.open()) {
                FlacEncoding.write(file.format(), file.samples(), md5.digest(), samples, out);
            }
        }
    },

    /** The samples and nothing else. */
    RAW("raw") {
        @Override
        byte[] beginning(FinishedFile file) {
            return new byte[0];
        }
    };

    /** Opens the samples of a file anew: interleaved, in WAVE's order of channels. */
    @FunctionalInterface
    interface Pcm {
        InputStream open() throws IOException;
    }

    private final String suffix;

    FileFormat(String suffix) {
        this.suffix = suffix;
    }

    /** The ending of its files, without the dot. */
    public String suffix() {
        return suffix;
    }

    /** As options write it. */
    @Override
    public String toString() {
        return suffix;
    }

    /** What stands before the samples, or what of it can be told without them. */
    abstract byte[] beginning(FinishedFile file);

    /** How many zeros stand after them. */
    int padding(FinishedFile file) {
        return 0;
    }

    /** Bytes to leave free before the samples of a body, so that it can become a file where it stands. */
    int room(PcmFormat format) {
        return 0;
    }

    /** Whether a file is its samples, with something around them that is known before. */
    boolean isSamplesWithin() {
        return true;
    }

    /** Why there is no such file of so many samples a channel, in a sentence; null: there is. */
    String refusal(PcmFormat format, long samples) {
        return null;
    }

    /** Why there is no such file of these samples, in a sentence; null: there is. */
    final String refusal(FinishedFile file) {
        return refusal(file.format(), file.samples());
    }

    /**
     * Makes sure that there can be files of such samples, if they have few channels.
     *
     * @throws IllegalArgumentException if not
     */
    public void requireHolds(SampleFormat sampleFormat) {
        String refusal = refusal(new PcmFormat(sampleFormat, MediaClock.HZ, 1), 0);
        if (refusal != null) {
            throw new IllegalArgumentException(refusal);
        }
    }

    /** How long the file is, in bytes, if it is its samples with something around them. */
    long bytes(FinishedFile file) {
        return beginning(file).length + file.dataBytes() + padding(file);
    }

    /**
     * Writes the whole file; the same samples give the same bytes.
     *
     * @param out not closed here
     */
    void write(FinishedFile file, Pcm pcm, OutputStream out) throws IOException {
        out.write(beginning(file));
        try (InputStream samples = pcm.open()) {
            samples.transferTo(out);
        }
        out.write(new byte[padding(file)]);
    }
}
