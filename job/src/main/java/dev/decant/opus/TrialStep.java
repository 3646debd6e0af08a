package dev.decant.opus;

/**
 * One call of {@code opus_decode}.
 *
 * @param packet null for a lost one
 * @param ticks how long, or at most, 48 kHz ticks
 * @param fec whether to decode what the packet carries of the one before it
 */
record TrialStep(byte[] packet, int ticks, boolean fec) {
    static TrialStep decode(byte[] packet) {
        return new TrialStep(packet, ConfinedDecoder.MAX_PACKET_TICKS, false);
    }

    static TrialStep recover(byte[] nextPacket, int ticks) {
        return new TrialStep(nextPacket, ticks, true);
    }

    static TrialStep conceal(int ticks) {
        return new TrialStep(null, ticks, false);
    }
}
