// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The FLOAT32 product gives the bits of its definition: one fma a term, in order, from +0.0, in all three forms. */
class MatmulKernelsTest {
    private static final int[] SIZES = {
        1, 2, 3, 5, 6, 7, 11, 12, 13, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 129, 207, 255, 256, 257, 513
    };

    private final int threads = Platform.threads();

    @AfterEach
    void restoreThreads() {
        Platform.setThreads(threads);
    }

    @Test
    void everySizeGivesTheBitsOfTheDefinition() {
        for (int i = 0; i < SIZES.length; i++) {
            for (int j = 0; j < SIZES.length; j++) {
                verify(SIZES[i], SIZES[(i + 3 * j) % SIZES.length], SIZES[j]);
            }
        }
    }

    @Test
    void widthsOfLayersGiveTheBitsOfTheDefinition() {
        verify(33, 784, 801);
        verify(800, 33, 784);
        verify(1, 784, 800);
        verify(128, 800, 10);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void threadsDoNotMatter(int count) {
        Platform.setThreads(count);
        verify(65, 301, 207);
        verify(207, 301, 65);
        verify(129, 128, 257);
    }

    /** Each of these has a thread of its own, in whose buffers no larger product has been. */
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "7, 5, 3", "200, 5, 33", "33, 5, 200", "33, 300, 200", "200, 300, 33", "100, 257, 64"})
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void buffersAreAsLargeAsTheyMustBe(int m, int k, int n) {
        Platform.setThreads(1);
        verify(m, k, n);
    }

    /** 65,532 rows × 32,769 columns fit an array of floats; with columns for whole vectors they do not. */
    @Test
    void theSumsOfAGroupFitAnArray() {
        assumeTrue(KernelChoice.floats() instanceof VectorFloat, "no vectors here");
        assertThat(32_800L * VectorMatmul.group(1, 32_800)).isBetween(1L << 30, (long) Integer.MAX_VALUE);
        assertThat(VectorMatmul.group(1, 800)).isEqualTo(65_532);
        assertThat(VectorMatmul.group(800, 800)).isEqualTo(252);
    }

    private static void verify(int m, int k, int n) {
        Random random = new Random(31L * (31L * m + k) + n);
        float[] a = numbers(random, m * k);
        float[] b = numbers(random, k * n);
        float[] expected = new float[m * n];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                for (int p = 0; p < k; p++) {
                    expected[i * n + j] = Math.fma(a[i * k + p], b[p * n + j], expected[i * n + j]);
                }
            }
        }
        float[] aTransposed = new float[m * k];
        KernelChoice.floats().transpose(a, m, k, aTransposed);
        float[] bTransposed = new float[k * n];
        KernelChoice.floats().transpose(b, k, n, bTransposed);
        String size = m + "×" + k + "×" + n;
        verify("a·b " + size, a, k, 1, b, n, 1, m, k, n, expected);
        verify("a·bᵀ " + size, a, k, 1, bTransposed, 1, k, m, k, n, expected);
        verify("aᵀ·b " + size, aTransposed, 1, m, b, n, 1, m, k, n, expected);
    }

    private static void verify(
            String what,
            float[] a,
            int aRow,
            int aColumn,
            float[] b,
            int bRow,
            int bColumn,
            int m,
            int k,
            int n,
            float[] expected) {
        float[] y = new float[m * n];
        Arrays.fill(y, Float.NaN);
        KernelChoice.floats().matmul(a, aRow, aColumn, b, bRow, bColumn, m, k, n, y);
        for (int i = 0; i < y.length; i++) {
            if (Float.floatToIntBits(y[i]) != Float.floatToIntBits(expected[i])) {
                assertThat(y[i]).as("%s [%d, %d]", what, i / n, i % n).isEqualTo(expected[i]);
            }
        }
    }

    /** With zeros of both signs, tiny products that round to zero, and here and there an infinity or NaN. */
    private static float[] numbers(Random random, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = switch (random.nextInt(200)) {
                case 0 -> 0f;
                case 1 -> -0f;
                case 2 -> Float.MIN_VALUE;
                case 3 -> random.nextInt(500) == 0 ? Float.NEGATIVE_INFINITY : -0x1p-100f;
                case 4 -> random.nextInt(500) == 0 ? Float.NaN : 0x1p-80f;
                default -> (float) random.nextGaussian();
            };
        }
        return numbers;
    }
}
