// SPDX-License-Identifier: Apache-2.0
/*
 * Leaky relu
 *
 *   leaky(u) = u for u > 0, α·u otherwise
 *
 * Find the mean of leaky(u) for a normal u with mean μ from the mean of relu(u), without any new area.
 */
class LeakyReluIsReluAndALine {
    /**
     * The mean of leaky(u).
     *
     * @param alpha α
     * @param mean μ, the mean of u
     * @param relu the mean of relu(u)
     */
    static double expected(double alpha, double mean, double relu) {
        return Double.NaN;
    }
}
