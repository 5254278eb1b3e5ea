// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.peers;

/** The measured work of one side, which can be repeated. */
@FunctionalInterface
interface MeasuredStep extends AutoCloseable {
    /** Does the work once; returns a number that depends on it, for training steps the loss. */
    double run();

    /** Frees the side's native memory. */
    @Override
    default void close() {}
}
