// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernels in use give the bits of {@link ScalarFloat}, which are the definition, on sizes that fit no vector. */
class KernelsTest {
    private static final int[] SIZES = {1, 3, 7, 15, 16, 17, 31, 32, 33, 63, 65, 127, 129, 207, 784, 801};

    @Test
    void reluAndItsGradient() {
        forEachSize((kernels, random) -> {
            float[] x = numbers(random, random.nextInt(400) + 1);
            float[] y = nans(x.length);
            kernels.relu(x, y);
            return y;
        });
        forEachSize((kernels, random) -> {
            float[] x = numbers(random, random.nextInt(400) + 1);
            float[] dx = nans(x.length);
            kernels.wherePositive(numbers(random, x.length), x, dx);
            return dx;
        });
    }

    @Test
    void meansOfRelu() {
        for (int size : SIZES) {
            forEachSize((kernels, random) -> {
                float[] variance = numbers(random, size);
                for (int i = 0; i < size; i++) {
                    int kind = random.nextInt(10);
                    variance[i] = kind == 0 ? variance[i] : Math.abs(variance[i]) * (float) Math.pow(10, kind - 6);
                }
                float[] y = nans(size);
                kernels.expectedRelu(numbers(random, size), variance, y);
                return y;
            });
        }
    }

    @Test
    void meansOfReluOverAllMagnitudes() {
        forEachSize((kernels, random) -> {
            float[] mean = new float[100_000];
            float[] variance = new float[mean.length];
            for (int i = 0; i < mean.length; i++) {
                mean[i] = Float.intBitsToFloat(random.nextInt());
                variance[i] = Float.intBitsToFloat(random.nextInt());
            }
            float[] y = nans(mean.length);
            kernels.expectedRelu(mean, variance, y);
            return y;
        });
    }

    @Test
    void rowsAddedAndSummed() {
        for (int n : SIZES) {
            forEachSize((kernels, random) -> {
                int m = random.nextInt(5) + 1;
                float[] y = nans(m * n);
                kernels.addRow(numbers(random, m * n), numbers(random, n), m, n, y);
                return y;
            });
            forEachSize((kernels, random) -> {
                int m = random.nextInt(5) + 1;
                float[] y = nans(n);
                kernels.sumRows(numbers(random, m * n), m, n, y);
                return y;
            });
        }
    }

    @Test
    void selection() {
        for (int d : SIZES) {
            for (int l : new int[] {1, 2, 17, 33}) {
                int n = 1 + d % 3;
                forEachSize((kernels, random) -> {
                    float[] y = nans(n * l * d);
                    int[] bits = bits(random.nextLong(), 0x9000_0000_0000_0000L, n, l, d, ScalarMasks.INSTANCE);
                    kernels.select(numbers(random, y.length), bits, n, l, d, 1.25f, y);
                    return y;
                });
            }
        }
    }

    /** p = 0, ½, 0.2, 0.1, nearly 1, and one with its last digit. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1L << 63, 0xCCCC_CCCC_CCCC_CCCDL, 0xE666_6666_6666_6666L, 1, 0x8000_0000_0000_0001L})
    void masks(long threshold) {
        for (int d : SIZES) {
            for (int l : SIZES) {
                Random random = new Random(31L * l + d);
                long key = random.nextLong();
                int n = 1 + (l + d) % 3;
                assertThat(bits(key, threshold, n, l, d, KernelChoice.masks()))
                        .as("%d×%d×%d", n, l, d)
                        .isEqualTo(bits(key, threshold, n, l, d, ScalarMasks.INSTANCE));
            }
        }
    }

    @Test
    void vectorsAreAsWideAsIsSaidAndNarrowOnesAreNotWanted() {
        if (!KernelChoice.active().name().equals("vector")) {
            return;
        }
        assertThat(VectorFloat.width()).isIn(64, 128, 256, 512, 1024, 2048);
        if (VectorFloat.width() < 128) {
            assertThat(VectorFloat.obstacle()).contains("too narrow");
        }
    }

    private static int[] bits(long key, long threshold, int n, int l, int d, MaskKernels kernels) {
        int[] bits = new int[((d + 31) / 32) * n * l];
        long[] keys = new long[n];
        for (int i = 0; i < n; i++) {
            keys[i] = key + i;
        }
        kernels.bernoulli(keys, threshold, n, l, d, bits);
        return bits;
    }

    private static void forEachSize(BiFunction<Kernels<float[]>, Random, float[]> run) {
        for (int seed = 0; seed < 20; seed++) {
            float[] expected = run.apply(ScalarFloat.INSTANCE, new Random(seed));
            float[] got = run.apply(KernelChoice.floats(), new Random(seed));
            for (int i = 0; i < expected.length; i++) {
                if (Float.floatToIntBits(got[i]) != Float.floatToIntBits(expected[i])) {
                    assertThat(got[i]).as("element %d of %d", i, got.length).isEqualTo(expected[i]);
                }
            }
        }
    }

    /** What a result is before it is written, as in a buffer that is used again. */
    private static float[] nans(int count) {
        float[] nans = new float[count];
        Arrays.fill(nans, Float.NaN);
        return nans;
    }

    /** With zeros of both signs, infinities and NaN. */
    private static float[] numbers(Random random, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = switch (random.nextInt(30)) {
                case 0 -> 0f;
                case 1 -> -0f;
                case 2 -> Float.POSITIVE_INFINITY;
                case 3 -> Float.NaN;
                default -> (float) random.nextGaussian();
            };
        }
        return numbers;
    }
}
