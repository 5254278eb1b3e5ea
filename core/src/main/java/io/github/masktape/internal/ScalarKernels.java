package io.github.masktape.internal;

import java.util.Arrays;

/**
 * The definition of every kernel, in plain loops.
 *
 * <p>Where an order of summation leaves room for it, loops run over outputs innermost, so that C2 turns them into
 * vector code without changing a bit.
 */
public final class ScalarKernels implements Kernels {
    static final ScalarKernels INSTANCE = new ScalarKernels();

    /** Rows of b that stay in the L2 cache while all rows of a pass over them: 128 rows × 800 floats = 400 kB. */
    private static final int BLOCK = 128;

    private ScalarKernels() {}

    @Override
    public String description() {
        return "scalar, " + (Platform.hasFma() ? "hardware fma" : "emulated fma");
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
            y[i] = a[i] <= 0 ? 0f : a[i];
        }
    }

    @Override
    public void relu(double[] a, double[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] = a[i] <= 0 ? 0.0 : a[i];
        }
    }

    @Override
    public void reluGradient(float[] x, float[] dy, float[] dx) {
        for (int i = 0; i < dx.length; i++) {
            dx[i] = x[i] > 0 ? dy[i] : x[i] <= 0 ? 0f : Float.NaN;
        }
    }

    @Override
    public void reluGradient(double[] x, double[] dy, double[] dx) {
        for (int i = 0; i < dx.length; i++) {
            dx[i] = x[i] > 0 ? dy[i] : x[i] <= 0 ? 0.0 : Double.NaN;
        }
    }

    @Override
    public void matmul(float[] a, int aRow, int aColumn, float[] b, int m, int k, int n, float[] y) {
        Platform.parallelFor(m, (long) k * n, (from, to) -> matmulRows(a, aRow, aColumn, b, from, to, k, n, y));
    }

    /** Four rank-1 updates to a row of y at once, so that y is loaded and stored once for four terms. */
    private static void matmulRows(
            float[] a, int aRow, int aColumn, float[] b, int from, int to, int k, int n, float[] y) {
        Arrays.fill(y, from * n, to * n, 0f);
        for (int block = 0; block < k; block += BLOCK) {
            int end = Math.min(k, block + BLOCK);
            for (int i = from; i < to; i++) {
                int p = block;
                for (; p + 4 <= end; p += 4) {
                    int at = i * aRow + p * aColumn;
                    addRows(a[at], a[at + aColumn], a[at + 2 * aColumn], a[at + 3 * aColumn], b, p * n, y, i * n, n);
                }
                for (; p < end; p++) {
                    addRow(a[i * aRow + p * aColumn], b, p * n, y, i * n, n);
                }
            }
        }
    }

    private static void addRows(float a0, float a1, float a2, float a3, float[] b, int row, float[] y, int out, int n) {
        for (int j = 0; j < n; j++) {
            float sum = Platform.fma(a0, b[row + j], y[out + j]);
            sum = Platform.fma(a1, b[row + n + j], sum);
            sum = Platform.fma(a2, b[row + 2 * n + j], sum);
            y[out + j] = Platform.fma(a3, b[row + 3 * n + j], sum);
        }
    }

    private static void addRow(float a, float[] b, int row, float[] y, int out, int n) {
        for (int j = 0; j < n; j++) {
            y[out + j] = Platform.fma(a, b[row + j], y[out + j]);
        }
    }

    @Override
    public void matmul(double[] a, int aRow, int aColumn, double[] b, int m, int k, int n, double[] y) {
        Platform.parallelFor(m, (long) k * n, (from, to) -> {
            for (int i = from; i < to; i++) {
                Arrays.fill(y, i * n, (i + 1) * n, 0.0);
                for (int p = 0; p < k; p++) {
                    double factor = a[i * aRow + p * aColumn];
                    for (int j = 0; j < n; j++) {
                        y[i * n + j] += factor * b[p * n + j];
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
    public void select(float[] a, long[] bits, int rows, int d, float s, float[] y) {
        int words = words(d);
        for (int r = 0; r < rows; r++) {
            for (int q = 0; q < d; q++) {
                y[r * d + q] = isKept(bits, r * words, q) ? a[r * d + q] * s : 0f;
            }
        }
    }

    @Override
    public void select(double[] a, long[] bits, int rows, int d, double s, double[] y) {
        int words = words(d);
        for (int r = 0; r < rows; r++) {
            for (int q = 0; q < d; q++) {
                y[r * d + q] = isKept(bits, r * words, q) ? a[r * d + q] * s : 0.0;
            }
        }
    }

    @Override
    public void maskedLinear(float[] x, float[] w, long[] bits, int n, int l, int d, float[] y) {
        int words = words(d);
        Platform.parallelFor(n, (long) l * d, (from, to) -> {
            for (int i = from; i < to; i++) {
                for (int j = 0; j < l; j++) {
                    y[i * l + j] = keptDot(x, i * d, w, j * d, bits, (i * l + j) * words, words);
                }
            }
        });
    }

    private static float keptDot(float[] x, int xRow, float[] w, int wRow, long[] bits, int row, int words) {
        float sum = 0f;
        for (int b = 0; b < words; b++) {
            for (long left = bits[row + b]; left != 0; left = withoutFirst(left)) {
                int q = 64 * b + Long.numberOfLeadingZeros(left);
                sum = Platform.fma(x[xRow + q], w[wRow + q], sum);
            }
        }
        return sum;
    }

    @Override
    public void maskedLinear(double[] x, double[] w, long[] bits, int n, int l, int d, double[] y) {
        int words = words(d);
        Platform.parallelFor(n, (long) l * d, (from, to) -> {
            for (int i = from; i < to; i++) {
                for (int j = 0; j < l; j++) {
                    double sum = 0.0;
                    for (int q = 0; q < d; q++) {
                        if (isKept(bits, (i * l + j) * words, q)) {
                            sum += x[i * d + q] * w[j * d + q];
                        }
                    }
                    y[i * l + j] = sum;
                }
            }
        });
    }

    @Override
    public void maskedLinearInputGradient(float[] dy, float[] w, long[] bits, int n, int l, int d, float[] dx) {
        int words = words(d);
        Platform.parallelFor(n, (long) l * d, (from, to) -> {
            Arrays.fill(dx, from * d, to * d, 0f);
            for (int i = from; i < to; i++) {
                for (int j = 0; j < l; j++) {
                    addKept(dy[i * l + j], w, j * d, bits, (i * l + j) * words, words, dx, i * d);
                }
            }
        });
    }

    /** y[q] = a·b[q] + y[q] for the kept q. */
    private static void addKept(float a, float[] b, int bRow, long[] bits, int row, int words, float[] y, int yRow) {
        for (int block = 0; block < words; block++) {
            for (long left = bits[row + block]; left != 0; left = withoutFirst(left)) {
                int q = 64 * block + Long.numberOfLeadingZeros(left);
                y[yRow + q] = Platform.fma(a, b[bRow + q], y[yRow + q]);
            }
        }
    }

    @Override
    public void maskedLinearInputGradient(double[] dy, double[] w, long[] bits, int n, int l, int d, double[] dx) {
        int words = words(d);
        Platform.parallelFor(n, (long) l * d, (from, to) -> {
            Arrays.fill(dx, from * d, to * d, 0.0);
            for (int i = from; i < to; i++) {
                for (int j = 0; j < l; j++) {
                    for (int q = 0; q < d; q++) {
                        if (isKept(bits, (i * l + j) * words, q)) {
                            dx[i * d + q] += dy[i * l + j] * w[j * d + q];
                        }
                    }
                }
            }
        });
    }

    @Override
    public void maskedLinearWeightGradient(
            float[] dy, float[] x, long[] bits, float s, int n, int l, int d, float[] dw) {
        int words = words(d);
        Platform.parallelFor(l, (long) n * d, (from, to) -> {
            Arrays.fill(dw, from * d, to * d, 0f);
            for (int j = from; j < to; j++) {
                for (int i = 0; i < n; i++) {
                    addKept(dy[i * l + j], x, i * d, bits, (i * l + j) * words, words, dw, j * d);
                }
            }
            for (int at = from * d; at < to * d; at++) {
                dw[at] *= s;
            }
        });
    }

    @Override
    public void maskedLinearWeightGradient(
            double[] dy, double[] x, long[] bits, double s, int n, int l, int d, double[] dw) {
        int words = words(d);
        Platform.parallelFor(l, (long) n * d, (from, to) -> {
            Arrays.fill(dw, from * d, to * d, 0.0);
            for (int j = from; j < to; j++) {
                for (int i = 0; i < n; i++) {
                    for (int q = 0; q < d; q++) {
                        if (isKept(bits, (i * l + j) * words, q)) {
                            dw[j * d + q] += (dy[i * l + j] * x[i * d + q]) * s;
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
    @Override
    public void bernoulli(long key, long threshold, int l, int d, long[] bits, int offset) {
        int words = words(d);
        int digits = threshold == 0 ? 0 : 64 - Long.numberOfTrailingZeros(threshold);
        for (int at = 0; at < l * words; at++) {
            int b = at % words;
            long inRange = b == words - 1 && d % 64 != 0 ? -1L << (64 - d % 64) : -1L;
            long kept = threshold == 0 ? -1L : 0L;
            long undecided = inRange;
            long counter = key + 64L * at * SplitMix64.GAMMA;
            for (int r = 0; r < digits && undecided != 0; r++) {
                counter += SplitMix64.GAMMA;
                long u = SplitMix64.mix(counter);
                if (threshold << r < 0) {
                    kept |= undecided & ~u;
                    undecided &= u;
                } else {
                    undecided &= ~u;
                }
            }
            bits[offset + at] = kept & inRange;
        }
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

    /** Mask words to a row of d inputs. */
    private static int words(int d) {
        return (d + 63) / 64;
    }

    private static boolean isKept(long[] bits, int row, int q) {
        return bits[row + q / 64] << q < 0;
    }

    private static long withoutFirst(long word) {
        return word & ~Long.highestOneBit(word);
    }
}
