package dev.decant.container;

import dev.decant.container.RecordingProblem.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Collects problems, and stops growing when a recording is nothing but problems. */
final class ProblemList {
    private static final int MOST = 100;

    private final List<RecordingProblem> problems = new ArrayList<>();
    private long more;
    private boolean moreDamage;

    void damage(long offset, String message, Object... values) {
        add(offset, Kind.DAMAGE, message, values);
    }

    void irregularity(long offset, String message, Object... values) {
        add(offset, Kind.IRREGULARITY, message, values);
    }

    /** How many there are. */
    long count() {
        return problems.size() + more;
    }

    /** All of them, or the first 100 and how many there were besides. */
    List<RecordingProblem> toList() {
        if (more == 0) {
            return List.copyOf(problems);
        }
        List<RecordingProblem> all = new ArrayList<>(problems);
        all.add(new RecordingProblem(
                problems.get(MOST - 1).offset(),
                moreDamage ? Kind.DAMAGE : Kind.IRREGULARITY,
                "from here on " + more + " more problems"));
        return List.copyOf(all);
    }

    private void add(long offset, Kind kind, String message, Object... values) {
        if (problems.size() < MOST) {
            problems.add(new RecordingProblem(offset, kind, String.format(Locale.ROOT, message, values)));
        } else {
            more++;
            moreDamage |= kind == Kind.DAMAGE;
        }
    }
}
