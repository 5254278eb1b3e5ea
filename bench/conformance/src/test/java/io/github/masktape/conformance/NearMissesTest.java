// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How small a mistake the laws of chance still see: each of these is right but for one thing that is easily overlooked. */
@Tag("once")
class NearMissesTest {
    private static final MaskSource RIGHT = (examples, outputs, inputs, p, seed, step) -> {
        if (!(p >= 0 && p < 1)) {
            throw new IllegalArgumentException("p: expected a number in [0, 1), got " + p);
        }
        double[][][] mask = new double[examples][outputs][inputs];
        SplittableRandom seeds = new SplittableRandom(seed);
        for (long t = 0; t < step; t++) {
            seeds.nextLong();
        }
        SplittableRandom random = new SplittableRandom(seeds.nextLong());
        for (double[][] example : mask) {
            for (double[] row : example) {
                for (int q = 0; q < inputs; q++) {
                    row[q] = random.nextDouble() < p ? 0 : 1 / (1 - p);
                }
            }
        }
        return mask;
    };

    /** Mistakes in masks, each with the law that names it. */
    static Map<String, Map.Entry<String, MaskSource>> maskSources() {
        Map<String, Map.Entry<String, MaskSource>> all = new LinkedHashMap<>();
        all.put(
                "every third example has the mask of the first",
                Map.entry("everyExampleHasAMaskOfItsOwn", (examples, outputs, inputs, p, seed, step) -> {
                    double[][][] mask = RIGHT.draw(examples, outputs, inputs, p, seed, step);
                    for (int n = 0; n < examples; n++) {
                        mask[n] = mask[n % 3];
                    }
                    return mask;
                }));
        all.put(
                "every third step draws the masks of the first",
                Map.entry(
                        "everyStepDrawsNewMasks",
                        (examples, outputs, inputs, p, seed, step) ->
                                RIGHT.draw(examples, outputs, inputs, p, seed, step % 3)));
        all.put(
                "every row is the one four above",
                Map.entry("neighborsInAMaskAreIndependent", (examples, outputs, inputs, p, seed, step) -> {
                    double[][][] mask = RIGHT.draw(examples, outputs, inputs, p, seed, step);
                    for (double[][] example : mask) {
                        for (int j = 4; j < outputs; j++) {
                            example[j] = example[j - 4];
                        }
                    }
                    return mask;
                }));
        all.put(
                "every column is the one 32 before: bits of a word are used twice",
                Map.entry("neighborsInAMaskAreIndependent", (examples, outputs, inputs, p, seed, step) -> {
                    double[][][] mask = RIGHT.draw(examples, outputs, inputs, p, seed, step);
                    for (double[][] example : mask) {
                        for (double[] row : example) {
                            for (int q = 32; q < inputs; q++) {
                                row[q] = row[q - 32];
                            }
                        }
                    }
                    return mask;
                }));
        all.put(
                "p + 0.015 drops",
                Map.entry("dropProbabilityIsTheProbabilityToDrop", (examples, outputs, inputs, p, seed, step) -> {
                    double[][][] mask =
                            RIGHT.draw(examples, outputs, inputs, p == 0 ? 0 : Math.min(p + 0.015, 0.99), seed, step);
                    for (double[][] example : mask) {
                        for (double[] row : example) {
                            for (int q = 0; q < inputs; q++) {
                                row[q] = row[q] == 0 ? 0 : 1 / (1 - p);
                            }
                        }
                    }
                    return mask;
                }));
        return all;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("namesOfMaskSources")
    void mistakesInMasksAreSeenInAHundredTries(String mistake) {
        Map.Entry<String, MaskSource> wrong = maskSources().get(mistake);
        ConformanceReport report =
                Conformance.check(Implementation.named(mistake).masks(wrong.getValue()));

        assertThat(report.broken()).as(report.toString()).contains(wrong.getKey());
    }

    static Iterable<String> namesOfMaskSources() {
        return maskSources().keySet();
    }

    @Test
    void rightMasksAndRightAveragesKeepAllLaws() {
        ConformanceReport report =
                Conformance.check(Implementation.named("right").masks(RIGHT).predictor(normal(p -> p / (1 - p), true)));

        assertThat(report.passed()).as(report.toString()).isTrue();
    }

    @Test
    void varianceWithoutItsFactorIsSeen() {
        assertThat(broken(normal(p -> p == 0 ? 0 : 1, true))).contains("theDeviationIsThatOfTheMasks");
        assertThat(broken(normal(p -> 2 * p, true))).contains("theDeviationIsThatOfTheMasks");
        assertThat(broken(normal(p -> p * (1 - p), true))).contains("theDeviationIsThatOfTheMasks");
        assertThat(broken(normal(p -> p, true))).contains("theDeviationIsThatOfTheMasks");
    }

    @Test
    void tanhOfTheMeanIsSeenThoughReluIsRight() {
        assertThat(broken(normal(p -> p / (1 - p), false))).containsExactly("tanhAndSigmoidAreAveragedToo");
    }

    private static Iterable<String> broken(Predictor predictor) {
        return Conformance.check(Implementation.named("wrong").predictor(predictor))
                .broken();
    }

    /** A normal u of this variance, by the trapezoidal rule; or a(μ) for all but the ReLU. */
    private static Predictor normal(DoubleUnaryOperator factor, boolean averagesAll) {
        return (x, w, b, p, a) -> {
            double[][] y = new double[x.length][w.length];
            for (int n = 0; n < x.length; n++) {
                for (int j = 0; j < w.length; j++) {
                    double mean = b[j];
                    double squares = 0;
                    for (int q = 0; q < w[j].length; q++) {
                        mean += w[j][q] * x[n][q];
                        squares += w[j][q] * x[n][q] * w[j][q] * x[n][q];
                    }
                    double deviation = Math.sqrt(factor.applyAsDouble(p) * squares);
                    y[n][j] = deviation == 0 || !(averagesAll || a == ActivationFunction.RELU)
                            ? a.at(mean)
                            : average(mean, deviation, a);
                }
            }
            return y;
        };
    }

    private static double average(double mean, double deviation, ActivationFunction a) {
        double sum = 0;
        double weights = 0;
        for (int i = -4000; i <= 4000; i++) {
            double z = i * 0.002;
            double weight = Math.exp(-z * z / 2);
            weights += weight;
            sum += weight * (a.at(mean + deviation * z) - a.at(mean));
        }
        return a.at(mean) + sum / weights;
    }
}
