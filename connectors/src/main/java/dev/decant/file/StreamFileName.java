package dev.decant.file;

import dev.decant.audio.Digests;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A stream ID as a file name that is harmless everywhere: letters, digits, {@code .}, {@code _} and {@code -} stand for
 * themselves, every other byte of its UTF-8 is {@code %} and two hexadecimal digits. So is a dot or an underscore at the
 * front (hidden files, our own folders), a dot at the end and the first letter of a Windows device name.
 *
 * <p>Different IDs have different names. What would be too long keeps its beginning, followed by {@code =} and the
 * SHA-256 of all of it; {@code =} and {@code ~} stand in no other name.
 */
final class StreamFileName {
    /** The longest name in bytes: a file name ends at 255, and suffixes and a temporary file's random name must fit. */
    static final int MAX_LENGTH = 180;

    private static final int MAX_PREFIX = MAX_LENGTH - 1 - 64;
    private static final Set<String> WINDOWS_DEVICES = Set.of(
            "CON", "PRN", "AUX", "NUL", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9", "LPT1",
            "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9");
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private StreamFileName() {}

    /** The name of {@code streamId}, 1 to {@link #MAX_LENGTH} ASCII characters. */
    static String of(String streamId) {
        byte[] bytes = streamId.getBytes(StandardCharsets.UTF_8);
        if (!new String(bytes, StandardCharsets.UTF_8).equals(streamId)) {
            // Half a surrogate pair has no UTF-8; its replacement would stand for any other half as well.
            return hashed(encode(bytes), charsOf(streamId));
        }
        if (bytes.length == 0) {
            return hashed("", bytes);
        }
        String encoded = encode(bytes);
        return encoded.length() <= MAX_LENGTH ? encoded : hashed(encoded, bytes);
    }

    /** The stream ID that has this name; none if the name holds a hash, or is no stream's. */
    static Optional<String> streamId(String name) {
        byte[] bytes = new byte[name.length()];
        int length = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c != '%') {
                bytes[length++] = (byte) c;
            } else if (i + 2 < name.length()
                    && HexFormat.isHexDigit(name.charAt(i + 1))
                    && HexFormat.isHexDigit(name.charAt(i + 2))) {
                bytes[length++] = (byte) HexFormat.fromHexDigits(name, i + 1, i + 3);
                i += 2;
            } else {
                return Optional.empty();
            }
        }
        String streamId = new String(bytes, 0, length, StandardCharsets.UTF_8);
        return of(streamId).equals(name) ? Optional.of(streamId) : Optional.empty();
    }

    private static String encode(byte[] bytes) {
        boolean isDevice = isWindowsDevice(bytes);
        StringBuilder name = new StringBuilder(bytes.length + 16);
        for (int i = 0; i < bytes.length; i++) {
            boolean first = i == 0;
            boolean last = i == bytes.length - 1;
            byte b = bytes[i];
            boolean plain = isLetterOrDigit(b) && !(first && isDevice)
                    || b == '-'
                    || b == '_' && !first
                    || b == '.' && !first && !last;
            if (plain) {
                name.append((char) b);
            } else {
                name.append('%').append(HEX.toHexDigits(b));
            }
        }
        return name.toString();
    }

    private static String hashed(String encoded, byte[] bytes) {
        String prefix = encoded.substring(0, Math.min(encoded.length(), MAX_PREFIX));
        int escape = prefix.lastIndexOf('%');
        if (escape > prefix.length() - 3 && escape >= 0) {
            prefix = prefix.substring(0, escape);
        }
        return prefix + "=" + Digests.sha256Hex(bytes);
    }

    /** As they are: no charset has half a surrogate pair. */
    private static byte[] charsOf(String text) {
        ByteBuffer chars = ByteBuffer.allocate(2 * text.length());
        chars.asCharBuffer().put(text);
        return chars.array();
    }

    private static boolean isLetterOrDigit(byte b) {
        return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9';
    }

    /** Windows takes "con", "CON.txt" and "Con.tar.gz" all for the console. */
    private static boolean isWindowsDevice(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != '.') {
            end++;
        }
        if (end < 3 || end > 4) {
            return false;
        }
        String stem = new String(Arrays.copyOf(bytes, end), StandardCharsets.US_ASCII);
        return WINDOWS_DEVICES.contains(stem.toUpperCase(Locale.ROOT));
    }
}
