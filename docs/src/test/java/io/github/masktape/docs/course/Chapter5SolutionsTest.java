// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs.course;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.masktape.autograd.Pass;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Solutions of the exercises of docs/course/05-per-example-or-per-batch.md. */
class Chapter5SolutionsTest {
    /** p/(1 − p) is 1/3 for p = ¼, and 9 for p = 0.9: nine times the 1 of p = ½. */
    @Test
    void varianceOfAMaskEntry() {
        assertThat(measured(0.25)).isCloseTo(1 / 3.0, within(0.01));
        assertThat(measured(0.5)).isCloseTo(1, within(0.01));
        assertThat(measured(0.9)).isCloseTo(9, within(0.15));
    }

    private static double measured(double p) {
        return variance(Pass.training(1, 0)
                .mask(1, 300, 1000, p)
                .toTensor(DType.FLOAT64)
                .toDoubleArray());
    }

    /** The mean squared distance from the mean of numbers that are equally likely. */
    private static double variance(double... values) {
        double mean = Arrays.stream(values).sum() / values.length;
        return Arrays.stream(values).map(g -> (g - mean) * (g - mean)).sum() / values.length;
    }

    /**
     * J₀ = J₁ = 1: the gradients are 0, 2, 2, 4 with the variance 2, and for a shared mask 0, 4 with the variance 4. J₁ =
     * −1: they are 0, 2, −2, 0, variance 2 again; shared 0, 0, variance 0.
     */
    @Test
    void allMasksOfTwoExamples() {
        assertThat(variance(0, 2, 2, 2 + 2)).isEqualTo(1 * 1 + 1 * 1);
        assertThat(variance(0, 2 + 2)).isEqualTo((1 + 1) * (1 + 1));
        assertThat(variance(0, 2, -2, 2 - 2)).isEqualTo(1 * 1 + 1 * 1);
        assertThat(variance(0, 2 - 2)).isEqualTo((1 - 1) * (1 - 1));
    }

    /**
     * The variance of the N numbers is their mean square less the square of their mean, ΣJ²/N − (ΣJ/N)² ≥ 0. Times N²:
     * N·ΣJ² ≥ (ΣJ)². It is 0 only if all numbers are equal.
     */
    @Property
    void squareOfASum(@ForAll @IntRange(min = 1, max = 20) int n, @ForAll long seed) {
        RandomStream random = new RandomStream(seed);
        double[] j = new double[n];
        for (int i = 0; i < n; i++) {
            j[i] = random.nextGaussian();
        }
        double sum = Arrays.stream(j).sum();
        double squares = Arrays.stream(j).map(x -> x * x).sum();
        assertThat(variance(j) * n * n).isCloseTo(n * squares - sum * sum, within(1e-9 * (1 + n * squares)));
        assertThat(variance(j)).isGreaterThanOrEqualTo(0);
        double[] equal = new double[n];
        Arrays.fill(equal, j[0]);
        assertThat(variance(equal)).isCloseTo(0, within(1e-12));
    }

    /**
     * A group of size k has (Σ J)² = (k·J)², and there are 8/k groups: 8/k·k²·J² = 8·k·J². So with J = 1 the variance is
     * 8, 16, 32, 64: in proportion to the size of a group.
     */
    @Test
    void groupsOfExamples() {
        for (int size : new int[] {1, 2, 4, 8}) {
            assertThat(ofGroups(size)).isCloseTo(8 * size, within(0.05 * 8 * size));
        }
    }

    /** The variance of the gradient of one weight, of eight examples with x = 1 and dy = 1. */
    private static double ofGroups(int size) {
        int steps = 20000;
        Mask coins = Mask.bernoulli(steps, 8 / size, 1, 0.5, 1);
        Tensor ones = Tensor.full(DType.FLOAT64, 1, 8, 1);
        double[] gradients = new double[steps];
        for (int step = 0; step < steps; step++) {
            boolean[][][] kept = new boolean[8][1][1];
            for (int n = 0; n < 8; n++) {
                kept[n][0][0] = coins.keeps(step, n / size, 0);
            }
            gradients[step] = ones.maskedOuter(ones, Mask.of(kept, 2)).get(0, 0);
        }
        return variance(gradients);
    }
}
