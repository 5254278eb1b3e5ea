package io.github.masktape.peers.torch;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;

/** PyTorch, through DJL. */
public final class TorchEngine {
    private TorchEngine() {}

    /** The engine, loaded when it is first asked for. */
    public static Engine get() {
        return Engine.getEngine("PyTorch");
    }

    /** Sets the threads that all of its operations share. */
    public static void setThreads(int threads) {
        get();
        JniUtils.setNumThreads(threads);
    }
}
