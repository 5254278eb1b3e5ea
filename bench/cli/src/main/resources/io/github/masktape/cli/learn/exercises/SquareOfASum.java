// SPDX-License-Identifier: Apache-2.0
/*
 * The square of a sum
 *
 *   (Σₙ Jₙ)² ≤ N·Σₙ Jₙ²
 *
 * Show it: the variance of the N numbers, each equally likely, is not negative. When are the two sides equal?
 */
class SquareOfASum {
    /** The variance of the numbers: their mean square, less the square of their mean. */
    static double variance(double[] j) {
        return Double.NaN;
    }

    /** The right side less the left side, N·Σ Jₙ² − (Σ Jₙ)², from the variance. */
    static double gap(double[] j) {
        return Double.NaN;
    }

    /** So many numbers, not all 0, for which both sides are equal. */
    static double[] equal(int count) {
        return new double[count];
    }
}
