package dev.decant.job;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * A call of the command line in this JVM, as the launcher makes it, that has ended.
 *
 * @param out what it printed
 * @param err what it complained of
 */
record DecantCall(int exitCode, String out, String err) {

    static DecantCall of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Decant.run(arguments, new PrintWriter(out, true), new PrintWriter(err, true));
        return new DecantCall(exitCode, out.toString(), err.toString());
    }
}
