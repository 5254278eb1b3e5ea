// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.explorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.optim.Evaluation;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class TrainingTest {
    private static TrainingSettings settings(String data, double dropProbability, boolean perBatch) {
        return new TrainingSettings(data, 1, dropProbability, 16, 100, 20, 0.05, 0.9, perBatch);
    }

    @Test
    void theNetsBeginWithTheSameWeightsAndGoApart() {
        Training training = new Training(settings("moons", 0.5, false));
        assertThat(training.weights(0)).isEqualTo(training.weights(1)).isEqualTo(training.weights(2));
        training.step(3);
        assertThat(training.weights(0)).isNotEqualTo(training.weights(1)).isNotEqualTo(training.weights(2));
    }

    @Test
    void withNothingDroppedTheThreeAreOne() {
        Training training = new Training(settings("moons", 0, false));
        training.step(20);
        assertThat(training.weights(0)).isEqualTo(training.weights(1)).isEqualTo(training.weights(2));
    }

    @Test
    void itDoesNotMatterHowManyStepsAreAskedForAtOnce() {
        Training one = new Training(settings("spirals", 0.5, true));
        Training other = new Training(settings("spirals", 0.5, true));
        one.step(12);
        for (int i = 0; i < 12; i++) {
            other.step(1);
            other.spread(2, false);
            other.grid(2, 2, 2, -1, 1, -1, 1);
        }
        assertThat(one.weights(2)).isEqualTo(other.weights(2));
        assertThat(one.losses(2)).hasSize(12).isEqualTo(other.losses(2));
    }

    @Test
    void theNetsLearn() {
        for (String data : new String[] {"moons", "digits"}) {
            Training training = new Training(settings(data, 0.25, false));
            Evaluation.OfLabels before = training.evaluate(2);
            training.step(200);
            for (int net = 0; net < 3; net++) {
                assertThat(training.evaluate(net).errors()).isLessThan(before.errors() * 3 / 4);
            }
        }
    }

    @Test
    void theGridIsReadFromTheTopLeft() {
        Training training = new Training(settings("moons", 0.25, false));
        training.step(200);
        float[] grid = training.grid(0, 3, 2, -1.5, 2.5, -1, 1.5);
        assertThat(grid).hasSize(3 * 2 * 2);
        // Moon 0 is the upper one, moon 1 the lower.
        assertThat(grid[2]).isGreaterThan(0.5f);
        assertThat(grid[9]).isGreaterThan(0.5f);
        assertThat(grid[0] + grid[1]).isBetween(0.999f, 1.001f);
    }

    @Test
    void oneMaskForTheBatchSpreadsTheGradientMore() {
        Training training = new Training(settings("moons", 0.5, false));
        training.step(20);
        Training.GradientSpread perExample = training.spread(30, false);
        Training.GradientSpread perBatch = training.spread(30, true);
        assertThat(perBatch.deviation()).isGreaterThan(perExample.deviation());
        assertThat(perExample.norms()).hasSize(30).doesNotContain(0.0);
        assertThat(new Training(settings("moons", 0, false)).spread(3, false).deviation())
                .isZero();
    }

    /** What is kept between two calls changes no number. */
    @Test
    void moreDrawsContinueThoseThatAreThere() {
        Training training = new Training(settings("moons", 0.5, false));
        training.step(3);
        Training.GradientSpread few = training.spread(4, false);
        Training.GradientSpread more = training.spread(9, false);
        Training other = new Training(settings("moons", 0.5, false));
        other.step(3);
        assertThat(other.spread(9, false).distances()).isEqualTo(more.distances());
        assertThat(training.spread(4, false).distances()).isEqualTo(few.distances());
        training.step(1);
        assertThat(training.spread(4, false).distances()).isNotEqualTo(few.distances());
    }

    @Test
    void someMoonsHaveWrongLabelsOrUselessInputs() {
        Training clean = new Training(settings("moons", 0.5, false));
        Training wrong = new Training(settings("moons-wrong", 0.5, false));
        int changed = 0;
        for (int i = 0; i < 100; i++) {
            changed += clean.labels(false)[i] == wrong.labels(false)[i] ? 0 : 1;
        }
        assertThat(changed).isEqualTo(25);
        assertThat(wrong.labels(true)).isEqualTo(clean.labels(true));
        Training useless = new Training(settings("moons-useless", 0.5, false));
        assertThat(useless.labels(false)).isEqualTo(clean.labels(false));
        assertThat(useless.features(true)).hasSize(100 * 22);
        assertThat(useless.features(false)[22 * 7 + 1]).isEqualTo(clean.features(false)[2 * 7 + 1]);
        useless.step(2);
        assertThat(useless.grid(2, 3, 2, -1, 1, -1, 1)).hasSize(3 * 2 * 2);
    }

    @Test
    void predictionsAreWhatIsEvaluated() {
        Training training = new Training(settings("digits", 0.5, false));
        int[] labels = training.labels(true);
        int[] predictions = training.predictions(1);
        int errors = 0;
        for (int i = 0; i < labels.length; i++) {
            errors += labels[i] == predictions[i] ? 0 : 1;
        }
        assertThat(training.evaluate(1).errors()).isEqualTo(errors);
        assertThat(training.features(true)).hasSize(100 * 196).isNotEqualTo(training.features(false));
        assertThat(training.classes()).isEqualTo(10);
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertRefused(
                "data: expected one of moons, moons-wrong, moons-useless, spirals, digits, got \"rings\"",
                () -> settings("rings", 0.5, false));
        assertRefused("dropProbability: expected a number in [0, 1), got 1", () -> settings("moons", 1, false));
        assertRefused(
                "batchSize: expected 1…10, got 11",
                () -> new TrainingSettings("moons", 1, 0.5, 4, 10, 11, 0.1, 0, false));
        Training digits = new Training(settings("digits", 0.5, false));
        assertRefused("grid: digits are no points of the plane", () -> digits.grid(0, 2, 2, 0, 1, 0, 1));
        assertRefused("draws: expected at least 2, got 1", () -> digits.spread(1, false));
    }

    private static void assertRefused(String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }
}
