// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.internal;

/** The loops that draw masks, defined by {@link ScalarMasks}. The layout of the bits is that of {@link Kernels}. */
@FunctionalInterface
public interface MaskKernels {
    /**
     * Draws the mask of each example i &lt; n from stream {@code keys[i]}: a bit is 1 when its binary fraction U =
     * 0.u₀u₁… of random digits is below {@code threshold}·2⁻⁶⁴ (unsigned; 0 stands for 2⁶⁴: all kept), uᵣ for output j
     * and input q being bit 63 − (q mod 64) of {@code mix(keys[i] + (64·c + r + 1)·γ)}, c = j·⌈d/64⌉ + ⌊q/64⌋.
     */
    void bernoulli(long[] keys, long threshold, int n, int l, int d, int[] bits);
}
