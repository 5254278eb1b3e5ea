// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ActivationTest {
    private static final Tensor MEAN = Tensor.of(new double[][] {{-1, 0, 2}, {0.5, -3, 1}});
    private static final Tensor VARIANCE = Tensor.of(new double[][] {{1, 4, 0.25}, {0, 9, 300}});

    @ParameterizedTest
    @EnumSource(Activation.class)
    void expectedIsElementByElement(Activation f) {
        Tensor y = MEAN.expected(f, VARIANCE);
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 3; j++) {
                assertThat(y.get(i, j)).isEqualTo(f.expected(MEAN.get(i, j), VARIANCE.get(i, j)));
            }
        }
        Tensor rounded = MEAN.to(DType.FLOAT32).expected(f, VARIANCE.to(DType.FLOAT32));
        assertThat(rounded.dtype()).isEqualTo(DType.FLOAT32);
        assertThat(rounded.toDoubleArray()).containsExactly(y.toDoubleArray(), within(1e-6));
    }

    /** The mean of 10⁵ draws is within 7.1 standard deviations: false alarms at 10⁻¹². */
    @ParameterizedTest
    @EnumSource(Activation.class)
    void sampledComesNearExpected(Activation f) {
        int samples = 100_000;
        Tensor y = MEAN.sampled(f, VARIANCE, samples, new long[] {1, 2});
        Tensor expected = MEAN.expected(f, VARIANCE);
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 3; j++) {
                // Of no activation is the slope above 1, so its deviation is at most u's.
                double bound = 7.1 * Math.sqrt(VARIANCE.get(i, j) / samples);
                assertThat(y.get(i, j)).isCloseTo(expected.get(i, j), within(bound));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void withoutVarianceSampledIsTheActivationItself(Activation f) {
        Tensor zero = Tensor.zeros(DType.FLOAT64, 2, 3);
        double[] itself = Arrays.stream(MEAN.toDoubleArray()).map(f::at).toArray();
        assertThat(MEAN.sampled(f, zero, 3, new long[] {1, 2}).toDoubleArray()).containsExactly(itself);
        assertThat(MEAN.expected(f, zero).toDoubleArray()).containsExactly(itself);
    }

    @Test
    void aDrawDependsOnItsKeyAndColumnOnly() {
        Tensor y = MEAN.sampled(Activation.TANH, VARIANCE, 5, new long[] {1, 2});
        Tensor row = MEAN.row(1).sampled(Activation.TANH, VARIANCE.row(1), 5, new long[] {2});
        assertThat(row).isEqualTo(y.row(1));
        assertThat(MEAN.sampled(Activation.TANH, VARIANCE, 5, new long[] {2, 1}))
                .isNotEqualTo(y);
    }

    @Test
    void drawsNeverChange() {
        RandomStream stream = new RandomStream(1);
        long digest = 0;
        for (int i = 0; i < 100_000; i++) {
            digest = 31 * digest + Double.doubleToLongBits(Ziggurat.next(stream));
        }
        assertThat(Long.toHexString(digest)).isEqualTo("68f54a2e269ee9d2");
    }

    /**
     * The share of a million draws below each bound, of either sign, against Φ: false alarms at 10⁻¹² by Hoeffding's
     * inequality. Bounds lie in the body, at edges of layers and in the tail.
     */
    @Test
    void drawsAreNormal() {
        double[] bounds = {-4, -3.442619855899, -3.2, -2, -1, -0.272, 0, 0.1, 0.5, 1.5, 2.5, 3.3, 3.4427, 3.7};
        double[] below = {
            3.167124183311998e-05,
            0.0002880621444444,
            0.0006871379379158483,
            0.0227501319481792,
            0.15865525393145707,
            0.3928112,
            0.5,
            0.539827837277029,
            0.6914624612740131,
            0.9331927987311419,
            0.9937903346742238,
            0.9995165758576162,
            0.99971202,
            0.9998922002665226
        };
        int draws = 1_000_000;
        int[] counts = new int[bounds.length];
        RandomStream stream = new RandomStream(7);
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < draws; i++) {
            double z = Ziggurat.next(stream);
            sum += z;
            squares += z * z;
            for (int b = 0; b < bounds.length; b++) {
                counts[b] += z < bounds[b] ? 1 : 0;
            }
        }
        for (int b = 0; b < bounds.length; b++) {
            // Bernstein: the variance of a share in the tail is small.
            double variance = below[b] * (1 - below[b]) / draws;
            double bound = 7.6 * Math.sqrt(variance) + 28.4 * 2 / 3 / draws;
            assertThat((double) counts[b] / draws).as("P(z < %s)", bounds[b]).isCloseTo(below[b], within(bound));
        }
        assertThat(sum / draws).isCloseTo(0, within(7.2 / Math.sqrt(draws)));
        assertThat(squares / draws).isCloseTo(1, within(7.2 * Math.sqrt(2.0 / draws)));
    }

    @Test
    void sizesMustFit() {
        assertThatThrownBy(() -> MEAN.expected(Activation.RELU, VARIANCE.row(0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected: shapes differ: 2×3 and 1×3");
        assertThatThrownBy(() -> MEAN.expected(Activation.RELU, VARIANCE.to(DType.FLOAT32)))
                .hasMessageStartingWith("expected: dtypes differ: FLOAT64 and FLOAT32");
        assertThatThrownBy(() -> MEAN.sampled(Activation.RELU, VARIANCE, 0, new long[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sampled: samples: expected at least 1, got 0");
        assertThatThrownBy(() -> MEAN.sampled(Activation.RELU, VARIANCE, 1, new long[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sampled: expected 2 keys for 2×3, got 3");
    }
}
