package dev.decant.job;

import dev.decant.audio.MediaClock;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketFraming;
import dev.decant.audio.PacketOrigin;
import dev.decant.container.Recording;
import dev.decant.container.RecordingProblem;
import dev.decant.kafka.PacketProducer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Sends recordings to Kafka as packets, each recording as one stream with an end. */
final class RecordingProducer {
    private final PacketProducer producer;

    /** The producer stays the caller's, who closes it. */
    RecordingProducer(PacketProducer producer) {
        this.producer = producer;
    }

    /**
     * What became of a recording.
     *
     * @param packets how many were sent
     * @param problem why some or all could not be, in a sentence; null if nothing was wrong
     */
    record Sent(RecordingFile recording, long packets, String problem) {}

    /**
     * One recording after the other, as fast as it goes.
     *
     * @param done is told of each that is through
     */
    void send(List<RecordingFile> recordings, Consumer<Sent> done) {
        for (RecordingFile recording : recordings) {
            try (Playback playback = new Playback(recording)) {
                while (playback.sendNext()) {
                    // Until it is through.
                }
                done.accept(playback.sent());
            }
        }
    }

    /** All recordings at once, each packet when it would play. */
    void sendInRealTime(List<RecordingFile> recordings, Consumer<Sent> done) throws InterruptedException {
        long start = System.nanoTime();
        PriorityQueue<Playback> next = new PriorityQueue<>(Comparator.comparingLong(Playback::ticks));
        try {
            for (RecordingFile recording : recordings) {
                next.add(new Playback(recording));
            }
            while (!next.isEmpty()) {
                Playback playback = next.peek();
                long due = start + TimeUnit.SECONDS.toNanos(playback.ticks()) / MediaClock.HZ;
                TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
                boolean more = playback.sendNext();
                next.remove();
                if (more) {
                    next.add(playback);
                } else {
                    playback.close();
                    done.accept(playback.sent());
                }
            }
        } finally {
            next.forEach(Playback::close);
        }
    }

    /** A recording on its way. */
    private final class Playback implements AutoCloseable {
        private final RecordingFile file;
        private Recording recording;
        private long packets;
        private long ticks;
        private final List<String> problems = new ArrayList<>();

        Playback(RecordingFile file) {
            this.file = file;
            try {
                recording = file.open();
            } catch (IOException e) {
                problems.add(e.getMessage());
            }
        }

        /** When the next packet plays, 48 kHz ticks from the start. */
        long ticks() {
            return ticks;
        }

        Sent sent() {
            return new Sent(file, packets, problems.isEmpty() ? null : String.join("; ", problems));
        }

        /** Sends a packet, or after the last one the end; false when there is nothing left to send. */
        boolean sendNext() {
            if (recording == null) {
                return false;
            }
            try {
                OpusPacket packet = recording.next();
                if (packet != null) {
                    // The record's time is Kafka's, and not the time within the recording.
                    producer.send(packet.from(packet.origin().withoutTime()));
                    packets++;
                    ticks += PacketFraming.statedDuration(packet.payload());
                    return true;
                }
                for (RecordingProblem problem : recording.problems()) {
                    if (problem.kind() == RecordingProblem.Kind.DAMAGE) {
                        problems.add(file.path() + ", " + problem);
                    }
                }
            } catch (IOException e) {
                problems.add(e.getMessage());
            }
            if (packets > 0) {
                producer.send(
                        OpusPacket.end(file.streamId(), new PacketOrigin(file.path(), 0, 0, PacketOrigin.NO_TIME)));
            }
            return false;
        }

        @Override
        public void close() {
            try {
                if (recording != null) {
                    recording.close();
                }
            } catch (IOException e) {
                problems.add(file.path() + " cannot be closed: " + e.getMessage());
            }
        }
    }
}
