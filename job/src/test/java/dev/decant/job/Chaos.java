package dev.decant.job;

import dev.decant.local.FlinkCluster;
import dev.decant.local.KafkaBroker;
import dev.decant.opus.TestStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Kills processes under a live job, by SIGKILL, in random order and at random moments: while it decodes, and while it is
 * still coming back from the kill before. In between, streams end and new ones begin. The seed, which is printed, gives
 * the same order and the same pauses again.
 */
final class Chaos {
    /** What is killed. */
    enum Victim {
        TASK_MANAGER,
        JOB_MANAGER,
        BROKER,
        JOB_MANAGER_AND_BROKER
    }

    /** Names the seed of every run, instead of a new one each time. */
    static final String SEED_PROPERTY = "decant.chaos.seed";

    private static final int PARALLELISM = 2;
    private static final int MAX_PAUSE_MILLIS = 3_000;
    /** One in so many kills comes before any packet got through since the last. */
    private static final int HASTY_ONE_IN = 4;

    private final LiveScenario scenario;
    private final FlinkCluster cluster;
    private final KafkaBroker broker;
    private final List<TestStream> kinds = TestStream.ofEveryKind();
    private final Map<Victim, Integer> killed = new EnumMap<>(Victim.class);
    private final Random random;
    private int begun;

    Chaos(LiveScenario scenario, FlinkCluster cluster, KafkaBroker broker) {
        this.scenario = scenario;
        this.cluster = cluster;
        this.broker = broker;
        long seed = Long.getLong(SEED_PROPERTY, System.nanoTime());
        System.out.println("Chaos with -D" + SEED_PROPERTY + "=" + seed);
        random = new Random(seed);
    }

    /**
     * Submits the job, begins the streams, kills, and ends with the comparison of every sample.
     *
     * @param streams how many are live at any time
     * @param kills how often each victim is killed
     */
    void run(int streams, Map<Victim, Integer> kills) throws Exception {
        long start = System.nanoTime();
        scenario.job().submit(PARALLELISM);
        for (int i = 0; i < streams; i++) {
            beginStream();
        }
        scenario.committed().awaitNewPackets(1);
        for (Victim victim : inRandomOrder(kills)) {
            scenario.committed().follow(Duration.ofMillis(random.nextInt(MAX_PAUSE_MILLIS)));
            kill(victim);
            killed.merge(victim, 1, Integer::sum);
            replaceStream();
            if (random.nextInt(HASTY_ONE_IN) > 0) {
                scenario.committed().awaitNewPackets(1);
            }
        }
        scenario.committed().awaitNewPackets(1);
        scenario.finish();
        System.out.printf(
                "Killed %s in %d s; all samples of %d streams are right%n",
                killed, Duration.ofNanos(System.nanoTime() - start).toSeconds(), begun);
    }

    private List<Victim> inRandomOrder(Map<Victim, Integer> kills) {
        List<Victim> order = new ArrayList<>();
        kills.forEach((victim, times) -> order.addAll(Collections.nCopies(times, victim)));
        Collections.shuffle(order, random);
        return order;
    }

    private void kill(Victim victim) throws Exception {
        switch (victim) {
            case TASK_MANAGER -> {
                List<Integer> alive = List.copyOf(cluster.taskManagers());
                cluster.killTaskManager(alive.get(random.nextInt(alive.size())));
                cluster.addTaskManager();
            }
            case JOB_MANAGER -> {
                cluster.killJobManager();
                resubmit();
            }
            case BROKER -> {
                broker.kill();
                broker.restart();
            }
            case JOB_MANAGER_AND_BROKER -> {
                broker.kill();
                cluster.killJobManager();
                broker.restart();
                resubmit();
            }
        }
    }

    private void resubmit() throws Exception {
        cluster.restartJobManager();
        scenario.job().submitFromLastCheckpoint(PARALLELISM);
    }

    private void replaceStream() throws InterruptedException {
        List<String> live = List.copyOf(scenario.streams().live());
        scenario.streams().end(live.get(random.nextInt(live.size())));
        beginStream();
    }

    private void beginStream() throws InterruptedException {
        TestStream kind = kinds.get(begun % kinds.size());
        scenario.streams().begin(kind.named(begun + ", " + kind.name()));
        begun++;
    }
}
