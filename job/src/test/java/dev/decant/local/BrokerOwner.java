package dev.decant.local;

import java.util.concurrent.CountDownLatch;

/** A program that starts a broker, prints its process ID and its folder, and never ends by itself. */
final class BrokerOwner {
    private BrokerOwner() {}

    public static void main(String[] arguments) throws InterruptedException {
        KafkaBroker broker = KafkaBroker.start();
        System.out.println(broker.pid() + " " + broker.folder());
        new CountDownLatch(1).await();
    }
}
