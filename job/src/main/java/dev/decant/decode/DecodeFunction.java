package dev.decant.decode;

import dev.decant.audio.DeadLetter;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import dev.decant.decode.DecodeStep.Kind;
import dev.decant.opus.OpusEngine;
import dev.decant.opus.OpusError;
import dev.decant.opus.OpusError.Remedy;
import dev.decant.opus.OpusException;
import dev.decant.opus.OpusLibraryException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.api.operators.StreamingRuntimeContext;
import org.apache.flink.util.IOUtils;

/**
 * One step in, one frame out; one decoder a stream, whose state is kept so that it comes back as it was. Everything
 * native is acquired in {@link #open} and released in {@link #close}, which also works after half an {@code open}.
 */
final class DecodeFunction extends RichMapFunction<DecodeStep, PcmFrame> {
    private static final byte[] NO_PCM = new byte[0];

    private final DecodeSettings settings;

    private transient OpusEngine engine;
    private transient LiveDecoders decoders;
    private transient DecoderRecovery recovery;
    private transient StepRunner runner;
    private transient DecodeMetrics.OfDecoder metrics;

    DecodeFunction(DecodeSettings settings) {
        this.settings = settings;
    }

    @Override
    public void open(OpenContext context) {
        try {
            engine = OpusEngine.open(settings.library(), temporaryFolders());
            decoders = new LiveDecoders(engine, settings);
        } catch (OpusLibraryException missing) {
            // To restart the job would find the same libraries.
            throw new SuppressRestartsException(missing);
        } catch (OpusException refusal) {
            // The same, unless memory was short for a moment.
            throw refusal.error() == OpusError.ALLOC_FAIL ? refusal : new SuppressRestartsException(refusal);
        }
        MetricGroup group = getRuntimeContext().getMetricGroup();
        metrics = new DecodeMetrics.OfDecoder(group, decoders);
        ImageInterval interval = new ImageInterval(settings.imageInterval());
        DecoderState state = settings.recovery() ? DecoderState.of(getRuntimeContext()) : DecoderState.NONE;
        recovery = new DecoderRecovery(decoders, state, interval, new DecodeMetrics.OfRecovery(group, interval));
        runner = new StepRunner(decoders, recovery, interval, metrics);
    }

    @Override
    public PcmFrame map(DecodeStep step) throws Exception {
        return switch (step.kind()) {
            case PACKET, FEC, CONCEAL -> decode(step);
            case FILL -> {
                decoders.recordGap(step.streamId());
                yield frame(step, Outcome.FILLED, NO_PCM, null);
            }
            case RESET -> {
                recovery.begin(step.streamId(), step.link());
                yield frame(step, Outcome.RESET, NO_PCM, null);
            }
            case END -> {
                recovery.end(step.streamId());
                yield frame(step, Outcome.END, NO_PCM, null);
            }
        };
    }

    @Override
    public void close() throws Exception {
        IOUtils.closeAll(recovery, decoders, engine);
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
            default -> {
                metrics.recordPacket();
                yield frame(step, Outcome.DECODED, pcm, null);
            }
        };
    }

    /** What the decoder cannot give is made up. The packet goes to the dead letters, once: by the step that is its own. */
    private PcmFrame conceal(DecodeStep step, OpusException failure) throws Exception {
        requireGoingOn(failure);
        byte[] pcm = concealed(step);
        if (step.kind() != Kind.PACKET) {
            return frame(step, Outcome.CONCEALED, pcm, null);
        }
        metrics.recordDeadLetter(DeadLetter.Reason.REJECTED_BY_DECODER);
        return frame(
                step,
                Outcome.REJECTED,
                pcm,
                new DeadLetter(
                        step.streamId().getBytes(StandardCharsets.UTF_8),
                        step.packet(),
                        step.origin(),
                        DeadLetter.Stage.DECODE,
                        DeadLetter.Reason.REJECTED_BY_DECODER,
                        failure.getMessage()));
    }

    private byte[] concealed(DecodeStep step) throws Exception {
        LoggedStep call = LoggedStep.concealing(step);
        try {
            return runner.run(step, call);
        } catch (OpusException failure) {
            requireGoingOn(failure);
            // It breaks from the state that it always comes back in: the stream goes on from the first state.
            recovery.begin(step.streamId(), step.link());
            return runner.run(step, call);
        }
    }

    private static void requireGoingOn(OpusException failure) {
        if (failure.error().remedy() == Remedy.FAIL) {
            throw failure;
        }
    }

    private PcmFrame frame(DecodeStep step, Outcome outcome, byte[] pcm, DeadLetter deadLetter) {
        PcmFormat format = decoders.format(step.link());
        long from = format.samples(step.keepFrom());
        long count = Math.max(0, format.samples(step.keepTo()) - from);
        metrics.recordSamples(outcome, count);
        long position = Math.max(0, from - format.samples(step.link().preSkip()));
        return new PcmFrame(step.streamId(), outcome, format, pcm, count, step.segment(), position, deadLetter);
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
