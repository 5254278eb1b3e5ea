// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import io.github.masktape.io.TensorBytes;
import java.io.File;
import java.io.IOException;

/** Checkpoints on bytes in memory. */
public final class CheckpointBytes {
    private CheckpointBytes() {}

    public static Checkpoint read(File name, byte[] content) throws IOException {
        return Checkpoint.of(name.toString(), TensorBytes.readSafeTensors(name, content));
    }

    public static byte[] of(Checkpoint checkpoint) throws IOException {
        return TensorBytes.of(checkpoint.content());
    }
}
