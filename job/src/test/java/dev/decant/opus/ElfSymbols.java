package dev.decant.opus;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The dynamic symbols of a 64-bit ELF file (System V ABI, chapters 4 and 5; man 5 elf), to be read and changed. */
final class ElfSymbols {
    private static final int MAGIC = 0x464C457F;

    // Offsets into the file's header.
    private static final int E_PHOFF = 32;
    private static final int E_SHOFF = 40;
    private static final int E_PHNUM = 56;
    private static final int E_SHNUM = 60;

    private static final int SECTION_BYTES = 64;
    private static final int SH_TYPE = 4;
    private static final int SH_OFFSET = 24;
    private static final int SH_SIZE = 32;
    private static final int SH_LINK = 40;
    private static final int SHT_DYNSYM = 11;

    private static final int SYMBOL_BYTES = 24;
    private static final int ST_VALUE = 8;
    private static final int ST_SIZE = 16;

    private static final int SEGMENT_BYTES = 56;
    private static final int PT_LOAD = 1;
    private static final int P_OFFSET = 8;
    private static final int P_VADDR = 16;
    private static final int P_FILESZ = 32;

    private final ByteBuffer elf;
    private final int symbols;
    private final int count;
    private final int names;

    /**
     * @param elf all of the file, little-endian; changed in place
     */
    ElfSymbols(ByteBuffer elf) {
        this.elf = elf;
        if (elf.getInt(0) != MAGIC) {
            throw new IllegalArgumentException("no ELF file");
        }
        int section = dynamicSymbolSection();
        symbols = (int) elf.getLong(section + SH_OFFSET);
        count = (int) elf.getLong(section + SH_SIZE) / SYMBOL_BYTES;
        names = (int) elf.getLong(sectionHeader(elf.getInt(section + SH_LINK)) + SH_OFFSET);
    }

    /** Of a function, when the file is mapped at 0. */
    long address(String name) {
        return elf.getLong(symbol(name) + ST_VALUE);
    }

    /** Bytes of a function. */
    long size(String name) {
        return elf.getLong(symbol(name) + ST_SIZE);
    }

    /** Makes a name lead to another address. */
    void redirect(String name, long address) {
        elf.putLong(symbol(name) + ST_VALUE, address);
    }

    /** Where in the file the byte at that address is. */
    int fileOffset(long address) {
        int segment = (int) elf.getLong(E_PHOFF);
        for (int i = 0; i < elf.getShort(E_PHNUM); i++, segment += SEGMENT_BYTES) {
            long within = address - elf.getLong(segment + P_VADDR);
            if (elf.getInt(segment) == PT_LOAD && within >= 0 && within < elf.getLong(segment + P_FILESZ)) {
                return (int) (elf.getLong(segment + P_OFFSET) + within);
            }
        }
        throw new IllegalArgumentException("nothing of the file is mapped at " + address);
    }

    private int dynamicSymbolSection() {
        for (int i = 0; i < elf.getShort(E_SHNUM); i++) {
            int section = sectionHeader(i);
            if (elf.getInt(section + SH_TYPE) == SHT_DYNSYM) {
                return section;
            }
        }
        throw new IllegalArgumentException("no dynamic symbols");
    }

    private int sectionHeader(int index) {
        return (int) elf.getLong(E_SHOFF) + index * SECTION_BYTES;
    }

    private int symbol(String name) {
        byte[] wanted = (name + '\0').getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < count; i++) {
            int symbol = symbols + i * SYMBOL_BYTES;
            int at = names + elf.getInt(symbol);
            if (at + wanted.length <= elf.limit()
                    && elf.slice(at, wanted.length).equals(ByteBuffer.wrap(wanted))) {
                return symbol;
            }
        }
        throw new IllegalArgumentException("no symbol " + name);
    }
}
