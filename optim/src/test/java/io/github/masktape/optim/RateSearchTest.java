// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.github.masktape.data.Dataset;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RateSearchTest {
    private final Dataset line = line();

    private static Dataset line() {
        RandomStream random = new RandomStream(1);
        double[] x = new double[100];
        double[] y = new double[100];
        for (int i = 0; i < 100; i++) {
            x[i] = random.nextGaussian();
            y[i] = 3 * x[i] + random.nextGaussian() / 10;
        }
        return Dataset.regression(Tensor.of(x, 100, 1), Tensor.of(y, 100, 1));
    }

    private final Slope net = new Slope();

    private RateSearch search(double from, double to) {
        return RateSearch.of(rate -> new Trainer(net, new SGD(net.parameters(), rate), 6, 10, 1), line, from, to);
    }

    @Test
    void ratesGrowByOneFactorFromTheFirstToTheLast() {
        List<RateSearch.Trial> trials = search(1e-6, 1e-2).trials();
        assertThat(trials).hasSize(60);
        assertThat(trials.get(0).rate()).isEqualTo(1e-6);
        assertThat(trials.get(59).rate()).isCloseTo(1e-2, offset(1e-15));
        for (int t = 1; t < 60; t++) {
            assertThat(trials.get(t).rate() / trials.get(t - 1).rate())
                    .isCloseTo(Math.pow(1e4, 1.0 / 59), offset(1e-9));
        }
    }

    /** The loss's second derivative is 2 at most or so: gradient descent diverges at rates above 1. */
    @Test
    void itEndsWhenTheLossExplodesAndSuggestsARateThatLearns() {
        RateSearch search = search(1e-4, 1e4);
        assertThat(search.trials()).hasSizeBetween(10, 59);
        double suggestion = search.suggestion().getAsDouble();
        assertThat(suggestion).isBetween(0.01, 1.0);
        new Trainer(net, new SGD(net.parameters(), LearningRate.constant(suggestion)), 20, 10, 1).fit(line);
        assertThat(net.w.value().item()).isCloseTo(3, offset(0.05));
    }

    @Test
    void theNetIsLeftAsItWas() {
        Tensor before = net.w.value();
        RateSearch first = search(1e-4, 1e4);
        assertThat(net.w.value()).isEqualTo(before);
        assertThat(search(1e-4, 1e4)).isEqualTo(first);
    }

    @Test
    void theSmoothedLossIsAMeanThatForgets() {
        List<RateSearch.Trial> trials = search(1e-3, 1e-2).trials();
        for (int t = 0; t < trials.size(); t++) {
            double sum = 0;
            double weights = 0;
            for (int s = 0; s <= t; s++) {
                double weight = Math.pow(0.9, t - s);
                sum += weight * trials.get(s).loss();
                weights += weight;
            }
            assertThat(trials.get(t).smoothedLoss()).isCloseTo(sum / weights, offset(1e-9));
        }
    }

    @Test
    void withoutALossThatFallsThereIsNoSuggestion() {
        List<RateSearch.Trial> trials = new ArrayList<>();
        trials.add(new RateSearch.Trial(0.1, 1, 1));
        trials.add(new RateSearch.Trial(0.2, 2, 1.5));
        assertThat(new RateSearch(trials).suggestion()).isEmpty();
        trials.add(new RateSearch.Trial(0.4, 0.1, 0.9));
        assertThat(new RateSearch(trials).suggestion()).hasValue(0.04);
        trials.add(new RateSearch.Trial(0.8, 0.9, 0.9));
        assertThat(new RateSearch(trials).suggestion())
                .as("of two as good, the lower rate")
                .hasValue(0.04);
    }

    @Test
    void takesRatesUpToTheLargestNumber() {
        assertThat(search(1e-4, Double.MAX_VALUE).trials().get(0).rate()).isEqualTo(1e-4);
    }

    @Test
    void aLossThatIsHopelessBeforeTheFirstStepIsTold() {
        net.w.set(Tensor.full(DType.FLOAT64, 1e200, 1, 1));
        assertThatThrownBy(() -> search(1e-4, 1))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageStartingWith("training diverged in epoch 1, step 1: ");
        assertThat(net.w.value().item()).isEqualTo(1e200);
    }

    @Test
    void refusesOtherRates() {
        for (double[] range : new double[][] {{0, 1}, {1, 1}, {2, 1}, {Double.NaN, 1}, {1, Double.POSITIVE_INFINITY}}) {
            assertThatThrownBy(() -> search(range[0], range[1]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("rates: expected 0 < from < to, got ");
        }
    }
}
