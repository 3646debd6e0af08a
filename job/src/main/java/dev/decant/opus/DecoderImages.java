package dev.decant.opus;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.ChannelLayout.Decoder;
import dev.decant.audio.Digests;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Saves the states of a library's decoders, and brings them back. A state holds addresses in the library, which are
 * others in the next process: an image has them relative to where the library lies.
 *
 * <p>The checksum in an image is there for damage, not for malice: as with any native state, who can write images at will
 * can make a decoder do what they like.
 */
final class DecoderImages {
    /** At 8 kHz. */
    private static final int MAX_TICKS_PER_SAMPLE = 6;

    private final String librarySha256;
    private final LibraryRange library;
    private final PointerMaps maps;
    /** Of plain decoders by {@link #index}, computed when it is first asked for; any thread's is as good as another's. */
    private final AtomicReferenceArray<byte[]> fingerprints =
            new AtomicReferenceArray<>(4 * (MAX_TICKS_PER_SAMPLE + 1));

    /**
     * Finds out what the addresses in the states of a library's decoders are.
     *
     * @param sha256 of its file as it was when it was loaded
     * @param temporaryFolders where a copy of the library may lie for a while
     * @throws NoImagesException if it cannot be found out beyond doubt
     */
    static DecoderImages of(BoundLibrary library, String sha256, List<Path> temporaryFolders) throws NoImagesException {
        if (!CpuFeatures.ofThisMachine().areKnown()) {
            throw new NoImagesException("this operating system does not tell what the CPU can do");
        }
        // Before the copy is made: where there is no telling where a library lies, it would be of no use.
        FileMappings.ofThisProcess();
        try (LibraryCopy copy = new LibraryCopy(library.file(), sha256, temporaryFolders)) {
            PointerSearch search = new PointerSearch(library, copy);
            return new DecoderImages(sha256, search.libraryRange(), PointerMaps.of(library, search));
        }
    }

    /**
     * @param librarySha256 of the library's file
     * @param library where it lies as long as images are made
     */
    private DecoderImages(String librarySha256, LibraryRange library, PointerMaps maps) {
        this.librarySha256 = librarySha256;
        this.library = library;
        this.maps = maps;
    }

    /** The words of the state of a decoder with that layout that are addresses. Only for those who hold the library. */
    PointerMap map(ChannelLayout layout) {
        return maps.of(layout);
    }

    /**
     * @return empty if the state holds what might be an address that would be lost
     */
    Optional<DecoderImage> take(NativeBlock state, DecoderSettings settings, ImageHeader header, ImageBuffer buffer) {
        int count = state.words();
        long[] words = buffer.state(count);
        state.getWords(words);
        PointerMap map = map(settings.layout());
        for (int i : map.addresses()) {
            if (words[i] != 0) {
                if (!library.contains(words[i])) {
                    return Optional.empty();
                }
                words[i] -= library.start();
            }
        }
        if (holdsAddress(words, count)) {
            return Optional.empty();
        }
        return Optional.of(DecoderImage.ofBytes(ImageFormat.write(header, fingerprint(settings, map), count, buffer)));
    }

    /**
     * Puts the state of an image into the buffer, with addresses as they are here.
     *
     * @return empty if the image is damaged, or of a decoder, library or CPU that it cannot be used for
     */
    Optional<ImageHeader> read(DecoderImage image, DecoderSettings settings, ImageBuffer buffer) {
        PointerMap map = map(settings.layout());
        Optional<ImageHeader> header =
                ImageFormat.read(image.toBytes(), fingerprint(settings, map), map.words(), buffer);
        if (header.isEmpty()
                || !CpuFeatures.ofThisMachine().include(header.get().cpu())) {
            return Optional.empty();
        }
        long[] words = buffer.state(map.words());
        for (int i : map.addresses()) {
            if (words[i] != 0) {
                if (words[i] < 0 || words[i] >= library.size()) {
                    return Optional.empty();
                }
                words[i] += library.start();
            }
        }
        return header;
    }

    /** Whether any word points into the library, once those that are known to are relative. */
    private boolean holdsAddress(long[] words, int count) {
        long start = library.start();
        long size = library.size();
        for (int i = 0; i < count; i++) {
            long offset = words[i] - start;
            if (offset >= 0 && offset < size) {
                return true;
            }
        }
        return false;
    }

    /**
     * What decoder an image is of. Decoding to whole numbers and to floats differ: only the first remembers how it clipped
     * (opus.h, {@code opus_pcm_soft_clip}).
     */
    private byte[] fingerprint(DecoderSettings settings, PointerMap map) {
        PcmFormat format = settings.format();
        if (settings.layout().decoder() != Decoder.PLAIN) {
            return computeFingerprint(format, settings.layout(), map);
        }
        int index = index(format);
        byte[] fingerprint = fingerprints.get(index);
        if (fingerprint == null) {
            fingerprint = computeFingerprint(format, settings.layout(), map);
            fingerprints.set(index, fingerprint);
        }
        return fingerprint;
    }

    /**
     * Not a map with the format for its key: Java 17 keeps the class of a record's part that was hashed last, and with it
     * the class loader of a job that has ended.
     */
    private static int index(PcmFormat format) {
        return 4 * format.ticksPerSample() + 2 * (format.channels() - 1) + (isWhole(format) ? 0 : 1);
    }

    private static boolean isWhole(PcmFormat format) {
        return format.sampleFormat() == SampleFormat.S16LE;
    }

    /** How the decoder's channels are mixed afterwards is no part of it. */
    private byte[] computeFingerprint(PcmFormat format, ChannelLayout layout, PointerMap map) {
        byte[] sha256 = librarySha256.getBytes(StandardCharsets.US_ASCII);
        byte[] streams = streams(layout);
        ByteBuffer identity = ByteBuffer.allocate(
                        sha256.length + (5 + map.addresses().length) * Integer.BYTES + streams.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(sha256)
                .putInt(map.stateBytes())
                .putInt(format.rate())
                .putInt(layout.decodedChannels())
                .putInt(isWhole(format) ? 0 : 1)
                .putInt(map.addresses().length);
        for (int i : map.addresses()) {
            identity.putInt(i);
        }
        identity.put(streams);
        return Digests.sha256(identity.array());
    }

    /** What a plain decoder has nothing of. */
    private static byte[] streams(ChannelLayout layout) {
        if (layout.decoder() == Decoder.PLAIN) {
            return new byte[0];
        }
        return ByteBuffer.allocate(3 + layout.mapping().length + layout.demixingMatrix().length)
                .put((byte) layout.decoder().ordinal())
                .put((byte) layout.streamCount())
                .put((byte) layout.coupledCount())
                .put(layout.mapping())
                .put(layout.demixingMatrix())
                .array();
    }
}
