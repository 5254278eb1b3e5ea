// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance;

/** A source of an implementation's masks: M = 0 with probability p, else 1/(1 − p). */
@FunctionalInterface
public interface MaskSource {
    /**
     * The masks of one training step, {@code [example][output][input]}, as numbers; for one example only if {@link
     * Claim#ONE_MASK_A_BATCH} is claimed.
     *
     * @throws RuntimeException if {@code dropProbability} is not in [0, 1)
     */
    double[][][] draw(int examples, int outputs, int inputs, double dropProbability, long seed, long step);
}
