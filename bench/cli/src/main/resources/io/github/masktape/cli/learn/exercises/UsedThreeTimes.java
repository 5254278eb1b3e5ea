// SPDX-License-Identifier: Apache-2.0
/*
 * Used three times
 *
 *   c = x·x,   y = c·x      at x = 2
 *
 * Write down the shares that x receives, in the order in which backward sends them: first the one from c·x, then the two
 * from x·x. What must their sum be?
 */
class UsedThreeTimes {
    static double[] shares() {
        return new double[] {0, 0, 0};
    }

    /** The derivative of x³ at x = 2. */
    static double sum() {
        return Double.NaN;
    }
}
