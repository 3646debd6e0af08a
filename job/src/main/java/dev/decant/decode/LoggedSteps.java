package dev.decant.decode;

import dev.decant.decode.DecodeStep.Kind;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Some consecutive steps of a log, one after the other in one array: thousands of streams have a hundred each, and as
 * objects they would be most of what the garbage collector sees.
 *
 * <p>A step is a byte, whose lowest bits are the number of its kind and whose highest bit tells of a refusal; its ticks
 * and the length of its packet, −1 for none, four bytes each with the highest first; and the packet.
 */
final class LoggedSteps implements Iterable<LoggedStep> {
    /** What a step takes besides its packet. */
    static final int BYTES_BESIDES_PACKET = 1 + 2 * Integer.BYTES;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final Kind[] KINDS = Kind.values();
    private static final int REFUSED = 0x80;
    private static final int TICKS = 1;
    private static final int PACKET_LENGTH = TICKS + Integer.BYTES;
    private static final int PACKET = BYTES_BESIDES_PACKET;

    private final byte[] bytes;
    private final int from;
    private final int to;
    private final int count;

    /**
     * The steps from {@code from} to {@code to}, which are not to be changed as long as these are used.
     *
     * @param count how many they are
     */
    LoggedSteps(byte[] bytes, int from, int to, int count) {
        this.bytes = bytes;
        this.from = from;
        this.to = to;
        this.count = count;
    }

    static LoggedSteps of(LoggedStep step) {
        byte[] bytes = new byte[length(step)];
        put(step, bytes, 0);
        return new LoggedSteps(bytes, 0, bytes.length, 1);
    }

    /** How many bytes a step takes. */
    static int length(LoggedStep step) {
        return PACKET + (step.packet() == null ? 0 : step.packet().length);
    }

    /** Puts a step into {@code bytes}, where {@link #length} of it are free. */
    static void put(LoggedStep step, byte[] bytes, int at) {
        bytes[at] = (byte) (step.kind().ordinal() | (step.refused() ? REFUSED : 0));
        INT.set(bytes, at + TICKS, step.ticks());
        byte[] packet = step.packet();
        if (packet == null) {
            INT.set(bytes, at + PACKET_LENGTH, -1);
        } else {
            INT.set(bytes, at + PACKET_LENGTH, packet.length);
            System.arraycopy(packet, 0, bytes, at + PACKET, packet.length);
        }
    }

    /** How long the step at {@code at} lasts, at 48 kHz. */
    static int ticksAt(byte[] bytes, int at) {
        return (int) INT.get(bytes, at + TICKS);
    }

    /** Where the step after the one at {@code at} is. */
    static int next(byte[] bytes, int at) {
        return at + PACKET + Math.max(0, (int) INT.get(bytes, at + PACKET_LENGTH));
    }

    /** Whether {@link LoggedStep#givesRange} of the step at {@code at}. */
    static boolean givesRangeAt(byte[] bytes, int at) {
        return bytes[at] == Kind.PACKET.ordinal();
    }

    int count() {
        return count;
    }

    /** How many bytes they are. */
    int length() {
        return to - from;
    }

    /** Puts them all into {@code target}, where {@link #length()} are free. */
    void put(byte[] target, int at) {
        System.arraycopy(bytes, from, target, at, length());
    }

    /** Writes their length and them all. */
    void write(DataOutputView out) throws IOException {
        out.writeInt(length());
        out.write(bytes, from, length());
    }

    /** Those after the first {@code skipped}. */
    LoggedSteps after(int skipped) {
        int first = from;
        for (int i = 0; i < skipped; i++) {
            first = next(bytes, first);
        }
        return new LoggedSteps(bytes, first, to, count - skipped);
    }

    @Override
    public Iterator<LoggedStep> iterator() {
        return new Iterator<>() {
            private int at = from;

            @Override
            public boolean hasNext() {
                return at < to;
            }

            @Override
            public LoggedStep next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                int first = at;
                at = LoggedSteps.next(bytes, first);
                return step(first);
            }
        };
    }

    private LoggedStep step(int at) {
        int kind = bytes[at] & ~REFUSED & 0xFF;
        int packetLength = (int) INT.get(bytes, at + PACKET_LENGTH);
        byte[] packet = packetLength < 0 ? null : Arrays.copyOfRange(bytes, at + PACKET, at + PACKET + packetLength);
        return new LoggedStep(KINDS[kind], packet, ticksAt(bytes, at), (bytes[at] & REFUSED) != 0);
    }
}
