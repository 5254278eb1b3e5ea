// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance;

import java.util.Arrays;

/** DropConnect computed from its formulas in plain loops, as the laws expect it. */
final class Reference {
    private Reference() {}

    /** A sum of products, with the sum of their absolute values, which bounds the error of summation in any order. */
    record ReferenceSum(double value, double size, int terms) {
        /** The largest error of a sum that rounds after each multiplication and addition, in any order. */
        double bound(double unitRoundoff) {
            return (terms + 4) * unitRoundoff * size;
        }
    }

    /** The output yₙ[j] = Σ_q W[j][q]·M[n][j][q]·x[n][q] + b[j]. */
    static ReferenceSum y(Case c, int n, int j) {
        double bias = c.b()[j] * c.biasMask(n, j);
        double sum = 0;
        double size = Math.abs(bias);
        for (int q = 0; q < c.in(); q++) {
            double term = masked(c, n, j, q) * c.x()[n][q];
            sum += term;
            size += Math.abs(term);
        }
        return new ReferenceSum(sum + bias, size, c.in() + 1);
    }

    /** The gradient dx[n][q] = Σ_j W[j][q]·M[n][j][q]·dy[n][j]. */
    static ReferenceSum dx(Case c, int n, int q) {
        double sum = 0;
        double size = 0;
        for (int j = 0; j < c.out(); j++) {
            double term = masked(c, n, j, q) * c.dy()[n][j];
            sum += term;
            size += Math.abs(term);
        }
        return new ReferenceSum(sum, size, c.out());
    }

    /** The gradient dW[j][q] = Σₙ dy[n][j]·x[n][q]·M[n][j][q]. */
    static ReferenceSum dw(Case c, int j, int q) {
        double sum = 0;
        double size = 0;
        for (int n = 0; n < c.examples(); n++) {
            double m = c.mask(n, j, q);
            double term = m == 0 ? 0 : c.dy()[n][j] * c.x()[n][q] * m;
            sum += term;
            size += Math.abs(term);
        }
        return new ReferenceSum(sum, size, c.examples());
    }

    /** The gradient db[j] = Σₙ dy[n][j], or Σₙ dy[n][j]·m[n][j] if biases are masked. */
    static ReferenceSum db(Case c, int j) {
        double sum = 0;
        double size = 0;
        for (int n = 0; n < c.examples(); n++) {
            double term = c.dy()[n][j] * c.biasMask(n, j);
            sum += term;
            size += Math.abs(term);
        }
        return new ReferenceSum(sum, size, c.examples());
    }

    private static double masked(Case c, int n, int j, int q) {
        double m = c.mask(n, j, q);
        return m == 0 ? 0 : c.w()[j][q] * m;
    }

    static boolean isDroppedByAll(Case c, int j, int q) {
        for (int n = 0; n < c.examples(); n++) {
            if (c.mask(n, j, q) != 0) {
                return false;
            }
        }
        return true;
    }

    static double[][] copy(double[][] matrix) {
        double[][] copy = new double[matrix.length][];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = matrix[i].clone();
        }
        return copy;
    }

    static double[][] filled(int rows, int columns, double value) {
        double[][] matrix = new double[rows][columns];
        for (double[] row : matrix) {
            Arrays.fill(row, value);
        }
        return matrix;
    }
}
