// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A FLOAT32 sum of many terms is the float nearest to the exact one, but for the roundings of a sum in double. */
class LongSumsTest {
    /** Columns of numbers, by row. */
    private enum Column {
        EQUAL(i -> 0.1),
        NORMAL(i -> new RandomStream(i).nextGaussian()),
        LARGE_THEN_SMALL(i -> i == 0 ? 1e8 : 1 + i % 3),
        CANCELLING(i -> i % 2 == 0 ? 1e6 + i % 7 : -1e6),
        OF_ALL_SIZES(i -> Math.scalb(1.5, i % 60 - 30));

        private final IntToDoubleFunction row;

        Column(IntToDoubleFunction row) {
            this.row = row;
        }

        /** An m×n matrix whose columns begin at different rows of this one. */
        Tensor matrix(int m, int n) {
            double[] values = new double[m * n];
            for (int i = 0; i < values.length; i++) {
                values[i] = row.applyAsDouble(i / n + i % n);
            }
            return Tensor.of(values, m, n).to(DType.FLOAT32);
        }
    }

    private static void assertIsSum(double sum, Tensor terms, int from, int stride, int count, double scale) {
        BigDecimal exact = BigDecimal.ZERO;
        double sizes = 0;
        double[] values = terms.toDoubleArray();
        for (int i = 0; i < count; i++) {
            exact = exact.add(new BigDecimal(values[from + i * stride]));
            sizes += Math.abs(values[from + i * stride]);
        }
        exact = exact.multiply(new BigDecimal(scale));
        double rounding = Math.ulp((float) sum) / 2 + (count + 2) * 0x1p-53 * sizes * scale;
        assertThat(new BigDecimal(sum).subtract(exact).abs().round(MathContext.DECIMAL64))
                .as("%s terms, sum %s", count, sum)
                .isLessThanOrEqualTo(new BigDecimal(rounding));
    }

    @ParameterizedTest
    @EnumSource
    void everyReductionKeepsItsDigits(Column column) {
        for (int m : new int[] {129, 130, 131, 132, 1000, 50_001}) {
            for (int n : new int[] {1, 3, 17}) {
                Tensor a = column.matrix(m, n);
                Tensor rows = a.sumRows();
                for (int j = 0; j < n; j++) {
                    assertIsSum(rows.get(j), a, j, n, m, 1);
                }
                Tensor columns = a.transpose().sumColumns();
                for (int j = 0; j < n; j++) {
                    assertIsSum(columns.get(j), a, j, n, m, 1);
                }
                assertIsSum(a.sum().item(), a, 0, 1, m * n, 1);
                assertIsSum(a.mean().item(), a, 0, 1, m * n, 1.0 / (m * n));
                assertIsSum(a.dot(Tensor.full(DType.FLOAT32, 1, m, n)), a, 0, 1, m * n, 1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void gradientsOfBiasesKeepTheirDigits(Column column) {
        int n = 17;
        for (int m : new int[] {129, 1000, 50_001}) {
            Tensor dy = column.matrix(m, n);
            Tape tape = new Tape();
            Variable b = tape.input(Tensor.zeros(DType.FLOAT32, n));
            Variable y = Ops.addRow(tape.constant(Tensor.zeros(DType.FLOAT32, m, n)), b);
            Tensor gradient = tape.backward(y, dy).of(b);
            for (int j = 0; j < n; j++) {
                assertIsSum(gradient.get(j), dy, j, n, m, 1);
            }

            // A masked bias is a masked weight from an input that is always 1.
            Mask mask = Mask.bernoulli(m, n, 1, 0.3, 5);
            Tape masked = new Tape();
            Variable w = masked.input(Tensor.zeros(DType.FLOAT32, n, 1));
            Variable ones = masked.constant(Tensor.full(DType.FLOAT32, 1, m, 1));
            Variable product = Ops.maskedLinear(ones, w, mask);
            gradient = masked.backward(product, dy).of(w);
            Tensor kept = dy.to(DType.FLOAT64).mul(mask.toTensor(DType.FLOAT64).reshape(m, n));
            Tensor terms = kept.scale(1 / mask.scale());
            for (int j = 0; j < n; j++) {
                assertIsSum(gradient.get(j, 0), terms, j, n, m, (float) mask.scale());
            }
        }
    }

    @Test
    void sumsOfMillionsDoNotStopGrowing() {
        Tensor tenths = Tensor.full(DType.FLOAT32, 0.1, 10_000_000, 1);
        assertThat(tenths.sumRows().get(0))
                .isEqualTo(1_000_000)
                .isEqualTo(tenths.sum().item());
        assertThat(Tensor.full(DType.FLOAT32, 1, (1 << 24) + 2, 1).sumRows().get(0))
                .isEqualTo((1 << 24) + 2);
    }

    /** The bits of training runs, whose batches are this short, do not depend on how long sums are computed. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 64, 127, 128})
    void shortSumsAreChainsOfFloatAdditions(int m) {
        Tensor a = Column.NORMAL.matrix(m, 3);
        Mask mask = Mask.bernoulli(m, 3, 1, 0.3, 5);
        Tensor masked = a.maskedOuter(Tensor.full(DType.FLOAT32, 1, m, 1), mask);
        for (int j = 0; j < 3; j++) {
            float sum = 0;
            float kept = 0;
            for (int i = 0; i < m; i++) {
                sum += (float) a.get(i, j);
                kept += mask.keeps(i, j, 0) ? (float) a.get(i, j) : 0;
            }
            assertThat(a.sumRows().get(j)).isEqualTo(sum);
            assertThat(masked.get(j, 0)).isEqualTo(kept * (float) mask.scale());
        }
    }

    @Test
    void aLongSumOfWhatIsNoNumberIsNone() {
        Tensor a = Tensor.full(DType.FLOAT32, 1, 200, 2);
        float[] values = a.toFloatArray();
        values[0] = Float.POSITIVE_INFINITY;
        values[1] = Float.NaN;
        Tensor sums = Tensor.of(values, 200, 2).sumRows();
        assertThat(sums.get(0)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(sums.get(1)).isNaN();
        assertThat(Tensor.full(DType.FLOAT32, -0.0, 200, 1).sumRows().get(0)).isEqualTo(0.0);
    }
}
