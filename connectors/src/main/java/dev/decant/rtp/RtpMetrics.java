package dev.decant.rtp;

import dev.decant.monitoring.DecantMetric;
import java.util.List;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** Every metric of reading RTP, named once. */
public final class RtpMetrics {
    public static final DecantMetric IGNORED_PAYLOADS = DecantMetric.counter(
            "ignoredPayloads",
            "payloads",
            "Payloads that are not Opus (telephone events and comfort noise, for instance), and redundant blocks that are"
                    + " not or that say no time of their own");
    public static final DecantMetric RTCP_PACKETS = DecantMetric.counter("rtcpPackets", "packets", "Packets of RTCP");

    public static final List<DecantMetric> ALL = List.of(IGNORED_PAYLOADS, RTCP_PACKETS);

    private final Counter ignoredPayloads;
    private final Counter rtcpPackets;

    RtpMetrics(MetricGroup reader) {
        ignoredPayloads = IGNORED_PAYLOADS.registerCounter(reader);
        rtcpPackets = RTCP_PACKETS.registerCounter(reader);
    }

    void recordIgnoredPayload() {
        ignoredPayloads.inc();
    }

    void recordRtcp() {
        rtcpPackets.inc();
    }
}
