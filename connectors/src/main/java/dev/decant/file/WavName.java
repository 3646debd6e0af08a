package dev.decant.file;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names a WAV file may have, relative to the output folder: {@code <stream>.wav} or {@code <stream>/<start>.wav}, and
 * where that is taken {@code …~2.wav}, {@code …~3.wav} and so on. No stream's name holds a {@code ~}, so a numbered file
 * never stands where another stream's file belongs.
 *
 * @param parent the stream's folder with its slash, or nothing
 * @param last the last part, without number and suffix
 */
record WavName(String parent, String last) {
    private static final Pattern TEMPORARY = Pattern.compile("\\.(.+?)(?:~[0-9]+)?\\.wav\\.inprogress\\..+");

    static WavName of(FinishedWav wav) {
        String stream = StreamFileName.of(wav.streamId());
        if (!wav.piece()) {
            return new WavName("", stream);
        }
        // Whole: a piece begins at a multiple of a whole number of milliseconds.
        long millis = wav.start() * 1_000 / wav.format().rate();
        return new WavName(stream + "/", String.format("%012d", millis));
    }

    /** The first choice is number 1. */
    String candidate(int number) {
        return parent + last + (number == 1 ? "" : "~" + number) + ".wav";
    }

    /** The last part of the file that local and Hadoop file systems are writing under this temporary name, or null. */
    static String ofTemporaryFile(String name) {
        Matcher temporary = TEMPORARY.matcher(name);
        return temporary.matches() ? temporary.group(1) : null;
    }
}
