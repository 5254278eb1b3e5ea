// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.github.masktape.autograd.GradCheck;
import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.data.Batch;
import io.github.masktape.data.Dataset;
import io.github.masktape.optim.Evaluation;
import io.github.masktape.optim.Metrics;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The laws of losses; GoldensTest compares their values with PyTorch's. */
class LossTest {
    private static final int EXAMPLES = 6;
    private static final int OUTPUTS = 3;

    private static Stream<Loss> losses() {
        CrossEntropy crossEntropy = Loss.crossEntropy();
        return Stream.of(
                crossEntropy,
                crossEntropy.withLabelSmoothing(0.2),
                crossEntropy.withClassWeights(1, 0.2, 4),
                crossEntropy.withClassWeights(1, 0.2, 4).withLabelSmoothing(0.2),
                crossEntropy.withClassCosts(1, 0.2, 4),
                Loss.meanSquaredError(),
                Loss.huber(0.7),
                Loss.pinball(0.9),
                Loss.pinball(0.1, 0.5, 0.9),
                Loss.ofElements((y, t) -> Ops.exp(Ops.sub(y, t))),
                Loss.binaryCrossEntropy(),
                Loss.binaryCrossEntropy(1, 0.2, 4),
                Loss.ofExamples((y, batch) -> Ops.sumColumns(Ops.square(y))));
    }

    private static Tensor outputs() {
        return random(1, EXAMPLES, OUTPUTS).scale(2);
    }

    private static Tensor random(long seed, int... dims) {
        RandomStream random = new RandomStream(seed);
        double[] numbers = new double[Tensor.zeros(DType.FLOAT64, dims).shape().size()];
        Arrays.setAll(numbers, i -> random.nextGaussian());
        return Tensor.of(numbers, dims);
    }

    /** Data that the loss takes. */
    private static Dataset data(Loss loss) {
        Tensor features = random(2, EXAMPLES, 2);
        return loss instanceof CrossEntropy
                ? new Dataset(features, new int[] {0, 1, 2, 2, 1, 2}, OUTPUTS)
                : Dataset.regression(features, random(3, EXAMPLES, OUTPUTS).sigmoid());
    }

    private static double value(Loss loss, Dataset data, Tensor outputs) {
        return loss.of(Tape.inference().constant(outputs), new Batch(data))
                .value()
                .item();
    }

    @ParameterizedTest
    @MethodSource("losses")
    void itsGradientsAreRight(Loss loss) {
        for (Dataset data : List.of(data(loss), data(loss).withWeights(1, 2, 3, 0.1, 5, 0.5))) {
            Batch batch = new Batch(data);
            GradCheck.strict().check(in -> loss.of(in.get(0), batch), outputs()).requirePassed();
            GradCheck.strict()
                    .check(
                            in -> {
                                Tape tape = in.get(0).tape();
                                Variable value = loss.of(in.get(0), batch);
                                return Ops.add(
                                        value,
                                        Ops.sum(Ops.square(
                                                tape.gradients(value, in.get(0)).get(0))));
                            },
                            outputs())
                    .requirePassed();
        }
    }

    /** A weight of 2 is an example that is there twice. */
    @ParameterizedTest
    @MethodSource("losses")
    void aWeightIsANumberOfCopies(Loss loss) {
        Dataset data = data(loss);
        int[] copies = {2, 1, 1, 3, 1, 2};
        List<Integer> rows = new ArrayList<>();
        for (int i = 0; i < EXAMPLES; i++) {
            for (int k = 0; k < copies[i]; k++) {
                rows.add(i);
            }
        }
        int[] repeated = rows.stream().mapToInt(i -> i).toArray();
        Dataset weighted =
                data.withWeights(Arrays.stream(copies).mapToDouble(k -> k).toArray());
        assertThat(value(loss, weighted, outputs()))
                .isCloseTo(value(loss, data.select(repeated), outputs().rows(repeated)), offset(1e-14));
        assertThat(loss.weight(new Batch(weighted)))
                .isCloseTo(loss.weight(new Batch(data.select(repeated))), offset(1e-12));
        assertThat(value(loss, data.withWeights(3, 3, 3, 3, 3, 3), outputs()))
                .as("only ratios matter")
                .isCloseTo(value(loss, data, outputs()), offset(1e-14));
    }

    /** The loss of a whole is the mean of the losses of its batches by their weights, however small the last one is. */
    @ParameterizedTest
    @MethodSource("losses")
    void batchesAddUp(Loss loss) {
        for (Dataset data : List.of(data(loss), data(loss).withWeights(1, 2, 3, 0.1, 5, 0.5))) {
            double sum = 0;
            double weight = 0;
            for (int[] rows : new int[][] {{0, 3, 4}, {1, 5}, {2}}) {
                Dataset part = data.select(rows);
                sum += value(loss, part, outputs().rows(rows)) * loss.weight(new Batch(part));
                weight += loss.weight(new Batch(part));
            }
            assertThat(weight).isCloseTo(loss.weight(new Batch(data)), offset(1e-12));
            assertThat(sum / weight).isCloseTo(value(loss, data, outputs()), offset(1e-14));
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void itsTensorsHaveTheDTypeOfTheOutputs(Loss loss) {
        Dataset data = data(loss).withWeights(1, 2, 3, 4, 5, 6).to(DType.FLOAT32);
        Variable outputs = Tape.inference().constant(outputs().to(DType.FLOAT32));
        assertThat(loss.of(outputs, new Batch(data)).value().dtype()).isEqualTo(DType.FLOAT32);
        assertThat(loss.of(outputs, new Batch(data)).value().item())
                .isCloseTo(value(loss, data(loss).withWeights(1, 2, 3, 4, 5, 6), outputs()), offset(1e-5));
    }

    @Test
    void largeLogitsDoNotOverflow() {
        Tensor z = Tensor.of(new double[] {1000, -1000, 1000, -1000}, 4, 1);
        Dataset data = Dataset.regression(z, Tensor.of(new double[] {1, 0, 0, 1}, 4, 1));
        assertThat(value(Loss.binaryCrossEntropy(), data, z)).isEqualTo(500);
        Tape tape = new Tape();
        Variable x = tape.input(Tensor.zeros(DType.FLOAT64, 4, 1));
        Tensor gradient =
                tape.backward(Loss.binaryCrossEntropy().of(x, new Batch(data))).of(x);
        assertThat(gradient.toDoubleArray()).as("at 0").containsExactly(-0.125, 0.125, 0.125, -0.125);
    }

    @Test
    void aLossAtItsKinkIsTheLimitFromBothSides() {
        Tensor zero = Tensor.zeros(DType.FLOAT64, 4, 1);
        Tensor errors = Tensor.of(new double[] {0.5, -0.5, 2, -2}, 4, 1);
        assertThat(value(Loss.huber(0.5), Dataset.regression(zero, zero), errors))
                .isEqualTo((0.125 + 0.125 + 0.875 + 0.875) / 4);
        assertThat(value(Loss.pinball(0.25), Dataset.regression(zero, zero), errors))
                .isEqualTo((0.375 + 0.125 + 1.5 + 0.5) / 4);
    }

    /** The minimum of the pinball loss over constants is the quantile. */
    @Test
    void thePinballLossHasItsMinimumAtTheQuantile() {
        double[] values = random(5, 101).toDoubleArray();
        Dataset data = Dataset.regression(Tensor.zeros(DType.FLOAT64, 101, 1), Tensor.of(values, 101, 1));
        double best = Arrays.stream(values)
                .boxed()
                .min((a, b) -> Double.compare(constant(data, a), constant(data, b)))
                .orElseThrow();
        Arrays.sort(values);
        assertThat(best).isEqualTo(values[80]);
    }

    private static double constant(Dataset data, double guess) {
        return value(Loss.pinball(0.8), data, Tensor.full(DType.FLOAT64, guess, data.size(), 1));
    }

    // ---- refusals ----

    private static void assertRefuses(Loss loss, Dataset data, Tensor outputs, String message) {
        assertThatThrownBy(() -> value(loss, data, outputs))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void labelsOfTwoClassesHaveOneLogit() {
        Dataset labels = new Dataset(random(1, 3, 2), new int[] {1, 0, 1}, 2);
        Dataset values = Dataset.regression(labels.features(), Tensor.of(new double[] {1, 0, 1}, 3, 1));
        Tensor logits = Tensor.of(new double[] {0.5, 2, -1}, 3, 1);
        Loss loss = Loss.binaryCrossEntropy();
        assertThat(value(loss, labels, logits)).isEqualTo(value(loss, values, logits));
        Layer net = (x, pass) -> x.tape().constant(logits);
        assertThat(Metrics.evaluate(net, labels, loss))
                .isEqualTo(new Evaluation.OfLabels(2, 3, value(loss, values, logits)));
        assertRefuses(
                loss,
                labels,
                random(1, 3, 2),
                "net: expected outputs of 3×1, a logit for each example, for the binary cross-entropy of two classes,"
                        + " got 3×2");
        assertRefuses(
                loss,
                data(Loss.crossEntropy()),
                outputs(),
                "binary cross-entropy: expected values in [0, 1] or labels of 2 classes, got 3 classes; use"
                        + " Loss.crossEntropy()");
        assertRefuses(
                Loss.crossEntropy(),
                labels,
                logits,
                "net: expected outputs of 3×2, a logit for each class, got shape 3×1; for one logit, use"
                        + " Loss.binaryCrossEntropy()");
    }

    @Test
    void targetsAreOfTheKindThatTheLossTakes() {
        Dataset labels = data(Loss.crossEntropy());
        Dataset values = data(Loss.huber(1));
        assertRefuses(
                Loss.crossEntropy(),
                values,
                outputs(),
                "cross-entropy: expected class labels, got values to predict; use a loss of values, such as"
                        + " Loss.meanSquaredError(), or Loss.binaryCrossEntropy() for several labels");
        assertRefuses(
                Loss.huber(1),
                labels,
                outputs(),
                "Huber loss of delta 1: expected values to predict, got class labels; use Loss.crossEntropy()");
        assertRefuses(
                Loss.binaryCrossEntropy(),
                values,
                random(1, EXAMPLES, 2),
                "net: expected outputs of the shape of the values, 6×3, for the binary cross-entropy, got 6×2");
        assertRefuses(
                Loss.crossEntropy().withClassWeights(1, 2),
                labels,
                outputs(),
                "classWeights: expected one for each of 3 outputs, got 2");
        assertRefuses(
                Loss.crossEntropy().withClassCosts(1, 2),
                labels,
                outputs(),
                "classCosts: expected one for each of 3 outputs, got 2");
        assertRefuses(
                Loss.binaryCrossEntropy(1, 2),
                values,
                outputs(),
                "positiveWeights: expected one for each of 3 labels, got 2");
        assertRefuses(
                Loss.pinball(0.1, 0.9), values, outputs(), "pinball: expected one quantile or 3 as outputs, got 2");
        assertRefuses(
                Loss.ofExamples((y, batch) -> Ops.sumRows(y)),
                values,
                outputs(),
                "loss: expected a vector or matrix of one row for each of 6 examples, got shape 3");
    }

    @Test
    void settingsMakeSense() {
        for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> Loss.huber(bad))
                    .hasMessageStartingWith("huber: delta: expected a positive, finite number, got ");
            assertThatThrownBy(() -> Loss.pinball(0.5, bad))
                    .hasMessageStartingWith("pinball: quantile: expected a number in (0, 1), got ");
            assertThatThrownBy(() -> Loss.binaryCrossEntropy(1, bad))
                    .hasMessageStartingWith("positiveWeights: expected positive, finite numbers, got ");
            assertThatThrownBy(() -> Loss.crossEntropy().withClassWeights(1, bad))
                    .hasMessageStartingWith("classWeights: expected positive, finite numbers, got ");
        }
        assertThat(Loss.crossEntropy().withClassCosts(1, 2)).hasToString("cross-entropy, class costs 1, 2");
        assertThatThrownBy(() -> Loss.pinball()).hasMessage("pinball: expected at least one quantile, got none");
    }

    /** The batches' losses, weighted by the batches, make that of all examples, and so do their gradients. */
    @Test
    void costsOfClassesDoNotCountInTheDivisor() {
        CrossEntropy costs = Loss.crossEntropy().withClassCosts(1, 1, 8);
        Dataset common = new Dataset(Tensor.zeros(DType.FLOAT64, 3, 1), new int[] {0, 1, 0}, 3);
        Dataset rare = new Dataset(Tensor.zeros(DType.FLOAT64, 3, 1), new int[] {2, 2, 2}, 3);
        Variable outputs = new Tape().input(random(3, 3, 3));
        double plain =
                Loss.crossEntropy().of(outputs, new Batch(common)).value().item();
        assertThat(costs.of(outputs, new Batch(common)).value().item()).isCloseTo(plain, offset(1e-15));
        double plainRare =
                Loss.crossEntropy().of(outputs, new Batch(rare)).value().item();
        assertThat(costs.of(outputs, new Batch(rare)).value().item()).isCloseTo(8 * plainRare, offset(1e-14));
        assertThat(costs.weight(new Batch(rare))).isEqualTo(3);
        assertThat(Loss.crossEntropy().withClassWeights(1, 1, 8).weight(new Batch(rare)))
                .isEqualTo(24);
    }

    /** A lambda that ignores weights would train as if there were none. */
    @Test
    void aLossThatKnowsNoWeightsRefusesThem() {
        Loss own = (outputs, batch) -> Ops.mean(outputs);
        Dataset data = data(own);
        assertThat(own.weight(new Batch(data))).isEqualTo(EXAMPLES);
        assertThatThrownBy(() -> own.weight(new Batch(data.withWeights(1, 2, 3, 4, 5, 6))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("loss: expected examples without weights, got weighted ones; make a loss that weights them"
                        + " with Loss.ofExamples, or override Loss.weight");
    }
}
