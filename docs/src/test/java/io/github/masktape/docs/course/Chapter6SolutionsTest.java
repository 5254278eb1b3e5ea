// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs.course;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.masktape.layers.DropConnect;
import io.github.masktape.layers.Inference;
import io.github.masktape.layers.ReLU;
import io.github.masktape.layers.Sequential;
import io.github.masktape.tensor.Activation;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Solutions of the exercises in docs/course/06-inference.md. */
class Chapter6SolutionsTest {
    /** What arrives at a unit under each mask of its connections, and how probable that is. */
    @SuppressWarnings("ArrayRecordComponent") // plain numbers: nobody compares them
    private record Masks(double[] u, double[] probability) {
        static Masks of(double[] w, double[] x, double b, double p) {
            int masks = 1 << w.length;
            double[] u = new double[masks];
            double[] probability = new double[masks];
            for (int mask = 0; mask < masks; mask++) {
                u[mask] = b;
                probability[mask] = 1;
                for (int q = 0; q < w.length; q++) {
                    boolean keeps = (mask >> q & 1) == 1;
                    u[mask] += keeps ? w[q] * x[q] / (1 - p) : 0;
                    probability[mask] *= keeps ? 1 - p : p;
                }
            }
            return new Masks(u, probability);
        }

        double mean(DoubleUnaryOperator f) {
            double mean = 0;
            for (int mask = 0; mask < u.length; mask++) {
                mean += probability[mask] * f.applyAsDouble(u[mask]);
            }
            return mean;
        }

        double variance() {
            double mean = mean(v -> v);
            return mean(v -> (v - mean) * (v - mean));
        }
    }

    /** μ = 2·1 − 1·3 = −1; σ² = (½/½)·((2·1)² + (1·3)²) = 4 + 9 = 13. */
    @Test
    void exercise1MeanAndVarianceByHand() {
        Masks masks = Masks.of(new double[] {2, -1}, new double[] {1, 3}, 0, 0.5);
        assertThat(masks.mean(u -> u)).isEqualTo(-1);
        assertThat(masks.variance()).isEqualTo(13);
    }

    /**
     * relu is a straight line over all values of u if none is below 0. The least is the one that keeps the negative term
     * alone: b − 3·1.25 = b − 3.75. So b = 3.75. (A b that makes all of them negative serves too: then both are 0.)
     */
    @Test
    void exercise2MeanIsRightIfNoMaskChangesTheSign() {
        assertThat(gapOfMean(3.75)).isZero();
        assertThat(gapOfMean(3.7)).isGreaterThan(0.001);
        assertThat(gapOfMean(-100)).isZero();
    }

    private static double gapOfMean(double bias) {
        Masks masks = Masks.of(new double[] {1, 2, -1}, new double[] {1, 2, 3}, bias, 0.2);
        double gap = masks.mean(u -> Math.max(u, 0)) - Math.max(masks.mean(u -> u), 0);
        return Math.abs(gap) < 1e-12 ? 0 : gap;
    }

    /**
     * A bias is a weight from an input that is always 1. So μ stays what it is, and σ² gains p/(1 − p)·b²: here
     * 0.25·1.
     */
    @Test
    void exercise3MaskedBiasAddsItsOwnVariance() {
        Masks masks = Masks.of(new double[] {1, 2, -1, 1}, new double[] {1, 2, 3, 1}, 0, 0.2);
        assertThat(masks.mean(u -> u)).isCloseTo(3, within(1e-12));
        assertThat(masks.variance()).isCloseTo(6.5 + 0.25, within(1e-12));

        DropConnect unit = DropConnect.of(Tensor.of(new double[][] {{1, 2, -1}}), Tensor.of(new double[] {1}), 0.2);
        Sequential net = Sequential.of(unit.withMaskedBias(), new ReLU());
        double formula =
                Tensor.scalar(3).expected(Activation.RELU, Tensor.scalar(6.75)).item();
        Tensor x = Tensor.of(new double[][] {{1, 2, 3}});
        assertThat(Inference.gaussian().outputs(net, x).item()).isCloseTo(formula, within(1e-12));
    }

    /** leaky(u) = α·u + (1 − α)·relu(u), and averages add up: E = α·μ + (1 − α)·E[relu(u)]. */
    @Test
    void exercise4LeakyReluIsReluAndALine() {
        double alpha = 0.1;
        double mean = -0.5;
        double variance = 2;
        double relu = Tensor.scalar(mean)
                .expected(Activation.RELU, Tensor.scalar(variance))
                .item();
        double closed = alpha * mean + (1 - alpha) * relu;
        double strips = averageOverNormal(mean, variance, u -> u > 0 ? u : alpha * u);
        assertThat(closed).isCloseTo(strips, within(1e-6));
    }

    /** The average of f over a normal distribution, by strips between −10 and 10 standard deviations. */
    private static double averageOverNormal(double mean, double variance, DoubleUnaryOperator f) {
        int strips = 20_000;
        double width = 20.0 / strips;
        double sum = 0;
        for (int i = 0; i < strips; i++) {
            double z = -10 + (i + 0.5) * width;
            double height = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
            sum += width * height * f.applyAsDouble(mean + Math.sqrt(variance) * z);
        }
        return sum;
    }

    /**
     * A term m·w·v with both m and v random has the mean square w²·E[m²]·E[v²] = w²·(v² + t)/(1 − p), less the square of
     * its mean, w²·v². With 16 hidden units less than a third of the error is left, the noise of the reference included.
     * With three there is no gain: the variance is now right, but a sum of three terms is no bell curve, and two errors
     * that were opposite no longer are.
     */
    @Test
    void exercise5CarryingTheVarianceOnLeavesLittleOfTheError() {
        assertThat(errorLeft(16, 16)).isLessThan(1 / 3.0);
        assertThat(errorLeft(4, 3)).isGreaterThan(1);
    }

    /** The error with the variance carried on, as a share of that without. */
    private static double errorLeft(int inputs, int hidden) {
        double p = 0.5;
        Initializer init = Initializer.heUniform(3).withDType(DType.FLOAT64);
        DropConnect lower = DropConnect.of(inputs, hidden, p, init);
        DropConnect upper = DropConnect.of(hidden, 8, p, init);
        Sequential net = Sequential.of(lower, new ReLU(), upper, new ReLU());
        Tensor x = Initializer.heNormal(4).withDType(DType.FLOAT64).weight(16, inputs);
        Tensor truth = Inference.monteCarlo(10_000, 3).outputs(net, x);
        return error(carryingVariance(lower, upper, x, p), truth)
                / error(Inference.gaussian().outputs(net, x), truth);
    }

    private static Tensor carryingVariance(DropConnect lower, DropConnect upper, Tensor x, double p) {
        Tensor w1 = lower.weight().value();
        Tensor mean1 = x.matmulTransposed(w1).addRow(lower.bias().value());
        Tensor variance1 = x.mul(x).matmulTransposed(w1.mul(w1)).scale(p / (1 - p));
        Tensor v = mean1.expected(Activation.RELU, variance1);
        double[] means = mean1.toDoubleArray();
        double[] variances = variance1.toDoubleArray();
        double[] squares = new double[means.length];
        for (int i = 0; i < squares.length; i++) {
            squares[i] = meanSquareOfRelu(means[i], variances[i]);
        }
        Tensor meanSquare = Tensor.of(squares, v.shape().dims()); // v² + t
        Tensor w2 = upper.weight().value();
        Tensor mean2 = v.matmulTransposed(w2).addRow(upper.bias().value());
        Tensor variance2 = meanSquare.scale(1 / (1 - p)).sub(v.mul(v)).matmulTransposed(w2.mul(w2));
        return mean2.expected(Activation.RELU, variance2);
    }

    /** (μ² + σ²)·Φ(μ/σ) + μ·σ·φ(μ/σ); with E[relu(u)] = μ·Φ + σ·φ known, that is μ·E[relu(u)] + σ²·Φ. */
    private static double meanSquareOfRelu(double mean, double variance) {
        double c = mean / Math.sqrt(variance);
        double relu = Tensor.scalar(mean)
                .expected(Activation.RELU, Tensor.scalar(variance))
                .item();
        double area = areaBelow(c);
        return mean * relu + variance * area;
    }

    /** Φ(z), by strips. */
    private static double areaBelow(double z) {
        int strips = 2000;
        double width = z / strips;
        double area = 0.5;
        for (int i = 0; i < strips; i++) {
            double middle = (i + 0.5) * width;
            area += width * Math.exp(-middle * middle / 2) / Math.sqrt(2 * Math.PI);
        }
        return area;
    }

    private static double error(Tensor answer, Tensor truth) {
        return Math.sqrt(answer.sub(truth).sumOfSquares() / truth.sumOfSquares());
    }

    /** The formula that exercise 5 gives is what strips say. */
    @Test
    void exercise5MeanSquareOfReluIsWhatStripsSay() {
        RandomStream random = new RandomStream(5);
        for (int i = 0; i < 20; i++) {
            double mean = random.nextGaussian();
            double variance = 0.1 + random.nextDouble();
            double strips = averageOverNormal(mean, variance, u -> u > 0 ? u * u : 0);
            assertThat(meanSquareOfRelu(mean, variance)).isCloseTo(strips, within(1e-4));
        }
    }
}
