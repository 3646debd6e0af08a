package dev.decant.job;

import dev.decant.decode.NativeMemory;
import dev.decant.decode.StreamMemory;
import dev.decant.decode.StreamMemory.Backend;
import java.util.Locale;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;

/**
 * What a job with so many live streams needs of its TaskManagers, and the options that give it. The subtask that gets the
 * most streams is the measure of all.
 */
final class MemoryPlan {
    /**
     * Packets that a core decodes in a second, all a job does for them included: decoding takes 31 to 52 µs by mode and
     * bandwidth, Flink and the state up to 7 µs ({@code job/bench}).
     */
    static final int PACKETS_A_CORE = 20_000;

    /** Of the task heap: the rest is room for the garbage collector, which takes ever more time where there is less. */
    private static final double LIVE_SHARE = 0.6;

    /**
     * Heap of a slot that no stream has to do with: a Kafka producer has 32 MB for records ({@code buffer.memory}), a
     * consumer fetches up to 50 MB at once ({@code fetch.max.bytes}), and chunks and files have buffers.
     */
    private static final MemorySize HEAP_OF_A_SLOT = MemorySize.ofMebiBytes(128);

    /** RocksDB's write buffers and cache, a slot: state is read only when a decoder comes back, so more brings little. */
    private static final MemorySize LEAST_MANAGED = MemorySize.ofMebiBytes(128);

    private static final MemorySize MOST_MANAGED = MemorySize.ofMebiBytes(512);

    private static final long MEBIBYTE = 1 << 20;

    /** Sizes of processes are multiples of this. */
    private static final long STEP = 64 * MEBIBYTE;

    private final Load load;
    private final long streamsOfSubtask;
    private final long decodersOfSubtask;

    /**
     * The streams, and what they are spread over.
     *
     * @param streams all live at the same time
     * @param maxLive decoders in memory at most, a subtask, where it is limited on purpose; null: all of them
     * @param parallelism subtasks
     * @param slots of a TaskManager, no more than there are subtasks
     * @param backend where state is
     * @param isolated whether decoders may be in a process of their own, for a time at least
     * @param stream what one of them costs
     * @param nativeMemory what decoders take outside the heap
     */
    record Load(
            long streams,
            Integer maxLive,
            int parallelism,
            int slots,
            Backend backend,
            boolean isolated,
            StreamMemory stream,
            NativeMemory nativeMemory) {

        /** How many subtasks decode live packets of 20 ms as they come, where no stream is silent. */
        static int parallelismOf(long streams) {
            long packets = Math.multiplyExact(streams, 50L);
            return (int) Math.max(1, Math.min(JobDefaults.MAX_PARALLELISM, ceiling(packets, PACKETS_A_CORE)));
        }
    }

    MemoryPlan(Load load) {
        this.load = load;
        streamsOfSubtask = most(load.streams, load.parallelism);
        decodersOfSubtask = load.maxLive == null ? streamsOfSubtask : Math.min(load.maxLive, streamsOfSubtask);
    }

    Load load() {
        return load;
    }

    /** In the subtask that gets the most. */
    long streamsOfSubtask() {
        return streamsOfSubtask;
    }

    /** In memory at once. */
    long decodersOfSubtask() {
        return decodersOfSubtask;
    }

    int taskManagers() {
        return (int) ceiling(load.parallelism, load.slots);
    }

    /** Bytes outside the heap of the decoders of a subtask. */
    long decoders() {
        return decodersOfSubtask * load.stream.decoder();
    }

    /** Bytes of the heap of a subtask: what is there because of its decoders. */
    long decoderHeap() {
        return decodersOfSubtask * load.stream.decoderHeap();
    }

    /** Bytes of the heap of a subtask: its state. */
    long stateHeap() {
        return streamsOfSubtask * load.stream.stateHeap();
    }

    /** Bytes of a full checkpoint of the whole job. */
    long checkpoint() {
        return load.streams * load.stream.checkpoint();
    }

    /** What has to be on the heap of a TaskManager for its tasks. */
    MemorySize taskHeap() {
        double live = (decoderHeap() + stateHeap()) / LIVE_SHARE;
        return ofWholeMebibytes((long) (load.slots * (HEAP_OF_A_SLOT.getBytes() + live)));
    }

    /** What has to be kept free outside the heap of a TaskManager for its decoders. */
    MemorySize taskOffHeap() {
        return load.nativeMemory.taskOffHeap(decodersOfSubtask, load.stream.decoder(), load.slots);
    }

    /** What Flink is to manage for the state backend. */
    MemorySize managed() {
        if (load.backend == Backend.HASHMAP) {
            return MemorySize.ZERO;
        }
        long state = streamsOfSubtask * load.stream.checkpoint();
        return ofWholeMebibytes(
                load.slots * Math.max(LEAST_MANAGED.getBytes(), Math.min(MOST_MANAGED.getBytes(), state)));
    }

    /** What has to be kept free for the processes of isolated decoders, and for all that the JVM needs besides. */
    MemorySize jvmOverhead() {
        MemorySize ofFlink = TaskManagerOptions.JVM_OVERHEAD_MIN.defaultValue();
        return load.isolated ? ofFlink.add(NativeMemory.DECODER_PROCESS.multiply(load.slots)) : ofFlink;
    }

    /** The options of a TaskManager. What they leave to Flink it computes as ever. */
    Configuration ofTaskManager() {
        Configuration least = sizes().set(TaskManagerOptions.TASK_HEAP_MEMORY, taskHeap());
        long process = TaskExecutorProcessUtils.processSpecFromConfig(least)
                .getTotalProcessMemorySize()
                .getBytes();
        Configuration sized = sizes();
        // The shares that Flink takes of the whole are rounded, and may be larger than those that it adds to the parts.
        do {
            process = ceiling(process, STEP) * STEP;
            sized.set(TaskManagerOptions.TOTAL_PROCESS_MEMORY, new MemorySize(process));
            process++;
        } while (spec(sized).getTaskHeapSize().compareTo(taskHeap()) < 0);
        return sized;
    }

    /** What Flink makes of the options of a TaskManager. */
    static TaskExecutorProcessSpec spec(Configuration taskManager) {
        return TaskExecutorProcessUtils.processSpecFromConfig(taskManager);
    }

    /** The options of the job. */
    Configuration ofJob() {
        Configuration job = new Configuration()
                .set(CoreOptions.DEFAULT_PARALLELISM, load.parallelism)
                .set(StateBackendOptions.STATE_BACKEND, load.backend.name().toLowerCase(Locale.ROOT));
        if (decodersOfSubtask > DecantOptions.DECODER_MAX_LIVE.defaultValue() || load.maxLive != null) {
            job.set(DecantOptions.DECODER_MAX_LIVE, (int) decodersOfSubtask);
        }
        return job;
    }

    private Configuration sizes() {
        Configuration sizes = new Configuration()
                .set(TaskManagerOptions.NUM_TASK_SLOTS, load.slots)
                .set(TaskManagerOptions.TASK_OFF_HEAP_MEMORY, taskOffHeap())
                .set(TaskManagerOptions.MANAGED_MEMORY_SIZE, managed());
        if (load.isolated) {
            sizes.set(TaskManagerOptions.JVM_OVERHEAD_MIN, jvmOverhead());
            if (jvmOverhead().compareTo(TaskManagerOptions.JVM_OVERHEAD_MAX.defaultValue()) > 0) {
                sizes.set(TaskManagerOptions.JVM_OVERHEAD_MAX, jvmOverhead());
            }
        }
        return sizes;
    }

    /**
     * The streams of the subtask that gets the most. Keys are spread over key groups by their hashes, and these over
     * subtasks as evenly as their numbers let them; one subtask in a thousand gets more than three deviations above that.
     */
    private static long most(long streams, int parallelism) {
        if (parallelism == 1) {
            return streams;
        }
        long groups = ceiling(JobDefaults.MAX_PARALLELISM, parallelism);
        double usual = (double) streams * groups / JobDefaults.MAX_PARALLELISM;
        return Math.min(streams, (long) Math.ceil(usual + 3 * Math.sqrt(usual)));
    }

    private static MemorySize ofWholeMebibytes(long bytes) {
        return MemorySize.ofMebiBytes(ceiling(bytes, MEBIBYTE));
    }

    private static long ceiling(long dividend, long divisor) {
        return (dividend + divisor - 1) / divisor;
    }
}
