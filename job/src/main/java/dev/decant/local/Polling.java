package dev.decant.local;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waiting for what another process shows only when it is asked. */
final class Polling {
    private static final Duration PERIOD = Duration.ofMillis(100);

    private Polling() {}

    /**
     * Asks again and again until an answer will do. A question that fails, as it does while nobody listens yet, is asked
     * again.
     *
     * @return the answer; whoever cancels it ends the asking
     */
    static <T> CompletableFuture<T> until(Predicate<T> enough, Supplier<CompletableFuture<T>> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Executor nextTime = CompletableFuture.delayedExecutor(PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        ask(enough, question, answer, nextTime);
        return answer;
    }

    private static <T> void ask(
            Predicate<T> enough,
            Supplier<CompletableFuture<T>> question,
            CompletableFuture<T> answer,
            Executor nextTime) {
        if (answer.isDone()) {
            return;
        }
        question.get().whenComplete((said, failure) -> {
            if (failure == null && enough.test(said)) {
                answer.complete(said);
            } else {
                nextTime.execute(() -> ask(enough, question, answer, nextTime));
            }
        });
    }
}
