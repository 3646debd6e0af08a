package dev.decant.decode;

import dev.decant.audio.PcmFrame;
import org.apache.flink.streaming.api.operators.StreamMap;

/**
 * Runs a {@link DecodeFunction}, and lets it choose the key whose state it sees: a decoder that is let go writes its log
 * while the step of another stream is run, and before a checkpoint all of them do.
 */
class DecodeOperator extends StreamMap<DecodeStep, PcmFrame> {
    private static final long serialVersionUID = 1;

    DecodeOperator(DecodeFunction function) {
        super(function);
    }

    @Override
    public void open() throws Exception {
        ((DecodeFunction) userFunction).setKeyContext(this);
        super.open();
    }
}
