package dev.decant.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.PacketOrigin;
import org.junit.jupiter.api.Test;

class PartitionTimesTest {
    private final PartitionTimes times = new PartitionTimes();

    @Test
    void keepsTheGreatestTimeOfEachPartition() {
        advance("packets", 0, 100);
        advance("packets", 5, 700);
        advance("packets", 0, 50);
        advance("more-packets", 5, 20);
        advance("packets", 5, 710);
        advance("packets", 0, 110);

        assertThat(time("packets", 0)).isEqualTo(110);
        assertThat(time("packets", 5)).isEqualTo(710);
        assertThat(time("more-packets", 5)).isEqualTo(20);
    }

    @Test
    void knowsNothingOfWhatItDidNotSee() {
        assertThat(time("packets", 0)).isEqualTo(PacketOrigin.NO_TIME);
        advance("packets", 2, 100);
        advance("recording.opus", 0, PacketOrigin.NO_TIME);

        assertThat(time("packets", 1)).isEqualTo(PacketOrigin.NO_TIME);
        assertThat(time("packets", 3)).isEqualTo(PacketOrigin.NO_TIME);
        assertThat(time("recording.opus", 0)).isEqualTo(PacketOrigin.NO_TIME);
    }

    private void advance(String topic, int partition, long recordTime) {
        // Every packet brings its own copy of the topic's name, as it does out of a network buffer.
        times.advance(new PacketOrigin(new String(topic.toCharArray()), partition, 0, recordTime));
    }

    private long time(String topic, int partition) {
        return times.of(new PacketOrigin(topic, partition, 0, PacketOrigin.NO_TIME));
    }
}
