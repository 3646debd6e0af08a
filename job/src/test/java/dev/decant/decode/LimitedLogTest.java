package dev.decant.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LimitedLogTest {
    private final List<String> lines = new ArrayList<>();
    private long now;
    private final LimitedLog log = new LimitedLog(lines::add, () -> now);

    @Test
    void theFirstOfAMinuteAreWrittenAndTheOthersCounted() {
        warn(25);
        assertThat(lines).hasSize(LimitedLog.MOST_A_MINUTE).last().isEqualTo("warning 9");

        now += Duration.ofMinutes(1).toNanos();
        warn(1);
        assertThat(lines).hasSize(12).containsSequence("15 more such warnings were left out", "warning 0");
    }

    @Test
    void whatWasLeftOutIsSaidAtTheEndOnce() {
        warn(11);
        log.writeOmitted();
        log.writeOmitted();
        assertThat(lines).hasSize(11).last().isEqualTo("1 more such warnings were left out");
    }

    @Test
    void whereNothingWasLeftOutNothingIsSaid() {
        warn(10);
        log.writeOmitted();
        assertThat(lines).hasSize(10);
    }

    private void warn(int times) {
        for (int i = 0; i < times; i++) {
            String line = "warning " + i;
            log.warn(() -> line);
        }
    }
}
