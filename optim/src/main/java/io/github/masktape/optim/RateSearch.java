// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import io.github.masktape.data.Dataset;
import io.github.masktape.tensor.MutableTensor;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * A search for a learning rate: a short training run whose rate grows from step to step until the loss explodes.
 *
 * <pre>
 *   rateₜ = from·(to/from)^(t/(n−1))              t = 0 … n−1
 *   mₜ    = 0.9·mₜ₋₁ + 0.1·lossₜ                  m before the first is 0
 *   smoothedₜ = mₜ/(1 − 0.9ᵗ⁺¹)
 * </pre>
 *
 * <p>Smith, "Cyclical Learning Rates for Training Neural Networks", WACV 2017.
 *
 * @param trials the steps made, one for each rate; they end once the smoothed loss exceeds four times its minimum
 */
public record RateSearch(List<Trial> trials) {
    private static final double MEMORY = 0.9;
    private static final double EXPLODED = 4;

    /**
     * One step of the search.
     *
     * @param rate the learning rate of the step
     * @param loss the loss of its batch before the step
     * @param smoothedLoss the weighted mean of the losses so far, in which later losses count more
     */
    public record Trial(double rate, double loss, double smoothedLoss) {}

    /** Copies the list of trials. */
    public RateSearch {
        trials = List.copyOf(trials);
    }

    /**
     * Runs the search, and leaves the net as it was.
     *
     * @param trainer makes the trainer for a schedule of rates; its epochs determine the number of steps
     * @param from the smallest rate to try, for example 10⁻⁵
     * @param to the largest rate, for example 10
     * @throws DivergenceException if, in step 1, the loss or a gradient is not finite, or a cross-entropy is ≥ 10⁶
     */
    public static RateSearch of(Function<LearningRate, Trainer> trainer, Dataset training, double from, double to) {
        if (!(from > 0 && from < to && to <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("rates: expected 0 < from < to, got " + Decimal.shortest(from, 6)
                    + " to " + Decimal.shortest(to, 6));
        }
        double[] rates = new double[1];
        Trainer run = trainer.apply(step -> rates[0]);
        long steps = run.epochs * run.source(training).steps().orElseThrow();
        double logFrom = Tensor.scalar(from).log().item();
        double logTo = Tensor.scalar(to).log().item();
        List<Trial> trials = new ArrayList<>();
        Trainer.Listener listener = new Trainer.Listener() {
            private double m;
            private double weight;
            private double least = Double.POSITIVE_INFINITY;

            @Override
            public void step(Trainer.Step step) {
                m = MEMORY * m + (1 - MEMORY) * step.loss();
                weight = MEMORY * weight + (1 - MEMORY);
                double smoothed = m / weight;
                trials.add(new Trial(rates[0], step.loss(), smoothed));
                least = Math.min(least, smoothed);
                rates[0] = rate(step.number());
                if (smoothed > EXPLODED * least) {
                    run.stop();
                }
            }

            private double rate(long step) {
                double share = (double) step / Math.max(1, steps - 1);
                return Tensor.scalar(logFrom + share * (logTo - logFrom)).exp().item();
            }
        };
        rates[0] = from;
        Map<MutableTensor, Tensor> before = new LinkedHashMap<>();
        run.net.state().values().forEach(cell -> before.put(cell, cell.value()));
        try {
            Trainer.History unused = run.fit(training, null, listener);
        } catch (DivergenceException exploded) {
            if (trials.isEmpty()) {
                throw exploded;
            }
        } finally {
            before.forEach(MutableTensor::set);
        }
        return new RateSearch(trials);
    }

    /**
     * A tenth of the rate at which the smoothed loss was smallest; there it falls fast and is far from exploding. Empty
     * if the loss never fell.
     */
    public OptionalDouble suggestion() {
        Trial best = trials.get(0);
        for (Trial trial : trials) {
            best = trial.smoothedLoss() < best.smoothedLoss() ? trial : best;
        }
        return best.smoothedLoss() < trials.get(0).smoothedLoss()
                ? OptionalDouble.of(best.rate() / 10)
                : OptionalDouble.empty();
    }
}
