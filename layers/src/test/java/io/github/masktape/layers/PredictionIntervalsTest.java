// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Intervals around predictions: the formula, and the share of targets that they hold. */
class PredictionIntervalsTest {
    private static final int INPUTS = 3;

    /** Targets whose noise grows with the first feature, which the network, of random weights, does not know. */
    private static Tensor targets(Tensor features, RandomStream random) {
        int n = features.shape().dim(0);
        double[] targets = new double[n];
        for (int i = 0; i < n; i++) {
            double noise = Math.exp(features.get(i, 0)) * random.nextGaussian();
            targets[i] = 2 * features.get(i, 0) - features.get(i, 1) + noise;
        }
        return Tensor.of(targets, n, 1);
    }

    private static Tensor features(int n, RandomStream random) {
        float[] numbers = new float[n * INPUTS];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return Tensor.of(numbers, n, INPUTS);
    }

    @Test
    void theyHoldTheShareOfNewTargetsThatIsAskedFor() {
        Initializer init = Initializer.heUniform(1);
        Sequential net = Sequential.of(DropConnect.of(INPUTS, 16, 0.3, init), new ReLU(), Linear.of(16, 1, init));
        RandomStream random = new RandomStream(1);
        Tensor heldOut = features(1000, random);
        Tensor fresh = features(4000, random);
        Inference inference = Inference.monteCarlo(20, 1);
        PredictionIntervals intervals =
                PredictionIntervals.of(inference.outputSpread(net, heldOut), targets(heldOut, random));
        Inference.Spread spread = inference.outputSpread(net, fresh);
        Tensor actual = targets(fresh, random);
        for (double level : new double[] {0.5, 0.8, 0.9, 0.99}) {
            Tensor half = intervals.halfWidths(spread, level);
            int held = 0;
            for (int i = 0; i < 4000; i++) {
                held += Math.abs(actual.get(i, 0) - spread.mean().get(i, 0)) <= half.get(i, 0) ? 1 : 0;
            }
            // Three deviations of a share of 4000, and of the quantile of 1000.
            double deviation = Math.sqrt(level * (1 - level) * (1.0 / 4000 + 1.0 / 1000));
            assertThat(held / 4000.0).as("level %s", level).isCloseTo(level, within(3 * deviation));
        }
    }

    @Test
    void theyAreThoseOfTheFormula() {
        Inference.Spread heldOut = new Inference.Spread(
                Tensor.of(new double[] {0, 0, 0, 0}, 4, 1), Tensor.of(new double[] {0, 1, 2, 0}, 4, 1));
        PredictionIntervals intervals = PredictionIntervals.of(heldOut, Tensor.of(new double[] {1, -2, 3, -1}, 4, 1));
        double noise = (1 + 4 + 9 + 1) / 4.0;
        // The scores are 1/√(3.75), 2/√(4.75), 3/√(7.75), 1/√(3.75).
        double[] scores = {
            1 / Math.sqrt(noise), 1 / Math.sqrt(noise), 2 / Math.sqrt(noise + 1), 3 / Math.sqrt(noise + 4)
        };
        Inference.Spread fresh =
                new Inference.Spread(Tensor.of(new double[] {5, 6}, 2, 1), Tensor.of(new double[] {0, 3}, 2, 1));
        for (int k = 1; k <= 4; k++) {
            Tensor half = intervals.halfWidths(fresh, k / 5.0);
            assertThat(half.get(0, 0)).isCloseTo(scores[k - 1] * Math.sqrt(noise), within(1e-6));
            assertThat(half.get(1, 0)).isCloseTo(scores[k - 1] * Math.sqrt(noise + 9), within(1e-6));
        }
        assertThatThrownBy(() -> intervals.halfWidths(fresh, 0.81))
                .hasMessage("interval: expected a level of at most 0.8, since 4 examples were held out, got 0.81");
        assertThatThrownBy(() -> intervals.halfWidths(fresh, 1)).hasMessageContaining("between 0 and 1");
    }

    @Test
    void textBringsThemBack() {
        Inference.Spread heldOut = new Inference.Spread(
                Tensor.of(new double[] {0, 0.1, 7, 1, 2, 3}, 3, 2), Tensor.of(new double[] {0, 1, 2, 0, 1, 0}, 3, 2));
        PredictionIntervals intervals =
                PredictionIntervals.of(heldOut, Tensor.of(new double[] {1, -2, 3, -1, 0, 0}, 3, 2));
        Map<String, String> text = intervals.toMetadata();
        PredictionIntervals back = PredictionIntervals.ofMetadata(text);
        assertThat(back).isNotNull();
        assertThat(back.toMetadata()).isEqualTo(text);
        assertThat(back.halfWidths(heldOut, 0.5)).isEqualTo(intervals.halfWidths(heldOut, 0.5));
        assertThat(PredictionIntervals.ofMetadata(Map.of())).isNull();
        for (String broken : new String[] {"", "1 2", "1 2\n1", "2 1\n1 2", "1 x\n1 2", "1 -2\n1 2"}) {
            Map<String, String> other = new HashMap<>(text);
            other.put("intervals.scores", broken);
            assertThatThrownBy(() -> PredictionIntervals.ofMetadata(other))
                    .as(broken)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("metadata intervals.scores: expected ");
        }
    }
}
