package dev.decant.opus;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.io.FileDescriptor;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.OutputStream;

/** The standard output of this process, taken from all who print: native code, and the JVM itself as it crashes. */
final class StandardOutput {
    private static final int OUTPUT = 1;
    private static final int ERRORS = 2;

    private StandardOutput() {}

    /** For one user alone; whatever else is printed goes to the error output from now on. */
    static OutputStream take() {
        System.setOut(System.err);
        // Windows has no such calls. What the JVM prints there as it crashes is no message, and taken for none.
        return Platform.isWindows() ? asItIs() : moved();
    }

    private static OutputStream moved() {
        try {
            NativeLibrary functions = NativeLibrary.getProcess();
            int copy = functions.getFunction("dup").invokeInt(new Object[] {OUTPUT});
            OutputStream moved = new FileOutputStream("/dev/fd/" + copy);
            functions.getFunction("dup2").invokeInt(new Object[] {ERRORS, OUTPUT});
            return moved;
        } catch (LinkageError | FileNotFoundException e) {
            // Without JNA there is no native code of ours either.
            System.err.println("The standard output is shared with whoever prints: " + Sentences.of(e));
            return asItIs();
        }
    }

    private static OutputStream asItIs() {
        return new FileOutputStream(FileDescriptor.out);
    }
}
