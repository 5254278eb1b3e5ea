// SPDX-License-Identifier: Apache-2.0
/*
 * Eight sums
 *
 * Tensor.sumOfSquares says: element i adds to the sum of number i mod 8, and the eight sums are added pairwise. Write it, bit
 * for bit. (A vector of 8, 4 or 2 doubles can do just these additions.)
 */
class EightSums {
    static double sumOfSquares(double[] a) {
        double sum = 0;
        for (double value : a) {
            sum += value * value;
        }
        return sum;
    }
}
