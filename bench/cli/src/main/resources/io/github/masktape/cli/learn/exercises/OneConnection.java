// SPDX-License-Identifier: Apache-2.0
/*
 * One connection
 *
 *   L = ½·(s·w·x − t)²      one example, one input, one output, the mask M = s
 *
 * Differentiate L with respect to w as you learned in school. Find J, the gradient at the masked weight s·w, in the result.
 */
class OneConnection {
    /** The derivative of L with respect to w. */
    static double dw(double w, double x, double t, double s) {
        return Double.NaN;
    }

    /** J, the derivative of L with respect to v, where v = s·w. */
    static double j(double w, double x, double t, double s) {
        return Double.NaN;
    }
}
