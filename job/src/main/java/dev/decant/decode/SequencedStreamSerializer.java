package dev.decant.decode;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.MediaClock;
import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import dev.decant.audio.RecordSerializer;
import dev.decant.audio.Toc;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * {@link SequencedStream} in bytes. Version 1 knew nothing of record times: the stream's next packet brings its own. Versions
 * 1 and 2 took packets as they came: the next packet begins the numbering and tells the media time. They knew plain decoders
 * only, and refused the links that take another one.
 */
public final class SequencedStreamSerializer extends RecordSerializer<SequencedStream> {
    static final SequencedStreamSerializer INSTANCE = new SequencedStreamSerializer();

    private static final int NO_MODE = 0xFF;
    private static final Toc.Mode[] MODES = Toc.Mode.values();

    private SequencedStreamSerializer() {}

    @Override
    protected int version() {
        return 3;
    }

    @Override
    protected void write(SequencedStream stream, DataOutputView out) throws IOException {
        write(stream.numbering(), out);
        write(stream.timeline(), out);
        out.writeBoolean(stream.hasStray());
        out.writeBoolean(stream.flushes());
        out.writeLong(stream.waitTimer());
        out.writeLong(stream.lastRecordTime());
        writeOrigin(stream.lastOrigin(), out);
        out.writeLong(stream.timer());
        out.writeBoolean(stream.idle());
    }

    @Override
    protected SequencedStream read(int version, DataInputView in) throws IOException {
        if (version < 3) {
            return readVersion1Or2(version, in);
        }
        return new SequencedStream(
                readNumbering(in),
                readTimeline(in),
                in.readBoolean(),
                in.readBoolean(),
                in.readLong(),
                in.readLong(),
                readOrigin(in),
                in.readLong(),
                in.readBoolean());
    }

    private static SequencedStream readVersion1Or2(int version, DataInputView in) throws IOException {
        Timeline timeline = readTimelineOfVersion1(in);
        boolean hasTimer = version == 2 && in.readBoolean();
        return new SequencedStream(
                new Numbering(),
                timeline,
                false,
                false,
                SequencedStream.NO_TIMER,
                hasTimer ? in.readLong() : PacketOrigin.NO_TIME,
                hasTimer ? readOrigin(in) : SequencedStream.NOWHERE,
                hasTimer ? in.readLong() : SequencedStream.NO_TIMER,
                hasTimer && in.readBoolean());
    }

    private static void write(Numbering numbering, DataOutputView out) throws IOException {
        out.writeLong(numbering.ssrc());
        out.writeLong(numbering.formerSsrc());
        out.writeBoolean(numbering.started());
        out.writeLong(numbering.next());
        out.writeLong(numbering.played());
        out.writeLong(numbering.newest());
        out.writeLong(numbering.newestEnd());
        out.writeLong(numbering.newestLink());
        out.writeLong(numbering.newestRecordTime());
        out.writeInt(numbering.waiting());
    }

    private static Numbering readNumbering(DataInputView in) throws IOException {
        return new Numbering(
                in.readLong(),
                in.readLong(),
                in.readBoolean(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readInt());
    }

    private static void write(Timeline timeline, DataOutputView out) throws IOException {
        out.writeLong(timeline.linkNumber);
        writeBytes(timeline.head == null ? null : timeline.head.toBytes(), out);
        writeText(timeline.refusal, out);
        DecodeStepSerializer.writeLink(timeline.link, out);
        out.writeInt(timeline.segment);
        out.writeBoolean(timeline.discontinuous);
        out.writeLong(timeline.clock);
        out.writeLong(timeline.mediaStart);
        out.writeLong(timeline.recordStart);
        out.writeInt(timeline.usualTicks);
        out.writeInt(timeline.frameTicks);
        out.writeByte(timeline.mode == null ? NO_MODE : timeline.mode.ordinal());
        out.writeLong(timeline.lost);
        out.writeInt(timeline.lostTrimStart);
        out.writeInt(timeline.lostTrimEnd);
    }

    private static Timeline readTimeline(DataInputView in) throws IOException {
        return new Timeline(
                in.readLong(),
                readHead(in),
                readText(in),
                DecodeStepSerializer.readLink(in),
                in.readInt(),
                in.readBoolean(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readInt(),
                in.readInt(),
                readMode(in),
                in.readLong(),
                in.readInt(),
                in.readInt());
    }

    private static Timeline readTimelineOfVersion1(DataInputView in) throws IOException {
        long linkNumber = in.readLong();
        OpusHead head = readHead(in);
        return new Timeline(
                linkNumber,
                head,
                refusalOfOld(head),
                DecodeStepSerializer.readPlainLink(in),
                in.readInt(),
                false,
                in.readLong(),
                OpusPacket.ABSENT,
                PacketOrigin.NO_TIME,
                in.readInt(),
                MediaClock.USUAL_PACKET_TICKS,
                null,
                0,
                0,
                0);
    }

    private static String refusalOfOld(OpusHead head) {
        return ChannelLayout.isForPlainDecoder(head)
                ? null
                : "the header says " + head.channels() + " channels in " + head.streamCount()
                        + " streams, which the version of Decant that the link began with could not decode";
    }

    private static OpusHead readHead(DataInputView in) throws IOException {
        byte[] bytes = readBytes(in);
        return bytes == null ? null : OpusHead.parse(bytes);
    }

    private static Toc.Mode readMode(DataInputView in) throws IOException {
        int mode = in.readUnsignedByte();
        return mode == NO_MODE ? null : MODES[mode];
    }

    @Override
    public SequencedStream copy(SequencedStream stream) {
        return stream.copy();
    }

    @Override
    public boolean isImmutableType() {
        return false;
    }

    @Override
    public TypeSerializerSnapshot<SequencedStream> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in a savepoint. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<SequencedStream> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
