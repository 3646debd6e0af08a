package dev.decant.decode;

import java.util.Locale;
import java.util.Optional;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.TaskManagerOptions;

/**
 * How much memory outside the heap the decoders of a subtask may take: what {@code decoder.memory} says, else what the
 * TaskManager's task off-heap memory has for a slot. Flink neither uses nor limits that memory; it keeps it free for
 * native code, and a container counts it.
 *
 * @param bytes 0 if decoders take nothing outside the heap
 * @param warning what an operator should set, with the computation; null if that is done
 */
record DecoderBudget(long bytes, String warning) {
    /**
     * For all slots of a TaskManager that has no task off-heap memory: so little that it is found in what Flink keeps free
     * for the JVM ({@code taskmanager.memory.jvm-overhead.min}, 192 MB).
     */
    static final MemorySize UNCONFIGURED = MemorySize.ofMebiBytes(64);

    /** For a slot of a Flink inside another JVM, which no container limits. */
    static final MemorySize LOCAL = MemorySize.ofMebiBytes(256);

    /** What such a Flink says where nobody else does (TaskExecutorResourceUtils, {@code LOCAL_EXECUTION_TASK_MEMORY}). */
    private static final MemorySize TASK_OFF_HEAP_OF_LOCAL = MemorySize.ofMebiBytes(1024 * 1024);

    private static final String TASK_OFF_HEAP = TaskManagerOptions.TASK_OFF_HEAP_MEMORY.key();

    /**
     * @param taskManager the configuration of the TaskManager, as Flink completed it
     * @throws IllegalArgumentException if its task off-heap memory is too small for one decoder in each slot; the message
     *     says what would do
     */
    static DecoderBudget of(LiveLimits limits, NativeMemory needs, ReadableConfig taskManager) {
        MemorySize taskOffHeap = taskManager.get(TaskManagerOptions.TASK_OFF_HEAP_MEMORY);
        int slots = taskManager.get(TaskManagerOptions.NUM_TASK_SLOTS);
        if (!needs.isUsed()) {
            return new DecoderBudget(0, null);
        }
        if (limits.bytes() != null) {
            return explicit(limits.bytes(), needs, taskOffHeap, slots);
        }
        if (taskOffHeap.equals(TASK_OFF_HEAP_OF_LOCAL)) {
            return new DecoderBudget(LOCAL.getBytes(), null);
        }
        return taskOffHeap.equals(MemorySize.ZERO)
                ? unconfigured(limits, needs, slots)
                : new DecoderBudget(configured(needs, taskOffHeap, slots), null);
    }

    Optional<String> toSet() {
        return Optional.ofNullable(warning);
    }

    private static DecoderBudget explicit(long bytes, NativeMemory needs, MemorySize taskOffHeap, int slots) {
        long ofTaskManager = slots * (needs.bufferBytes() + bytes);
        if (ofTaskManager <= taskOffHeap.getBytes()) {
            return new DecoderBudget(bytes, null);
        }
        return new DecoderBudget(
                bytes,
                text(
                        "decoder.memory lets the decoders of a subtask take %s outside the heap, and with its buffers a"
                                + " TaskManager of %,d slots %s: more than its %s, which is %s. A container may be killed"
                                + " for it: set %s=%s at least, or leave decoder.memory out",
                        mebibytes(bytes),
                        slots,
                        mebibytes(ofTaskManager),
                        TASK_OFF_HEAP,
                        mebibytes(taskOffHeap.getBytes()),
                        TASK_OFF_HEAP,
                        option(needs.taskOffHeap(1, bytes, slots))));
    }

    private static DecoderBudget unconfigured(LiveLimits limits, NativeMemory needs, int slots) {
        // One decoder always fits, however many slots share so little.
        long bytes = Math.max(needs.stereoBytes(), needs.forDecoders(UNCONFIGURED, slots));
        return new DecoderBudget(
                bytes,
                text(
                        "%s is not set, so the decoders of this subtask take %s outside the heap at most: %,d stereo or"
                                + " %,d mono at once. With more streams they are let go and come back as they were, which"
                                + " costs time. For all that decoder.max-live allows, %,d slots x (%,d stereo decoders x"
                                + " %,d bytes + %,d bytes of buffers), set %s=%s; \"decant doctor --streams N\" computes it"
                                + " for N streams",
                        TASK_OFF_HEAP,
                        mebibytes(bytes),
                        bytes / needs.stereoBytes(),
                        bytes / needs.monoBytes(),
                        slots,
                        limits.decoders(),
                        needs.stereoBytes(),
                        needs.bufferBytes(),
                        TASK_OFF_HEAP,
                        option(needs.taskOffHeap(limits.decoders(), needs.stereoBytes(), slots))));
    }

    private static long configured(NativeMemory needs, MemorySize taskOffHeap, int slots) {
        long bytes = needs.forDecoders(taskOffHeap, slots);
        if (bytes < needs.stereoBytes()) {
            throw new IllegalArgumentException(text(
                    "%s is %s for %,d slots: a subtask needs %,d bytes for its buffers and %,d for one stereo decoder. Set it"
                            + " to %s at least, or set decoder.memory; \"decant doctor --streams N\" computes it for N"
                            + " streams",
                    TASK_OFF_HEAP,
                    mebibytes(taskOffHeap.getBytes()),
                    slots,
                    needs.bufferBytes(),
                    needs.stereoBytes(),
                    option(needs.taskOffHeap(1, needs.stereoBytes(), slots))));
        }
        return bytes;
    }

    /** As it can be pasted behind {@code -D}. */
    private static String option(MemorySize size) {
        return size.getMebiBytes() + "m";
    }

    private static String mebibytes(long bytes) {
        return text("%.1f MiB", (double) bytes / (1 << 20));
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
