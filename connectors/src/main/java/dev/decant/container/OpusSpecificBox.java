package dev.decant.container;

import dev.decant.audio.OpusHead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The box {@code dOps} in an Opus sample entry (Encapsulation of Opus in ISO Base Media File Format, section 4.3.2): an
 * OpusHead without its first 8 bytes, with a version of its own, and big-endian.
 */
final class OpusSpecificBox {
    private static final int FIXED_BYTES = 11;

    /** No more than an OpusHead of 255 channels needs, demixing matrix included. */
    private static final int MAX_BYTES = FIXED_BYTES + 2 + 2 * 255 * 255;

    private static final int MAX_PLAUSIBLE_HZ = 768_000;

    private OpusSpecificBox() {}

    /** Reads the box. */
    static OpusHead read(Mp4Cursor cursor, Mp4Box box, ProblemList problems) throws IOException, MalformedBoxException {
        box.enter(cursor, FIXED_BYTES);
        int version = cursor.peek(0);
        if (version != 0) {
            throw new MalformedBoxException(
                    box.offset(), "the box dOps is of version %d: only version 0 can be read", version);
        }
        byte[] content = cursor.read((int) Math.min(MAX_BYTES, box.contentBytes()));
        OpusHead head = parse(box, content);
        int swapped = Integer.reverseBytes((int) head.inputSampleRate());
        if (head.inputSampleRate() > MAX_PLAUSIBLE_HZ && swapped > 0 && swapped <= MAX_PLAUSIBLE_HZ) {
            problems.irregularity(
                    box.offset(),
                    "the box dOps says %d Hz and a pre-skip of %d: they may have been written as little-endian, for %d and %d",
                    head.inputSampleRate(),
                    head.preSkip(),
                    swapped,
                    Short.reverseBytes((short) head.preSkip()) & 0xFFFF);
        }
        return head;
    }

    private static OpusHead parse(Mp4Box box, byte[] content) throws MalformedBoxException {
        ByteBuffer big = ByteBuffer.wrap(content);
        ByteBuffer head = ByteBuffer.allocate(8 + content.length).order(ByteOrder.LITTLE_ENDIAN);
        big.get();
        head.put("OpusHead".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 1)
                .put(big.get())
                .putShort(big.getShort())
                .putInt(big.getInt())
                .putShort(big.getShort())
                .put(big);
        try {
            return OpusHead.parse(head.array());
        } catch (IllegalArgumentException refusal) {
            throw new MalformedBoxException(box.offset(), "the box dOps makes an %s", refusal.getMessage());
        }
    }
}
