package dev.decant.decode;

/** No state: see {@link DecoderState#NONE}. */
final class UnkeptDecoderState implements DecoderState {
    @Override
    public boolean isKept() {
        return false;
    }

    @Override
    public DecoderLog read(String streamId) {
        return new DecoderLog();
    }

    @Override
    public void write(String streamId, DecoderLog log) {}

    @Override
    public void clear(String streamId) {}
}
