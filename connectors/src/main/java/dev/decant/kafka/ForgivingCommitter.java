package dev.decant.kafka;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The committer of Flink's Kafka sink, for savepoints that outlive their transactions. Brokers forget a transactional ID
 * that was not used for a week ({@code transactional.id.expiration.ms}), and other brokers never knew it. To commit it fails,
 * each time; the connector takes that for a failure that a restart may mend, and the job would be restarted for ever. What
 * was not committed is gone, or was committed by the job that took the savepoint: as with a transaction that has expired,
 * which {@link TransactionAgeCheck} tells of.
 */
// Flink's interfaces may throw anything from close(), an interruption too.
@SuppressWarnings("try")
final class ForgivingCommitter implements Committer<KafkaCommittable> {
    private static final Logger LOG = LoggerFactory.getLogger(ForgivingCommitter.class);

    private final Committer<KafkaCommittable> committer;

    ForgivingCommitter(Committer<KafkaCommittable> committer) {
        this.committer = committer;
    }

    @Override
    public void commit(Collection<CommitRequest<KafkaCommittable>> requests) throws IOException, InterruptedException {
        List<CommitRequest<KafkaCommittable>> forgiving = new ArrayList<>();
        requests.forEach(request -> forgiving.add(new ForgivingRequest(request)));
        committer.commit(forgiving);
    }

    @Override
    public void close() throws Exception {
        committer.close();
    }

    private record ForgivingRequest(CommitRequest<KafkaCommittable> request)
            implements CommitRequest<KafkaCommittable> {
        @Override
        public void signalFailedWithUnknownReason(Throwable failure) {
            if (failure instanceof InvalidPidMappingException) {
                LOG.warn(
                        "The brokers know nothing of transaction {}, which a restored checkpoint holds: it was committed"
                                + " long ago, or is lost",
                        getCommittable().getTransactionalId());
                request.signalFailedWithKnownReason(failure);
            } else {
                request.signalFailedWithUnknownReason(failure);
            }
        }

        @Override
        public KafkaCommittable getCommittable() {
            return request.getCommittable();
        }

        @Override
        public int getNumberOfRetries() {
            return request.getNumberOfRetries();
        }

        @Override
        public void signalFailedWithKnownReason(Throwable failure) {
            request.signalFailedWithKnownReason(failure);
        }

        @Override
        public void retryLater() {
            request.retryLater();
        }

        @Override
        public void updateAndRetryLater(KafkaCommittable committable) {
            request.updateAndRetryLater(committable);
        }

        @Override
        public void signalAlreadyCommitted() {
            request.signalAlreadyCommitted();
        }
    }
}
