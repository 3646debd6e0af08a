package dev.decant.opus;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The embedded libopus, changed so that its native code really crashes or hangs on marked packets; all else it decodes
 * as before. The code that looks for marks takes the place of a function that nobody calls, and the names
 * {@code opus_decode} and {@code opus_decode_float} lead there.
 */
public final class PoisonedLibrary {
    /** 638 bytes of code for encoding ambisonics. */
    private static final String UNUSED_FUNCTION = "opus_projection_ambisonics_encoder_init";

    private static final int PACKET_BYTES = 40;
    private static final int MARK_AT = 4;
    private static final byte[] CRASH = "BOOM".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HANG = "HANG".getBytes(StandardCharsets.US_ASCII);

    /** CELT, full band, 20 ms, mono, one frame (RFC 6716, section 3.1). */
    private static final byte TOC = (byte) 0xF8;

    private PoisonedLibrary() {}

    /** Writes the library into the folder; a test is aborted where there is no machine code for its platform. */
    public static Path write(Path folder) throws IOException {
        assumeTrue(
                Platform.isLinux() && Platform.isIntel() && Platform.is64Bit(),
                "the code that crashes and hangs is for Linux on x86-64");
        ByteBuffer elf =
                ByteBuffer.wrap(Files.readAllBytes(PlainLibOpus.embeddedFile())).order(ByteOrder.LITTLE_ENDIAN);
        ElfSymbols symbols = new ElfSymbols(elf);
        long hook = symbols.address(UNUSED_FUNCTION);
        long end = hook + symbols.size(UNUSED_FUNCTION);
        for (String function : new String[] {"opus_decode", "opus_decode_float"}) {
            byte[] code = code(hook, symbols.address(function));
            if (hook + code.length > end) {
                throw new IllegalStateException(UNUSED_FUNCTION + " is too short");
            }
            elf.put(symbols.fileOffset(hook), code);
            symbols.redirect(function, hook);
            hook += code.length;
        }
        return Files.write(folder.resolve("libopus-poisoned.so"), elf.array());
    }

    /** A library that crashes as it is asked for its version. */
    static Path writeOneThatCrashesAtOnce(Path folder) throws IOException {
        ByteBuffer elf = embedded();
        // The header of the file, which is mapped, and no code.
        new ElfSymbols(elf).redirect("opus_get_version_string", 0x10);
        return Files.write(folder.resolve("libopus-crashing.so"), elf.array());
    }

    private static ByteBuffer embedded() throws IOException {
        assumeTrue(
                Platform.isLinux() && Platform.isIntel() && Platform.is64Bit(),
                "the code that crashes and hangs is for Linux on x86-64");
        return ByteBuffer.wrap(Files.readAllBytes(PlainLibOpus.embeddedFile())).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** 20 ms, soundly framed; the poisoned library writes through an invalid pointer as it decodes it. */
    public static byte[] crashingPacket() {
        return packet(CRASH);
    }

    /** 20 ms, soundly framed; the poisoned library never returns from it. */
    public static byte[] hangingPacket() {
        return packet(HANG);
    }

    private static byte[] packet(byte[] mark) {
        byte[] packet = new byte[PACKET_BYTES];
        packet[0] = TOC;
        System.arraycopy(mark, 0, packet, MARK_AT, mark.length);
        return packet;
    }

    /** System V calls: rdi is the decoder, rsi the packet, edx its length. */
    private static byte[] code(long address, long original) {
        ByteBuffer code = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
        code.put(bytes(0x48, 0x85, 0xF6)); // test rsi, rsi
        jump(code, bytes(0x0F, 0x84), address, original); // je original: a lost packet
        code.put(bytes(0x81, 0xFA)).putInt(PACKET_BYTES); // cmp edx, PACKET_BYTES
        jump(code, bytes(0x0F, 0x85), address, original); // jne original
        code.put(bytes(0x81, 0x7E, MARK_AT)).put(CRASH); // cmp dword [rsi + MARK_AT], CRASH
        code.put(bytes(0x75, 0x0B)); // jne past the next instruction
        code.put(bytes(0xC7, 0x04, 0x25)).putInt(0x10).putInt(0); // mov dword [0x10], 0
        code.put(bytes(0x81, 0x7E, MARK_AT)).put(HANG); // cmp dword [rsi + MARK_AT], HANG
        jump(code, bytes(0x0F, 0x85), address, original); // jne original
        code.put(bytes(0xEB, 0xFE)); // jmp to itself
        byte[] written = new byte[code.position()];
        code.get(0, written);
        return written;
    }

    /** Distances count from the instruction after the jump. */
    private static void jump(ByteBuffer code, byte[] operation, long address, long target) {
        code.put(operation);
        code.putInt(Math.toIntExact(target - (address + code.position() + Integer.BYTES)));
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
