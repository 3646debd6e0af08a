package dev.decant.decode;

import dev.decant.audio.DeadLetter;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import dev.decant.opus.OpusDecoder;
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
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.api.operators.StreamingRuntimeContext;
import org.apache.flink.util.IOUtils;

/**
 * One step in, one frame out; one decoder a stream. Everything native is acquired in {@link #open} and released in
 * {@link #close}, which also works after half an {@code open}.
 *
 * <p>A stream whose decoder is not in memory (after a failover, or because it was the least recently used) goes on with
 * a fresh one.
 */
final class DecodeFunction extends RichMapFunction<DecodeStep, PcmFrame> {
    private static final byte[] NO_PCM = new byte[0];

    private final DecodeSettings settings;

    private transient OpusEngine engine;
    private transient LiveDecoders decoders;
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
        metrics = new DecodeMetrics.OfDecoder(getRuntimeContext().getMetricGroup(), decoders);
    }

    @Override
    public PcmFrame map(DecodeStep step) {
        return switch (step.kind()) {
            case PACKET, FEC, CONCEAL -> decode(step);
            case FILL -> frame(step, Outcome.FILLED, NO_PCM, null);
            case RESET -> {
                decoders.restart(step.streamId(), step.link());
                yield frame(step, Outcome.RESET, NO_PCM, null);
            }
            case END -> {
                decoders.release(step.streamId());
                yield frame(step, Outcome.END, NO_PCM, null);
            }
        };
    }

    @Override
    public void close() throws Exception {
        IOUtils.closeAll(decoders, engine);
    }

    /** A decoder that cannot be trusted is thrown away, and the step run once more with a new one. */
    private PcmFrame decode(DecodeStep step) {
        try {
            return run(step);
        } catch (OpusException refusal) {
            if (!isDiscarded(step, refusal)) {
                return reject(step, refusal);
            }
        }
        try {
            return run(step);
        } catch (OpusException refusal) {
            isDiscarded(step, refusal);
            return reject(step, refusal);
        }
    }

    private PcmFrame run(DecodeStep step) {
        OpusDecoder decoder = decoders.of(step.streamId(), step.link());
        return switch (step.kind()) {
            case PACKET -> runPacket(step, decoder);
            case FEC -> {
                decoder.recover(step.packet(), (int) step.ticks());
                yield frame(step, Outcome.FEC, keptPcm(step, decoder), null);
            }
            case CONCEAL -> {
                decoder.conceal((int) step.ticks());
                yield frame(step, Outcome.CONCEALED, keptPcm(step, decoder), null);
            }
            default -> throw new IllegalArgumentException(step.kind() + " is nothing that a decoder runs");
        };
    }

    private PcmFrame runPacket(DecodeStep step, OpusDecoder decoder) {
        boolean timed = metrics.timesNext();
        long before = timed ? System.nanoTime() : 0;
        decoder.decode(step.packet());
        byte[] pcm = keptPcm(step, decoder);
        if (timed) {
            metrics.recordDecodeNanos(System.nanoTime() - before);
        }
        if (step.finalRange() != OpusPacket.ABSENT && step.finalRange() != decoder.finalRange()) {
            metrics.recordFinalRangeMismatch();
        }
        metrics.recordPacket();
        return frame(step, Outcome.DECODED, pcm, null);
    }

    /**
     * Whether the decoder was thrown away because of {@code refusal}.
     *
     * @throws OpusException if going on makes no sense
     */
    private boolean isDiscarded(DecodeStep step, OpusException refusal) {
        if (refusal.error().remedy() == Remedy.FAIL) {
            throw refusal;
        }
        if (refusal.error().remedy() == Remedy.SKIP_PACKET) {
            return false;
        }
        decoders.release(step.streamId());
        metrics.recordDecoderDiscarded();
        return true;
    }

    /** The packet goes to the dead letters, its time is concealed. */
    private PcmFrame reject(DecodeStep step, OpusException refusal) {
        metrics.recordDeadLetter(DeadLetter.Reason.REJECTED_BY_DECODER);
        OpusDecoder decoder = decoders.of(step.streamId(), step.link());
        decoder.conceal((int) step.ticks());
        return frame(
                step,
                Outcome.REJECTED,
                keptPcm(step, decoder),
                new DeadLetter(
                        step.streamId().getBytes(StandardCharsets.UTF_8),
                        step.packet(),
                        step.origin(),
                        DeadLetter.Stage.DECODE,
                        DeadLetter.Reason.REJECTED_BY_DECODER,
                        refusal.getMessage()));
    }

    /** What is kept of the samples that the decoder just gave. */
    private byte[] keptPcm(DecodeStep step, OpusDecoder decoder) {
        PcmFormat format = decoders.format(step.link());
        long first = format.samples(step.start());
        int from = (int) (format.samples(step.keepFrom()) - first);
        int to = (int) (format.samples(step.keepTo()) - first);
        return to > from ? decoder.pcm(from, to) : NO_PCM;
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
