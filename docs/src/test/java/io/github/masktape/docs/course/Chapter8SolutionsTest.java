// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs.course;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.masktape.conformance.Case;
import io.github.masktape.conformance.Conformance;
import io.github.masktape.conformance.ConformanceReport;
import io.github.masktape.conformance.Implementation;
import io.github.masktape.conformance.MaskSource;
import io.github.masktape.conformance.PassResult;
import io.github.masktape.conformance.Verdict;
import io.github.masktape.conformance.zoo.Zoo;
import io.github.masktape.tensor.RandomStream;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Solutions of the exercises in docs/course/08-bug-zoo.md. */
class Chapter8SolutionsTest {
    private static final int TRIES = 60;
    private static final String DIFFERENCES = "everyGradientAgreesWithDifferencesOfTheOutputs";

    private static Implementation mutant(String name) {
        return Zoo.mutants().stream()
                .map(Zoo.Mutant::implementation)
                .filter(implementation -> implementation.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Verdict verdict(String law, Implementation implementation) {
        return Conformance.check(law, implementation, TRIES).verdict();
    }

    /**
     * For p = ½: there the probabilities to drop and to keep are equal, and so are 1/p and 1/(1 − p). At any other p the
     * share of dropped connections tells; 1/p is too large a scale besides.
     */
    @Test
    void exercise1KeepProbabilityIsFoundByTheShareOfDroppedConnections() {
        Implementation mutant = mutant("KeepProbability");
        assertThat(verdict("dropProbabilityIsTheProbabilityToDrop", mutant)).isEqualTo(Verdict.BROKEN);
        assertThat(shareOfDropped(mutant, 0.5)).isCloseTo(0.5, within(0.05));
        assertThat(shareOfDropped(mutant, 0.2)).isCloseTo(0.8, within(0.05));
    }

    private static double shareOfDropped(Implementation implementation, double p) {
        double[][] mask = Objects.requireNonNull(implementation.masks()).draw(1, 100, 100, p, 1, 0)[0];
        return Arrays.stream(mask)
                        .flatMapToDouble(Arrays::stream)
                        .filter(m -> m == 0)
                        .count()
                / 10_000.0;
    }

    /** The sum over examples needs {@code +=}. */
    private static PassResult corrected(Case c) {
        double[][] y = new double[c.examples()][c.out()];
        double[][] dx = new double[c.examples()][c.in()];
        double[][] dw = new double[c.out()][c.in()];
        double[] db = new double[c.out()];
        for (int n = 0; n < c.examples(); n++) {
            for (int j = 0; j < c.out(); j++) {
                y[n][j] = c.b()[j];
                db[j] += c.dy()[n][j];
                for (int q = 0; q < c.in(); q++) {
                    double m = c.mask(n, j, q);
                    y[n][j] += m * c.w()[j][q] * c.x()[n][q];
                    dx[n][q] += m * c.w()[j][q] * c.dy()[n][j];
                    dw[j][q] += m * c.dy()[n][j] * c.x()[n][q];
                }
            }
        }
        return new PassResult(y, dx, dw, db);
    }

    @Test
    void exercise2MendedItKeepsAllLawsOfTheTrainingPass() {
        ConformanceReport report =
                Conformance.check(Implementation.named("corrected").backprop(Chapter8SolutionsTest::corrected), TRIES);
        assertThat(report.passed()).as(report.toString()).isTrue();
    }

    /**
     * The gradient belongs to the value: ScaledTwice. All others that it does not find are about which masks are drawn, or
     * about what comes after training: for a given mask their training pass is right.
     */
    @Test
    void exercise3AGradientCheckDoesNotFindThese() {
        List<String> unfound = Zoo.mutants().stream()
                .map(Zoo.Mutant::implementation)
                .filter(implementation -> verdict(DIFFERENCES, implementation) == Verdict.HOLDS)
                .map(Implementation::name)
                .toList();
        assertThat(unfound)
                .containsExactlyInAnyOrder(
                        "ScaledTwice",
                        "MasksDrawnOnce",
                        "OneMaskForTheBatch",
                        "KeepProbability",
                        "BiasesDroppedAtInference",
                        "MaskIgnoredInTraining",
                        "BrokenByInference",
                        "VarianceAsDeviation",
                        "UnscaledMasks",
                        "ActivationOfTheAverage");
    }

    /**
     * The clipped gradient of W is no longer that of the loss, and the laws about it say so where it exceeds 10. Those about
     * y, dX and db hold. In a layer it is a mistake; whoever wants it clips after backpropagation, in the optimizer's step.
     */
    @Test
    void exercise4ClippingBelongsNowhereInALayer() {
        ConformanceReport report = Conformance.check(
                Implementation.named("clipped").backprop(c -> {
                    PassResult o = corrected(c);
                    for (double[] row : o.dw()) {
                        for (int q = 0; q < row.length; q++) {
                            row[q] = Math.max(-10, Math.min(10, row[q]));
                        }
                    }
                    return o;
                }),
                TRIES);
        assertThat(report.broken())
                .contains("theGradientOfWIsTheSumOfJMaskedByM", DIFFERENCES)
                .doesNotContain(
                        "eachExampleSeesTheWeightsThroughItsMask",
                        "theGradientOfXPassesThroughTheMaskedWeights",
                        "theGradientOfBIsTheSumOverExamples",
                        "droppedWeightsReceiveExactlyZeroGradient");
    }

    /** The entries of a row are no longer independent: neighbors are always kept or dropped together. */
    @Test
    void exercise5WholeOutputsDroppedIsNotDropConnect() {
        MaskSource rows = (n, l, d, p, seed, step) -> {
            if (!(p >= 0 && p < 1)) {
                throw new IllegalArgumentException("p must be in [0, 1)");
            }
            RandomStream random = new RandomStream(RandomStream.derive(seed, step));
            double[][][] m = new double[n][l][d];
            for (double[][] example : m) {
                for (double[] row : example) {
                    double entry = random.nextDouble() < p ? 0 : 1 / (1 - p);
                    Arrays.fill(row, entry);
                }
            }
            return m;
        };
        ConformanceReport report =
                Conformance.check(Implementation.named("rows").masks(rows), TRIES);
        assertThat(report.broken()).contains("neighborsInAMaskAreIndependent");
        assertThat(report.broken()).doesNotContain("entriesAreZeroOrTheScale", "withProbabilityZeroNothingIsDropped");
    }
}
