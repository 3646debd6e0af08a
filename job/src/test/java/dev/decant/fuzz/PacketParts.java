package dev.decant.fuzz;

import dev.decant.audio.MalformedPacketException;
import dev.decant.audio.PacketFrames;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A packet as its parts, to be written again: as RFC 6716 says, or with parts that lie.
 *
 * @param config mode, bandwidth and frame length, 0 to 31
 * @param stereo whether the frames are
 * @param frames the bytes of each
 */
record PacketParts(int config, boolean stereo, List<byte[]> frames) {
    private static final int VBR = 0x80;
    private static final int PADDED = 0x40;

    static PacketParts of(byte[] packet) throws MalformedPacketException {
        PacketFrames parsed = PacketFrames.parse(packet);
        List<byte[]> frames = new ArrayList<>();
        for (int frame = 0; frame < parsed.count(); frame++) {
            int from = parsed.offset(frame);
            frames.add(Arrays.copyOfRange(packet, from, from + parsed.size(frame)));
        }
        return new PacketParts(parsed.toc().config(), parsed.toc().stereo(), frames);
    }

    PacketParts withFrames(List<byte[]> others) {
        return new PacketParts(config, stereo, others);
    }

    PacketParts withConfig(int other) {
        return new PacketParts(other, stereo, frames);
    }

    /** The first byte, for a packet that counts its frames by {@code code}. */
    int toc(int code) {
        return config << 3 | (stereo ? 4 : 0) | code;
    }

    boolean sameSizes() {
        return frames.stream().mapToInt(frame -> frame.length).distinct().count() == 1;
    }

    /** The shortest form: code 0, 1, 2 or 3, without padding. */
    byte[] written() {
        if (frames.size() == 1) {
            return packet(toc(0));
        }
        if (frames.size() == 2) {
            return sameSizes() ? packet(toc(1)) : packet(toc(2), length(frames.get(0).length));
        }
        return codeThree(frames.size(), !sameSizes(), lengths(), 0);
    }

    /** As code 3, whose frame count fits whatever there is. */
    byte[] writtenAsCodeThree(boolean vbr, int paddingBytes) {
        return codeThree(frames.size(), vbr, lengths(), paddingBytes);
    }

    /** As code 3, with a frame count and with lengths that need not be true. */
    byte[] codeThree(int statedCount, boolean vbr, int[] statedLengths, int paddingBytes) {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        header.write(toc(3));
        header.write(statedCount & 0x3F | (vbr ? VBR : 0) | (paddingBytes > 0 ? PADDED : 0));
        if (paddingBytes > 0) {
            // Each octet of 255 stands for 254 bytes and says that another follows; the octets themselves count too.
            int left = paddingBytes - 1;
            while (left >= 255) {
                header.write(255);
                left -= 255;
            }
            header.write(left);
        }
        if (vbr) {
            for (int i = 0; i < statedLengths.length - 1; i++) {
                header.writeBytes(length(statedLengths[i]));
            }
        }
        frames.forEach(header::writeBytes);
        byte[] unpadded = header.toByteArray();
        return Arrays.copyOf(unpadded, unpadded.length + padded(paddingBytes));
    }

    /** As one of the streams of a multistream packet that is not the last: it states its own length (appendix B). */
    byte[] selfDelimited() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] last = length(frames.get(frames.size() - 1).length);
        if (frames.size() == 1) {
            return packet(toc(0), last);
        }
        if (frames.size() == 2 && sameSizes()) {
            return packet(toc(1), last);
        }
        out.write(toc(3));
        out.write(frames.size() | VBR);
        for (byte[] frame : frames) {
            out.writeBytes(length(frame.length));
        }
        frames.forEach(out::writeBytes);
        return out.toByteArray();
    }

    int[] lengths() {
        return frames.stream().mapToInt(frame -> frame.length).toArray();
    }

    /** A frame length as it is written: one byte or two (RFC 6716, section 3.2.1). */
    static byte[] length(int bytes) {
        if (bytes < 252) {
            return new byte[] {(byte) bytes};
        }
        int first = 252 + (bytes & 3);
        return new byte[] {(byte) first, (byte) (bytes - first >> 2)};
    }

    /** The bytes behind the frames: the padding without the octets that state it. */
    private static int padded(int paddingBytes) {
        if (paddingBytes == 0) {
            return 0;
        }
        int left = paddingBytes - 1;
        return left - left / 255;
    }

    private byte[] packet(int toc, byte... header) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(toc);
        out.writeBytes(header);
        frames.forEach(out::writeBytes);
        return out.toByteArray();
    }
}
