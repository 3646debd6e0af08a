package dev.decant.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.decant.rtp.RtpSettings.SeveralSsrcs;
import java.util.List;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RtpSettingsTest {
    @Test
    void travelWithTheJob() throws Exception {
        RtpSettings settings = new RtpSettings(List.of(111, 109), List.of(), SeveralSsrcs.SPLIT);

        assertThat(InstantiationUtil.clone(settings)).isEqualTo(settings);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 128, 1_111})
    void whatIsNoPayloadTypeIsRefused(int payloadType) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RtpSettings(List.of(111, payloadType), List.of(), SeveralSsrcs.REFUSE))
                .withMessage(
                        "rtp.opus-payload-types holds " + payloadType + ": a payload type is a number from 0 to 127");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RtpSettings(List.of(111), List.of(payloadType), SeveralSsrcs.REFUSE))
                .withMessageStartingWith("rtp.red-payload-types holds " + payloadType);
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 72, 95})
    void whatCannotBeToldFromRtcpIsRefused(int payloadType) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RtpSettings(List.of(payloadType), List.of(), SeveralSsrcs.REFUSE))
                .withMessageContaining("64 to 95 cannot be told from RTCP");
    }

    @Test
    void noPayloadTypeOfOpusIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RtpSettings(List.of(), List.of(63), SeveralSsrcs.REFUSE))
                .withMessageStartingWith("rtp.opus-payload-types is empty");
    }

    @Test
    void aPayloadTypeIsOneOfTheTwo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RtpSettings(List.of(111, 63), List.of(63), SeveralSsrcs.REFUSE))
                .withMessageContaining("payload type 63 stands in rtp.opus-payload-types and in rtp.red-payload-types");
    }
}
