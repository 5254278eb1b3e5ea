// SPDX-License-Identifier: Apache-2.0
/*
 * All masks of two examples
 *
 *   g = m₀·J₀ + m₁·J₁      p = ½, so m₀ and m₁ are 0 or 2
 *
 * List the four pairs of masks, which are equally likely, and compute the variance of g from the list. Then do the same for
 * a shared mask, m₀ = m₁.
 */
class AllMasksOfTwoExamples {
    static double ownMasks(double j0, double j1) {
        return Double.NaN;
    }

    static double sharedMask(double j0, double j1) {
        return Double.NaN;
    }
}
