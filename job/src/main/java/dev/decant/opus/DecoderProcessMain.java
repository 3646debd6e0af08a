package dev.decant.opus;

import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** What runs in a process with decoders: it answers requests until there are no more. */
final class DecoderProcessMain {
    private DecoderProcessMain() {}

    /**
     * @param arguments the number of the process that started this one
     */
    public static void main(String[] arguments) {
        InputStream requests = new BufferedInputStream(new FileInputStream(FileDescriptor.in), 1 << 16);
        System.setIn(InputStream.nullInputStream());
        OutputStream answers = StandardOutput.take();
        ParentWatch.start(Long.parseLong(arguments[0]));
        try {
            new DecoderService().serve(requests, answers);
            end(0);
        } catch (IOException e) {
            e.printStackTrace();
            end(1);
        }
    }

    /** At once, whatever other threads are doing; memory is the operating system's to free. */
    static void end(int exitCode) {
        ProcessFolder.ofThisProcess().delete();
        Runtime.getRuntime().halt(exitCode);
    }
}
