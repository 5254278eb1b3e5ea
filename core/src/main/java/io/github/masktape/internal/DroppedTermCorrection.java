// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.internal;

import java.util.Arrays;

/**
 * A correction of FLOAT32 products for kernels that add a dropped term as ±0 instead of leaving it out. This makes no
 * difference unless
 *
 * <ul>
 *   <li>an operand is infinite or NaN: ∞·0 = NaN; or
 *   <li>the sum is −0.0, which becomes +0.0. A sum begins as +0.0 and becomes −0.0 only when a negative number is
 *       rounded to zero. With |factor|·|factor| ≥ 2⁻¹⁰¹ wherever it is not 0, all terms are multiples of 2⁻¹⁴⁹, so that
 *       no sum is rounded to zero. Without it, only sums that are zero at the end can differ, and only by their sign.
 * </ul>
 *
 * <p>Elements for which the least magnitudes of their row and column do not rule out both cases are recomputed from the
 * definition: one fma for each kept term, in order, from +0.0.
 */
final class DroppedTermCorrection {
    /** If no nonzero product is smaller than this in magnitude, no sum is rounded to zero. */
    private static final double SAFE = 0x1p-101;

    private DroppedTermCorrection() {}

    /** Computes the element in row r and column c of a product from the definition. */
    @FunctionalInterface
    private interface Definition {
        float at(int r, int c);
    }

    /**
     * True if a dropped term a[i]·(b[j]·s) could make a difference anywhere; otherwise there is nothing to correct.
     *
     * @param leastOfA {@link #leastOf} a and 1
     * @param leastOfB {@link #leastOf} b and s
     */
    static boolean mayShow(float leastOfA, float leastOfB) {
        return !((double) leastOfA * leastOfB >= SAFE);
    }

    /** Corrects the output Y of {@link Kernels#maskedLinear}. */
    static void correctOutput(float[] x, float[] w, int[] bits, float s, int n, int l, int d, float[] y) {
        correct(n, l, ofRows(x, n, d, 1f), ofRows(w, l, d, s), y, (i, j) -> {
            float sum = 0f;
            for (int q = 0; q < d; q++) {
                if (MaskedProducts.isKept(bits, i, j, q, n, l)) {
                    sum = Platform.fma(x[i * d + q], w[j * d + q] * s, sum);
                }
            }
            return sum;
        });
    }

    /** Corrects the result dX of {@link Kernels#maskedLinearTransposed}. */
    static void correctInputGradient(float[] dy, float[] w, int[] bits, float s, int n, int l, int d, float[] dx) {
        correct(n, d, ofRows(dy, n, l, 1f), ofColumns(w, l, d, s), dx, (i, q) -> {
            float sum = 0f;
            for (int j = 0; j < l; j++) {
                if (MaskedProducts.isKept(bits, i, j, q, n, l)) {
                    sum = Platform.fma(dy[i * l + j], w[j * d + q] * s, sum);
                }
            }
            return sum;
        });
    }

    /** Corrects the result dW of {@link Kernels#maskedOuter}. */
    static void correctWeightGradient(float[] dy, float[] x, int[] bits, float s, int n, int l, int d, float[] dw) {
        correct(l, d, ofColumns(dy, n, l, 1f), ofColumns(x, n, d, 1f), dw, (j, q) -> {
            float sum = 0f;
            for (int i = 0; i < n; i++) {
                if (MaskedProducts.isKept(bits, i, j, q, n, l)) {
                    sum = Platform.fma(dy[i * l + j], x[i * d + q], sum);
                }
            }
            return sum * s;
        });
    }

    private static void correct(
            int rows, int columns, float[] leastOfRow, float[] leastOfColumn, float[] y, Definition definition) {
        Platform.parallelFor(rows, columns, (from, to) -> {
            for (int r = from; r < to; r++) {
                for (int c = 0; c < columns; c++) {
                    double least = (double) leastOfRow[r] * leastOfColumn[c];
                    if (!(least >= SAFE) && !(least > 0 && y[r * columns + c] != 0)) {
                        y[r * columns + c] = definition.at(r, c);
                    }
                }
            }
        });
    }

    // ---- the least magnitude: the least |number| ≠ 0, infinite if there is none; but 0 if a number is infinite or NaN
    // ----

    static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

    /** The least magnitude of all a[i]·s. */
    static float leastOf(float[] a, float s) {
        return leastOf(a, 0, a.length, s);
    }

    static float leastOf(float[] a, int from, int to, float s) {
        int least = INFINITY - 1;
        int most = 0;
        for (int i = from; i < to; i++) {
            int magnitude = Float.floatToRawIntBits(a[i] * s) & Integer.MAX_VALUE;
            most = Math.max(most, magnitude);
            least = Math.min(least, magnitude - 1 & Integer.MAX_VALUE);
        }
        return least(least, most);
    }

    /** The least magnitude of a[r, :]·s for each row r. */
    private static float[] ofRows(float[] a, int rows, int columns, float s) {
        float[] result = new float[rows];
        for (int r = 0; r < rows; r++) {
            result[r] = leastOf(a, r * columns, (r + 1) * columns, s);
        }
        return result;
    }

    /** The least magnitude of a[:, c]·s for each column c. */
    private static float[] ofColumns(float[] a, int rows, int columns, float s) {
        int[] least = new int[columns];
        Arrays.fill(least, INFINITY - 1);
        int[] most = new int[columns];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                int magnitude = Float.floatToRawIntBits(a[r * columns + c] * s) & Integer.MAX_VALUE;
                most[c] = Math.max(most[c], magnitude);
                least[c] = Math.min(least[c], magnitude - 1 & Integer.MAX_VALUE);
            }
        }
        float[] result = new float[columns];
        for (int c = 0; c < columns; c++) {
            result[c] = least(least[c], most[c]);
        }
        return result;
    }

    /**
     * The least magnitude, computed from the bits of the least (magnitude − 1) mod 2³¹, in which 0 comes last, and of
     * the largest.
     */
    static float least(int least, int most) {
        return most >= INFINITY || !Platform.ROUNDS_FLOATS ? 0f : Float.intBitsToFloat(least + 1);
    }
}
