package dev.decant.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.SplittableRandom;

/**
 * RTP packets (RFC 3550) around the packets of one stream: with and without CSRCs, extension, padding and redundant copies
 * (RFC 2198), and damaged in each of these places.
 */
final class HostileRtp {
    static final int OPUS = 111;
    static final int RED = 63;
    private static final int TELEPHONE_EVENT = 101;
    private static final int SENDER_REPORT = 200;

    /** What is repeated: the payload, and how much earlier its time was. */
    private record Sent(byte[] payload, long timestamp) {}

    private final SplittableRandom random;
    private final boolean redundant;
    private final Deque<Sent> before = new ArrayDeque<>();

    HostileRtp(SplittableRandom random) {
        this.random = random;
        redundant = random.nextBoolean();
    }

    /** A sound RTP packet. */
    byte[] packet(byte[] payload, long sequenceNumber, long timestamp, long ssrc) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        boolean red = redundant && random.nextInt(10) > 0;
        if (red) {
            writeRed(body, payload, timestamp);
        } else {
            body.writeBytes(payload);
        }
        before.addLast(new Sent(payload, timestamp));
        if (before.size() > 3) {
            before.removeFirst();
        }
        int payloadType = random.nextInt(40) == 0 ? TELEPHONE_EVENT : red ? RED : OPUS;
        return packet(payloadType, body.toByteArray(), sequenceNumber, timestamp, ssrc);
    }

    /** The same packet, damaged where RTP says something. */
    byte[] damaged(byte[] packet) {
        byte[] damaged = packet.clone();
        switch (random.nextInt(8)) {
            case 0 -> damaged[random.nextInt(Math.min(damaged.length, 16))] ^= (byte) (1 << random.nextInt(8));
            // CSRC count, extension, padding.
            case 1 -> damaged[0] = (byte) random.nextInt(256);
            case 2 -> damaged[0] = (byte) (0x80 | random.nextInt(64));
            case 3 -> damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length));
            // The length of an extension that may not be one.
            case 4 -> {
                damaged[0] = (byte) 0x90;
                Arrays.fill(damaged, damaged.length / 2, damaged.length, (byte) (random.nextBoolean() ? 0xFF : 0x80));
            }
            // The count of the padding, and one that is its own.
            case 5 -> {
                damaged[0] |= 0x20;
                damaged[damaged.length - 1] = (byte) random.nextInt(256);
            }
            // Redundant blocks without an end.
            case 6 -> {
                damaged[1] = (byte) (damaged[1] & 0x80 | RED);
                for (int at = 12; at < damaged.length; at++) {
                    damaged[at] |= (byte) (random.nextInt(20) == 0 ? 0 : 0x80);
                }
            }
            default -> damaged[1] = (byte) (random.nextBoolean() ? SENDER_REPORT : random.nextInt(256));
        }
        return damaged;
    }

    private void writeRed(ByteArrayOutputStream out, byte[] payload, long timestamp) {
        ByteArrayOutputStream copies = new ByteArrayOutputStream();
        for (Sent copy : before) {
            long offset = timestamp - copy.timestamp();
            // 14 bits for the time, 10 for the length.
            boolean fits = offset > 0 && offset < 1 << 14 && copy.payload().length < 1 << 10;
            int length = fits ? copy.payload().length : 0;
            out.write(0x80 | OPUS);
            int offsetAndLength = (int) (fits ? offset : 0) << 10 | length;
            out.write(offsetAndLength >> 16);
            out.write(offsetAndLength >> 8);
            out.write(offsetAndLength);
            copies.write(copy.payload(), 0, length);
        }
        out.write(OPUS);
        out.writeBytes(copies.toByteArray());
        out.writeBytes(payload);
    }

    private byte[] packet(int payloadType, byte[] body, long sequenceNumber, long timestamp, long ssrc) {
        int csrcs = random.nextInt(10) == 0 ? random.nextInt(16) : 0;
        boolean extension = random.nextInt(4) == 0;
        int padding = random.nextInt(10) == 0 ? 1 + random.nextInt(255) : 0;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0x80 | (padding > 0 ? 0x20 : 0) | (extension ? 0x10 : 0) | csrcs);
        out.write((random.nextInt(8) == 0 ? 0x80 : 0) | payloadType);
        write(out, sequenceNumber, 2);
        write(out, timestamp, 4);
        write(out, ssrc, 4);
        for (int i = 0; i < csrcs; i++) {
            write(out, random.nextInt(), 4);
        }
        if (extension) {
            int words = random.nextInt(5);
            write(out, 0xBEDE, 2);
            write(out, words, 2);
            for (int i = 0; i < words; i++) {
                write(out, random.nextInt(), 4);
            }
        }
        out.writeBytes(body);
        if (padding > 0) {
            out.writeBytes(new byte[padding - 1]);
            out.write(padding);
        }
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, long value, int bytes) {
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
            out.write((int) (value >> shift));
        }
    }
}
