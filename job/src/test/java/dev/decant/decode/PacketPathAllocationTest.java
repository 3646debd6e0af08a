package dev.decant.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.opus.TestProcess;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the path of a packet allocates: unlike its time that is the same on every machine, and a copy or a boxed number more
 * on the way shows in it.
 */
class PacketPathAllocationTest {
    /** The optimizing compiler leaves out some of it, now more, now less: here it leaves out nothing. */
    private static final List<String> AS_IT_IS_WRITTEN = List.of("-Xmx256m", "-XX:TieredStopAtLevel=1");

    /** Bytes a packet; in {@code decoder} beside its samples. What the test's own operators add is in them. */
    @ParameterizedTest
    @CsvSource({"sequencer, 870", "decoder, 270"})
    void staysAsSmallAsItIs(String operator, int most) throws Exception {
        int bytes = Integer.parseInt(
                TestProcess.lastLineOf(AS_IT_IS_WRITTEN, PacketPathAllocations.class, List.of(operator)));

        System.out.println(operator + ": " + bytes + " bytes a packet");
        assertThat(bytes).as("bytes a packet").isLessThanOrEqualTo(most);
    }
}
