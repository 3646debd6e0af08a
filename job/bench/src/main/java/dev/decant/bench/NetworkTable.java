package dev.decant.bench;

import dev.decant.audio.PcmFrame.Outcome;
import dev.decant.network.NetworkConditions;
import dev.decant.network.SentPacket;
import dev.decant.network.Speech;
import dev.decant.network.Speech.Option;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The command {@code job/bench/network}: speech through simulated networks, and what is left of it after sequencer and
 * decoder; a row for each rate of loss.
 */
@Command(name = "network", description = "Prints what becomes of speech on networks that lose packets.")
final class NetworkTable implements Callable<Integer> {
    private static final double[] LOSS_RATES = {0, 0.01, 0.05, 0.10, 0.20, 0.30};
    private static final double MEAN_BURST = 2;
    private static final NetworkConditions NETWORK =
            NetworkConditions.CLEAN.reordering(10).duplicating(0.01);

    @CommandLine.Option(
            names = "--networks",
            paramLabel = "N",
            defaultValue = "5",
            description = "So many networks a row, of seeds 1 to N (default: ${DEFAULT-VALUE}).")
    private int networks;

    @CommandLine.Option(names = "--csv", description = "Print comma-separated values.")
    private boolean csv;

    @CommandLine.Option(names = "--help", usageHelp = true, description = "Show this help.")
    private boolean help;

    public static void main(String[] arguments) {
        // Flink's threads do not keep the process.
        System.exit(new CommandLine(new NetworkTable()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Speech speech = Speech.conversation();
        List<SentPacket> plain = speech.packets(Option.DISCONTINUOUS_TRANSMISSION);
        List<SentPacket> withFec = speech.packets(Option.DISCONTINUOUS_TRANSMISSION, Option.FORWARD_ERROR_CORRECTION);
        List<Transmission> transmissions = new ArrayList<>();
        for (double lossRate : LOSS_RATES) {
            for (int seed = 1; seed <= networks; seed++) {
                NetworkConditions conditions = NETWORK.losing(lossRate, MEAN_BURST);
                transmissions.add(Transmission.of(lossRate, Repair.CONCEALMENT, plain, conditions, seed));
                transmissions.add(Transmission.of(lossRate, Repair.FEC, withFec, conditions, seed));
                transmissions.add(Transmission.of(lossRate, Repair.RED, withFec, conditions.redundant(1), seed));
            }
        }
        Transmission.receive(transmissions);
        print(System.out, transmissions);
        return 0;
    }

    private void print(PrintStream out, List<Transmission> transmissions) {
        if (csv) {
            out.println("loss,decoded,red,fec,concealed,filled,comfort_noise,"
                    + "snr_silence,snr_concealment,snr_fec,snr_red");
        } else {
            out.println("        | share of samples, % (with FEC and RED)           |"
                    + " SNR, dB: what is done about losses");
            out.println("loss, % | decoded    RED    FEC concealed filled DTX noise |"
                    + " silence concealment   +FEC   +RED");
        }
        for (double lossRate : LOSS_RATES) {
            Object[] cells = cells(transmissions.stream()
                    .filter(transmission -> transmission.lossRate() == lossRate)
                    .toList());
            String layout = csv
                    ? "%.0f,%.3f,%.3f,%.3f,%.3f,%.3f,%.3f,%.2f,%.2f,%.2f,%.2f"
                    : "%7.0f | %7.2f %6.2f %6.2f %9.2f %6.2f %9.2f | %7.1f %11.1f %6.1f %6.1f";
            out.println(String.format(Locale.ROOT, layout, cells));
        }
    }

    private static Object[] cells(List<Transmission> row) {
        Reception concealment = Reception.sum(row, Repair.CONCEALMENT);
        Reception fec = Reception.sum(row, Repair.FEC);
        Reception red = Reception.sum(row, Repair.RED);
        return new Object[] {
            100 * row.get(0).lossRate(),
            red.percentDecoded(),
            red.percentCopied(),
            red.percent(Outcome.FEC),
            red.percent(Outcome.CONCEALED),
            red.percent(Outcome.FILLED),
            red.percent(Outcome.COMFORT_NOISE),
            concealment.signalToNoiseOfSilence(),
            concealment.signalToNoise(),
            fec.signalToNoise(),
            red.signalToNoise()
        };
    }

    /** What is done about what a network loses. */
    enum Repair {
        /** The decoder makes it up. */
        CONCEALMENT,
        /** Besides, packets carry the frame before them (in-band forward error correction). */
        FEC,
        /** Besides, each packet comes with a copy of the one before it (RFC 2198). */
        RED
    }
}
