package dev.decant.container;

import dev.decant.audio.MediaClock;
import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketFraming;
import dev.decant.audio.PacketOrigin;
import dev.decant.container.ReadingSettings.Holes;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * An MP4 recording with Opus (ISO 14496-12; Encapsulation of Opus in ISO Base Media File Format): one track of it, whose
 * samples are named by tables, by fragments, or by first these and then those. Our own reader, since mp4parser, the one on
 * Maven Central, holds the tables in memory, and allocates what a box says before it has seen it.
 */
final class Mp4Recording implements Recording {
    private static final int LINK = 0;

    /** The most that an OpusHead can say. */
    private static final int MAX_PRE_SKIP = 0xFFFF;

    private final String path;
    private final String streamId;
    private final Mp4Cursor cursor;
    private final ProblemList problems = new ProblemList();
    private final HoleClock holes;
    private Mp4Movie movie;
    private Mp4Samples samples;
    private Mp4Packets packets;
    private Mp4Timeline timeline;
    private OpusHead head;

    /** Where the first box begins that is a fragment, before the Movie Box; else where that one ends. */
    private long fragmentsFrom = -1;

    /** Read ahead by one, since the last packet ends otherwise than those before it; null: there is none. */
    private Mp4Packet ahead;

    private boolean ended;
    private long size;
    private long sequenceNumber;
    private long lastDuration = MediaClock.USUAL_PACKET_TICKS;

    private Mp4Recording(Mp4Cursor cursor, String path, String streamId, ReadingSettings settings) {
        this.cursor = cursor;
        this.path = path;
        this.streamId = streamId;
        this.holes = new HoleClock(settings, Holes.SKIP, problems);
    }

    /**
     * Reads the Movie Box, wherever it is, and the first packet.
     *
     * @param in {@code bytes} opened at 0; it may be closed and others opened, and if opening fails all of them are closed
     */
    static Mp4Recording open(
            InputStream in, RecordingBytes bytes, String path, String streamId, ReadingSettings settings)
            throws IOException {
        Mp4Cursor cursor = new Mp4Cursor(bytes, in, Mp4Cursor.PACKET_BUFFER_BYTES);
        Mp4Recording recording = new Mp4Recording(cursor, path, streamId, settings);
        try {
            recording.openTrack(settings.track());
            recording.begin();
            return recording;
        } catch (MalformedBoxException refusal) {
            RecordingException failure = new RecordingException(path, refusal.offset(), refusal.getMessage());
            recording.closeAfter(failure);
            throw failure;
        } catch (IOException | RuntimeException failure) {
            recording.closeAfter(failure);
            throw failure;
        }
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public Container container() {
        return Container.MP4;
    }

    @Override
    public OpusHead head() {
        return head;
    }

    @Override
    public OpusPacket next() throws IOException {
        if (ahead == null) {
            return null;
        }
        Mp4Packet packet = ahead;
        readAhead();
        placeAfterGap(packet);
        return take(packet, ahead == null);
    }

    @Override
    public List<RecordingProblem> problems() {
        return problems.toList();
    }

    @Override
    public long bytesRead() {
        return ended ? size : packets.furthest();
    }

    @Override
    public void close() throws IOException {
        ahead = null;
        try (cursor) {
            if (samples != null) {
                samples.close();
            }
        }
    }

    private void closeAfter(Exception failure) {
        try {
            close();
        } catch (IOException close) {
            failure.addSuppressed(close);
        }
    }

    private void openTrack(int wanted) throws IOException, MalformedBoxException {
        Mp4Box box = findMovie();
        RecordingBytes tables = cursor.open(box);
        try (Mp4Cursor own = new Mp4Cursor(tables, Mp4Cursor.TABLE_BUFFER_BYTES)) {
            movie = Mp4Movie.read(own, box, wanted, problems);
        }
        head = movie.track().head();
        timeline = new Mp4Timeline(movie);
        samples = Mp4TrackSamples.open(cursor, tables, movie, fragmentsFrom, problems);
        packets = new Mp4Packets(cursor, samples, PacketFraming.MAX_PACKET_BYTES * head.streamCount(), problems);
    }

    private Mp4Box findMovie() throws IOException, MalformedBoxException {
        long at = 0;
        while (cursor.isThere(at)) {
            Mp4Box box = Mp4Box.read(cursor, at, Mp4Box.NOWHERE);
            if (!box.isPlausible()) {
                throw new MalformedBoxException(at, "no box begins here, and the box moov was not found before");
            }
            at = box.end();
            boolean found = box.is("moov");
            if (fragmentsFrom < 0 && (found || box.is("moof"))) {
                fragmentsFrom = found ? box.end() : box.offset();
            }
            if (found) {
                return box;
            }
        }
        throw new MalformedBoxException(
                0,
                fragmentsFrom < 0
                        ? "the box moov is missing: the recording was cut, or never finished"
                        : "the box moov is missing: fragments cannot be read without their initialization segment");
    }

    /** Goes to the first packet that is to be heard, or that is needed for it, and starts the clock with it. */
    private void begin() throws IOException {
        long start = timeline.editStart();
        readAhead();
        boolean passed = false;
        while (ahead != null && start - timeline.ticks(ahead.sample().time()) > MAX_PRE_SKIP) {
            passed = true;
            readAhead();
        }
        if (ahead == null) {
            if (passed) {
                problems.damage(
                        movie.track().edits().offset(),
                        "the edit list begins at %.3f s: there are no packets",
                        MediaClock.seconds(start));
            }
            return;
        }
        Mp4Sample sample = ahead.sample();
        if (start > 0) {
            head = withPreSkip(head, (int) Math.max(0, start - timeline.ticks(sample.time())));
        }
        long gap = timeline.startGap(sample);
        timeline.start(sample, gap == 0 ? 0 : holes.keep(sample.offset(), gap, ahead.afterLoss()));
    }

    private void readAhead() throws IOException {
        ahead = packets.next();
        if (ahead == null) {
            size = cursor.size();
            ended = true;
        }
    }

    private void placeAfterGap(Mp4Packet packet) {
        Mp4Sample sample = packet.sample();
        long gap = timeline.gapBefore(sample);
        if (gap == 0) {
            if (timeline.beginsTooEarly(sample)) {
                problems.irregularity(
                        sample.offset(), "the tables say that a packet begins before those before it have ended");
            }
            return;
        }
        long kept = holes.keep(sample.offset(), gap, packet.afterLoss());
        if (kept == 0) {
            timeline.closeGap(sample);
            return;
        }
        timeline.keepGap(sample);
        if (packet.afterLoss()) {
            sequenceNumber += Math.max(1, kept / lastDuration);
        }
    }

    private OpusPacket take(Mp4Packet packet, boolean last) {
        Mp4Sample sample = packet.sample();
        int stated = PacketFraming.statedDuration(packet.payload());
        // Of a packet that does not tell, the tables do.
        long duration = stated > 0 ? stated : Math.min(MediaClock.MAX_PACKET_TICKS, timeline.ticks(sample.duration()));
        long start = timeline.next();
        long trim = timeline.place(sample, duration, last);
        if (stated > 0) {
            lastDuration = stated;
        }
        PacketOrigin origin =
                new PacketOrigin(path, (int) movie.track().id(), sample.offset(), start / MediaClock.TICKS_PER_MILLI);
        return new OpusPacket(
                streamId,
                packet.payload(),
                sequenceNumber++,
                start,
                head,
                LINK,
                0,
                stated > 0 ? (int) trim : 0,
                OpusPacket.ABSENT,
                origin);
    }

    /**
     * The header with what an edit list drops from the start: pre-skip in MP4 is for information only, and the edit list is
     * what counts (Opus in ISO BMFF, section 4.3.2).
     */
    private static OpusHead withPreSkip(OpusHead head, int preSkip) {
        return new OpusHead(
                head.version(),
                head.channels(),
                preSkip,
                head.inputSampleRate(),
                head.outputGain(),
                head.mappingFamily(),
                head.streamCount(),
                head.coupledCount(),
                head.mapping(),
                head.demixingMatrix());
    }
}
