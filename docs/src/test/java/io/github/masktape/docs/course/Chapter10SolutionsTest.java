// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs.course;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Solutions of the exercises in docs/course/10-fast-kernels.md. */
class Chapter10SolutionsTest {
    private static final int N = 7;
    private static final int D = 37;
    private static final int L = 19;

    private static float[] numbers(int count, long seed) {
        RandomStream random = new RandomStream(seed);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    /**
     * 2·128·800·800 = 163 840 000 operations. Dense: X, Y with 128·800 floats each and W with 800·800, 3.4 MB, 48
     * operations a byte. Masked: 10.24 MB of bits besides, 12 operations a byte.
     */
    @Test
    void exercise1OperationsAndBytes() {
        long operations = 2L * 128 * 800 * 800;
        long dense = 4L * (128 * 800 + 128 * 800 + 800 * 800);
        long bits = 128L * 800 * 800 / 8;
        assertThat(operations).isEqualTo(163_840_000);
        assertThat(dense).isEqualTo(3_379_200);
        assertThat((double) operations / dense).isCloseTo(48.5, within(0.1));
        assertThat((double) operations / (dense + bits)).isCloseTo(12.0, within(0.1));
    }

    /** Blocks of inputs, all examples in each, outputs innermost: each sum still meets its terms in order. */
    @Test
    void exercise2BlocksWithOutputsInside() {
        float[] x = numbers(N * D, 1);
        float[] w = numbers(L * D, 2);
        int block = 8;
        float[][] sums = new float[N][L];
        float[][] columns = new float[block][L];
        for (int start = 0; start < D; start += block) {
            int count = Math.min(block, D - start);
            for (int j = 0; j < L; j++) {
                for (int q = 0; q < count; q++) {
                    columns[q][j] = w[j * D + start + q];
                }
            }
            for (int n = 0; n < N; n++) {
                for (int q = 0; q < count; q++) {
                    float factor = x[n * D + start + q];
                    for (int j = 0; j < L; j++) {
                        sums[n][j] = Math.fma(factor, columns[q][j], sums[n][j]);
                    }
                }
            }
        }
        float[] y = new float[N * L];
        for (int n = 0; n < N; n++) {
            System.arraycopy(sums[n], 0, y, n * L, L);
        }
        assertThat(Tensor.of(y, N, L)).isEqualTo(Tensor.of(x, N, D).matmulTransposed(Tensor.of(w, L, D)));
    }

    private static Tensor weightGradient(float[] dy, float[] x, Mask mask, boolean scaleLast) {
        float s = (float) mask.scale();
        float[] dw = new float[L * D];
        for (int j = 0; j < L; j++) {
            for (int q = 0; q < D; q++) {
                float sum = 0;
                for (int n = 0; n < N; n++) {
                    if (mask.keeps(n, j, q)) {
                        sum = Math.fma(dy[n * L + j], scaleLast ? x[n * D + q] : x[n * D + q] * s, sum);
                    }
                }
                dw[j * D + q] = scaleLast ? sum * s : sum;
            }
        }
        return Tensor.of(dw, L, D);
    }

    /** At p = ½ the scale is 2: a multiplication by a power of two rounds nothing, so it may be done anywhere. 1.25 rounds. */
    @Test
    void exercise3WhereTheScaleStandsMattersUnlessItIsAPowerOfTwo() {
        float[] x = numbers(N * D, 1);
        float[] dy = numbers(N * L, 2);
        for (double p : new double[] {0.5, 0.2}) {
            Mask mask = Mask.bernoulli(N, L, D, p, 1);
            Tensor library = Tensor.of(dy, N, L).maskedOuter(Tensor.of(x, N, D), mask);
            assertThat(weightGradient(dy, x, mask, true)).isEqualTo(library);
            assertThat(weightGradient(dy, x, mask, false).equals(library)).isEqualTo(p == 0.5);
        }
    }

    /**
     * Lane i mod 8 of one vector of 8 doubles, or of two of 4, or of four of 2: each width can do the same additions, and
     * the tree at the end is part of the definition.
     */
    @Test
    void exercise4EightSumsAreTheSameForEveryWidth() {
        double[] a = Tensor.of(numbers(1003, 3), 1003).toDoubleArray();
        double[] sums = new double[8];
        for (int i = 0; i < a.length; i++) {
            sums[i % 8] += a[i] * a[i];
        }
        double pairwise = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
        assertThat(Tensor.of(a, 1003).sumOfSquares()).isEqualTo(pairwise);
    }

    /** Lanes are inputs; the 32 of a block share an int, and each lane shifts its own bit to the top. */
    @Test
    void exercise5OneIntForThirtyTwoLanes() {
        Mask mask = Mask.bernoulli(N, L, D, 0.2, 1);
        float s = (float) mask.scale();
        float[] w = numbers(L * D, 1);
        float[] dy = numbers(N * L, 2);
        float[] dx = new float[N * D];
        for (int n = 0; n < N; n++) {
            for (int start = 0; start < D; start += 32) {
                int lanes = Math.min(32, D - start);
                float[] sums = new float[lanes];
                for (int j = 0; j < L; j++) {
                    int word = word(mask, n, j, start, lanes);
                    for (int lane = 0; lane < lanes; lane++) {
                        int weight = Float.floatToRawIntBits(w[j * D + start + lane] * s);
                        float seen = Float.intBitsToFloat((word << lane) >> 31 & weight);
                        sums[lane] = Math.fma(dy[n * L + j], seen, sums[lane]);
                    }
                }
                System.arraycopy(sums, 0, dx, n * D + start, lanes);
            }
        }
        Tensor library = Tensor.of(dy, N, L).maskedLinearTransposed(Tensor.of(w, L, D), mask);
        assertThat(Tensor.of(dx, N, D)).isEqualTo(library);
    }

    private static int word(Mask mask, int n, int j, int start, int lanes) {
        int word = 0;
        for (int lane = 0; lane < lanes; lane++) {
            word |= mask.keeps(n, j, start + lane) ? Integer.MIN_VALUE >>> lane : 0;
        }
        return word;
    }
}
