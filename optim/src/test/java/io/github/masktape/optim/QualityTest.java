// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The numbers are those of scikit-learn 1.2.1, except the Brier score of three classes, which it lacks. */
class QualityTest {
    private static final Offset<Double> NEAR = offset(1e-15);

    private static final Tensor THREE = Tensor.of(new double[][] {
        {.5, .25, .25},
        {.125, .75, .125},
        {.25, .5, .25},
        {.25, .25, .5},
        {.625, .125, .25},
        {.375, .375, .25},
        {0, 1, 0},
        {.125, .25, .625}
    });

    private static final Tensor TWO =
            Tensor.of(new double[][] {{.9, .1}, {.6, .4}, {.6, .4}, {.3, .7}, {.2, .8}, {.45, .55}, {1, 0}});

    private static void require(Quality.OfClasses quality, double... expected) {
        assertThat(quality.accuracy()).isCloseTo(expected[0], NEAR);
        assertThat(quality.balancedAccuracy()).isCloseTo(expected[1], NEAR);
        assertThat(quality.macroF1()).isCloseTo(expected[2], NEAR);
        assertThat(quality.logLoss()).isCloseTo(expected[3], offset(1e-14));
        assertThat(quality.brierScore()).isCloseTo(expected[4], NEAR);
    }

    @Test
    void threeClasses() {
        Quality.OfClasses quality = Quality.ofClasses(THREE, new int[] {0, 1, 1, 2, 0, 2, 2, 1});
        require(quality, 0.625, 0.6666666666666666, 0.6222222222222222, 5.206671169341785, 0.65625);
        assertThat(quality.rocAuc().orElseThrow()).isCloseTo(0.7, NEAR);
        assertThat(quality.examples()).isEqualTo(8);
    }

    @Test
    void twoClasses() {
        Quality.OfClasses quality = Quality.ofClasses(TWO, new int[] {0, 0, 1, 1, 1, 0, 1});
        require(
                quality,
                0.5714285714285714,
                0.5833333333333333,
                0.5714285714285715,
                5.564922350269406,
                0.28035714285714286);
        assertThat(quality.rocAuc()).hasValue(0.625);
    }

    @Test
    void aClassWithoutExamplesLeavesTheAreaUndefinedAndDoesNotCountInTheBalance() {
        Quality.OfClasses quality = Quality.ofClasses(THREE, new int[] {0, 1, 1, 0, 0, 1, 1, 1});
        require(quality, 0.625, 0.6333333333333333, 0.47222222222222215, 0.7371747547586143, 0.4375);
        assertThat(quality.rocAuc()).isEmpty();
        Quality.OfClasses one = Quality.ofClasses(TWO, new int[7]);
        require(
                one,
                0.5714285714285714,
                0.5714285714285714,
                0.36363636363636365,
                0.6769900251668022,
                0.25178571428571433);
        assertThat(one.rocAuc()).isEmpty();
        assertThat(one.measures().get("ROC AUC")).isEqualTo(OptionalDouble.empty());
    }

    @Test
    void thePredictionsNeedNotBeTheLikeliestClasses() {
        int[] labels = {0, 0, 1, 1, 1, 0, 1};
        assertThat(Quality.ofClasses(TWO, labels, labels).accuracy()).isEqualTo(1);
        assertThat(Quality.ofClasses(TWO, labels, labels).logLoss())
                .isEqualTo(Quality.ofClasses(TWO, labels).logLoss());
    }

    @Test
    void floatsAreClippedAsFloats() {
        Tensor sure = Tensor.of(new double[][] {{1, 0}}).to(DType.FLOAT32);
        assertThat(Quality.ofClasses(sure, new int[] {1}).logLoss()).isCloseTo(23 * Math.log(2), offset(1e-6));
    }

    @Test
    void aPerfectClassifierHasTheBestOfEachMeasure() {
        Tensor sure = Tensor.of(new double[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}});
        Quality.OfClasses best = Quality.ofClasses(sure, new int[] {0, 1, 2});
        require(best, 1, 1, 1, 0, 0);
        assertThat(best.rocAuc()).hasValue(1);
    }

    @Test
    void numbers() {
        Tensor predicted = Tensor.of(new double[] {1.5, 2, 3, 9, 0}, 5, 1);
        Quality.OfNumbers quality = Quality.ofNumbers(predicted, Tensor.of(new double[] {1, 2, 4, 8, 3}, 5, 1), 0);
        assertThat(quality.rmse()).isCloseTo(1.5, NEAR);
        assertThat(quality.meanAbsoluteError()).isCloseTo(1.1, NEAR);
        assertThat(quality.r2().orElseThrow()).isCloseTo(0.6147260273972603, NEAR);
        assertThat(Quality.ofNumbers(predicted, Tensor.of(new double[5], 5, 1), 0)
                        .measures())
                .containsEntry("R²", OptionalDouble.empty());
    }

    @Property(tries = 100)
    void theAreaIsTheShareOfPairsInOrder(@ForAll @IntRange(min = 2, max = 40) int examples, @ForAll long seed) {
        RandomStream stream = new RandomStream(seed);
        double[] p = new double[2 * examples];
        int[] labels = IntStream.range(0, examples).map(i -> i % 2).toArray();
        for (int i = 0; i < examples; i++) {
            p[2 * i + 1] = stream.nextInt(8) / 8.0;
            p[2 * i] = 1 - p[2 * i + 1];
        }
        double pairs = 0;
        double ordered = 0;
        for (int i = 1; i < examples; i += 2) {
            for (int j = 0; j < examples; j += 2) {
                pairs++;
                ordered += (1 + Math.signum(p[2 * i + 1] - p[2 * j + 1])) / 2;
            }
        }
        Quality.OfClasses quality = Quality.ofClasses(Tensor.of(p, examples, 2), labels);
        assertThat(quality.rocAuc().orElseThrow()).isCloseTo(ordered / pairs, NEAR);
        int[] swapped = Arrays.stream(labels).map(label -> 1 - label).toArray();
        assertThat(Quality.ofClasses(Tensor.of(p, examples, 2), swapped)
                        .rocAuc()
                        .orElseThrow())
                .isCloseTo(1 - ordered / pairs, NEAR);
    }

    @Test
    void mismatchesAreRefused() {
        assertThatThrownBy(() -> Quality.ofClasses(TWO, new int[6]))
                .hasMessage("quality: expected probabilities and predictions for each of at least one label, got 7×2, 7"
                        + " and 6 labels");
        assertThatThrownBy(() -> Quality.ofClasses(TWO, new int[] {0, 1, 2, 0, 0, 0, 0}))
                .hasMessage("quality: expected labels in 0…1 as the probabilities have, got 2");
    }
}
