// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.internal;

/**
 * The platform of a browser: one thread, no vectors, no fused multiply-add. It replaces core's class of that name when
 * the engine is compiled for the page, and has only the members that are used there.
 */
public final class Platform {
    static final boolean ROUNDS_FLOATS = true;

    private Platform() {}

    /** The fused multiply-add, {@code a·b + c} rounded once. */
    public static float fma(float a, float b, float c) {
        return EmulatedFma.fma(a, b, c);
    }

    static String obstacleToVectors() {
        return "a browser has no Vector API";
    }

    static KernelChoice vectorKernels() {
        throw new IllegalStateException(obstacleToVectors());
    }

    static int vectorBits() {
        throw new IllegalStateException(obstacleToVectors());
    }

    /** A part of a loop: the items from (inclusive) to (exclusive). */
    @FunctionalInterface
    public interface Range {
        /** Processes the items from {@code from} to {@code to}, exclusive. */
        void run(int from, int to);
    }

    /** Processes the items 0 … items−1 in one part. */
    public static void parallelFor(int items, long workPerItem, Range body) {
        body.run(0, items);
    }
}
