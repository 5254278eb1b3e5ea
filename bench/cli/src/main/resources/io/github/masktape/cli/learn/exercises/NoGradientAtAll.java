// SPDX-License-Identifier: Apache-2.0
/*
 * No gradient at all
 *
 * Connections are dropped with probability p, independently in each of N examples. With what probability does a connection
 * have no gradient at all in a step? What if all N examples share one mask?
 */
class NoGradientAtAll {
    static double ownMasks(double p, int examples) {
        return Double.NaN;
    }

    static double sharedMask(double p, int examples) {
        return Double.NaN;
    }
}
