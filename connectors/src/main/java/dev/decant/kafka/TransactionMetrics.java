package dev.decant.kafka;

import dev.decant.monitoring.DecantMetric;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** Every metric of the transactions that exactly-once sinks write in, named once. */
public final class TransactionMetrics {
    public static final DecantMetric EXPIRED_TRANSACTIONS = DecantMetric.counter(
            "expiredTransactions",
            "restores",
            "Restores from a checkpoint whose transactions the brokers may have thrown away: PCM may be lost");
    public static final DecantMetric TRANSACTION_AGE_MILLIS = DecantMetric.gauge(
            "transactionAgeMillis", "ms", "Time since the oldest transaction began that may not be committed yet");
    public static final DecantMetric TRANSACTION_TIMEOUT_MILLIS =
            DecantMetric.gauge("transactionTimeoutMillis", "ms", "Age at which the brokers throw a transaction away");

    public static final List<DecantMetric> ALL =
            List.of(EXPIRED_TRANSACTIONS, TRANSACTION_AGE_MILLIS, TRANSACTION_TIMEOUT_MILLIS);

    private final Counter expired;

    TransactionMetrics(MetricGroup operator, LongSupplier ageMillis, long timeoutMillis) {
        expired = EXPIRED_TRANSACTIONS.registerCounter(operator);
        TRANSACTION_AGE_MILLIS.registerGauge(operator, ageMillis::getAsLong);
        TRANSACTION_TIMEOUT_MILLIS.registerGauge(operator, () -> timeoutMillis);
    }

    void recordExpired() {
        expired.inc();
    }

    long expired() {
        return expired.getCount();
    }
}
