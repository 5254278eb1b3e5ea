// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.tensor;

import io.github.masktape.internal.KernelChoice;
import io.github.masktape.internal.Platform;

/** The settings of threads and kernels. They affect speed, but no bit of any result. */
public final class Compute {
    private Compute() {}

    /** The number of threads of large operations; initially {@code -Dmasktape.threads}, or else one per processor. */
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

    /** The kernels in use and the number of threads, on one line. */
    public static String description() {
        return KernelChoice.description() + ", " + threads() + (threads() == 1 ? " thread" : " threads");
    }

    /**
     * The fused multiply-add a·b + c, rounded once: an instruction where there is one, else emulated to the same bits.
     */
    public static float fma(float a, float b, float c) {
        return Platform.fma(a, b, c);
    }

    /**
     * Speeds up the first steps of a program: plain kernels compute, and after about one training step a thread that
     * keeps a processor busy for a second compiles the vector kernels in the background, until they are faster. It is
     * meant for programs that start a new JVM for each run. Without vectors, or if {@code -Dmasktape.kernels} selects
     * kernels, it does nothing.
     */
    public static void warmUp() {
        KernelChoice.warmUp();
    }

    /**
     * True if this program would be faster in a JVM started with {@code --add-modules jdk.incubator.vector}: the
     * runtime has the module, no other obstacle to vector kernels is known, and {@code -Dmasktape.kernels=scalar} is
     * not given. A call does not determine which kernels run.
     */
    public static boolean lacksVectorModule() {
        return KernelChoice.lacksVectorModule();
    }
}
