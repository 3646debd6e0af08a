package dev.decant.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LimitedLogTest {
    private final List<String> lines = new ArrayList<>();
    private long now;
    private final LimitedLog log = new LimitedLog("lost shoes", lines::add, () -> now);

    @Test
    void theFirstOfAMinuteAreWrittenAndTheOthersCounted() {
        write(25);
        assertThat(lines).hasSize(LimitedLog.MOST_A_MINUTE).last().isEqualTo("shoe 9");

        now += TimeUnit.MINUTES.toNanos(1);
        write(1);
        assertThat(lines)
                .hasSize(12)
                .containsSequence("15 more lost shoes are not shown: there were more than 10 in a minute", "shoe 0");
    }

    @Test
    void aMinuteThatIsNotOverBringsNothingNew() {
        write(10);
        now += TimeUnit.MINUTES.toNanos(1) - 1;
        write(1);
        assertThat(lines).hasSize(10);
    }

    @Test
    void aFloodOfAnHourIsElevenLinesAMinute() {
        for (int second = 0; second < Duration.ofHours(1).toSeconds(); second++) {
            write(100);
            now += TimeUnit.SECONDS.toNanos(1);
        }
        assertThat(lines).hasSize(60 * 11 - 1);
    }

    @Test
    void whatWasLeftOutIsSaidAtTheEndOnce() {
        write(11);
        log.close();
        log.close();
        assertThat(lines).hasSize(11).last().asString().startsWith("1 more lost shoes");
    }

    @Test
    void whereNothingWasLeftOutNothingIsSaid() {
        write(10);
        log.close();
        assertThat(lines).hasSize(10);
    }

    @Test
    void aLineThatIsNotWrittenIsNotMade() {
        write(10);
        log.write(() -> {
            throw new AssertionError("made for nobody");
        });
        assertThat(lines).hasSize(10);
    }

    @Test
    void aLineStaysALine() {
        log.write(() -> "shoe \n12:00:00 ERROR all is lost");
        assertThat(lines).containsExactly("shoe \\u000a12:00:00 ERROR all is lost");
    }

    private void write(int times) {
        for (int i = 0; i < times; i++) {
            String line = "shoe " + i;
            log.write(() -> line);
        }
    }
}
