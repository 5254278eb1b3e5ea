// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.masktape.math.Elementary;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GaussianMomentsTest {
    private static final double[] DEVIATIONS = {
        1e-200, 1e-9, 0.001, 0.1, 0.5, 0.99, 1, 1.01, 1.7, 2, 3, 4, 4.1, 7, 8, 11, 15.9, 16, 16.1, 30, 1000, 1e9, 1e150
    };

    /** Of 40-digit arithmetic: the trapezoidal rule with a step 16 times as fine as is needed for double. */
    @ParameterizedTest
    @CsvSource({
        "0, 1, 0, 0.5, 0.3989422804014327",
        "0.5, 0.25, 0.3934693402873666, 0.6159760510653445, 0.5416577352938432",
        "-1, 1, -0.5504004907933272, 0.3032653298563167, 0.0833154705876863",
        "1e-3, 4, 0.0003647387529517944, 0.5001514263736131, 0.7983846605384334",
        "2, 1e-4, 0.9640207686047092, 0.880793079878812, 2.0",
        "-3, 0.5, -0.9870716214535474, 0.05812208762358318, 1.6775174888088014e-06",
        "-8, 2, -0.999987824110468, 0.0009059873879343302, 1.8221417582127159e-09",
        "5, 30, 0.6322404793124012, 0.8071625606459317, 5.537228560500609",
        "-0.25, 256, -0.012446481982991184, 0.49380629927564584, 6.2588556547121765",
        "12, 257, 0.5451449458037217, 0.771503772033844, 14.108077209756935",
        "-40, 1, -1.0, 7.004352026168645e-18, 0.0",
        "40, 1e4, 0.31083136860902427, 0.6553975183263611, 63.0438836947453",
        "1e-300, 1, 0, 0.5, 0.3989422804014327",
        "-6, 1, -0.9999094099808448, 0.004042647427614932, 1.5635697959709664e-10",
        "0.125, 1e-12, 0.12435300177147378, 0.5312093733737485, 0.125"
    })
    void meansAreThoseOfExactArithmetic(double mean, double variance, double tanh, double sigmoid, double relu) {
        assertThat(GaussianMoments.tanh(mean, variance)).isCloseTo(tanh, within(1e-15));
        assertThat(GaussianMoments.sigmoid(mean, variance)).isCloseTo(sigmoid, within(1e-15));
        assertThat(GaussianMoments.relu(mean, variance))
                .isCloseTo(relu, within(2e-15 * Math.max(Math.abs(relu), Math.sqrt(variance))));
    }

    /** The rule changes with σ; where it does, and everywhere else, it agrees with a much finer one. */
    @Test
    void tanhIsThatOfAFinerRuleAtAnyDeviation() {
        for (double deviation : DEVIATIONS) {
            if (deviation < 1e-6 || deviation > 100) {
                continue;
            }
            for (double mean : new double[] {0, 1e-9, 0.01, 0.3, 1, 2.5, 6, 15, 40, 100}) {
                double step = Math.min(1, 1 / deviation) / 8;
                double sum = 0;
                for (int k = (int) (9 / step); k >= -9 / step; k--) {
                    double z = k * step;
                    sum += StrictMath.tanh(mean + deviation * z) * StrictMath.exp(-z * z / 2);
                }
                double fine = sum * step / StrictMath.sqrt(2 * StrictMath.PI);
                assertThat(GaussianMoments.tanh(mean, deviation * deviation))
                        .as("E[tanh u], mean %s, deviation %s", mean, deviation)
                        .isCloseTo(fine, within(1e-14));
            }
        }
    }

    @Test
    void floatReluIsThatOfDoubleTo2e7Deviations() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 300_000; i++) {
            float variance = (float) StrictMath.pow(10, random.nextDouble(-20, 20));
            float mean = (float) (Math.sqrt(variance) * random.nextDouble(-14, 14));
            float y = GaussianMoments.relu(mean, variance);
            double exact = GaussianMoments.relu((double) mean, (double) variance);
            double bound = 2e-7 * Math.sqrt(variance) + Math.ulp((float) exact) * 0.5;
            if (!(Math.abs(y - exact) <= bound)) {
                assertThat((double) y)
                        .as("E[relu u], mean %s, variance %s", mean, variance)
                        .isCloseTo(exact, within(bound));
            }
        }
    }

    /** Far below 0 it is tiny, and still has most of its digits. */
    @Test
    void floatReluHasSixDigitsInItsTail() {
        for (float t = 0; t < 9; t += 0.001f) {
            double exact = GaussianMoments.relu((double) -t, 1);
            assertThat((double) GaussianMoments.relu(-t, 1f)).isCloseTo(exact, within(5e-6 * exact));
        }
    }

    @ParameterizedTest
    @ValueSource(
            doubles = {
                0,
                -0.0,
                1,
                -1,
                1e-320,
                0.3,
                -40,
                40,
                1e30,
                -1e30,
                Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY
            })
    void withoutVarianceAMeanIsTheActivationItself(double mean) {
        assertThat(GaussianMoments.relu(mean, 0)).isEqualTo(Math.max(mean, 0.0));
        assertThat(GaussianMoments.relu((float) mean, 0f)).isEqualTo(Math.max((float) mean, 0f));
        assertThat(GaussianMoments.tanh(mean, 0)).isEqualTo(Elementary.tanh(mean));
        assertThat(GaussianMoments.sigmoid(mean, 0)).isEqualTo(Elementary.sigmoid(mean));
    }

    /** A variance of −0.0 is one of 0, in vectors too. */
    @Test
    void aZeroVarianceMayHaveASign() {
        float[] means = new float[67];
        float[] variances = new float[means.length];
        float[] floors = new float[means.length];
        Arrays.fill(variances, -0f);
        for (int i = 0; i < means.length; i++) {
            means[i] = i % 4 - 1.5f * (i % 3);
            floors[i] = Math.max(means[i], 0f);
        }
        float[] y = new float[means.length];
        KernelChoice.floats().expectedRelu(means, variances, y);
        assertThat(y).isEqualTo(floors);
    }

    @Test
    void everyFiniteMeanAndVarianceGivesANumberInRange() {
        double[] magnitudes = {
            0, Double.MIN_VALUE, 1e-320, 1e-45, 1e-39, 1e-20, 1e-3, 1, 40, 1e4, 1e30, 1e38, 1e300, Double.MAX_VALUE
        };
        for (double variance : magnitudes) {
            for (double size : magnitudes) {
                for (double mean : new double[] {size, -size}) {
                    assertThat(GaussianMoments.tanh(mean, variance)).isBetween(-1.0, 1.0);
                    assertThat(GaussianMoments.sigmoid(mean, variance)).isBetween(0.0, 1.0);
                    assertThat(GaussianMoments.relu(mean, variance))
                            .isGreaterThanOrEqualTo(Math.max(mean, 0))
                            .isNotNaN();
                    if (size <= 1e38 && variance <= 1e38) {
                        float y = GaussianMoments.relu((float) mean, (float) variance);
                        assertThat(y).isBetween(Math.max((float) mean, 0f), Float.MAX_VALUE);
                    }
                }
            }
        }
    }

    @Test
    void meansRiseWithTheMean() {
        for (double deviation : DEVIATIONS) {
            double variance = deviation * deviation;
            double relu = 0;
            double tanh = -1;
            double sigmoid = 0;
            for (double t = -45; t < 45; t += 0.01) {
                double mean = t * Math.min(deviation, 20);
                assertThat(GaussianMoments.relu(mean, variance)).isGreaterThanOrEqualTo(relu * (1 - 1e-12));
                assertThat(GaussianMoments.tanh(mean, variance)).isGreaterThanOrEqualTo(tanh - 2e-15);
                assertThat(GaussianMoments.sigmoid(mean, variance)).isGreaterThanOrEqualTo(sigmoid - 2e-15);
                relu = GaussianMoments.relu(mean, variance);
                tanh = GaussianMoments.tanh(mean, variance);
                sigmoid = GaussianMoments.sigmoid(mean, variance);
            }
        }
    }

    @Test
    void tanhOfOppositeMeansIsOpposite() {
        for (double deviation : DEVIATIONS) {
            assertThat(GaussianMoments.tanh(-0.7, deviation * deviation))
                    .isEqualTo(-GaussianMoments.tanh(0.7, deviation * deviation));
            assertThat(GaussianMoments.tanh(0, deviation * deviation)).isZero();
        }
    }

    @Test
    void whatIsNoVarianceGivesNaN() {
        for (double variance : new double[] {-1, Double.NEGATIVE_INFINITY, Double.NaN}) {
            assertThat(GaussianMoments.relu(1, variance)).isNaN();
            assertThat(GaussianMoments.relu(1f, (float) variance)).isNaN();
            assertThat(GaussianMoments.tanh(1, variance)).isNaN();
            assertThat(GaussianMoments.sigmoid(1, variance)).isNaN();
        }
        assertThat(GaussianMoments.relu(Double.NaN, 1)).isNaN();
        assertThat(GaussianMoments.relu(Float.NaN, 1f)).isNaN();
        assertThat(GaussianMoments.tanh(Double.NaN, 1)).isNaN();
        assertThat(GaussianMoments.sigmoid(Double.NaN, 0)).isNaN();
    }

    @ParameterizedTest
    @CsvSource({
        "0.5, 0.25, 3fe155429a56cca6, 3fd92e9a0720d3eb, 3fe3b613684e3c76",
        "-3, 2, 3f81a8dd422ea690, bfeda096adbf48b2, 3fb7634d824ba818",
        "1, 900, 4028f3284ca0b4c3, 3f9b378cc60c7956, 3fe06cb82cb09a8b"
    })
    void bitsNeverChange(double mean, double variance, String relu, String tanh, String sigmoid) {
        assertThat(Long.toHexString(Double.doubleToRawLongBits(GaussianMoments.relu(mean, variance))))
                .isEqualTo(relu);
        assertThat(Long.toHexString(Double.doubleToRawLongBits(GaussianMoments.tanh(mean, variance))))
                .isEqualTo(tanh);
        assertThat(Long.toHexString(Double.doubleToRawLongBits(GaussianMoments.sigmoid(mean, variance))))
                .isEqualTo(sigmoid);
    }

    @Test
    void bitsNeverChangeOverManyFloats() {
        SplittableRandom random = new SplittableRandom(1);
        int digest = 0;
        for (int i = 0; i < 100_000; i++) {
            float y = GaussianMoments.relu((float) random.nextDouble(-9, 9), (float) random.nextDouble(4));
            digest = 31 * digest + Float.floatToIntBits(y);
        }
        assertThat(Integer.toHexString(digest)).isEqualTo("7b2f3ea");
    }
}
