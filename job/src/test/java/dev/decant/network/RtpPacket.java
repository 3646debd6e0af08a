package dev.decant.network;

import java.nio.ByteBuffer;

/** An RTP packet in bytes (RFC 3550, section 5.1): of Opus, or with copies of earlier ones in it (RFC 2198, section 3). */
final class RtpPacket {
    /** Payload types as browsers choose them. */
    static final int OPUS = 111;

    static final int RED = 63;

    private static final int MOST_COPY_BYTES = (1 << 10) - 1;
    private static final int MOST_COPY_AGE_TICKS = (1 << 14) - 1;

    private static final int VERSION_2 = 0x80;
    private static final int FOLLOWED = 0x80;
    private static final int HEADER_BYTES = 12;
    private static final int COPY_HEADER_BYTES = 4;

    private RtpPacket() {}

    /** Whether a block of RFC 2198 can state the age and the length of {@code copy}. */
    static boolean canCarry(SentPacket copy, SentPacket packet) {
        return packet.timestamp() - copy.timestamp() <= MOST_COPY_AGE_TICKS && copy.payload().length <= MOST_COPY_BYTES;
    }

    static byte[] of(Arrival arrival) {
        Sender sender = arrival.sender();
        SentPacket packet = arrival.packet();
        boolean plain = arrival.copies().isEmpty();
        int copied = arrival.copies().stream()
                .mapToInt(copy -> COPY_HEADER_BYTES + copy.payload().length)
                .sum();
        int bytes = HEADER_BYTES + (plain ? 0 : copied + 1) + packet.payload().length;
        ByteBuffer record = ByteBuffer.allocate(bytes)
                .put((byte) VERSION_2)
                .put((byte) (plain ? OPUS : RED))
                .putShort((short) sender.sequenceNumber(packet))
                .putInt((int) sender.timestamp(packet))
                .putInt((int) sender.ssrc());
        if (!plain) {
            for (SentPacket copy : arrival.copies()) {
                int age = (int) (packet.timestamp() - copy.timestamp());
                record.put((byte) (FOLLOWED | OPUS)).put((byte) (age >> 6));
                record.putShort((short) (age << 10 | copy.payload().length));
            }
            record.put((byte) OPUS);
            arrival.copies().forEach(copy -> record.put(copy.payload()));
        }
        return record.put(packet.payload()).array();
    }
}
