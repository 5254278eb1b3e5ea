// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.GeneratedPoints;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.layers.Linear;
import io.github.masktape.layers.Sequential;
import io.github.masktape.layers.Tanh;
import io.github.masktape.loss.CrossEntropy;
import io.github.masktape.loss.Loss;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A trainer with losses of all kinds: what is reported, judged, saved and refused. */
class TrainingLossTest {
    private static final Dataset MOONS = GeneratedPoints.moons(11, 0.2, 1);
    private static final Dataset POINTS = Dataset.regression(MOONS.features(), MOONS.features());

    @TempDir
    private static Path folder;

    private static Sequential net() {
        Initializer init = Initializer.heUniform(1);
        return Sequential.of(Linear.of(2, 3, init), new Tanh(), DropConnect.of(3, 2, 0.5, init));
    }

    private static Trainer trainer(Sequential net, int epochs, double rate) {
        SGD sgd = new SGD(net.parameters(), LearningRate.constant(rate)).withMomentum(0.9);
        return new Trainer(net, sgd, epochs, 4, 7);
    }

    private static Stream<Loss> losses() {
        return Stream.of(
                Loss.huber(0.5),
                Loss.pinball(0.3),
                Loss.binaryCrossEntropy(),
                Loss.ofElements((y, t) -> Ops.exp(Ops.sub(y, t))),
                Loss.ofExamples((y, batch) -> Ops.sumColumns(Ops.square(y))),
                (y, batch) -> Ops.mean(Ops.square(Ops.sub(y, y.tape().constant(batch.features())))));
    }

    // ---- reports ----

    /** The last batch of one example counts as one of 65. */
    @Test
    void trainingLossIsTheMeanOverExamples() {
        Dataset data = GeneratedPoints.moons(65, 0.1, 1);
        Initializer init = Initializer.heUniform(1);
        Sequential net = Sequential.of(Linear.of(2, 2, init));
        double mean = Metrics.evaluate(net, data).loss();
        Trainer trainer = new Trainer(net, new SGD(net.parameters(), LearningRate.constant(1e-12)), 2, 64, 1);
        for (Trainer.Epoch epoch : trainer.fit(data).epochs()) {
            assertThat(epoch.trainingLoss()).isCloseTo(mean, offset(1e-6));
        }
        Loss weighted = Loss.crossEntropy().withClassWeights(1, 5);
        double[] weights = new double[65];
        Arrays.setAll(weights, i -> 1 + i % 7);
        Dataset both = data.withWeights(weights);
        double expected = Metrics.evaluate(net, both, weighted).loss();
        assertThat(trainer.withLoss(weighted).fit(both).last().trainingLoss())
                .isCloseTo(expected, offset(1e-6))
                .isNotCloseTo(mean, offset(1e-2));
    }

    @Test
    void theLossDeterminesWhatIsEvaluated() {
        Sequential net = net();
        Evaluation.OfValues squares = Metrics.regression(net, POINTS);
        assertThat(Metrics.evaluate(net, POINTS, Loss.huber(0.5)))
                .isInstanceOfSatisfying(Evaluation.OfValues.class, huber -> {
                    assertThat(huber.loss()).isNotEqualTo(squares.loss());
                    assertThat(huber.rmse()).isEqualTo(squares.rmse());
                    assertThat(huber.r2()).isEqualTo(squares.r2());
                });
        Evaluation labels = Metrics.evaluate(net, MOONS, Loss.crossEntropy().withLabelSmoothing(0.5));
        assertThat(labels).isEqualTo(Metrics.classification(net, MOONS));
        Loss own = (outputs, batch) -> Ops.mean(outputs);
        assertThat(Metrics.evaluate(net, MOONS, own)).isInstanceOf(Evaluation.OfLoss.class);
        Tensor y = net.forward(Tape.inference().constant(MOONS.features()), Pass.inference())
                .value();
        assertThat(Metrics.evaluate(net, MOONS, own).loss()).isCloseTo(y.mean().item(), offset(1e-7));
    }

    /** Of four examples of class 0 and one of class 1, the last is wrong in one net, two of class 0 in the other one. */
    @Test
    void errorsCountAsTheirClassesWeighInTheLoss() {
        Tensor x = Tensor.of(new double[] {-3, -2, -1, 1, 2}, 5, 1);
        Dataset data = new Dataset(x, new int[] {0, 0, 0, 0, 1}, 2);
        CrossEntropy balanced = Loss.crossEntropy().withClassWeights(0.625, 2.5);
        Linear early = Linear.of(Tensor.of(new double[][] {{0}, {1}}), Tensor.of(new double[] {0, 1.5}));
        Linear late = Linear.of(Tensor.of(new double[][] {{0}, {1}}), Tensor.of(new double[] {0, -4}));
        Evaluation.OfLabels two = (Evaluation.OfLabels) Metrics.evaluate(early, data, balanced);
        Evaluation.OfLabels one = (Evaluation.OfLabels) Metrics.evaluate(late, data, balanced);
        assertThat(two.errors()).isEqualTo(2);
        assertThat(one.errors()).isEqualTo(1);
        assertThat(two.weightedErrorRate()).isEqualTo(0.25);
        assertThat(one.weightedErrorRate()).isEqualTo(0.5);
        assertThat(two.isBetterThan(one)).isTrue();
        assertThat(one.isBetterThan(two)).isFalse();
        assertThat(Metrics.classification(late, data).isBetterThan(Metrics.classification(early, data)))
                .isTrue();
    }

    @Test
    void anEvaluationByALossIsJudgedByIt() {
        Evaluation half = new Evaluation.OfLoss(10, 0.5);
        assertThat(new Evaluation.OfLoss(10, 0.4).isBetterThan(half)).isTrue();
        assertThat(half.isBetterThan(half)).isFalse();
        assertThatThrownBy(() -> half.isBetterThan(new Evaluation.OfLabels(1, 10, 0.5)))
                .hasMessageStartingWith("evaluation: expected one of a loss alone, got OfLabels[");
    }

    @ParameterizedTest
    @MethodSource("losses")
    void patienceKeepsTheBestEpochByTheLoss(Loss loss) {
        Sequential net = net();
        Trainer.History history =
                trainer(net, 30, 0.3).withLoss(loss).withPatience(3).fit(POINTS, POINTS);
        double best = history.epochs().stream()
                .mapToDouble(epoch -> epoch.validation().loss())
                .min()
                .orElseThrow();
        assertThat(history.epochs().get(history.bestEpoch() - 1).validation().loss())
                .isEqualTo(best);
        assertThat(Metrics.evaluate(net, POINTS, loss).loss()).isEqualTo(best);
    }

    /** A quantile of constant features is that of the targets. */
    @Test
    void aPinballLossLearnsQuantiles() {
        double[] targets = random(1000);
        double[] twice = new double[2 * targets.length];
        Arrays.setAll(twice, i -> targets[i / 2]);
        Dataset data = Dataset.regression(
                Tensor.full(DType.FLOAT64, 1, targets.length, 1), Tensor.of(twice, targets.length, 2));
        Sequential net = Sequential.of(Linear.of(1, 2, Initializer.heUniform(1).withDType(DType.FLOAT64)));
        SGD sgd = new SGD(net.parameters(), LearningRate.cosine(0.1, 1000));
        new Trainer(net, sgd, 50, 50, 1).withLoss(Loss.pinball(0.1, 0.9)).fit(data);
        Variable output = net.forward(Tape.inference().constant(data.features().row(0)), Pass.inference());
        Arrays.sort(targets);
        assertThat(output.value().get(0, 0)).isCloseTo(targets[100], offset(0.02));
        assertThat(output.value().get(0, 1)).isCloseTo(targets[900], offset(0.02));
    }

    @Test
    void aLossThatDivergesNamesTheOp() {
        Loss own = (y, batch) -> Ops.mean(Ops.log(Ops.sub(y, y)));
        assertThatThrownBy(() -> trainer(net(), 1, 0.1).withLoss(own).fit(MOONS))
                .isInstanceOf(DivergenceException.class)
                .hasMessageMatching(
                        "training diverged in epoch 1, step 1: the loss is -Infinity; first at #\\d+ log .*");
        Loss large = (y, batch) -> Ops.plus(Ops.mean(y), 1e9);
        assertThat(trainer(net(), 1, 0.1).withLoss(large).fit(MOONS).epochs()).hasSize(1);
    }

    // ---- refusals ----

    @Test
    void aLossIsAScalarThatKnowsItsDataAndTheirWeights() {
        Trainer trainer = trainer(net(), 1, 0.1);
        assertThatThrownBy(() -> trainer.withLoss((y, batch) -> y).fit(MOONS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("loss: expected a scalar, got a tensor of shape 4×2; take its mean, or make a loss of the"
                        + " losses of examples with Loss.ofExamples");
        assertThatThrownBy(() -> trainer.withLoss(Loss.huber(1)).fit(MOONS))
                .hasMessageStartingWith("Huber loss of delta 1: expected values to predict, got class labels");
        Dataset weighted = POINTS.withWeights(random(POINTS.size()));
        assertThatThrownBy(() -> trainer.withLoss((y, batch) -> Ops.mean(y)).fit(weighted))
                .hasMessageStartingWith("loss: expected examples without weights, got weighted ones");
        assertThatThrownBy(() -> trainer.withLoss((y, batch) -> Ops.mean(y)).fit(POINTS, weighted))
                .hasMessageStartingWith("loss: expected examples without weights, got weighted ones");
        assertThatThrownBy(() -> trainer.withLoss(Loss.crossEntropy().withClassWeights(1))
                        .fit(MOONS))
                .hasMessage("classWeights: expected one for each of 2 classes, got 1");
    }

    private static double[] random(int count) {
        RandomStream random = new RandomStream(3);
        double[] numbers = new double[count];
        Arrays.setAll(numbers, i -> random.nextDouble());
        return numbers;
    }

    // ---- checkpoints ----

    private static Trainer saving(Sequential net, Loss loss, File file) {
        Trainer trainer = trainer(net, 3, 0.1).withPatience(5).withCheckpoint(file, 0, Map.of());
        return loss == null ? trainer : trainer.withLoss(loss);
    }

    /** The file of a run that was stopped after five of nine steps. */
    private static Checkpoint stopped(Loss loss) throws IOException {
        File file = folder.resolve("stopped").toFile();
        Trainer trainer = saving(net(), loss, file);
        trainer.fit(POINTS, POINTS, new Trainer.Listener() {
            @Override
            public void step(Trainer.Step step) {
                if (step.number() == 5) {
                    trainer.stop();
                }
            }
        });
        return Checkpoint.read(file);
    }

    @ParameterizedTest
    @MethodSource("losses")
    void aRunWithAnyLossResumesToTheSameBits(Loss loss) throws IOException {
        Sequential whole = net();
        File file = folder.resolve("whole").toFile();
        Trainer.History expected = saving(whole, loss, file).fit(POINTS, POINTS);
        Sequential net = net();
        Trainer.History history = saving(net, loss, file).resume(stopped(loss), POINTS, POINTS);
        assertThat(history).isEqualTo(expected);
        assertThat(net.parameters().values().stream().map(p -> p.value()))
                .isEqualTo(
                        whole.parameters().values().stream().map(p -> p.value()).toList());
    }

    @Test
    void aRunDoesNotResumeWithAnotherLoss() throws IOException {
        Loss own = (y, batch) -> Ops.mean(Ops.square(y));
        Loss other = (y, batch) -> Ops.mean(Ops.square(Ops.plus(y, 1)));
        List<Loss> all = new ArrayList<>(List.of(Loss.huber(0.5), Loss.huber(0.25), own, other));
        all.add(null);
        for (Loss first : all) {
            Checkpoint checkpoint = stopped(first);
            for (Loss second : all) {
                if (first != second) {
                    assertThatThrownBy(() -> saving(
                                            net(), second, folder.resolve("b").toFile())
                                    .resume(checkpoint, POINTS, POINTS))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageMatching(
                                    "resume: loss: expected .* as in the checkpoint, got .*; pass the same loss to withLoss"
                                            + "|resume: loss: expected the checkpoint's, which is one of your own, got"
                                            + " one with another value for the first examples; pass the same function"
                                            + " with the same constants");
                }
            }
        }
        assertThatThrownBy(() -> saving(net(), null, folder.resolve("b").toFile())
                        .resume(stopped(null), POINTS.withWeights(random(11)), POINTS))
                .hasMessageMatching("resume: training weights: expected none as in the checkpoint, got checksum .*");
    }

    /** Written by version 1, whose losses were means over batches: the weights go on with the same bits. */
    @ParameterizedTest
    @ValueSource(strings = {"labels", "values"})
    void aCheckpointOfVersion1Resumes(String kind) throws IOException, URISyntaxException {
        File old = new File(
                getClass().getResource("/checkpoint/" + kind + "-1.safetensors").toURI());
        Dataset data = kind.equals("labels") ? MOONS : POINTS;
        Checkpoint checkpoint = Checkpoint.read(old);
        assertThat(checkpoint.step()).isEqualTo(5);
        assertThat(checkpoint.unfinished().steps()).isEqualTo(2);
        assertThat(checkpoint.unfinished().weight()).isEqualTo(8);
        Sequential whole = net();
        Trainer.History expected = trainer(whole, 3, 0.1).withPatience(5).fit(data, data);
        Sequential net = net();
        Trainer.History history = trainer(net, 3, 0.1).withPatience(5).resume(checkpoint, data, data);
        assertThat(net.parameters().values().stream().map(p -> p.value()))
                .isEqualTo(
                        whole.parameters().values().stream().map(p -> p.value()).toList());
        for (int i = 0; i < 3; i++) {
            assertThat(history.epochs().get(i).validation())
                    .isEqualTo(expected.epochs().get(i).validation());
        }
        assertThat(history.epochs().get(1).trainingLoss())
                .isCloseTo(expected.epochs().get(1).trainingLoss(), offset(1e-12));
        assertThat(history.epochs().get(2)).isEqualTo(expected.epochs().get(2));
    }
}
