package dev.decant.decode;

import dev.decant.audio.DeadLetter;
import dev.decant.audio.PacketContents;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import dev.decant.decode.DecodeStep.Kind;
import dev.decant.monitoring.DeadLetterRecorder;
import dev.decant.opus.OpusError;
import dev.decant.opus.OpusError.Remedy;
import dev.decant.opus.OpusException;
import dev.decant.opus.OpusLibraryException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.operators.KeyContext;
import org.apache.flink.streaming.api.operators.StreamingRuntimeContext;
import org.apache.flink.util.IOUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One step in, one frame out; one decoder a stream, whose state is kept so that it comes back as it was. Everything
 * native is acquired in {@link #open} and released in {@link #close}, which also works after half an {@code open}.
 */
final class DecodeFunction extends RichMapFunction<DecodeStep, PcmFrame>
        implements CheckpointedFunction, CheckpointListener {
    private static final Logger LOG = LoggerFactory.getLogger(DecodeFunction.class);
    private static final byte[] NO_PCM = new byte[0];

    private final DecodeSettings settings;

    private transient KeyContext keys;
    private transient Isolation isolation;
    private transient SubtaskEngine engine;
    private transient LiveDecoders decoders;
    private transient DecoderRecovery recovery;
    private transient StepRunner runner;
    private transient DecodeMetrics.OfDecoder metrics;
    private transient DeadLetterRecorder deadLetters;

    DecodeFunction(DecodeSettings settings) {
        this.settings = settings;
    }

    /** The operator calls this before {@link #open}. */
    void setKeyContext(KeyContext keyContext) {
        keys = keyContext;
    }

    /** Flink calls this before {@link #open}. */
    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        isolation = new Isolation(settings.isolation());
        isolation.begin(context, getRuntimeContext().getTaskInfo().getAttemptNumber());
    }

    @Override
    public void open(OpenContext context) {
        DecoderState state = settings.recovery() ? DecoderState.of(getRuntimeContext(), keys) : DecoderState.NONE;
        try {
            engine = new SubtaskEngine(settings, temporaryFolders(), isolation.isActive());
            decoders = new LiveDecoders(engine.engine(), settings, budget().bytes(), state);
            if (isolation.isActive()) {
                LOG.info("Decoders are isolated, in a process of their own, {}", isolation.length());
            }
        } catch (OpusLibraryException missing) {
            // To restart the job would find the same libraries. A process may be had the next time.
            throw isolation.isActive() ? missing : new SuppressRestartsException(missing);
        } catch (OpusException refusal) {
            throw isWorthARestart(refusal) ? refusal : new SuppressRestartsException(refusal);
        }
        MetricGroup group = getRuntimeContext().getMetricGroup();
        metrics = new DecodeMetrics.OfDecoder(group, settings, engine, decoders);
        deadLetters = new DeadLetterRecorder(group);
        ImageInterval interval = new ImageInterval(settings.imageInterval());
        recovery = new DecoderRecovery(decoders, state, interval, new DecodeMetrics.OfRecovery(group, interval));
        runner = new StepRunner(engine, decoders, recovery, interval, metrics);
    }

    @Override
    public PcmFrame map(DecodeStep step) throws Exception {
        return switch (step.kind()) {
            case PACKET, FEC, CONCEAL, COMFORT_NOISE -> decode(step);
            case FILL -> {
                decoders.recordGap(step.streamId());
                yield frame(step, Outcome.FILLED, NO_PCM, null);
            }
            case RESET -> {
                runner.begin(step);
                yield frame(step, Outcome.RESET, NO_PCM, null);
            }
            case END -> {
                recovery.end(step.streamId());
                yield frame(step, Outcome.END, NO_PCM, null);
            }
        };
    }

    /** Before keyed state is taken, the logs of the decoders in memory go there. */
    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        recovery.writeLogs();
        isolation.snapshot();
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) {
        isolation.recordCheckpoint();
        if (engine.isIsolated() && !isolation.isActive()) {
            engine.endIsolation(decoders);
        }
    }

    @Override
    public void close() throws Exception {
        IOUtils.closeAll(deadLetters, runner, recovery, decoders, engine);
    }

    /** The decoders in memory, from {@link #open} to {@link #close}; the function stays their owner. */
    LiveDecoders decoders() {
        return decoders;
    }

    private PcmFrame decode(DecodeStep step) throws Exception {
        byte[] pcm;
        try {
            pcm = runner.run(step, LoggedStep.of(step));
        } catch (OpusException failure) {
            return conceal(step, failure);
        }
        return switch (step.kind()) {
            case FEC -> frame(step, Outcome.FEC, pcm, null);
            case CONCEAL -> frame(step, Outcome.CONCEALED, pcm, null);
            case COMFORT_NOISE -> frame(step, Outcome.COMFORT_NOISE, pcm, null);
            default -> {
                metrics.recordPacket();
                boolean isNoise = PacketContents.isDtx(
                        step.payload(), step.link().layout().streamCount());
                yield frame(step, isNoise ? Outcome.COMFORT_NOISE : Outcome.DECODED, pcm, null);
            }
        };
    }

    /** What the decoder cannot give is made up. The packet goes to the dead letters, once: by the step that is its own. */
    private PcmFrame conceal(DecodeStep step, OpusException failure) throws Exception {
        if (failure.error().remedy() == Remedy.FAIL) {
            throw failure;
        }
        byte[] pcm = runner.conceal(step);
        if (step.kind() != Kind.PACKET) {
            return frame(step, Outcome.CONCEALED, pcm, null);
        }
        if (step.packet().isRedundant()) {
            // The record that it came with was of use all the same.
            return frame(step, Outcome.REJECTED, pcm, null);
        }
        DeadLetter.Reason reason = failure.error().remedy() == Remedy.REPLACE_ENGINE
                ? DeadLetter.Reason.CRASHED_DECODER
                : DeadLetter.Reason.REJECTED_BY_DECODER;
        DeadLetter letter = DeadLetter.of(step.packet(), DeadLetter.Stage.DECODE, reason, failure.getMessage());
        deadLetters.record(letter);
        return frame(step, Outcome.REJECTED, pcm, letter);
    }

    private PcmFrame frame(DecodeStep step, Outcome outcome, byte[] pcm, DeadLetter deadLetter) {
        PcmFormat format = decoders.format(step.link());
        long from = format.samples(step.keepFrom());
        long count = Math.max(0, format.samples(step.keepTo()) - from);
        metrics.recordSamples(outcome, count);
        long position = Math.max(0, from - format.samples(step.link().preSkip()));
        return new PcmFrame(step.streamId(), outcome, format, pcm, count, step.segment(), position, deadLetter);
    }

    /** Another library or other settings are needed, unless memory was short for a moment or a process was killed. */
    private static boolean isWorthARestart(OpusException refusal) {
        return refusal.error() == OpusError.ALLOC_FAIL || refusal.error().remedy() == Remedy.REPLACE_ENGINE;
    }

    /** Says what to set, where the TaskManager has no memory for decoders. */
    private DecoderBudget budget() {
        NativeMemory needs = NativeMemory.of(engine.engine(), settings.maxStreams());
        try {
            DecoderBudget budget = DecoderBudget.of(settings.limits(), needs, taskManagerConfiguration());
            budget.toSet().ifPresent(LOG::warn);
            return budget;
        } catch (IllegalArgumentException tooSmall) {
            // The next attempt would find the same TaskManagers.
            throw new SuppressRestartsException(tooSmall);
        }
    }

    private ReadableConfig taskManagerConfiguration() {
        return getRuntimeContext() instanceof StreamingRuntimeContext context
                ? context.getTaskManagerRuntimeInfo().getConfiguration()
                : new Configuration();
    }

    /** Flink's own temporary folders: the system's may be small, or forbid running what lies in it. */
    private List<Path> temporaryFolders() {
        if (getRuntimeContext() instanceof StreamingRuntimeContext context) {
            return Arrays.stream(context.getTaskManagerRuntimeInfo().getTmpDirectories())
                    .map(Path::of)
                    .toList();
        }
        return List.of();
    }
}
