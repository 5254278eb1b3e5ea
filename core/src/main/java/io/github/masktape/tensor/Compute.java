package io.github.masktape.tensor;

import io.github.masktape.internal.Kernels;
import io.github.masktape.internal.Platform;

/** How fast, never what: threads and kernels. No setting here changes a bit of any result. */
public final class Compute {
    private Compute() {}

    /** The number of threads that large operations use; first {@code -Dmasktape.threads}, else one per processor. */
    public static int threads() {
        return Platform.threads();
    }

    /**
     * Sets the number of threads for operations that start from now on.
     *
     * @throws IllegalArgumentException if {@code threads} is not in 1…256
     */
    public static void setThreads(int threads) {
        Platform.setThreads(threads);
    }

    /** A line that tells which kernels run, on how many threads. */
    public static String description() {
        return Kernels.description() + ", " + threads() + (threads() == 1 ? " thread" : " threads");
    }
}
