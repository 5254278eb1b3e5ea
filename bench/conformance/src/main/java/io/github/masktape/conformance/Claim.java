// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance;

/**
 * A claim that an implementation makes about itself. Some laws change with a claim, and some are checked only with one.
 */
public enum Claim {
    /** It computes in float: the bound for each rounding is 2⁻²⁴, not 2⁻⁵³. */
    SINGLE_PRECISION,
    /** All examples of a batch share one mask. */
    ONE_MASK_A_BATCH,
    /** Biases are masked like weights from an input that is always 1: y += b ⊙ mₙ. */
    MASKED_BIAS,
    /** A mask selects instead of multiplying: a dropped value leaves no trace, even if it is infinite. */
    SELECTS,
    /** It drops with p = ½ only: no other p is tried. */
    DROPS_HALF,
    /** An example's mask depends on seed, step and the example's number, not on how many examples follow. */
    MASKS_HAVE_PLACES
}
