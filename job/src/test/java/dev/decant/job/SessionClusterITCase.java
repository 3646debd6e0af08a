package dev.decant.job;

import dev.decant.local.ProcessFootprint;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Jobs come and go on a session cluster and leave nothing in it. {@link SessionClusterChaos} is the long form. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class SessionClusterITCase {
    /** Each kind of job by each way of submitting it, and a first one of each kind to begin with. */
    private static final int JOBS = 12;

    @RegisterExtension
    static final BrokerExtension kafka = new BrokerExtension();

    @TempDir
    private Path folder;

    @Test
    void jobsThatBringTheirJnaLeaveNothing() throws Exception {
        soak(false);
    }

    @Test
    void jobsThatUseTheJnaOfTheClusterLeaveNothing() throws Exception {
        soak(true);
    }

    private void soak(boolean jnaInLib) throws Exception {
        ProcessFootprint.assumeReadable();
        try (SessionClusterSoak soak = new SessionClusterSoak(kafka.broker(), folder, jnaInLib)) {
            soak.run(JOBS);
        }
    }
}
