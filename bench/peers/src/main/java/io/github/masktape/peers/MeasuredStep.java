package io.github.masktape.peers;

/** What is measured: one side's work, ready to be done again and again. */
@FunctionalInterface
interface MeasuredStep extends AutoCloseable {
    /** Does it once; gives a number that depends on the work, for training steps the loss. */
    double run();

    /** Frees native memory. */
    @Override
    default void close() {}
}
