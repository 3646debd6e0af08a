package dev.decant.local;

import java.util.concurrent.CountDownLatch;

/** Prints its first argument and ends with its second as exit code, or never if there is none. */
public final class EchoMain {
    private EchoMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        System.out.println(arguments[0]);
        if (arguments.length > 1) {
            System.exit(Integer.parseInt(arguments[1]));
        }
        new CountDownLatch(1).await();
    }
}
