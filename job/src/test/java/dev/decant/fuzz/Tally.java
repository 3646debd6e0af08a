package dev.decant.fuzz;

import java.util.Map;
import java.util.TreeMap;

/** Counts of things under names, in groups: what a run says at its end. */
public final class Tally {
    private final Map<String, Map<String, long[]>> groups = new TreeMap<>();

    public void count(String group, Object name) {
        add(group, name, 1);
    }

    public void add(String group, Object name, long count) {
        groups.computeIfAbsent(group, unseen -> new TreeMap<>())
                .computeIfAbsent(name.toString(), unseen -> new long[1])[0] += count;
    }

    public long of(String group, Object name) {
        return groups.getOrDefault(group, Map.of()).getOrDefault(name.toString(), new long[1])[0];
    }

    public long sum(String group) {
        return groups.getOrDefault(group, Map.of()).values().stream()
                .mapToLong(count -> count[0])
                .sum();
    }

    @Override
    public String toString() {
        StringBuilder table = new StringBuilder();
        groups.forEach((group, counts) -> {
            table.append(String.format("%s: %,d%n", group, sum(group)));
            counts.forEach((name, count) -> table.append(String.format("  %-28s %,14d%n", name, count[0])));
        });
        return table.toString();
    }
}
