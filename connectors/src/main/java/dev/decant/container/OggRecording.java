package dev.decant.container;

import dev.decant.audio.MediaClock;
import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketFraming;
import dev.decant.audio.PacketOrigin;
import dev.decant.container.ReadingSettings.Holes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * An Ogg Opus recording (RFC 7845): links one after the other, in each an OpusHead, tags, and audio; streams of other
 * codecs between are passed over. Our own reader, since the one on Maven Central, vorbis-java, hands out damaged pages
 * as if they were sound, and holds tags of any size in memory.
 */
final class OggRecording implements Recording {
    private static final byte[] TAGS_MAGIC = "OpusTags".getBytes(StandardCharsets.US_ASCII);
    private static final int TRACK = 0;

    private final InputStream in;
    private final String path;
    private final String streamId;
    private final ProblemList problems = new ProblemList();
    private final OggPageReader pages;
    private final HoleClock holes;

    /** What else the file holds, by name; there are few names. */
    private final Set<String> otherCodecs = new TreeSet<>();

    /** Whether only first pages have been seen since the last link: all of those stand together (RFC 3533, section 4). */
    private boolean amongFirstPages;

    private boolean ended;

    private boolean linkOpen;
    private boolean opusInGroup;
    private long link = -1;
    private int serialNumber;
    private int nextPage;
    private boolean tagsRead;
    private OpusHead head;
    private OggPackets packets = new OggPackets(0);
    private OggTimeline timeline = new OggTimeline();
    private boolean lossPossible;

    /** Which packet of the page is next, when it begins, and what the one before it lasted. */
    private int index;

    private long timestamp;

    /** How long the links before this one lasted, 48 kHz ticks. */
    private long earlierLinks;

    private int lastDuration = MediaClock.USUAL_PACKET_TICKS;
    private long sequenceNumber;

    private OggRecording(InputStream in, String path, String streamId, ReadingSettings settings) {
        this.in = in;
        this.path = path;
        this.streamId = streamId;
        this.pages = new OggPageReader(in, problems);
        this.holes = new HoleClock(settings, Holes.FILL, problems);
    }

    /** Reads on to the first OpusHead; the stream stays open whatever happens. */
    static OggRecording open(InputStream in, String path, String streamId, ReadingSettings settings)
            throws IOException {
        OggRecording recording = new OggRecording(in, path, streamId, settings);
        while (!recording.linkOpen) {
            if (!recording.pages.next()) {
                throw recording.nothingToRead();
            }
            if (!recording.pages.beginsStream()) {
                throw recording.noOpus();
            }
            recording.readFirstPage();
        }
        return recording;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public Container container() {
        return Container.OGG;
    }

    @Override
    public OpusHead head() {
        return head;
    }

    @Override
    public OpusPacket next() throws IOException {
        while (true) {
            while (index < packets.count()) {
                OpusPacket packet = take(index++);
                if (packet != null) {
                    return packet;
                }
            }
            if (ended || !nextPage()) {
                ended = true;
                return null;
            }
        }
    }

    @Override
    public List<RecordingProblem> problems() {
        return problems.toList();
    }

    @Override
    public long bytesRead() {
        return pages.bytesRead();
    }

    @Override
    public void close() throws IOException {
        ended = true;
        index = packets.count();
        in.close();
    }

    private boolean nextPage() throws IOException {
        long known = problems.count();
        if (!pages.next()) {
            if (problems.count() == known) {
                closeLink(pages.bytesRead());
            }
            return false;
        }
        if (pages.beginsStream()) {
            readFirstPage();
        } else {
            amongFirstPages = false;
            if (head != null && pages.serialNumber() == serialNumber) {
                readPage();
            }
        }
        return true;
    }

    /** A link begins, if it is the first page of Opus. */
    private void readFirstPage() throws RecordingException {
        if (!amongFirstPages) {
            closeLink(pages.offset());
            amongFirstPages = true;
            opusInGroup = false;
        }
        byte[] first = firstPacket();
        if (!OpusHead.isHead(first)) {
            otherCodecs.add(OggCodec.nameOf(first));
            return;
        }
        if (opusInGroup) {
            problems.damage(pages.offset(), "a second Opus stream at the same time was passed over");
            return;
        }
        opusInGroup = true;
        OpusHead next;
        try {
            next = OpusHead.parse(first);
        } catch (IllegalArgumentException refusal) {
            if (head == null) {
                throw new RecordingException(path, pages.offset(), refusal.getMessage());
            }
            problems.damage(pages.offset(), "a link was passed over: %s", refusal.getMessage());
            return;
        }
        head = next;
        link++;
        linkOpen = true;
        tagsRead = false;
        lossPossible = false;
        serialNumber = pages.serialNumber();
        nextPage = pages.sequenceNumber() + 1;
        packets = new OggPackets(PacketFraming.MAX_PACKET_BYTES * head.streamCount());
        earlierLinks += timeline.end();
        timeline = new OggTimeline();
        index = 0;
    }

    private void readPage() {
        if (!linkOpen) {
            problems.damage(pages.offset(), "a page after the last one of its stream was passed over");
            return;
        }
        boolean afterLoss = pages.sequenceNumber() != nextPage;
        if (afterLoss) {
            problems.damage(
                    pages.offset(),
                    "page %d follows: page %d was expected",
                    Integer.toUnsignedLong(pages.sequenceNumber()),
                    Integer.toUnsignedLong(nextPage));
        }
        nextPage = pages.sequenceNumber() + 1;
        packets.read(pages, afterLoss);
        if (packets.broken() && !afterLoss) {
            problems.damage(pages.offset(), "a part of a packet is missing before this page");
        }
        lossPossible |= afterLoss || packets.broken();
        index = 0;
        if (!tagsRead && packets.count() > 0) {
            readTags();
        }
        placePackets();
        if (pages.endsStream()) {
            linkOpen = false;
            if (packets.unfinished()) {
                problems.damage(pages.offset(), "the stream ends within a packet");
            }
        }
    }

    /** Passes over the tags, whatever their size; they never matter to the sound. */
    private void readTags() {
        tagsRead = true;
        byte[] tags = packets.payload(0);
        if (tags == null || begins(tags, TAGS_MAGIC)) {
            index = 1;
        } else {
            problems.irregularity(packets.offset(0), "no OpusTags after the OpusHead: this packet is taken for audio");
        }
    }

    private void placePackets() {
        long ticks = 0;
        for (int packet = index; packet < packets.count(); packet++) {
            ticks += packets.duration(packet);
        }
        timeline.place(granulePosition(), ticks, pages.endsStream());
        if (timeline.contradiction() > 0) {
            problems.irregularity(
                    pages.offset(),
                    "the granule position is %d ticks too small for the packets up to it",
                    timeline.contradiction());
        }
        if (timeline.gap() > 0) {
            long kept = holes.keep(pages.offset(), timeline.gap(), lossPossible);
            if (kept == 0) {
                timeline.closeGap();
            } else if (lossPossible) {
                sequenceNumber += Math.max(1, kept / lastDuration);
            }
        }
        timestamp = timeline.start();
        if (ticks > 0) {
            lossPossible = false;
        }
    }

    private long granulePosition() {
        long position = pages.granulePosition();
        if (position == OggTimeline.NONE || position >= 0 && position <= OggTimeline.MAX_GRANULE_POSITION) {
            return position;
        }
        problems.irregularity(pages.offset(), "the granule position %d is none", position);
        return OggTimeline.NONE;
    }

    /** A packet of the page, or null if it is none that could be passed on. */
    private OpusPacket take(int packet) {
        byte[] payload = packets.payload(packet);
        int duration = packets.duration(packet);
        long start = timestamp;
        timestamp += duration;
        if (payload != null && payload.length == 0) {
            problems.irregularity(packets.offset(packet), "an empty packet was passed over");
            return null;
        }
        long number = sequenceNumber++;
        if (duration > 0) {
            lastDuration = duration;
        }
        if (payload == null) {
            problems.damage(
                    packets.offset(packet),
                    "a packet of more than %d bytes was passed over",
                    PacketFraming.MAX_PACKET_BYTES * head.streamCount());
            return null;
        }
        int trimEnd = (int) Math.max(0, Math.min(duration, timestamp - timeline.end()));
        long time = (earlierLinks + start) / MediaClock.TICKS_PER_MILLI;
        PacketOrigin origin = new PacketOrigin(path, TRACK, packets.offset(packet), time);
        return new OpusPacket(streamId, payload, number, start, head, link, 0, trimEnd, OpusPacket.ABSENT, origin);
    }

    private void closeLink(long offset) {
        if (linkOpen) {
            linkOpen = false;
            problems.irregularity(offset, "the stream ends without a last page: it may have been longer");
        }
    }

    /** The first packet of the page, or of a packet that goes on what the page holds of it. */
    private byte[] firstPacket() {
        int length = 0;
        for (int segment = 0, segments = pages.segments(); segment < segments; segment++) {
            length += pages.segmentBytes(segment);
            if (pages.segmentBytes(segment) < 255) {
                break;
            }
        }
        byte[] packet = new byte[length];
        pages.copy(pages.bodyAt(), packet, 0, length);
        return packet;
    }

    private RecordingException nothingToRead() {
        if (!otherCodecs.isEmpty()) {
            return noOpus();
        }
        RecordingProblem first = problems.toList().get(0);
        return new RecordingException(path, first.offset(), "no Ogg page can be read: " + first.message());
    }

    private RecordingException noOpus() {
        if (otherCodecs.isEmpty()) {
            return new RecordingException(
                    path,
                    pages.offset(),
                    "the first page, with the OpusHead, is missing: the recording was cut or damaged");
        }
        return new RecordingException(path, 0, "not an Ogg Opus recording: it holds " + String.join(", ", otherCodecs));
    }

    private static boolean begins(byte[] packet, byte[] magic) {
        return packet.length >= magic.length && Arrays.equals(packet, 0, magic.length, magic, 0, magic.length);
    }
}
