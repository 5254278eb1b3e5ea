// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.data.Batch;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.Labels;
import io.github.masktape.loss.Loss;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private static Tensor random(long seed, int rows, int columns) {
        RandomStream stream = new RandomStream(seed);
        double[] numbers = new double[rows * columns];
        Arrays.setAll(numbers, i -> stream.nextGaussian());
        return Tensor.of(numbers, rows, columns);
    }

    private static int[] classes(long seed, int examples, int classes) {
        RandomStream stream = new RandomStream(seed);
        return IntStream.range(0, examples)
                .map(i -> (int) (stream.nextDouble() * classes))
                .toArray();
    }

    @Property(tries = 200)
    void errorsAreWhatIsOffTheDiagonal(@ForAll @IntRange(min = 1, max = 50) int examples, @ForAll long seed) {
        int[] predicted = classes(seed, examples, 4);
        int[] labels = classes(seed + 1, examples, 4);
        int[][] counts = Metrics.confusions(predicted, labels, 4);
        int diagonal = 0;
        for (int c = 0; c < 4; c++) {
            assertThat(IntStream.of(counts[c]).sum()).isEqualTo(new Labels(labels, 4).counts()[c]);
            diagonal += counts[c][c];
        }
        assertThat(Metrics.errors(predicted, labels)).isEqualTo(examples - diagonal);
        assertThat(Metrics.errors(labels, labels)).isZero();
    }

    @Property(tries = 200)
    void theFitOfTheOnlyColumnIsTheEvaluation(@ForAll @IntRange(min = 2, max = 50) int examples, @ForAll long seed) {
        Tensor predicted = random(seed, examples, 1);
        Tensor actual = random(seed + 1, examples, 1);
        Evaluation.OfValues evaluation = Metrics.regression(predicted, actual);
        Quality.OfNumbers fit = Quality.ofNumbers(predicted, actual, 0);
        assertThat(fit.rmse()).isCloseTo(evaluation.rmse(), offset(1e-12));
        assertThat(fit.meanAbsoluteError()).isLessThanOrEqualTo(fit.rmse() + 1e-12);
        assertThat(fit.r2().getAsDouble())
                .isCloseTo(
                        evaluation.r2().getAsDouble(), offset(1e-9 * (1 + evaluation.loss() / evaluation.variance())));
    }

    @Test
    void aPerfectFitExplainsAllAndEqualValuesHaveNothingToExplain() {
        Tensor values = Tensor.of(new double[] {1, 7, 2, 7, 4, 7}, 3, 2);
        assertThat(Quality.ofNumbers(values, values, 0).r2()).hasValue(1);
        assertThat(Quality.ofNumbers(values, values, 1).r2()).isEmpty();
        assertThat(Metrics.regression(values, values).rmse()).isZero();
    }

    @Test
    void theLossFollowsTheKindOfTargets() {
        Tape tape = new Tape();
        Variable outputs = tape.input(random(1, 3, 2));
        int[] labels = {0, 1, 1};
        Batch classes = new Batch(new Dataset(Tensor.zeros(DType.FLOAT64, 3, 1), labels, 2));
        Loss ofLabels = Loss.of(classes.targets());
        assertThat(ofLabels.of(outputs, classes).value())
                .isEqualTo(Ops.softmaxCrossEntropy(outputs, labels).value());
        assertThat(Loss.crossEntropy()
                        .withLabelSmoothing(0.1)
                        .of(outputs, classes)
                        .value())
                .isEqualTo(Ops.smoothedCrossEntropy(outputs, labels, 0.1).value());
        Tensor values = Tensor.full(DType.FLOAT64, 0.5, 3, 2);
        Batch numbers = new Batch(Dataset.regression(values, values));
        assertThat(Loss.of(numbers.targets()).of(outputs, numbers).value())
                .isEqualTo(Ops.meanSquaredError(outputs, tape.constant(values)).value());
    }
}
