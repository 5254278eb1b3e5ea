package io.github.masktape.tensor;

import io.github.masktape.internal.KernelChoice;
import io.github.masktape.internal.Platform;

/** Settings of speed: threads and kernels. None of them changes a bit of any result. */
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
        return KernelChoice.description() + ", " + threads() + (threads() == 1 ? " thread" : " threads");
    }

    /** The fused multiply-add a·b + c, rounded once: an instruction where there is one, else emulated to the same bits. */
    public static float fma(float a, float b, float c) {
        return Platform.fma(a, b, c);
    }

    /**
     * Makes a program's first steps come sooner: plain kernels compute, and after a training step or so the vector kernels
     * are compiled in the background, by a thread that keeps a processor busy for a second, until they are the faster ones.
     * For programs that start anew for each run; without vectors, or where {@code -Dmasktape.kernels} asks for some kernels,
     * it does nothing.
     */
    public static void warmUp() {
        KernelChoice.warmUp();
    }

    /**
     * Whether this program would be faster in a JVM started with {@code --add-modules jdk.incubator.vector}: the runtime
     * has the module, nothing else is known to stand against vector kernels, and {@code -Dmasktape.kernels=scalar} is
     * not given. Asking does not settle which kernels run.
     */
    public static boolean lacksVectorModule() {
        return KernelChoice.lacksVectorModule();
    }
}
