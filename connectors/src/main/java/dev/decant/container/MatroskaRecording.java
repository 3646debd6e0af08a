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
 * The Opus packets of one track of a Matroska or WebM recording (RFC 9559), after the codec mapping of A_OPUS. Several
 * documents one after the other, as pieces of a live recording make them, are links.
 *
 * <p>Segments and Clusters are not entered but passed through: what they hold is told by its IDs, so that it does not matter
 * whether their size is known, as it is not in live recordings. Their ends only bound what is in them. Our own reader, since it
 * has to go forward only, whatever the size of what is not audio, and to find its way after damage.
 */
final class MatroskaRecording implements Recording {
    private static final String MATROSKA = "matroska";
    private static final String WEBM = "webm";
    private static final long NO_TIME = Long.MIN_VALUE;
    private static final long NO_TRACK = -1;
    private static final long USUAL_SCALE_NANOS = 1_000_000;
    private static final long MAX_SCALE_NANOS = 1_000_000_000;

    /** Beyond it nothing is a time: 146 years, and no sum overflows. */
    private static final long MAX_NANOS = 1L << 62;

    private final InputStream in;
    private final String path;
    private final String streamId;
    private final int wantedTrack;
    private final ProblemList problems = new ProblemList();
    private final EbmlReader ebml;
    private final HoleClock holes;
    private Container container = Container.MATROSKA;
    private boolean ended;

    /** Where the Segment and the Cluster end that the reader is in, as far as that is known. */
    private long segmentEnd;

    private long clusterEnd;

    private boolean tracksRead;
    private long timestampScale = USUAL_SCALE_NANOS;
    private long clusterTimestamp = NO_TIME;
    private boolean lossPossible;

    private long link = -1;
    private long trackNumber = NO_TRACK;
    private OpusHead head;
    private MatroskaBlock block = new MatroskaBlock(1, new byte[0]);
    private MatroskaTimeline timeline = new MatroskaTimeline();

    /** Which packet of the Block is next. */
    private int index;

    /** How long the links before this one lasted, 48 kHz ticks. */
    private long earlierLinks;

    private int lastDuration = MediaClock.USUAL_PACKET_TICKS;
    private long sequenceNumber;

    private MatroskaRecording(InputStream in, String path, String streamId, ReadingSettings settings) {
        this.in = in;
        this.path = path;
        this.streamId = streamId;
        this.wantedTrack = settings.track();
        this.ebml = new EbmlReader(in);
        this.holes = new HoleClock(settings, Holes.SKIP, problems);
    }

    /** Reads on to the first Tracks; the stream stays open whatever happens. */
    static MatroskaRecording open(InputStream in, String path, String streamId, ReadingSettings settings)
            throws IOException {
        MatroskaRecording recording = new MatroskaRecording(in, path, streamId, settings);
        while (recording.head == null) {
            if (!recording.nextElement()) {
                throw recording.noTracks();
            }
        }
        return recording;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public Container container() {
        return container;
    }

    @Override
    public OpusHead head() {
        return head;
    }

    @Override
    public OpusPacket next() throws IOException {
        while (true) {
            while (index < block.count()) {
                OpusPacket packet = take(index++);
                if (packet != null) {
                    return packet;
                }
            }
            if (ended) {
                return null;
            }
            ended = !nextElement();
        }
    }

    @Override
    public List<RecordingProblem> problems() {
        return problems.toList();
    }

    @Override
    public long bytesRead() {
        return ebml.bytesRead();
    }

    @Override
    public void close() throws IOException {
        ended = true;
        index = block.count();
        in.close();
    }

    private boolean nextElement() throws IOException {
        try {
            if (ebml.next()) {
                readElement();
                return true;
            }
            long end = Math.max(knownEnd(segmentEnd), knownEnd(clusterEnd));
            if (end > ebml.position()) {
                problems.damage(
                        ebml.position(), "the recording ends %d bytes before its Segment does", end - ebml.position());
            }
            return false;
        } catch (DamagedElementException damage) {
            return findCluster(damage);
        }
    }

    private void readElement() throws IOException, DamagedElementException {
        switch (ebml.element()) {
            case EBML -> readEbmlHeader();
            case SEGMENT -> beginSegment();
            case CLUSTER -> beginCluster();
            default -> {
                ebml.requireWithin(parentEnd());
                switch (ebml.element()) {
                    case INFO -> readInfo();
                    case TRACKS -> readTracks();
                    case TIMESTAMP -> clusterTimestamp = ebml.readUnsigned();
                    case SIMPLE_BLOCK -> readSimpleBlock();
                    case BLOCK_GROUP -> readBlockGroup();
                    default -> passOver();
                }
            }
        }
    }

    /** Goes on at the next Cluster; false: there is none. */
    private boolean findCluster(DamagedElementException damage) throws IOException {
        lossPossible = true;
        if (damage.cut()) {
            problems.damage(damage.offset(), "%s", damage.getMessage());
            return false;
        }
        boolean found = ebml.findCluster(Long.MAX_VALUE);
        problems.damage(
                damage.offset(),
                found ? "%d bytes are damaged and were skipped: %s" : "the last %d bytes are damaged: %s",
                ebml.position() - damage.offset(),
                damage.getMessage());
        return found;
    }

    /** Where what the element is in ends, so far as it is known. */
    private long parentEnd() {
        return Math.min(endAfterElement(clusterEnd), endAfterElement(segmentEnd));
    }

    private long endAfterElement(long end) {
        return ebml.offset() < end ? end : EbmlReader.UNKNOWN_END;
    }

    private static long knownEnd(long end) {
        return end == EbmlReader.UNKNOWN_END ? 0 : end;
    }

    /**
     * Passes over an element. Where nothing bounds it, a size gone wrong would lead anywhere: there it is looked whether a
     * Cluster begins within.
     */
    private void passOver() throws IOException, DamagedElementException {
        long begin = ebml.offset();
        long end = ebml.end();
        if (parentEnd() == EbmlReader.UNKNOWN_END && ebml.findCluster(end)) {
            throw DamagedElementException.damaged(begin, "a Cluster begins where an element should go on");
        }
        ebml.skipTo(end);
    }

    private void readEbmlHeader() throws IOException, DamagedElementException {
        long begin = ebml.offset();
        String docType = MATROSKA;
        long version = 1;
        for (long end = ebml.end(); ebml.nextWithin(end); ) {
            switch (ebml.element()) {
                case EBML_READ_VERSION -> version = ebml.readUnsigned();
                case DOC_TYPE -> docType = ebml.readString();
                default -> ebml.skipTo(ebml.end());
            }
        }
        if (version != 1) {
            refuse(begin, "EBML of version %d: version 1 is needed".formatted(version));
        } else if (!docType.equals(MATROSKA) && !docType.equals(WEBM)) {
            refuse(begin, "EBML of DocType \"%s\": a Matroska or WebM recording is needed".formatted(docType));
        } else if (head == null) {
            container = docType.equals(WEBM) ? Container.WEBM : Container.MATROSKA;
        }
    }

    private void beginSegment() {
        segmentEnd = ebml.end();
        clusterEnd = 0;
        clusterTimestamp = NO_TIME;
        timestampScale = USUAL_SCALE_NANOS;
        tracksRead = false;
    }

    private void beginCluster() throws RecordingException {
        if (head == null) {
            throw noTracks();
        }
        clusterEnd = ebml.end();
        clusterTimestamp = NO_TIME;
    }

    private void readInfo() throws IOException, DamagedElementException {
        for (long end = ebml.end(); ebml.nextWithin(end); ) {
            switch (ebml.element()) {
                case TIMESTAMP_SCALE -> readTimestampScale();
                default -> ebml.skipTo(ebml.end());
            }
        }
    }

    private void readTimestampScale() throws IOException, DamagedElementException {
        long scale = ebml.readUnsigned();
        if (scale < 1 || scale > MAX_SCALE_NANOS) {
            problems.irregularity(ebml.offset(), "a TimestampScale of %d ns: 1 ms is taken for it", scale);
            return;
        }
        timestampScale = scale;
    }

    private void readTracks() throws IOException, DamagedElementException {
        long begin = ebml.offset();
        if (tracksRead) {
            // Section 5.1.4: copies of the first.
            passOver();
            return;
        }
        tracksRead = true;
        MatroskaTracks tracks = MatroskaTracks.read(ebml, wantedTrack, problems);
        if (tracks.wanted() == null) {
            refuse(begin, tracks.refusal(container));
        } else {
            beginLink(begin, tracks.wanted());
        }
    }

    private void beginLink(long offset, MatroskaTrack track) throws RecordingException {
        OpusHead next;
        try {
            next = track.head();
        } catch (IllegalArgumentException refusal) {
            refuse(offset, refusal.getMessage());
            return;
        }
        head = next;
        link++;
        trackNumber = track.number();
        block = new MatroskaBlock(head.streamCount(), track.strippedHeader());
        index = 0;
        lossPossible = false;
        earlierLinks += timeline.end();
        timeline = new MatroskaTimeline();
        long delay = track.codecDelayTicks();
        // The mapping derives CodecDelay from the pre-skip. Where they differ, it is known of writers that got
        // CodecDelay
        // wrong, FFmpeg before 5.1 for one, and of none that got the pre-skip wrong. A tick is somebody's rounding.
        if (delay > 0 && Math.abs(delay - head.preSkip()) > 1) {
            problems.irregularity(
                    offset,
                    "the CodecDelay is %d ticks, the pre-skip of the OpusHead %d: the pre-skip is followed",
                    delay,
                    head.preSkip());
        }
    }

    private void readSimpleBlock() throws IOException, DamagedElementException {
        long begin = ebml.offset();
        if (readBlock()) {
            place(begin, 0);
        }
    }

    private void readBlockGroup() throws IOException, DamagedElementException {
        long begin = ebml.offset();
        boolean read = false;
        long padding = 0;
        try {
            for (long end = ebml.end(); ebml.nextWithin(end); ) {
                switch (ebml.element()) {
                    case BLOCK -> {
                        if (read) {
                            problems.damage(ebml.offset(), "a second Block in its BlockGroup was passed over");
                            ebml.skipTo(ebml.end());
                        } else {
                            read = readBlock();
                        }
                    }
                    case DISCARD_PADDING -> padding = ebml.readSigned();
                    default -> ebml.skipTo(ebml.end());
                }
            }
        } finally {
            // A Block that is whole is given, even if its group is not.
            if (read) {
                place(begin, padding);
            }
        }
    }

    /** Reads a Block, or passes over it if it is of another track or damaged; false: it has no packets. */
    private boolean readBlock() throws IOException, DamagedElementException {
        if (ebml.readVint() != trackNumber) {
            passOver();
            return false;
        }
        index = 0;
        if (block.read(ebml, problems)) {
            return true;
        }
        lossPossible = true;
        passOver();
        return false;
    }

    /** Gives the packets of the Block their trims and their time. */
    private void place(long offset, long paddingNanos) {
        long left = block.discard(MediaClock.ofNanos(paddingNanos));
        if (left > 0) {
            problems.irregularity(offset, "the DiscardPadding is %d ticks longer than its Block", left);
        }
        long time = blockTime(offset);
        if (time != NO_TIME) {
            // A time is rounded, and so is the one that it is compared with.
            long gap = timeline.gapBefore(time, MediaClock.ofNanos(2 * timestampScale));
            if (timeline.wentBack()) {
                problems.irregularity(
                        offset, "a Block begins before the one before it: time goes on by the lengths of the packets");
            }
            if (gap > 0) {
                keep(offset, gap);
            }
        }
        lossPossible = false;
    }

    private void keep(long offset, long gap) {
        long kept = holes.keep(offset, gap, lossPossible);
        timeline.fill(kept);
        if (kept > 0 && lossPossible) {
            sequenceNumber += Math.max(1, kept / lastDuration);
        }
    }

    /** When the Block begins, 48 kHz ticks, or {@link #NO_TIME}. */
    private long blockTime(long offset) {
        if (clusterTimestamp == NO_TIME) {
            problems.irregularity(offset, "a Block comes before the Timestamp of its Cluster");
            return NO_TIME;
        }
        if (clusterTimestamp > MAX_NANOS / timestampScale) {
            problems.irregularity(offset, "the Timestamp %d of its Cluster is none", clusterTimestamp);
            return NO_TIME;
        }
        return MediaClock.ofNanos((clusterTimestamp + block.timestamp()) * timestampScale);
    }

    /** A packet of the Block, or null if it is none that could be passed on. */
    private OpusPacket take(int packet) {
        byte[] payload = block.payload(packet);
        int duration = block.duration(packet);
        int trimStart = block.trimStart(packet);
        int trimEnd = block.trimEnd(packet);
        long start = timeline.pass(duration, trimStart + trimEnd);
        if (payload != null && payload.length == 0) {
            problems.irregularity(block.offset(packet), "an empty packet was passed over");
            return null;
        }
        long number = sequenceNumber++;
        if (duration > 0) {
            lastDuration = duration;
        }
        if (payload == null) {
            problems.damage(
                    block.offset(packet),
                    "a packet of more than %d bytes was passed over",
                    PacketFraming.MAX_PACKET_BYTES * head.streamCount());
            return null;
        }
        long time = (earlierLinks + start) / MediaClock.TICKS_PER_MILLI;
        int track = (int) Math.min(trackNumber, Integer.MAX_VALUE);
        PacketOrigin origin = new PacketOrigin(path, track, block.offset(packet), time);
        return new OpusPacket(
                streamId, payload, number, start, head, link, trimStart, trimEnd, OpusPacket.ABSENT, origin);
    }

    /** Nothing can be had of the recording; or, where there was something, of the document that begins. */
    private void refuse(long offset, String message) throws RecordingException {
        if (head == null) {
            throw new RecordingException(path, 0, message);
        }
        problems.damage(offset, "what follows was passed over: %s", message);
        trackNumber = NO_TRACK;
    }

    private RecordingException noTracks() {
        if (problems.count() == 0) {
            return new RecordingException(
                    path, ebml.position(), "the Tracks are missing: the recording was cut or damaged");
        }
        RecordingProblem first = problems.toList().get(0);
        return new RecordingException(path, first.offset(), "no Tracks can be read: " + first.message());
    }
}
