package dev.decant.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/** Runs programs over corpora, one at a time, and leaves nothing of what they wrote. */
final class TranscodeRuns {
    /** A head for each file, whole blocks, folders, and bodies that are not files yet. */
    private static final double ROOM = 1.25;

    private static final double MEGABYTE = 1e6;
    private static final double GIGABYTE = 1e9;

    private final String name;
    private final TranscodeSettings settings;

    /**
     * @param name of the measurement
     */
    TranscodeRuns(String name, TranscodeSettings settings) throws IOException {
        this.name = name;
        this.settings = settings;
        Files.deleteIfExists(settings.log(name));
    }

    /**
     * What a run took, and what it wrote.
     *
     * @param digests as {@link WavFiles#digests} has them; empty unless they were asked for
     */
    record Run(ProcessCost cost, Map<String, String> digests) {}

    /**
     * Runs a program.
     *
     * @param round from 0
     * @param digested whether digests are wanted
     * @throws BenchException if there is no room for what it writes, if it fails, or if files or samples are missing
     */
    Run run(Transcoder transcoder, Corpus corpus, int round, boolean digested) throws IOException {
        System.err.printf(
                Locale.ROOT,
                "%s, round %d of %d, %,d recordings: %s%n",
                name,
                round + 1,
                settings.rounds(),
                corpus.recordings(),
                transcoder.name());
        requireRoom(corpus);
        Path out = settings.outputs().resolve("wav");
        try {
            ProcessCost cost = transcoder.run(corpus, out, settings.target(), settings.log(name));
            System.err.printf(
                    Locale.ROOT,
                    "    %.1f s of CPU time, %.1f s on the clock, at most %.0f MB%n",
                    cost.cpuSeconds(),
                    cost.wallSeconds(),
                    cost.peakBytes() / MEGABYTE);
            return new Run(cost, digested ? WavFiles.in(out).digests() : Map.of());
        } finally {
            ScratchFolder.delete(out);
        }
    }

    /**
     * Runs programs once each: who is first in one round is last in the next.
     *
     * @param transcoders the first one is what the others are compared with
     * @param sameFiles those that must give the same files as the first one, byte for byte
     * @param round from 0
     * @return what each took
     * @throws BenchException as {@link #run}, and if files differ
     */
    Map<Transcoder, ProcessCost> each(
            List<Transcoder> transcoders, List<Transcoder> sameFiles, Corpus corpus, int round) throws IOException {
        Transcoder first = transcoders.get(0);
        List<Transcoder> order = new ArrayList<>(transcoders);
        if (round % 2 == 1) {
            Collections.reverse(order);
        }
        Map<Transcoder, Run> runs = new HashMap<>();
        for (Transcoder transcoder : order) {
            boolean compared = transcoder.equals(first) || sameFiles.contains(transcoder);
            runs.put(transcoder, run(transcoder, corpus, round, compared));
        }
        for (Transcoder transcoder : sameFiles) {
            requireSame(runs.get(first).digests(), runs.get(transcoder).digests(), transcoder);
        }
        Map<Transcoder, ProcessCost> costs = new HashMap<>();
        runs.forEach((transcoder, run) -> costs.put(transcoder, run.cost()));
        return costs;
    }

    /** Two that do not do the same cannot be compared. */
    private void requireSame(Map<String, String> ours, Map<String, String> theirs, Transcoder transcoder) {
        Set<String> different = new TreeSet<>(ours.keySet());
        different.addAll(theirs.keySet());
        different.removeIf(file -> ours.containsKey(file) && ours.get(file).equals(theirs.get(file)));
        if (!different.isEmpty()) {
            throw new BenchException(name + ": " + different.size() + " WAV files are not those of " + transcoder.name()
                    + ", such as that of " + different.iterator().next());
        }
    }

    /**
     * What all runs of a program took, as a row of the results.
     *
     * @param costs a round each
     * @param target decant may take at most so many times what this program takes; empty: there is none
     */
    Map<String, Object> row(Transcoder transcoder, Corpus corpus, List<ProcessCost> costs, OptionalDouble target) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", name);
        row.put("recordings", corpus.recordings());
        row.put("hours", ResultsFile.rounded(corpus.hours()));
        row.put("program", transcoder.name().replace("`", ""));
        row.put("target", target.isPresent() ? ResultsFile.rounded(target.getAsDouble()) : null);
        row.put("cpuSeconds", rounds(costs, ProcessCost::cpuSeconds));
        row.put("wallSeconds", rounds(costs, ProcessCost::wallSeconds));
        row.put("peakBytes", rounds(costs, ProcessCost::peakBytes));
        return row;
    }

    private static List<Double> rounds(List<ProcessCost> costs, ToDoubleFunction<ProcessCost> part) {
        return costs.stream()
                .map(cost -> ResultsFile.rounded(part.applyAsDouble(cost)))
                .toList();
    }

    private void requireRoom(Corpus corpus) throws IOException {
        double needed = ROOM * corpus.pcmBytes();
        long free = Files.getFileStore(settings.outputs()).getUsableSpace();
        if (free < needed) {
            throw new BenchException(String.format(
                    Locale.ROOT,
                    "%s needs %.1f GB for what one program writes, and %s has %.1f: make room there; job/bench/transcode"
                            + " also takes another folder, --work",
                    name,
                    needed / GIGABYTE,
                    settings.outputs().getParent(),
                    free / GIGABYTE));
        }
    }
}
