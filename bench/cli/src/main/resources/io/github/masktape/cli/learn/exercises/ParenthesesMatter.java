// SPDX-License-Identifier: Apache-2.0
/*
 * Parentheses matter
 *
 * Find three doubles between 0 and 1 for which (a + b) + c and a + (b + c) differ. How often do they differ for random ones?
 */
class ParenthesesMatter {
    static double[] triple() {
        return new double[] {0, 0, 0};
    }

    /** The share of random triples for which the two sums differ; within 0.05. */
    static double share() {
        return Double.NaN;
    }
}
