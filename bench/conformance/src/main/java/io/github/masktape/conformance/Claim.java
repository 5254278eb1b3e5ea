package io.github.masktape.conformance;

/** What an implementation says of itself. Some laws read otherwise, and some are checked only of those who claim them. */
public enum Claim {
    /** It computes in float: results are compared to a bound of 2⁻²⁴ for each rounding, not 2⁻⁵³. */
    SINGLE_PRECISION,
    /** All examples of a batch share one mask. */
    ONE_MASK_A_BATCH,
    /** Biases are masked like weights from an input that is always 1: y += b ⊙ mₙ. */
    MASKED_BIAS,
    /** A mask selects, it does not multiply: what is dropped leaves no trace, even if it is infinite. */
    SELECTS,
    /** An example's mask depends on seed, step and the example's number, not on how many examples follow. */
    MASKS_HAVE_PLACES
}
