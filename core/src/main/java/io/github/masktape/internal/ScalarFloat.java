// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.internal;

import java.util.Arrays;

/**
 * The FLOAT32 kernels in plain loops, which define them.
 *
 * <p>Where the order of summation permits, the innermost loops run over outputs, so that C2 compiles them to vector
 * code without changing a bit.
 */
class ScalarFloat implements Kernels<float[]> {
    static final ScalarFloat INSTANCE = new ScalarFloat();

    /**
     * The number of rows of b that stay in the L2 cache while all rows of a pass over them: 128 rows × 800 floats = 400
     * kB.
     */
    private static final int BLOCK = 128;

    /**
     * The most rows that are added in float. Rounding errors of a chain of float additions grow with its length, and
     * beyond 2²⁴ equal terms it does not grow at all. Training batches are rarely longer, so they keep their fast
     * kernels.
     */
    static final int LONGEST_IN_FLOAT = 128;

    ScalarFloat() {}

    @Override
    public void add(float[] a, float[] b, float[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] = a[i] + b[i];
        }
    }

    @Override
    public void subtract(float[] a, float[] b, float[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] = a[i] - b[i];
        }
    }

    @Override
    public void multiply(float[] a, float[] b, float[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] = a[i] * b[i];
        }
    }

    @Override
    public void divide(float[] a, float[] b, float[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] = a[i] / b[i];
        }
    }

    @Override
    public void affine(float[] a, double s, double t, float[] y) {
        float factor = (float) s;
        float shift = (float) t;
        for (int i = 0; i < y.length; i++) {
            y[i] = a[i] * factor + shift;
        }
    }

    @Override
    public void relu(float[] a, float[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] = Math.max(a[i], 0f);
        }
    }

    @Override
    public void wherePositive(float[] x, float[] at, float[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] = at[i] > 0 ? x[i] : at[i] <= 0 ? 0f : Float.NaN;
        }
    }

    @Override
    public void expectedRelu(float[] mean, float[] variance, float[] y) {
        Platform.parallelFor(y.length, 30, (from, to) -> {
            for (int i = from; i < to; i++) {
                y[i] = GaussianMoments.relu(mean[i], variance[i]);
            }
        });
    }

    @Override
    public void matmul(
            float[] a, int aRow, int aColumn, float[] b, int bRow, int bColumn, int m, int k, int n, float[] y) {
        Platform.parallelFor(
                m, (long) k * n, (from, to) -> matmulRows(a, aRow, aColumn, b, bRow, bColumn, from, to, k, n, y));
    }

    /** Applies four rank-1 updates to a row of y at once, so that y is loaded and stored once for four terms. */
    private static void matmulRows(
            float[] a,
            int aRow,
            int aColumn,
            float[] b,
            int bRow,
            int bColumn,
            int from,
            int to,
            int k,
            int n,
            float[] y) {
        float[][] sums = new float[to - from][n];
        float[][] rows = new float[Math.min(k, BLOCK)][n];
        for (int block = 0; block < k; block += BLOCK) {
            int count = Math.min(BLOCK, k - block);
            copy(b, block * bRow, bRow, bColumn, count, n, rows);
            for (int i = from; i < to; i++) {
                float[] sum = sums[i - from];
                int at = i * aRow + block * aColumn;
                int p = 0;
                for (; p + 4 <= count; p += 4, at += 4 * aColumn) {
                    float a1 = a[at + aColumn];
                    float a2 = a[at + 2 * aColumn];
                    float a3 = a[at + 3 * aColumn];
                    addRows(a[at], rows[p], a1, rows[p + 1], a2, rows[p + 2], a3, rows[p + 3], sum);
                }
                for (; p < count; p++, at += aColumn) {
                    addRow(a[at], rows[p], sum);
                }
            }
        }
        for (int i = from; i < to; i++) {
            System.arraycopy(sums[i - from], 0, y, i * n, n);
        }
    }

    /** rows[p][j] = b[at + p·bRow + j·bColumn], read along whichever stride is 1. */
    private static void copy(float[] b, int at, int bRow, int bColumn, int count, int n, float[][] rows) {
        if (bColumn == 1) {
            for (int p = 0; p < count; p++) {
                System.arraycopy(b, at + p * bRow, rows[p], 0, n);
            }
            return;
        }
        for (int j = 0; j < n; j++) {
            for (int p = 0; p < count; p++) {
                rows[p][j] = b[at + p * bRow + j * bColumn];
            }
        }
    }

    /**
     * Adds multiples of four rows, each an array (see {@link MaskedProducts}): 0.03 ns per term instead of 0.17 (EPYC).
     */
    private static void addRows(
            float a0, float[] b0, float a1, float[] b1, float a2, float[] b2, float a3, float[] b3, float[] y) {
        for (int j = 0; j < y.length; j++) {
            float sum = Platform.fma(a0, b0[j], y[j]);
            sum = Platform.fma(a1, b1[j], sum);
            sum = Platform.fma(a2, b2[j], sum);
            y[j] = Platform.fma(a3, b3[j], sum);
        }
    }

    private static void addRow(float a, float[] b, float[] y) {
        for (int j = 0; j < y.length; j++) {
            y[j] = Platform.fma(a, b[j], y[j]);
        }
    }

    /** {@inheritDoc} It works in tiles of 16×16, so that whole cache lines are used on both sides. */
    @Override
    public void transpose(float[] a, int m, int n, float[] y) {
        for (int rows = 0; rows < m; rows += 16) {
            for (int columns = 0; columns < n; columns += 16) {
                for (int i = rows; i < Math.min(m, rows + 16); i++) {
                    for (int j = columns; j < Math.min(n, columns + 16); j++) {
                        y[j * m + i] = a[i * n + j];
                    }
                }
            }
        }
    }

    @Override
    public void addRow(float[] a, float[] row, int m, int n, float[] y) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                y[i * n + j] = a[i * n + j] + row[j];
            }
        }
    }

    @Override
    public void sumRows(float[] a, int m, int n, float[] y) {
        if (m > LONGEST_IN_FLOAT) {
            addLongRows(a, m, n, y);
            return;
        }
        Arrays.fill(y, 0f);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                y[j] += a[i * n + j];
            }
        }
    }

    @Override
    public void select(float[] a, int[] bits, int n, int l, int d, double s, float[] y) {
        float scale = (float) s;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < l; j++) {
                for (int q = 0; q < d; q++) {
                    int at = (i * l + j) * d + q;
                    y[at] = MaskedProducts.isKept(bits, i, j, q, n, l) ? a[at] * scale : 0f;
                }
            }
        }
    }

    @Override
    public void maskedLinear(float[] x, float[] w, int[] bits, double s, int n, int l, int d, float[] y) {
        MaskedProducts.linear(x, w, bits, (float) s, n, l, d, y);
    }

    @Override
    public void maskedLinearTransposed(float[] dy, float[] w, int[] bits, double s, int n, int l, int d, float[] dx) {
        MaskedProducts.inputGradient(dy, w, bits, (float) s, n, l, d, dx);
    }

    @Override
    public void maskedOuter(float[] dy, float[] x, int[] bits, double s, int n, int l, int d, float[] dw) {
        if (d == 1 && n > LONGEST_IN_FLOAT) {
            addLongKept(dy, x, bits, (float) s, n, l, dw);
            return;
        }
        MaskedProducts.weightGradient(dy, x, bits, (float) s, n, l, d, dw);
    }

    // ---- long sums: in double, rows ascending, rounded once ----

    /** y[j] = Σᵢ a[i,j], i ascending. Four rows at a time, so that a sum is loaded and stored once for four terms. */
    private static void addLongRows(float[] a, int m, int n, float[] y) {
        double[] sums = new double[n];
        int i = 0;
        for (; i + 4 <= m; i += 4) {
            addFour(a, i * n, sums);
        }
        for (; i < m; i++) {
            for (int j = 0; j < n; j++) {
                sums[j] += a[i * n + j];
            }
        }
        round(sums, 1, y);
    }

    private static void addFour(float[] a, int at, double[] sums) {
        int n = sums.length;
        for (int j = 0; j < n; j++) {
            sums[j] = sums[j] + a[at + j] + a[at + n + j] + a[at + 2 * n + j] + a[at + 3 * n + j];
        }
    }

    /**
     * dw[j] = s·(Σ over n that keep j of dy[n,j]·x[n]), n ascending: the gradient of masked weights of one input, such
     * as masked biases. A double holds the product of two floats exactly.
     *
     * @param bits a mask of one input, as {@link Kernels} lays it out
     */
    private static void addLongKept(float[] dy, float[] x, int[] bits, float s, int n, int l, float[] dw) {
        double[] sums = new double[l];
        for (int i = 0; i < n; i++) {
            double factor = x[i];
            for (int j = 0; j < l; j++) {
                sums[j] += MaskedProducts.kept(factor * dy[i * l + j], bits, i, j, 0, n, l);
            }
        }
        round(sums, s, dw);
    }

    private static void round(double[] sums, double scale, float[] y) {
        for (int j = 0; j < sums.length; j++) {
            y[j] = (float) (sums[j] * scale);
        }
    }
}
