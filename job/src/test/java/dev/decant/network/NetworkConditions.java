package dev.decant.network;

/**
 * What a network does to packets.
 *
 * @param lossRate share of packets that are lost, 0 to 0.5
 * @param meanBurst how many are lost in a row, on the average; at least 1
 * @param reordering a packet may take as much longer than another as so many packets of 20 ms last
 * @param duplicateRate share of packets that come twice
 * @param redundancy how many earlier packets each packet brings along once more (RFC 2198); 0 for none
 */
public record NetworkConditions(
        double lossRate, double meanBurst, int reordering, double duplicateRate, int redundancy) {
    /** Everything arrives, once and in order. */
    public static final NetworkConditions CLEAN = new NetworkConditions(0, 1, 0, 0, 0);

    public NetworkConditions losing(double rate, double burst) {
        return new NetworkConditions(rate, burst, reordering, duplicateRate, redundancy);
    }

    public NetworkConditions reordering(int packets) {
        return new NetworkConditions(lossRate, meanBurst, packets, duplicateRate, redundancy);
    }

    public NetworkConditions duplicating(double rate) {
        return new NetworkConditions(lossRate, meanBurst, reordering, rate, redundancy);
    }

    public NetworkConditions redundant(int copies) {
        return new NetworkConditions(lossRate, meanBurst, reordering, duplicateRate, copies);
    }
}
