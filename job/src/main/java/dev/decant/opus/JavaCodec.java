package dev.decant.opus;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.ChannelLayout.Decoder;
import io.github.jaredmdobson.concentus.OpusDecoder;
import io.github.jaredmdobson.concentus.OpusException;
import io.github.jaredmdobson.concentus.OpusMSDecoder;

/** What Concentus' decoders of one and of several streams have in common. */
interface JavaCodec {
    /**
     * The decoder for a layout. Concentus knows no demixing matrix: with one, the decoded channels come as they are.
     *
     * @throws OpusException if there is none
     */
    static JavaCodec of(ChannelLayout layout, int rate) throws OpusException {
        return layout.decoder() == Decoder.PLAIN
                ? new OneStream(new OpusDecoder(rate, layout.channels()))
                : new SeveralStreams(OpusMSDecoder.create(
                        rate, layout.decodedChannels(), layout.streamCount(), layout.coupledCount(), mapping(layout)));
    }

    /**
     * @param packet null for a lost one
     * @return samples a channel, or an error of opus_defines.h
     */
    int decode(byte[] packet, int length, short[] pcm, int samples, boolean fec) throws OpusException;

    void setGain(int gain);

    void reset();

    int finalRange();

    private static short[] mapping(ChannelLayout layout) {
        short[] mapping = new short[layout.decodedChannels()];
        for (int channel = 0; channel < mapping.length; channel++) {
            mapping[channel] =
                    (short) (layout.decoder() == Decoder.PROJECTION ? channel : layout.mapping()[channel] & 0xFF);
        }
        return mapping;
    }

    /** A decoder of one stream. */
    record OneStream(OpusDecoder decoder) implements JavaCodec {
        @Override
        public int decode(byte[] packet, int length, short[] pcm, int samples, boolean fec) throws OpusException {
            return decoder.decode(packet, 0, length, pcm, 0, samples, fec);
        }

        @Override
        public void setGain(int gain) {
            decoder.setGain(gain);
        }

        @Override
        public void reset() {
            decoder.resetState();
        }

        @Override
        public int finalRange() {
            return decoder.getFinalRange();
        }
    }

    /** A decoder of several streams. */
    record SeveralStreams(OpusMSDecoder decoder) implements JavaCodec {
        @Override
        public int decode(byte[] packet, int length, short[] pcm, int samples, boolean fec) {
            return decoder.decodeMultistream(packet, 0, length, pcm, 0, samples, fec ? 1 : 0);
        }

        @Override
        public void setGain(int gain) {
            decoder.setGain(gain);
        }

        @Override
        public void reset() {
            decoder.ResetState();
        }

        @Override
        public int finalRange() {
            return decoder.getFinalRange();
        }
    }
}
