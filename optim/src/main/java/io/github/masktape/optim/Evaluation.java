// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import java.util.OptionalDouble;

/** The result of testing a network on a dataset; the loss determines which kind it is, see {@link Metrics#evaluate}. */
public sealed interface Evaluation {
    /** The number of examples. */
    int examples();

    /**
     * The mean over the examples of the loss that the network is trained with; without one, the cross-entropy of a
     * classifier in nats, or the squared error of a regression.
     */
    double loss();

    /**
     * True if this evaluation is the better one. For a classifier, it has a smaller {@linkplain
     * OfLabels#weightedErrorRate weighted error rate}, or the same and a smaller loss; otherwise, it has a smaller loss.
     * NaN is the worst loss.
     *
     * @throws IllegalArgumentException if the other evaluation is of another kind
     */
    boolean isBetterThan(Evaluation other);

    /**
     * The evaluation of a classifier.
     *
     * @param errors the number of examples whose largest output is not their label's; with one logit for two classes,
     *     whose sign is not
     * @param examples the number of examples
     * @param loss the mean cross-entropy in nats, without label smoothing, weighted as in training
     * @param weightedErrorRate the share of misclassified examples, each counting as much as its class weighs in the
     *     loss; the error rate if the classes have no weights
     */
    record OfLabels(int errors, int examples, double loss, double weightedErrorRate) implements Evaluation {
        /** The evaluation of a classifier whose classes have no weights. */
        public OfLabels(int errors, int examples, double loss) {
            this(errors, examples, loss, (double) errors / examples);
        }

        /** The share of misclassified examples, in 0…1. */
        public double errorRate() {
            return (double) errors / examples;
        }

        @Override
        public boolean isBetterThan(Evaluation other) {
            if (!(other instanceof OfLabels labels)) {
                throw otherKind("a classifier", other);
            }
            return weightedErrorRate < labels.weightedErrorRate
                    || (weightedErrorRate == labels.weightedErrorRate && Double.compare(loss, labels.loss) < 0);
        }
    }

    /**
     * The evaluation of a regression.
     *
     * @param examples the number of examples
     * @param loss the mean loss, which need not be the squared error
     * @param meanSquaredError the mean squared error, each example counting once
     * @param variance the mean squared distance of the targets from their means, which is the squared error of the best
     *     constant guess
     */
    record OfValues(int examples, double loss, double meanSquaredError, double variance) implements Evaluation {
        /** The root of the mean squared error, in the targets' unit. */
        public double rmse() {
            return Math.sqrt(meanSquaredError);
        }

        /**
         * The share of variance explained, R² = 1 − meanSquaredError/variance: 1 is perfect, 0 is no better than the
         * targets' mean. It is empty where R² is undefined because the variance is 0: there is only one example, or all
         * targets are equal.
         */
        public OptionalDouble r2() {
            return variance > 0 ? OptionalDouble.of(1 - meanSquaredError / variance) : OptionalDouble.empty();
        }

        @Override
        public boolean isBetterThan(Evaluation other) {
            if (!(other instanceof OfValues)) {
                throw otherKind("a regression", other);
            }
            return Double.compare(loss, other.loss()) < 0;
        }
    }

    /**
     * The evaluation by a loss whose outputs are neither a classifier's nor values in the unit of the targets, such as
     * one of your own.
     *
     * @param examples the number of examples
     * @param loss the mean loss
     */
    record OfLoss(int examples, double loss) implements Evaluation {
        @Override
        public boolean isBetterThan(Evaluation other) {
            if (!(other instanceof OfLoss)) {
                throw otherKind("a loss alone", other);
            }
            return Double.compare(loss, other.loss()) < 0;
        }
    }

    private static IllegalArgumentException otherKind(String expected, Evaluation other) {
        return new IllegalArgumentException("evaluation: expected one of " + expected + ", got " + other);
    }
}
