// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TensorProperties {
    @Provide
    Arbitrary<Integer> sizes() {
        return Cases.widths();
    }

    @Provide
    Arbitrary<Integer> small() {
        return Cases.sizes();
    }

    @Property
    void float64ProductsAddInAscendingOrderFromPositiveZero(
            @ForAll("small") int m, @ForAll("sizes") int k, @ForAll("small") int n, @ForAll long seed) {
        Tensor a = Cases.tensor(seed, m, k);
        Tensor b = Cases.tensor(seed + 1, k, n);
        double[] expected = new double[m * n];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0.0;
                for (int p = 0; p < k; p++) {
                    sum += a.get(i, p) * b.get(p, j);
                }
                expected[i * n + j] = sum;
            }
        }
        assertThat(a.matmul(b)).isEqualTo(Tensor.of(expected, m, n));
    }

    @Property
    void float32ProductsFuseMultiplyAndAddInAscendingOrder(
            @ForAll("small") int m, @ForAll("sizes") int k, @ForAll("sizes") int n, @ForAll long seed) {
        Tensor a = Cases.tensor(seed, m, k).to(DType.FLOAT32);
        Tensor b = Cases.tensor(seed + 1, k, n).to(DType.FLOAT32);
        float[] expected = new float[m * n];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                float sum = 0f;
                for (int p = 0; p < k; p++) {
                    sum = Math.fma((float) a.get(i, p), (float) b.get(p, j), sum);
                }
                expected[i * n + j] = sum;
            }
        }
        assertThat(a.matmul(b)).isEqualTo(Tensor.of(expected, m, n));
    }

    @Property
    void theThreeFormsOfTheProductAgreeBitForBit(
            @ForAll("small") int m,
            @ForAll("sizes") int k,
            @ForAll("small") int n,
            @ForAll DType dtype,
            @ForAll long seed) {
        Tensor a = Cases.tensor(seed, m, k).to(dtype);
        Tensor b = Cases.tensor(seed + 1, k, n).to(dtype);
        assertThat(a.matmulTransposed(b.transpose())).isEqualTo(a.matmul(b));
        assertThat(a.transpose().transposedMatmul(b)).isEqualTo(a.matmul(b));
    }

    /** Each of k products and sums is off by at most u = 2⁻²⁴ of what it adds up to: |error| ≤ (k + 2)·u·|a|·|b|. */
    @Property
    void float32ProductsAgreeWithFloat64ToTheirRoundingBound(
            @ForAll("small") int m, @ForAll("sizes") int k, @ForAll("small") int n, @ForAll long seed) {
        Tensor a = Cases.tensor(seed, m, k);
        Tensor b = Cases.tensor(seed + 1, k, n);
        Tensor exact = a.matmul(b);
        Tensor single = a.to(DType.FLOAT32).matmul(b.to(DType.FLOAT32));
        Tensor sizes = absolute(a).matmul(absolute(b));
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                assertThat(Math.abs(exact.get(i, j) - single.get(i, j)))
                        .isLessThanOrEqualTo((k + 3) * 0x1p-24 * sizes.get(i, j));
            }
        }
    }

    @Property
    void transposingTwiceChangesNothing(@ForAll("sizes") int m, @ForAll("sizes") int n, @ForAll DType dtype) {
        Tensor a = Cases.tensor(m * 1000L + n, m, n).to(dtype);
        assertThat(a.transpose().transpose()).isEqualTo(a);
    }

    @Property
    void squaresAddInEightSumsAndTheSumsInPairs(@ForAll("sizes") int n, @ForAll DType dtype, @ForAll long seed) {
        Tensor a = Cases.tensor(seed, n).to(dtype);
        double[] s = new double[8];
        for (int i = 0; i < n; i++) {
            s[i % 8] += a.get(i) * a.get(i);
        }
        assertThat(a.sumOfSquares()).isEqualTo(s[0] + s[1] + (s[2] + s[3]) + (s[4] + s[5] + (s[6] + s[7])));
    }

    @Property
    void aChecksumTellsTensorsThatDifferInOneElementOrInShape(
            @ForAll("small") int m, @ForAll("sizes") int n, @ForAll DType dtype, @ForAll long seed) {
        Tensor a = Cases.tensor(seed, m, n).to(dtype);
        assertThat(a.copy().checksum()).isEqualTo(a.checksum());
        assertThat(a.reshape(m * n).checksum()).isNotEqualTo(a.checksum());
        assertThat(a.to(dtype == DType.FLOAT32 ? DType.FLOAT64 : DType.FLOAT32).checksum())
                .isNotEqualTo(a.checksum());
        double[] values = a.toDoubleArray();
        int at = new RandomStream(seed).nextInt(m * n);
        for (double other : new double[] {0.0, -0.0, Double.NaN, 1, -values[at]}) {
            double[] changed = values.clone();
            changed[at] = other;
            Tensor b = Tensor.of(changed, m, n).to(dtype);
            assertThat(b.checksum() == a.checksum()).isEqualTo(b.equals(a));
        }
    }

    private static Tensor absolute(Tensor a) {
        return a.relu().add(a.neg().relu());
    }
}
