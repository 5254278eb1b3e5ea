// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.tensor;

/**
 * The arithmetic of an optimizer's step, for {@link MutableTensor#update}: plain loops over arrays, which are changed
 * in place. Several threads call it for separate ranges, so an element may depend only on elements with its own index.
 * Use {@link Compute#fma} for a fused multiply-add that is the same on every machine.
 */
public interface Update {
    /**
     * Updates the elements {@code from} (inclusive) to {@code to} (exclusive), in single precision.
     *
     * @param w the numbers to update
     * @param g their gradient, which must not be changed
     * @param states the optimizer's states for them, for example a velocity, which are changed too
     */
    void apply(float[] w, float[] g, float[][] states, int from, int to);

    /** Updates the elements in double precision. */
    void apply(double[] w, double[] g, double[][] states, int from, int to);
}
