package io.github.masktape.data;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import java.util.Arrays;

/** The mean and the deviation of each column of a matrix. */
final class Scale {
    /** The number of elements copied at a time. */
    private static final int BLOCK = 1 << 16;

    private final double[] means;
    private final double[] deviations;

    Scale(double[] means, double[] deviations) {
        this.means = means;
        this.deviations = deviations;
    }

    /** A copy of the means. */
    double[] means() {
        return means.clone();
    }

    /** A copy of the deviations. */
    double[] deviations() {
        return deviations.clone();
    }

    static Scale of(String what, Tensor x) {
        int n = x.shape().dim(0);
        int d = x.shape().dim(1);
        double[] first = x.row(0).toDoubleArray();
        double[] means = new double[d];
        double[] deviations = new double[d];
        forEachRow(x, (i, rows, at) -> {
            for (int j = 0; j < d; j++) {
                means[j] += rows[at + j] - first[j];
            }
        });
        for (int j = 0; j < d; j++) {
            means[j] = first[j] + means[j] / n;
        }
        forEachRow(x, (i, rows, at) -> {
            for (int j = 0; j < d; j++) {
                double off = rows[at + j] - means[j];
                deviations[j] += off * off;
            }
        });
        for (int j = 0; j < d; j++) {
            deviations[j] = Math.sqrt(deviations[j] / n);
            if (!Double.isFinite(deviations[j])) {
                throw new IllegalArgumentException("preprocessing: expected numbers whose squares a double holds, got "
                        + what + " " + j + " with a deviation that overflows");
            }
        }
        return new Scale(means, deviations);
    }

    /** The same scale with 1 in place of deviations of 0, so that numbers other than the mean can be restored. */
    Scale invertible() {
        return new Scale(
                means,
                Arrays.stream(deviations)
                        .map(deviation -> deviation == 0 ? 1 : deviation)
                        .toArray());
    }

    Tensor apply(Tensor x, DType dtype) {
        return map(x, dtype, (j, value) -> deviations[j] == 0 ? 0 : (value - means[j]) / deviations[j]);
    }

    Tensor restore(Tensor y) {
        return map(y, DType.FLOAT64, (j, value) -> value * deviations[j] + means[j]);
    }

    /** A function of a number in column {@code j}. */
    @FunctionalInterface
    private interface ByColumn {
        double apply(int j, double value);
    }

    /** An action on row {@code i}, which begins at {@code at}. */
    @FunctionalInterface
    private interface RowReader {
        void read(int i, double[] rows, int at);
    }

    static void requireColumns(String what, Tensor x, int columns) {
        if (x.shape().rank() != 2 || x.shape().dim(1) != columns) {
            throw new IllegalArgumentException("preprocessing: expected a matrix of " + columns + " " + what
                    + " an example, got shape " + x.shape());
        }
    }

    private static Tensor map(Tensor x, DType dtype, ByColumn f) {
        int n = x.shape().dim(0);
        int d = x.shape().dim(1);
        if (dtype == DType.FLOAT64) {
            double[] y = new double[n * d];
            forEachRow(x, (i, rows, at) -> {
                for (int j = 0; j < d; j++) {
                    y[i * d + j] = f.apply(j, rows[at + j]);
                }
            });
            return Tensor.of(y, n, d);
        }
        int block = Math.max(1, BLOCK / d);
        double[][] rows = {{}};
        return Tensor.ofRows(n, d, (i, row) -> {
            if (i % block == 0) {
                rows[0] = block(x, i, Math.min(n, i + block));
            }
            for (int j = 0; j < d; j++) {
                row[j] = (float) f.apply(j, rows[0][i % block * d + j]);
            }
        });
    }

    private static void forEachRow(Tensor x, RowReader reader) {
        int n = x.shape().dim(0);
        int d = x.shape().dim(1);
        int block = Math.max(1, BLOCK / d);
        for (int from = 0; from < n; from += block) {
            int to = Math.min(n, from + block);
            double[] rows = block(x, from, to);
            for (int i = from; i < to; i++) {
                reader.read(i, rows, (i - from) * d);
            }
        }
    }

    private static double[] block(Tensor x, int from, int to) {
        int[] rows = new int[to - from];
        for (int k = 0; k < rows.length; k++) {
            rows[k] = from + k;
        }
        return x.rows(rows).toDoubleArray();
    }
}
