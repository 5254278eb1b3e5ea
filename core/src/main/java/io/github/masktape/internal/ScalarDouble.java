// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.internal;

import java.util.Arrays;

/** The FLOAT64 kernels, the reference arithmetic, in plain loops. */
final class ScalarDouble implements Kernels<double[]> {
    static final ScalarDouble INSTANCE = new ScalarDouble();

    private ScalarDouble() {}

    @Override
    public void add(double[] a, double[] b, double[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] = a[i] + b[i];
        }
    }

    @Override
    public void subtract(double[] a, double[] b, double[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] = a[i] - b[i];
        }
    }

    @Override
    public void multiply(double[] a, double[] b, double[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] = a[i] * b[i];
        }
    }

    @Override
    public void divide(double[] a, double[] b, double[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] = a[i] / b[i];
        }
    }

    @Override
    public void affine(double[] a, double s, double t, double[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] = a[i] * s + t;
        }
    }

    @Override
    public void relu(double[] a, double[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] = Math.max(a[i], 0.0);
        }
    }

    @Override
    public void wherePositive(double[] x, double[] at, double[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] = at[i] > 0 ? x[i] : at[i] <= 0 ? 0.0 : Double.NaN;
        }
    }

    @Override
    public void expectedRelu(double[] mean, double[] variance, double[] y) {
        Platform.parallelFor(y.length, 200, (from, to) -> {
            for (int i = from; i < to; i++) {
                y[i] = GaussianMoments.relu(mean[i], variance[i]);
            }
        });
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

    @Override
    public void transpose(double[] a, int m, int n, double[] y) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                y[j * m + i] = a[i * n + j];
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
    public void sumRows(double[] a, int m, int n, double[] y) {
        Arrays.fill(y, 0.0);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                y[j] += a[i * n + j];
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
}
