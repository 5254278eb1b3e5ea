// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The FLOAT32 products with a mask give the bits of their definition: one fma a kept term, in order, from +0.0. */
class MaskedKernelsTest {
    private static final Kernels<float[]> KERNELS = KernelChoice.floats();

    private static final int[] SIZES = {1, 3, 7, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 129, 207};

    private final int threads = Platform.threads();

    /** An array of its panels would not do: 70 million outputs of one example. */
    @Test
    void aGradientOfTooManyStepsIsLeftToPlainLoops() {
        assumeTrue(KERNELS instanceof VectorFloat, "no vectors here");
        int most = Integer.MAX_VALUE / (2 * VectorFloat.width() / Float.SIZE);
        assertThat(VectorMaskedProducts.canPack(most)).isTrue();
        assertThat(VectorMaskedProducts.canPack(most + 1)).isFalse();
    }

    @AfterEach
    void restoreThreads() {
        Platform.setThreads(threads);
    }

    /** What the operands are like. */
    enum Numbers {
        ORDINARY {
            @Override
            float draw(Random random) {
                return (float) random.nextGaussian();
            }
        },
        WITH_ZEROS {
            @Override
            float draw(Random random) {
                return switch (random.nextInt(3)) {
                    case 0 -> 0f;
                    case 1 -> -0f;
                    default -> (float) random.nextGaussian();
                };
            }
        },
        /** Products are rounded to zero or to a few bits, so that sums of −0.0 come and go. */
        NEAR_UNDERFLOW {
            @Override
            float draw(Random random) {
                return sign(random) * Math.scalb(1 + random.nextFloat(), -75 - random.nextInt(3));
            }
        },
        SUBNORMAL {
            @Override
            float draw(Random random) {
                return random.nextBoolean() ? sign(random) * Float.MIN_VALUE * random.nextInt(1 << 23) : sign(random);
            }
        },
        HUGE {
            @Override
            float draw(Random random) {
                return sign(random) * Math.scalb(1 + random.nextFloat(), 60 + random.nextInt(8));
            }
        },
        WITH_INFINITIES_AND_NANS {
            @Override
            float draw(Random random) {
                return switch (random.nextInt(60)) {
                    case 0 -> Float.POSITIVE_INFINITY;
                    case 1 -> Float.NEGATIVE_INFINITY;
                    case 2 -> Float.NaN;
                    case 3 -> 0f;
                    default -> (float) random.nextGaussian();
                };
            }
        };

        abstract float draw(Random random);

        private static float sign(Random random) {
            return random.nextBoolean() ? 1 : -1;
        }
    }

    @ParameterizedTest
    @EnumSource
    void everySizeGivesTheBitsOfTheDefinition(Numbers numbers) {
        for (int i = 0; i < SIZES.length; i++) {
            for (int j = 0; j < SIZES.length; j++) {
                int n = SIZES[(i + 4 * j) % SIZES.length];
                double dropProbability = new double[] {0, 0.1, 0.5, 0.9}[(i + j) % 4];
                Case.random(numbers, n, SIZES[i], SIZES[j], dropProbability).verify();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1, 0.5, 0.9})
    void everyDropProbabilityGivesTheBitsOfTheDefinition(double dropProbability) {
        for (Numbers numbers : Numbers.values()) {
            Case.random(numbers, 33, 65, 127, dropProbability).verify();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void threadsDoNotMatter(int count) {
        Platform.setThreads(count);
        Case.random(Numbers.ORDINARY, 65, 129, 207, 0.5).verify();
        Case.random(Numbers.NEAR_UNDERFLOW, 65, 129, 207, 0.5).verify();
    }

    /** Each of these has a thread of its own, in whose buffers no larger product has been. */
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "3, 40, 5", "5, 33, 129", "97, 65, 31", "129, 33, 65", "200, 64, 64"})
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void buffersAreAsLargeAsTheyMustBe(int n, int l, int d) {
        Platform.setThreads(1);
        Case.random(Numbers.ORDINARY, n, l, d, 0.5).verify();
    }

    /** What it says decides whether dropped terms get a second look, which costs time where it is not needed. */
    @ParameterizedTest
    @EnumSource
    void theLeastNumberIsThatOfPlainLoops(Numbers numbers) {
        if (!(KERNELS instanceof VectorFloat)) {
            return;
        }
        Random random = new Random(1);
        for (int size : SIZES) {
            for (float s : new float[] {1f, 1.25f, 0f}) {
                float[] a = new float[size];
                for (int i = 0; i < size; i++) {
                    a[i] = numbers.draw(random);
                }
                int from = size / 8;
                assertThat(VectorMaskedProducts.leastOf(a, from, size, s))
                        .isEqualTo(DroppedTermCorrection.leastOf(a, from, size, s));
            }
        }
    }

    @Test
    void aSumRoundedToNegativeZeroStaysSoWhenTermsAreDropped() {
        Case one = new Case(1, 1, 3);
        one.x = new float[] {0x1p-100f, 1, 0};
        one.w = new float[] {-0x1p-100f, 1, 1};
        one.dy = new float[] {1};
        one.keep(0, 0, 0);
        one.verify();
        assertThat(one.y()).containsExactly(-0f);
    }

    /** −2⁻¹⁴⁰ + 2⁻¹⁴⁰·(1 − 2⁻²⁴) = −2⁻¹⁶⁴, though each term is far above the least float. */
    @Test
    void aDifferenceRoundedToNegativeZeroStaysSoWhenTermsAreDropped() {
        Case one = new Case(1, 1, 3);
        one.x = new float[] {0x1p-70f, 0x1p-70f * (1 + 0x1p-12f), 1};
        one.w = new float[] {-0x1p-70f, 0x1p-70f * (1 - 0x1p-12f), 1};
        one.keep(0, 0, 0);
        one.keep(0, 0, 1);
        one.verify();
        assertThat(one.y()).containsExactly(-0f);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN})
    void whatIsDroppedLeavesNoTrace(float value) {
        Case one = new Case(1, 2, 2);
        one.x = new float[] {value, 3};
        one.w = new float[] {5, 7, value, 11};
        one.dy = new float[] {value, 2};
        one.keep(0, 0, 0);
        one.keep(0, 1, 1);
        one.verify();
        assertThat(one.y()[1]).isEqualTo(33 * 1.25f);
        assertThat(one.dx()[1]).isEqualTo(22 * 1.25f);
        assertThat(one.dw()).containsExactly(value * value * 1.25f, 0f, 0f, 7.5f);
    }

    @Test
    void nothingKeptGivesPositiveZeros() {
        Case none = Case.random(Numbers.WITH_INFINITIES_AND_NANS, 3, 33, 65, 0.5);
        none.bits = new int[none.bits.length];
        none.verify();
        assertThat(Stream.of(none.y(), none.dx(), none.dw()))
                .allSatisfy(zeros -> assertThat(zeros).containsOnly(0f));
    }

    /** Operands, a mask, and both ways to the three products. */
    private static final class Case {
        private final int n;
        private final int l;
        private final int d;
        private final float scale = 1.25f;
        private float[] x;
        private float[] w;
        private float[] dy;
        private int[] bits;

        Case(int n, int l, int d) {
            this.n = n;
            this.l = l;
            this.d = d;
            this.x = new float[n * d];
            this.w = new float[l * d];
            this.dy = new float[n * l];
            this.bits = new int[n * ((d + 31) / 32) * l];
        }

        static Case random(Numbers numbers, int n, int l, int d, double dropProbability) {
            Random random = new Random(31L * (31L * n + l) + d);
            Case made = new Case(n, l, d);
            for (float[] operand : new float[][] {made.x, made.w, made.dy}) {
                for (int i = 0; i < operand.length; i++) {
                    operand[i] = numbers.draw(random);
                }
            }
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < l; j++) {
                    for (int q = 0; q < d; q++) {
                        if (random.nextDouble() >= dropProbability) {
                            made.keep(i, j, q);
                        }
                    }
                }
            }
            return made;
        }

        void keep(int i, int j, int q) {
            bits[(q / 32 * n + i) * l + j] |= 1 << (31 - q % 32);
        }

        private boolean isKept(int i, int j, int q) {
            return bits[(q / 32 * n + i) * l + j] << q < 0;
        }

        float[] y() {
            float[] y = nans(n * l);
            KERNELS.maskedLinear(x, w, bits, scale, n, l, d, y);
            return y;
        }

        float[] dx() {
            float[] dx = nans(n * d);
            KERNELS.maskedLinearTransposed(dy, w, bits, scale, n, l, d, dx);
            return dx;
        }

        float[] dw() {
            float[] dw = nans(l * d);
            KERNELS.maskedOuter(dy, x, bits, scale, n, l, d, dw);
            return dw;
        }

        /** What a result is before it is written, as in a buffer that is used again. */
        private static float[] nans(int count) {
            float[] nans = new float[count];
            Arrays.fill(nans, Float.NaN);
            return nans;
        }

        void verify() {
            float[] y = new float[n * l];
            float[] dx = new float[n * d];
            float[] dw = new float[l * d];
            double[] wide = new double[l * d];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < l; j++) {
                    for (int q = 0; q < d; q++) {
                        if (isKept(i, j, q)) {
                            y[i * l + j] = Math.fma(x[i * d + q], w[j * d + q] * scale, y[i * l + j]);
                            dx[i * d + q] = Math.fma(dy[i * l + j], w[j * d + q] * scale, dx[i * d + q]);
                            dw[j * d + q] = Math.fma(dy[i * l + j], x[i * d + q], dw[j * d + q]);
                            wide[j * d + q] += (double) dy[i * l + j] * x[i * d + q];
                        }
                    }
                }
            }
            for (int at = 0; at < dw.length; at++) {
                dw[at] = d == 1 && n > 128 ? (float) (wide[at] * scale) : dw[at] * scale;
            }
            String size = n + "×" + l + "×" + d;
            assertThat(bitsOf(y())).as("y of %s", size).isEqualTo(bitsOf(y));
            assertThat(bitsOf(dx())).as("dx of %s", size).isEqualTo(bitsOf(dx));
            assertThat(bitsOf(dw())).as("dw of %s", size).isEqualTo(bitsOf(dw));
        }

        /** All NaNs alike, zeros told apart. */
        private static int[] bitsOf(float[] a) {
            int[] bits = new int[a.length];
            for (int i = 0; i < a.length; i++) {
                bits[i] = Float.floatToIntBits(a[i]);
            }
            return bits;
        }
    }
}
