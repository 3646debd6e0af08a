package dev.decant.rtp;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What RTP itself does not say, since the two ends agree on it beforehand (in SDP, RFC 7587, section 7).
 *
 * @param opusPayloadTypes payload types of Opus, 0 to 127; at least one
 * @param redPayloadTypes payload types of redundant audio data (RFC 2198), 0 to 127; may be none
 * @param severalSsrcs what happens to packets of several synchronization sources under one key
 */
public record RtpSettings(List<Integer> opusPayloadTypes, List<Integer> redPayloadTypes, SeveralSsrcs severalSsrcs)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    /** What browsers that are built on Chromium offer Opus as. */
    public static final int USUAL_OPUS_PAYLOAD_TYPE = 111;

    /** What they offer redundant audio data as. */
    public static final int USUAL_RED_PAYLOAD_TYPE = 63;

    static final int PAYLOAD_TYPES = 128;

    /** What happens to packets of several synchronization sources (SSRCs) under one key. */
    public enum SeveralSsrcs {
        /** They are one stream, which follows one SSRC at a time: packets of another one meanwhile are refused. */
        REFUSE,
        /** Each SSRC is a stream of its own. */
        SPLIT;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @throws IllegalArgumentException if a payload type cannot be one, or none is of Opus; the message names the option
     */
    public RtpSettings {
        opusPayloadTypes = List.copyOf(opusPayloadTypes);
        redPayloadTypes = List.copyOf(redPayloadTypes);
        Objects.requireNonNull(severalSsrcs, "severalSsrcs");
        if (opusPayloadTypes.isEmpty()) {
            throw new IllegalArgumentException(
                    "rtp.opus-payload-types is empty: take at least one, " + USUAL_OPUS_PAYLOAD_TYPE + " for instance");
        }
        requirePayloadTypes("rtp.opus-payload-types", opusPayloadTypes);
        requirePayloadTypes("rtp.red-payload-types", redPayloadTypes);
        for (int payloadType : redPayloadTypes) {
            if (opusPayloadTypes.contains(payloadType)) {
                throw new IllegalArgumentException("payload type " + payloadType
                        + " stands in rtp.opus-payload-types and in rtp.red-payload-types: it is one of the two");
            }
        }
    }

    private static void requirePayloadTypes(String option, List<Integer> payloadTypes) {
        for (int payloadType : payloadTypes) {
            if (payloadType < 0 || payloadType >= PAYLOAD_TYPES) {
                throw new IllegalArgumentException(
                        option + " holds " + payloadType + ": a payload type is a number from 0 to 127");
            }
            if (RtpHeader.isTakenByRtcp(payloadType)) {
                throw new IllegalArgumentException(
                        option + " holds " + payloadType + ": 64 to 95 cannot be told from RTCP (RFC 5761, section 4)");
            }
        }
    }
}
