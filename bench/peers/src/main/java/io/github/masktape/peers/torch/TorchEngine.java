// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.peers.torch;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;

/** Access to PyTorch through DJL. */
public final class TorchEngine {
    private TorchEngine() {}

    /** The engine, loaded at the first call. */
    public static Engine get() {
        return Engine.getEngine("PyTorch");
    }

    /** Sets the number of threads that all operations share. */
    public static void setThreads(int threads) {
        get();
        JniUtils.setNumThreads(threads);
    }
}
