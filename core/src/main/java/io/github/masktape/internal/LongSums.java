package io.github.masktape.internal;

/**
 * FLOAT32 sums of more than {@link #LONGEST_IN_FLOAT} rows: accumulated in double, rows ascending, rounded once. The
 * kernels, which add in float, sum fewer.
 *
 * <p>Rounding errors of a chain of float additions grow with its length, and beyond 2²⁴ equal terms it does not grow at
 * all. Training batches are rarely longer than the limit, and keep their fast kernels.
 */
final class LongSums {
    /** The most rows that are added in float. */
    static final int LONGEST_IN_FLOAT = 128;

    private LongSums() {}

    /** y[j] = Σᵢ a[i,j], i ascending. Four rows at a time, so that a sum is loaded and stored once for four terms. */
    static void ofRows(float[] a, int m, int n, float[] y) {
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
     * dw[j] = s·(Σ over n that keep j of dy[n,j]·x[n]), n ascending: the gradient of masked weights of one input, such as
     * masked biases. A double holds the product of two floats exactly.
     *
     * @param bits a mask of one input, as {@link Kernels} lays it out
     */
    static void ofKept(float[] dy, float[] x, int[] bits, float s, int n, int l, float[] dw) {
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
