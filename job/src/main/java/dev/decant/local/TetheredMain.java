package dev.decant.local;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;

/**
 * Runs the main class that its first argument names, for as long as the parent process lives. The parent holds the
 * other end of this process' standard input and never writes to it, so its end of file says that the parent is gone,
 * even if it was killed.
 *
 * <p>This class is copied by itself onto the class path of the process ({@link ProcessFolder}): it may use nothing but
 * the JDK, and has no nested classes.
 */
final class TetheredMain {
    private TetheredMain() {}

    public static void main(String[] arguments) throws Throwable {
        Thread tether = new Thread(TetheredMain::endWithParent, "tether to parent process");
        tether.setDaemon(true);
        tether.start();

        MethodHandle main = MethodHandles.publicLookup()
                .findStatic(Class.forName(arguments[0]), "main", MethodType.methodType(void.class, String[].class));
        main.invokeExact(Arrays.copyOfRange(arguments, 1, arguments.length));
    }

    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is ever written; only the end matters.
            }
        } catch (IOException e) {
            System.err.println("lost the parent process: " + e);
        }
        // Not exit(): shutdown hooks may wait for others that are going down as well.
        Runtime.getRuntime().halt(1);
    }
}
