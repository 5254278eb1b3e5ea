// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import io.github.masktape.math.Elementary;
import io.github.masktape.text.Decimal;

/** The learning rate of each step of a run. */
@FunctionalInterface
public interface LearningRate {
    /** The rate of a step, counted from 0. */
    double at(long step);

    /** A constant rate. */
    static LearningRate constant(double rate) {
        requireRate(rate);
        return step -> rate;
    }

    /**
     * A rate that falls from {@code rate} to 0 along half a cosine: rate · (1 + cos(π·step/steps))/2.
     *
     * <p>Loshchilov, Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017, without the restarts.
     */
    static LearningRate cosine(double rate, long steps) {
        requireRate(rate);
        if (steps < 1) {
            throw new IllegalArgumentException("steps: expected at least 1, got " + steps);
        }
        return step -> rate * (1 + Elementary.cosPi(Math.min(step, steps) / (double) steps)) / 2;
    }

    /**
     * The DropConnect paper's schedule "a-b-c": {@code rate} for a epochs, ×0.5 and ×0.1 for b epochs each, then ×0.05,
     * ×0.01, ×0.005 and ×0.001 for c epochs each; the last rate then stays.
     */
    static LearningRate steps(double rate, long stepsPerEpoch, int a, int b, int c) {
        requireRate(rate);
        if (stepsPerEpoch < 1 || a < 1 || b < 1 || c < 1) {
            throw new IllegalArgumentException("steps: expected positive numbers, got " + stepsPerEpoch
                    + " steps an epoch and a schedule of " + a + "-" + b + "-" + c);
        }
        return step -> {
            long epoch = step / stepsPerEpoch;
            if (epoch < a) {
                return rate;
            }
            if (epoch < a + 2L * b) {
                return rate * (epoch < a + (long) b ? 0.5 : 0.1);
            }
            double[] factors = {0.05, 0.01, 0.005, 0.001};
            return rate * factors[(int) Math.min(3, (epoch - a - 2L * b) / c)];
        };
    }

    private static void requireRate(double rate) {
        if (!(rate > 0 && rate <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "learningRate: expected a positive, finite number, got " + Decimal.shortest(rate, 6));
        }
    }
}
