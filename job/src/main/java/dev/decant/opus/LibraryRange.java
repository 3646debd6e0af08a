package dev.decant.opus;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where a library lies in this process.
 *
 * @param start the address of its first byte
 * @param size bytes up to the end of its {@code .bss}
 */
record LibraryRange(long start, long size) {
    /** "\x7fELF", 64 bit, little-endian (elf(5), {@code e_ident}). */
    private static final long ELF_64_LITTLE_ENDIAN = 0x01_02_46_4C_45_7FL;

    private static final int ELF_HEADER_BYTES = 64;
    private static final int PROGRAM_HEADER_BYTES = 56;
    private static final int PT_LOAD = 1;

    boolean contains(long address) {
        return address - start >= 0 && address - start < size;
    }

    /**
     * @param codeAddress an address in the library
     * @param file what is in its file
     * @throws NoImagesException if it cannot be found out
     */
    static LibraryRange of(long codeAddress, FileMappings mappings, byte[] file) throws NoImagesException {
        LibraryRange range = new LibraryRange(mappings.startOfFileAt(codeAddress), loadedSize(file));
        if (!range.contains(codeAddress)) {
            throw new NoImagesException("its code does not lie where its file is mapped");
        }
        return range;
    }

    /** The end of the last segment that is loaded, relative to the first. */
    private static long loadedSize(byte[] file) throws NoImagesException {
        ByteBuffer elf = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        if (file.length < ELF_HEADER_BYTES || (elf.getLong(0) & 0xFFFF_FFFF_FFFFL) != ELF_64_LITTLE_ENDIAN) {
            throw new NoImagesException("it is no 64-bit ELF file");
        }
        long at = elf.getLong(32);
        int count = Short.toUnsignedInt(elf.getShort(56));
        if (at < 0 || at > file.length - (long) count * PROGRAM_HEADER_BYTES) {
            throw new NoImagesException("its ELF header is damaged");
        }
        long first = Long.MAX_VALUE;
        long end = 0;
        for (int header = (int) at; count > 0; count--, header += PROGRAM_HEADER_BYTES) {
            if (elf.getInt(header) == PT_LOAD) {
                long address = elf.getLong(header + 16);
                first = Math.min(first, address);
                end = Math.max(end, address + elf.getLong(header + 40));
            }
        }
        if (first != 0 || end <= 0) {
            throw new NoImagesException("its first segment does not begin at address 0");
        }
        return end;
    }
}
