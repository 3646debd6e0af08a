package dev.decant.kafka;

import dev.decant.audio.DeadLetter.Reason;
import dev.decant.audio.OpusHead;
import dev.decant.audio.PacketHeaders;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.header.Header;

/**
 * Parses {@link PacketHeaders#HEAD}, each distinct header once: a producer may send it with every packet, and few
 * different ones are in use. Bounded in entries and in bytes, whatever is sent.
 */
final class OpusHeadCache {
    static final int MAX_ENTRIES = 256;

    /** A longer header is parsed anew each time: ambisonics with a large matrix, or somebody's attack. */
    static final int MAX_KEPT_BYTES = 512;

    private final Map<ByteBuffer, OpusHead> heads = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, OpusHead> eldest) {
            return size() > MAX_ENTRIES;
        }
    };

    /**
     * The OpusHead in {@code header}.
     *
     * @throws MalformedRecordException if it is not Base64 of an OpusHead packet
     */
    OpusHead read(Header header) throws MalformedRecordException {
        byte[] base64 = header.value();
        if (base64 == null) {
            throw malformed(header, "take Base64 of an OpusHead packet");
        }
        if (base64.length > MAX_KEPT_BYTES) {
            return parse(header);
        }
        ByteBuffer key = ByteBuffer.wrap(base64);
        OpusHead head = heads.get(key);
        if (head == null) {
            head = parse(header);
            heads.put(key, head);
        }
        return head;
    }

    private static OpusHead parse(Header header) throws MalformedRecordException {
        byte[] packet;
        try {
            packet = Base64.getDecoder().decode(header.value());
        } catch (IllegalArgumentException e) {
            throw malformed(header, "take Base64 of an OpusHead packet");
        }
        try {
            return OpusHead.parse(packet);
        } catch (IllegalArgumentException e) {
            throw malformed(header, e.getMessage());
        }
    }

    private static MalformedRecordException malformed(Header header, String why) {
        return new MalformedRecordException(
                Reason.MALFORMED_HEADER,
                "header " + header.key() + " holds " + DecimalHeader.shown(header.value()) + ": " + why);
    }

    /** How many headers are kept; for tests. */
    int size() {
        return heads.size();
    }
}
