// SPDX-License-Identifier: Apache-2.0
/*
 * The rule of a matrix product
 *
 *   y[i][j] = Σₖ a[i][k]·b[k][j]      a: m×k, b: k×n, dy: m×n
 *
 * Write the gradient of a with plain loops. Which product of dy with b or bᵀ is it?
 */
class MatmulRule {
    static double[][] da(double[][] dy, double[][] b) {
        double[][] da = new double[dy.length][b.length];
        // your loops here
        return da;
    }
}
