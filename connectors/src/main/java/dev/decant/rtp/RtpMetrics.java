package dev.decant.rtp;

import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** Every metric of reading RTP, named once; all stand in the group {@value #GROUP}. They count since the task started. */
public final class RtpMetrics {
    public static final String GROUP = "decant";

    /**
     * Payloads that are not Opus (telephone events and comfort noise, for instance), and redundant blocks that are not or
     * that say no time of their own.
     */
    public static final String IGNORED_PAYLOADS = "ignoredPayloads";
    /** Packets of RTCP. */
    public static final String RTCP_PACKETS = "rtcpPackets";

    private final Counter ignoredPayloads;
    private final Counter rtcpPackets;

    RtpMetrics(MetricGroup reader) {
        MetricGroup group = reader.addGroup(GROUP);
        ignoredPayloads = group.counter(IGNORED_PAYLOADS);
        rtcpPackets = group.counter(RTCP_PACKETS);
    }

    void recordIgnoredPayload() {
        ignoredPayloads.inc();
    }

    void recordRtcp() {
        rtcpPackets.inc();
    }
}
