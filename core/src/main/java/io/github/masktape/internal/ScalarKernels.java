package io.github.masktape.internal;

import java.util.Arrays;

/**
 * The definition of every kernel, in plain loops.
 *
 * <p>Where an order of summation leaves room for it, loops run over outputs innermost, so that C2 turns them into
 * vector code without changing a bit.
 */
public class ScalarKernels implements Kernels {
    static final ScalarKernels INSTANCE = new ScalarKernels();

    /** Rows of b that stay in the L2 cache while all rows of a pass over them: 128 rows × 800 floats = 400 kB. */
    private static final int BLOCK = 128;

    ScalarKernels() {}

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public void add(float[] a, float[] b, float[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] = a[i] + b[i];
        }
    }

    @Override
    public void add(double[] a, double[] b, double[] y) {
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
    public void subtract(double[] a, double[] b, double[] y) {
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
    public void multiply(double[] a, double[] b, double[] y) {
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
    public void divide(double[] a, double[] b, double[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] = a[i] / b[i];
        }
    }

    @Override
    public void affine(float[] a, float s, float t, float[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] = a[i] * s + t;
        }
    }

    @Override
    public void affine(double[] a, double s, double t, double[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] = a[i] * s + t;
        }
    }

    @Override
    public void relu(float[] a, float[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] = Math.max(a[i], 0f);
        }
    }

    @Override
    public void relu(double[] a, double[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] = Math.max(a[i], 0.0);
        }
    }

    @Override
    public void wherePositive(float[] x, float[] at, float[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] = at[i] > 0 ? x[i] : at[i] <= 0 ? 0f : Float.NaN;
        }
    }

    @Override
    public void wherePositive(double[] x, double[] at, double[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] = at[i] > 0 ? x[i] : at[i] <= 0 ? 0.0 : Double.NaN;
        }
    }

    @Override
    public void expectedRelu(float[] mean, float[] variance, float[] y) {
        Platform.parallelFor(y.length, 30, (from, to) -> {
            for (int i = from; i < to; i++) {
                y[i] = Expected.relu(mean[i], variance[i]);
            }
        });
    }

    @Override
    public void expectedRelu(double[] mean, double[] variance, double[] y) {
        Platform.parallelFor(y.length, 200, (from, to) -> {
            for (int i = from; i < to; i++) {
                y[i] = Expected.relu(mean[i], variance[i]);
            }
        });
    }

    @Override
    public void matmul(
            float[] a, int aRow, int aColumn, float[] b, int bRow, int bColumn, int m, int k, int n, float[] y) {
        Platform.parallelFor(
                m, (long) k * n, (from, to) -> matmulRows(a, aRow, aColumn, b, bRow, bColumn, from, to, k, n, y));
    }

    /** Four rank-1 updates to a row of y at once, so that y is loaded and stored once for four terms. */
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

    /** A row is an array, for the reason that {@link MaskedProducts} gives: 0.03 ns a term against 0.17 (EPYC). */
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

    @Override
    public void matmul(
            double[] a, int aRow, int aColumn, double[] b, int bRow, int bColumn, int m, int k, int n, double[] y) {
        Platform.parallelFor(m, (long) k * n, (from, to) -> {
            for (int i = from; i < to; i++) {
                Arrays.fill(y, i * n, (i + 1) * n, 0.0);
                for (int p = 0; p < k; p++) {
                    double factor = a[i * aRow + p * aColumn];
                    for (int j = 0; j < n; j++) {
                        y[i * n + j] += factor * b[p * bRow + j * bColumn];
                    }
                }
            }
        });
    }

    /** In tiles of 16×16, so that a cache line of either side is used whole. */
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
    public void transpose(double[] a, int m, int n, double[] y) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                y[j * m + i] = a[i * n + j];
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
    public void addRow(double[] a, double[] row, int m, int n, double[] y) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                y[i * n + j] = a[i * n + j] + row[j];
            }
        }
    }

    @Override
    public void sumRows(float[] a, int m, int n, float[] y) {
        Arrays.fill(y, 0f);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                y[j] += a[i * n + j];
            }
        }
    }

    @Override
    public void sumRows(double[] a, int m, int n, double[] y) {
        Arrays.fill(y, 0.0);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                y[j] += a[i * n + j];
            }
        }
    }

    @Override
    public void select(float[] a, int[] bits, int n, int l, int d, float s, float[] y) {
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < l; j++) {
                for (int q = 0; q < d; q++) {
                    int at = (i * l + j) * d + q;
                    y[at] = MaskedProducts.isKept(bits, i, j, q, n, l) ? a[at] * s : 0f;
                }
            }
        }
    }

    @Override
    public void select(double[] a, int[] bits, int n, int l, int d, double s, double[] y) {
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < l; j++) {
                for (int q = 0; q < d; q++) {
                    int at = (i * l + j) * d + q;
                    y[at] = MaskedProducts.kept(a[at] * s, bits, i, j, q, n, l);
                }
            }
        }
    }

    @Override
    public void maskedLinear(float[] x, float[] w, int[] bits, float s, int n, int l, int d, float[] y) {
        MaskedProducts.linear(x, w, bits, s, n, l, d, y);
    }

    @Override
    public void maskedLinear(double[] x, double[] w, int[] bits, double s, int n, int l, int d, double[] y) {
        Platform.parallelFor(n, (long) l * d, (from, to) -> {
            for (int i = from; i < to; i++) {
                for (int j = 0; j < l; j++) {
                    double sum = 0.0;
                    for (int q = 0; q < d; q++) {
                        sum += MaskedProducts.kept(x[i * d + q] * (w[j * d + q] * s), bits, i, j, q, n, l);
                    }
                    y[i * l + j] = sum;
                }
            }
        });
    }

    @Override
    public void maskedLinearTransposed(float[] dy, float[] w, int[] bits, float s, int n, int l, int d, float[] dx) {
        MaskedProducts.inputGradient(dy, w, bits, s, n, l, d, dx);
    }

    @Override
    public void maskedLinearTransposed(
            double[] dy, double[] w, int[] bits, double s, int n, int l, int d, double[] dx) {
        Platform.parallelFor(n, (long) l * d, (from, to) -> {
            Arrays.fill(dx, from * d, to * d, 0.0);
            for (int i = from; i < to; i++) {
                for (int j = 0; j < l; j++) {
                    for (int q = 0; q < d; q++) {
                        dx[i * d + q] += MaskedProducts.kept(dy[i * l + j] * (w[j * d + q] * s), bits, i, j, q, n, l);
                    }
                }
            }
        });
    }

    @Override
    public void maskedOuter(float[] dy, float[] x, int[] bits, float s, int n, int l, int d, float[] dw) {
        MaskedProducts.weightGradient(dy, x, bits, s, n, l, d, dw);
    }

    @Override
    public void maskedOuter(double[] dy, double[] x, int[] bits, double s, int n, int l, int d, double[] dw) {
        Platform.parallelFor(l, (long) n * d, (from, to) -> {
            Arrays.fill(dw, from * d, to * d, 0.0);
            for (int j = from; j < to; j++) {
                for (int i = 0; i < n; i++) {
                    for (int q = 0; q < d; q++) {
                        dw[j * d + q] += MaskedProducts.kept(dy[i * l + j] * x[i * d + q] * s, bits, i, j, q, n, l);
                    }
                }
            }
        });
    }

    /** Draws 64 inputs at once, which are two blocks of the layout, for all outputs and examples before the next 64. */
    @Override
    public void bernoulli(long[] keys, long threshold, int n, int l, int d, int[] bits) {
        int words = (d - 1) / 64 + 1;
        Platform.parallelFor(words, 2L * n * l, (from, to) -> {
            for (int b = from; b < to; b++) {
                long inRange = -1L << Math.max(0, 64 * (b + 1) - d);
                boolean hasLower = 64 * b + 32 < d;
                for (int i = 0; i < n; i++) {
                    int upper = (2 * b * n + i) * l;
                    for (int j = 0; j < l; j++) {
                        long counter = keys[i] + 64L * (j * words + b) * SplitMix64.GAMMA;
                        long word = inRange & bernoulli(counter, threshold, inRange);
                        bits[upper + j] = (int) (word >>> 32);
                        if (hasLower) {
                            bits[upper + n * l + j] = (int) word;
                        }
                    }
                }
            }
        });
    }

    /**
     * All 64 inputs of a word at once: digit r of T is 1 keeps the undecided whose digit is 0, and drops none; is 0
     * drops the undecided whose digit is 1, and keeps none. Stops when all are decided or T has no digits left.
     */
    private static long bernoulli(long counter, long threshold, long undecided) {
        long kept = threshold == 0 ? -1L : 0L;
        for (long digits = threshold; digits != 0 && undecided != 0; digits <<= 1) {
            counter += SplitMix64.GAMMA;
            long u = SplitMix64.mix(counter);
            if (digits < 0) {
                kept |= undecided & ~u;
                undecided &= u;
            } else {
                undecided &= ~u;
            }
        }
        return kept;
    }

    @Override
    public void descend(float[] w, float[] v, float[] g, float rate, float momentum, float decay, boolean nesterov) {
        Platform.parallelFor(w.length, 4, (from, to) -> {
            for (int i = from; i < to; i++) {
                float gradient = decay == 0 ? g[i] : Platform.fma(decay, w[i], g[i]);
                float step = gradient;
                if (momentum != 0) {
                    v[i] = Platform.fma(momentum, v[i], gradient);
                    step = nesterov ? Platform.fma(momentum, v[i], gradient) : v[i];
                }
                w[i] = Platform.fma(-rate, step, w[i]);
            }
        });
    }

    @Override
    public void descend(
            double[] w, double[] v, double[] g, double rate, double momentum, double decay, boolean nesterov) {
        for (int i = 0; i < w.length; i++) {
            double gradient = decay == 0 ? g[i] : g[i] + decay * w[i];
            double step = gradient;
            if (momentum != 0) {
                v[i] = momentum * v[i] + gradient;
                step = nesterov ? gradient + momentum * v[i] : v[i];
            }
            w[i] -= rate * step;
        }
    }
}
