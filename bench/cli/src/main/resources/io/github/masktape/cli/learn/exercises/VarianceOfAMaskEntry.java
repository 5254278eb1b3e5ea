// SPDX-License-Identifier: Apache-2.0
/*
 * The variance of a mask's entry
 *
 *   m = 0 with probability p, else 1/(1 − p)
 *
 * What is the variance of m? Which drop probability makes it nine times that of p = ½?
 */
class VarianceOfAMaskEntry {
    static double variance(double p) {
        return Double.NaN;
    }

    /** The p whose variance is nine times that of p = ½. */
    static double nineTimes() {
        return Double.NaN;
    }
}
