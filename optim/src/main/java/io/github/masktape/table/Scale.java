// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.table;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import java.util.Arrays;

/** The mean and the deviation of each column of a matrix. */
public final class Scale {
    /** The number of elements copied at a time. */
    private static final int BLOCK = 1 << 16;

    private final double[] means;
    private final double[] deviations;

    public Scale(double[] means, double[] deviations) {
        this.means = means;
        this.deviations = deviations;
    }

    /** A copy of the means. */
    public double[] means() {
        return means.clone();
    }

    /** A copy of the deviations. */
    public double[] deviations() {
        return deviations.clone();
    }

    public double mean(int column) {
        return means[column];
    }

    public double deviation(int column) {
        return deviations[column];
    }

    /** The scale of the numbers of each column, without those that are NaN; both 0 if there are no numbers. */
    public static Scale of(String what, Tensor x) {
        int d = x.shape().dim(1);
        int[] counts = new int[d];
        double[] first = new double[d];
        double[] means = new double[d];
        double[] deviations = new double[d];
        forEachRow(x, (i, rows, at) -> {
            for (int j = 0; j < d; j++) {
                double value = rows[at + j];
                if (!Double.isNaN(value)) {
                    first[j] = counts[j]++ == 0 ? value : first[j];
                    means[j] += value - first[j];
                }
            }
        });
        for (int j = 0; j < d; j++) {
            means[j] = counts[j] == 0 ? 0 : first[j] + means[j] / counts[j];
        }
        forEachRow(x, (i, rows, at) -> {
            for (int j = 0; j < d; j++) {
                double off = rows[at + j] - means[j];
                deviations[j] += Double.isNaN(off) ? 0 : off * off;
            }
        });
        for (int j = 0; j < d; j++) {
            deviations[j] = counts[j] == 0 ? 0 : Math.sqrt(deviations[j] / counts[j]);
            if (!Double.isFinite(deviations[j])) {
                throw new IllegalArgumentException("preprocessing: expected numbers whose squares a double holds, got "
                        + what + " " + j + " with a deviation that overflows");
            }
        }
        return new Scale(means, deviations);
    }

    /** The same scale with 1 in place of deviations of 0, so that numbers other than the mean can be restored. */
    public Scale invertible() {
        return new Scale(
                means,
                Arrays.stream(deviations)
                        .map(deviation -> deviation == 0 ? 1 : deviation)
                        .toArray());
    }

    public Tensor apply(Tensor x, DType dtype) {
        return map(x, dtype, (j, value) -> deviations[j] == 0 ? 0 : (value - means[j]) / deviations[j]);
    }

    public Tensor restore(Tensor y) {
        return map(y, DType.FLOAT64, (j, value) -> value * deviations[j] + means[j]);
    }

    /** A function of a number in column {@code j}. */
    @FunctionalInterface
    private interface ByColumn {
        double apply(int j, double value);
    }

    /** An action on row {@code i}, which begins at {@code at}. */
    @FunctionalInterface
    public interface RowReader {
        void read(int i, double[] rows, int at);
    }

    public static void requireColumns(String what, Tensor x, int columns) {
        if (x.shape().rank() != 2 || x.shape().dim(1) != columns) {
            throw new IllegalArgumentException("preprocessing: expected a matrix of " + columns + " " + what
                    + " an example, got shape " + x.shape());
        }
    }

    private static Tensor map(Tensor x, DType dtype, ByColumn f) {
        int d = x.shape().dim(1);
        return mapRows(x, d, dtype, (row, at, out, to) -> {
            for (int j = 0; j < d; j++) {
                out[to + j] = f.apply(j, row[at + j]);
            }
        });
    }

    /** A function of the row that begins at {@code at}, whose result is written from {@code to}. */
    @FunctionalInterface
    public interface RowFunction {
        void apply(double[] row, int at, double[] out, int to);
    }

    /** A matrix of that many columns, whose rows are functions of the rows of x. */
    public static Tensor mapRows(Tensor x, int columns, DType dtype, RowFunction f) {
        int n = x.shape().dim(0);
        int d = x.shape().dim(1);
        if (dtype == DType.FLOAT64) {
            double[] y = new double[n * columns];
            forEachRow(x, (i, rows, at) -> f.apply(rows, at, y, i * columns));
            return Tensor.of(y, n, columns);
        }
        int block = Math.max(1, BLOCK / d);
        double[][] rows = {{}};
        double[] out = new double[columns];
        return Tensor.ofRows(n, columns, (i, row) -> {
            if (i % block == 0) {
                rows[0] = block(x, i, Math.min(n, i + block));
            }
            f.apply(rows[0], i % block * d, out, 0);
            for (int j = 0; j < columns; j++) {
                row[j] = (float) out[j];
            }
        });
    }

    public static void forEachRow(Tensor x, RowReader reader) {
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
