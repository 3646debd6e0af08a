package dev.decant.decode;

import dev.decant.opus.DecoderImage;
import java.util.List;

/** No state: see {@link DecoderState#NONE}. */
final class UnkeptDecoderState implements DecoderState {
    @Override
    public boolean isKept() {
        return false;
    }

    @Override
    public void begin(String library) {}

    @Override
    public void append(LoggedStep step) {}

    @Override
    public void save(DecoderImage image) {}

    @Override
    public void cut() {}

    @Override
    public void clear() {}

    @Override
    public SavedDecoder saved() {
        return SavedDecoder.UNKNOWN;
    }

    @Override
    public List<LoggedStep> log() {
        return List.of();
    }
}
