// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LearningRateTest {
    @Test
    void cosineFallsFromTheRateToZero() {
        LearningRate rate = LearningRate.cosine(0.1, 1000);
        assertThat(rate.at(0)).isEqualTo(0.1);
        assertThat(rate.at(1000)).isEqualTo(0);
        assertThat(rate.at(5000)).isEqualTo(0);
        for (int step = 0; step <= 1000; step++) {
            double expected = 0.1 * (1 + Math.cos(Math.PI * step / 1000)) / 2;
            assertThat(rate.at(step)).isCloseTo(expected, within(1e-16));
        }
    }

    @Test
    void thePapersScheduleHasSevenLevels() {
        LearningRate rate = LearningRate.steps(0.1, 10, 6, 4, 2);
        double[] levels = {0.1, 0.05, 0.01, 0.005, 0.001, 0.0005, 0.0001};
        int[] lengths = {6, 4, 4, 2, 2, 2, 100};
        long step = 0;
        for (int level = 0; level < levels.length; level++) {
            for (int i = 0; i < 10 * lengths[level]; i++) {
                assertThat(rate.at(step++)).isCloseTo(levels[level], within(1e-17));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesOtherRates(double rate) {
        assertThatThrownBy(() -> LearningRate.constant(rate))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("learningRate: expected a positive, finite number, got ");
        assertThatThrownBy(() -> LearningRate.cosine(rate, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LearningRate.steps(rate, 1, 1, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void takesEveryPositiveRate() {
        for (double rate : new double[] {Double.MIN_VALUE, Double.MAX_VALUE}) {
            assertThat(LearningRate.constant(rate).at(0)).isEqualTo(rate);
        }
    }

    @Test
    void refusesOtherLengths() {
        assertThatThrownBy(() -> LearningRate.cosine(1, 0)).hasMessage("steps: expected at least 1, got 0");
        assertThatThrownBy(() -> LearningRate.steps(1, 1, 1, 0, 1))
                .hasMessage("steps: expected positive numbers, got 1 steps an epoch and a schedule of 1-0-1");
    }
}
