package dev.decant.job;

import dev.decant.local.ProcessFootprint;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The long form of {@link SessionClusterITCase}, which the profile {@code chaos} runs. */
@Timeout(value = 120, unit = TimeUnit.MINUTES)
class SessionClusterChaos {
    private static final int JOBS = Integer.getInteger("decant.chaos.jobs", 50);

    @RegisterExtension
    static final BrokerExtension kafka = new BrokerExtension();

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "JNA in lib: {0}")
    @ValueSource(booleans = {false, true})
    void jobsLeaveNothing(boolean jnaInLib) throws Exception {
        ProcessFootprint.assumeReadable();
        try (SessionClusterSoak soak = new SessionClusterSoak(kafka.broker(), folder, jnaInLib)) {
            soak.run(JOBS);
        }
    }
}
