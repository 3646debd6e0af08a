package dev.decant.bench;

import dev.decant.opus.OpusEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code recordings-wav}: what a packet of a recording costs {@code decant transcode} on its way to a WAV file, once it is
 * warm, against a C program. Both are run over many long recordings and over few: the difference is that of the packets that
 * there are more, and start and first compilations, which are in both runs, are not in it.
 */
final class RecordingsRow {
    private static final String NAME = "recordings-wav";

    /** The target is that the C program takes 0.80 of it. */
    private static final double MOST_RATIO = 1 / 0.80;

    private static final int REPETITIONS = 3;

    /** More than 20 s of CPU time: after that the compiler has little left to do. */
    private static final int FEW = 4;

    private static final int MANY = 12;
    private static final int MANY_QUICKLY = 8;

    private final Transcoder decant;
    private final Transcoder inC;
    private final Corpus few;
    private final Corpus many;
    private final TranscodeRuns runs;
    private final Repetitions.Builder pairs = new Repetitions.Builder("µs CPU a packet");
    private final Repetitions.Builder runsOfFew = new Repetitions.Builder("s CPU");
    private final Repetitions.Builder runsOfMany = new Repetitions.Builder("s CPU");

    /** @param target the folder of the compiled C programs, where the log and, while it is measured, all files are put */
    static Row of(Path target) {
        String description = Mix.CELT.description() + ", recordings of 30 min to WAV files of 48 kHz s16le: "
                + "decant transcode, warm / a C program that reads and writes the same files";
        return Row.judged(NAME, description, MOST_RATIO, effort -> measure(effort, target))
                .againstC();
    }

    private static Repetitions measure(Effort effort, Path target) throws IOException {
        int repetitions = effort.repetitions(REPETITIONS);
        try (OpusEngine engine = OpusEngine.open(DecoderBenchmark.ENGINE, List.of());
                ScratchFolder scratch = ScratchFolder.in(target)) {
            TranscodeSettings settings = new TranscodeSettings(
                    target,
                    TranscodeSettings.launcherHere(),
                    engine.description().file(),
                    scratch.path(),
                    scratch.path(),
                    repetitions);
            RecordingsRow row = new RecordingsRow(settings, effort == Effort.FULL ? MANY : MANY_QUICKLY);
            for (int repetition = 0; repetition < repetitions; repetition++) {
                row.repeat(repetition);
            }
            return row.repetitions();
        }
    }

    private RecordingsRow(TranscodeSettings settings, int recordings) throws IOException {
        decant = settings.decant();
        inC = settings.inC();
        few = Corpus.in(settings.corpora(), "long", new LongRecordings(settings.library(), FEW));
        many = Corpus.in(settings.corpora(), "long", new LongRecordings(settings.library(), recordings));
        runs = new TranscodeRuns(NAME, settings);
    }

    private void repeat(int repetition) throws IOException {
        Map<Transcoder, ProcessCost> ofFew = runs.each(List.of(decant, inC), List.of(inC), few, repetition);
        Map<Transcoder, ProcessCost> ofMany = runs.each(List.of(decant, inC), List.of(inC), many, repetition);
        runsOfFew.add(ofFew.get(decant).cpuSeconds(), ofFew.get(inC).cpuSeconds());
        runsOfMany.add(ofMany.get(decant).cpuSeconds(), ofMany.get(inC).cpuSeconds());
        pairs.add(microseconds(ofMany.get(decant), ofFew.get(decant)), microseconds(ofMany.get(inC), ofFew.get(inC)));
    }

    /** Of a packet. */
    private double microseconds(ProcessCost ofMany, ProcessCost ofFew) {
        long packets = (long) LongRecordings.PACKETS * (many.recordings() - few.recordings());
        return 1e6 * (ofMany.cpuSeconds() - ofFew.cpuSeconds()) / packets;
    }

    private Repetitions repetitions() {
        pairs.note(wholeRuns(few, runsOfFew.build()));
        pairs.note(wholeRuns(many, runsOfMany.build()));
        return pairs.build();
    }

    private static String wholeRuns(Corpus corpus, Repetitions runs) {
        return String.format(
                Locale.ROOT,
                "whole runs of %d recordings, start and compiler included: %.1f and %.1f %s, ratio %.3f",
                corpus.recordings(),
                runs.ours(),
                runs.reference(),
                runs.unit(),
                runs.ratio());
    }
}
