// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import com.sun.management.ThreadMXBean;
import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.NotFiniteOutputException;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.GeneratedDigits;
import io.github.masktape.layers.Linear;
import io.github.masktape.loss.Loss;
import io.github.masktape.tensor.Compute;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Update;
import io.github.masktape.tensor.Workspace;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
    private final int threads = Compute.threads();
    private final Dataset training = GeneratedDigits.of(300, 1);
    private final Dataset test = GeneratedDigits.of(100, 2);

    @AfterEach
    void restore() {
        Compute.setThreads(threads);
    }

    /** A small DropConnect network out of ops: this module does not see layers. */
    private static final class Net implements Layer {
        private final Parameter hidden;
        private final Parameter output;

        Net(DType dtype) {
            hidden = new Parameter(Initializer.heUniform(1).weight(160, 784).to(dtype));
            output = new Parameter(Initializer.heUniform(2).weight(10, 160).to(dtype));
        }

        @Override
        public Variable forward(Variable x, Pass pass) {
            Variable w = x.tape().parameter(hidden);
            Variable h = pass.isTraining()
                    ? Ops.maskedLinear(x, w, pass.on(x.tape()).mask(x.shape().dim(0), 160, 784, 0.5))
                    : Ops.matmulTransposed(x, w);
            return Ops.matmulTransposed(Ops.relu(h), x.tape().parameter(output));
        }

        @Override
        public Map<String, Parameter> parameters() {
            Map<String, Parameter> parameters = new LinkedHashMap<>();
            parameters.put("hidden", hidden);
            parameters.put("output", output);
            return parameters;
        }

        List<Tensor> weights() {
            return List.of(hidden.value(), output.value());
        }
    }

    private Net train(double rate, long seed, Trainer.Listener listener) {
        Net net = new Net(DType.FLOAT32);
        SGD sgd = new SGD(net.parameters(), LearningRate.constant(rate)).withMomentum(0.9);
        new Trainer(net, sgd, 3, 64, seed).fit(training, test, listener);
        return net;
    }

    @Test
    void theSameSeedGivesTheSameWeightsOnAnyNumberOfThreads() {
        Compute.setThreads(1);
        List<Tensor> weights = train(0.05, 1, new Trainer.Listener() {}).weights();
        for (int count : new int[] {1, 2, 3, 7}) {
            Compute.setThreads(count);
            assertThat(train(0.05, 1, new Trainer.Listener() {}).weights())
                    .as("%s threads", count)
                    .isEqualTo(weights);
        }
        assertThat(train(0.05, 2, new Trainer.Listener() {}).weights()).isNotEqualTo(weights);
    }

    @Test
    void reportsEveryStepAndEpoch() {
        List<Trainer.Step> steps = new ArrayList<>();
        List<Trainer.Epoch> epochs = new ArrayList<>();
        train(0.05, 1, new Trainer.Listener() {
            @Override
            public void step(Trainer.Step step) {
                steps.add(step);
            }

            @Override
            public void epoch(Trainer.Epoch epoch) {
                epochs.add(epoch);
            }
        });
        assertThat(steps)
                .hasSize(15)
                .extracting(Trainer.Step::number)
                .startsWith(1L, 2L)
                .endsWith(15L);
        assertThat(steps.get(5).epoch()).isEqualTo(2);
        assertThat(epochs).hasSize(3);
        assertThat(epochs.get(0).trainingLoss())
                .isEqualTo(steps.get(4).epochLoss())
                .isCloseTo(
                        (64
                                                * steps.subList(0, 4).stream()
                                                        .mapToDouble(Trainer.Step::loss)
                                                        .sum()
                                        + 44 * steps.get(4).loss())
                                / 300,
                        offset(1e-15));
        assertThat(epochs.get(2).validation().examples()).isEqualTo(100);
        assertThat(epochs.get(2).trainingLoss()).isLessThan(epochs.get(0).trainingLoss());
    }

    @Test
    void aDivergingRunStopsAndNamesEpochStepAndOp() {
        assertThatThrownBy(() -> train(1e20, 1, new Trainer.Listener() {}))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageMatching(
                        "training diverged in epoch 1, step [2-5]: .*; first at #\\d+ \\w+ .* not finite: .*;"
                                + " try clipped gradients or a smaller learning rate");
    }

    @Test
    void aHopelessLossIsDivergenceEvenIfItIsFinite() {
        assertThatThrownBy(() -> train(1e6, 1, new Trainer.Listener() {}))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageMatching("training diverged in epoch 1, step \\d: the loss is \\d\\.\\de\\+\\d\\d;"
                        + " try clipped gradients or a smaller learning rate");
    }

    private static Trainer.History slope(double feature, double rate, int epochs) {
        Tensor x = Tensor.full(DType.FLOAT64, feature, 4, 1);
        Dataset data = Dataset.regression(x, Tensor.of(new double[] {-1, 1, -1, 1}, 4, 1));
        Linear net = Linear.of(Tensor.of(new double[][] {{1}}), Tensor.of(new double[] {0}));
        SGD sgd = new SGD(net.parameters(), LearningRate.constant(rate));
        return new Trainer(net, sgd, epochs, 4, 1).fit(data);
    }

    /** Without targets' mean, (w + b)² grows by (1 − 4·rate)² a step: by 25 here. */
    @Test
    void aRegressionWhoseErrorGrowsWithoutEndIsDivergenceEvenIfItIsFinite() {
        assertThatThrownBy(() -> slope(1, 1.5, 50))
                .isInstanceOf(DivergenceException.class)
                .hasMessage(
                        "training diverged in epoch 6, step 6: the mean loss of the epoch is 9.8e+06 and rises, while"
                                + " always predicting 0 has 1; try clipped gradients or a smaller learning rate");
    }

    @Test
    void aHugeErrorThatFallsIsNoDivergence() {
        Trainer.History history = slope(1e4, 1e-9, 20);
        assertThat(history.epochs().get(0).trainingLoss()).isGreaterThan(1e7);
        assertThat(history.epochs()).hasSize(20);
    }

    @Test
    void aDivergingRunLeavesTheParametersOfTheLastGoodStep() {
        Net net = new Net(DType.FLOAT32);
        SGD sgd = new SGD(net.parameters(), step -> step == 2 ? 1e30 : 0.01);
        assertThatThrownBy(() -> new Trainer(net, sgd, 1, 64, 1).fit(training, test, new Trainer.Listener() {}))
                .hasMessageStartingWith("training diverged in epoch 1, step 4: ");
        assertThat(net.weights()).allMatch(Tensor::isFinite);
    }

    @Test
    void evaluationCountsErrors() {
        Layer constant = new Layer() {
            @Override
            public Variable forward(Variable x, Pass pass) {
                double[] logits = new double[x.shape().dim(0) * 10];
                for (int i = 0; i < logits.length; i += 10) {
                    logits[i + 3] = 1;
                }
                return x.tape().constant(Tensor.of(logits, x.shape().dim(0), 10));
            }

            @Override
            public Map<String, Parameter> parameters() {
                return Map.of();
            }
        };
        Evaluation.OfLabels evaluation = Metrics.classification(constant, test);
        int threes =
                (int) Arrays.stream(test.labels()).filter(label -> label == 3).count();
        assertThat(evaluation.errors()).isEqualTo(100 - threes);
        assertThat(evaluation.errorRate()).isEqualTo((100 - threes) / 100.0);
        double logSum = Math.log(9 + Math.E);
        assertThat(evaluation.loss()).isCloseTo(logSum - threes / 100.0, offset(1e-12));
    }

    /**
     * What a step makes, masks and all, lies in the workspace; the tape's own objects take some kilobytes. In FLOAT64,
     * whose kernels need no memory. The same step without a workspace allocates 3.7 MB.
     */
    @Test
    void aSteadyStepAllocatesNextToNothing() {
        assertThat(allocatedPerStep(trainer -> trainer)).isPositive().isLessThan(64_000);
    }

    @Test
    void clippingAndSmoothingAllocateNextToNothing() {
        assertThat(allocatedPerStep(trainer -> trainer.withClippedGradients(0.01)
                        .withLoss(Loss.crossEntropy().withLabelSmoothing(0.1))))
                .isPositive()
                .isLessThan(64_000);
    }

    private long allocatedPerStep(UnaryOperator<Trainer> settings) {
        Compute.setThreads(1);
        Dataset wide = new Dataset(training.features().to(DType.FLOAT64), training.labels(), 10);
        Layer net = new Net(DType.FLOAT64);
        SGD sgd = new SGD(net.parameters(), LearningRate.constant(0.01)).withMomentum(0.9);
        List<Long> allocated = new ArrayList<>();
        settings.apply(new Trainer(net, sgd, 4, 60, 1)).fit(wide, wide, new Trainer.Listener() {
            @Override
            public void step(Trainer.Step step) {
                allocated.add(allocatedBytes());
            }
        });
        // The last epoch, from its first step to its last.
        return (allocated.get(19) - allocated.get(15)) / 4;
    }

    private static long allocatedBytes() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    @Test
    void thereIsAtLeastOneEpochAndOneExampleABatch() {
        Net net = new Net(DType.FLOAT32);
        SGD sgd = new SGD(net.parameters(), LearningRate.constant(0.1));
        assertThatThrownBy(() -> new Trainer(net, sgd, 0, 1, 1)).hasMessage("epochs: expected at least 1, got 0");
        assertThatThrownBy(() -> new Trainer(net, sgd, 1, 0, 1)).hasMessage("batchSize: expected at least 1, got 0");
        assertThat(new Trainer(net, sgd, 1, 1, 1).fit(test, null).epochs()).hasSize(1);
    }

    @Test
    void evaluationLeavesNoViewBehindThatAStepWouldSpare() {
        Net net = new Net(DType.FLOAT32);
        Tensor zeros = Tensor.zeros(DType.FLOAT32, 10, 160);
        net.output.update(zeros, UNCHANGED);
        Metrics.evaluate(net, test);
        Workspace workspace = new Workspace();
        Tape tape = new Tape(workspace);
        Tensor view = tape.parameter(net.output).value();
        tape.backward(Ops.sum(tape.parameter(net.output)));
        net.output.update(zeros, UNCHANGED);
        assertThatThrownBy(() -> view.get(0, 0)).hasMessageContaining("an optimizer step changed the parameter");
    }

    private static final Update UNCHANGED = new Update() {
        @Override
        public void apply(float[] w, float[] g, float[][] states, int from, int to) {}

        @Override
        public void apply(double[] w, double[] g, double[][] states, int from, int to) {}
    };

    /** An optimizer of one's own, which only looks. */
    private static class Recorder implements Optimizer {
        private final Net net;
        private final List<List<Tensor>> steps = new ArrayList<>();

        Recorder(Net net) {
            this.net = net;
        }

        @Override
        public void step(Gradients gradients) {
            steps.add(List.of(
                    gradients.of(net.hidden).copy(), gradients.of(net.output).copy()));
        }

        @Override
        public Collection<Parameter> parameters() {
            return net.parameters().values();
        }

        @Override
        public State state() {
            return new State(steps.size(), Map.of(), Map.of());
        }

        @Override
        public void restore(State state) {
            throw new UnsupportedOperationException();
        }
    }

    private List<List<Tensor>> gradients(UnaryOperator<Trainer> settings, Dataset data) {
        Net net = new Net(data.features().dtype());
        Recorder recorder = new Recorder(net);
        settings.apply(new Trainer(net, recorder, 1, 64, 1)).fit(data);
        return recorder.steps;
    }

    @Test
    void longGradientsAreShortenedByOneFactor() {
        Dataset wide = new Dataset(training.features().to(DType.FLOAT64), training.labels(), 10);
        List<List<Tensor>> free = gradients(trainer -> trainer, wide);
        List<List<Tensor>> clipped = gradients(trainer -> trainer.withClippedGradients(0.5), wide);
        assertThat(free).hasSize(5);
        for (int step = 0; step < 5; step++) {
            double sum = 0;
            for (Tensor gradient : free.get(step)) {
                for (double g : gradient.toDoubleArray()) {
                    sum += g * g;
                }
            }
            double factor = 0.5 / (Math.sqrt(sum) + 1e-6);
            assertThat(factor).isBetween(0.01, 0.99);
            for (int i = 0; i < 2; i++) {
                double[] expected = free.get(step).get(i).scale(factor).toDoubleArray();
                assertThat(largestDifference(clipped.get(step).get(i).toDoubleArray(), expected))
                        .isLessThan(1e-14);
            }
        }
    }

    @Test
    void elementsOfGradientsAreLimited() {
        List<List<Tensor>> free = gradients(trainer -> trainer, training);
        List<List<Tensor>> limited = gradients(trainer -> trainer.withClippedGradientValues(1e-3), training);
        List<List<Tensor>> both =
                gradients(trainer -> trainer.withClippedGradients(1e-3).withClippedGradientValues(1e-3), training);
        for (int step = 0; step < free.size(); step++) {
            double squares = 0;
            for (int i = 0; i < 2; i++) {
                Tensor expected = free.get(step).get(i).map(g -> Math.max(-1e-3f, Math.min(1e-3f, g)));
                assertThat(limited.get(step).get(i)).isEqualTo(expected);
                squares += both.get(step).get(i).sumOfSquares();
            }
            assertThat(Math.sqrt(squares)).isBetween(0.9e-3, 1.0001e-3);
        }
        Net net = new Net(DType.FLOAT32);
        assertThatThrownBy(() -> new Trainer(net, new Recorder(net), 1, 64, 1).withClippedGradientValues(0))
                .hasMessage("limit: expected a positive, finite number, got 0");
    }

    private static double largestDifference(double[] a, double[] b) {
        assertThat(a).hasSameSizeAs(b);
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs(a[i] - b[i])); // NaN if either is
        }
        return largest;
    }

    @Test
    void shortGradientsAreNotTouched() {
        assertThat(gradients(trainer -> trainer.withClippedGradients(1e3), training))
                .isEqualTo(gradients(trainer -> trainer, training));
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        Net net = new Net(DType.FLOAT32);
        Trainer trainer = new Trainer(net, new Recorder(net), 1, 64, 1);
        for (double maxNorm : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> trainer.withClippedGradients(maxNorm))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("maxNorm: expected a positive, finite number, got ");
        }
        for (double smoothing : new double[] {-0.1, 1, Double.NaN}) {
            assertThatThrownBy(() -> trainer.withLoss(Loss.crossEntropy().withLabelSmoothing(smoothing)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("labelSmoothing: expected a number in [0, 1), got ");
        }
    }

    @Test
    void smoothingChangesTrainingAndNoSmoothingDoesNot() {
        assertThat(gradients(trainer -> trainer.withLoss(Loss.crossEntropy().withLabelSmoothing(0)), training))
                .isEqualTo(gradients(trainer -> trainer, training));
        assertThat(gradients(trainer -> trainer.withLoss(Loss.crossEntropy().withLabelSmoothing(0.1)), training))
                .isNotEqualTo(gradients(trainer -> trainer, training));
    }

    @Test
    void aRegressionFindsTheLine() {
        Dataset line = line(200);
        Parameter w = new Parameter(Tensor.zeros(DType.FLOAT64, 1, 1));
        Parameter b = new Parameter(Tensor.zeros(DType.FLOAT64, 1));
        Layer net = new Layer() {
            @Override
            public Variable forward(Variable x, Pass pass) {
                return Ops.addRow(Ops.matmul(x, x.tape().parameter(w)), x.tape().parameter(b));
            }

            @Override
            public Map<String, Parameter> parameters() {
                return Map.of("w", w, "b", b);
            }
        };
        Evaluation.OfValues before = Metrics.regression(net, line);
        assertThat(Metrics.evaluate(net, line)).isEqualTo(before);
        double[] y = line.values().toDoubleArray();
        double mean = Arrays.stream(y).average().orElseThrow();
        double square = Arrays.stream(y).map(t -> t * t).average().orElseThrow();
        assertThat(before.loss()).isCloseTo(square, offset(1e-9));
        assertThat(before.variance()).isCloseTo(square - mean * mean, offset(1e-9));
        assertThat(before.rmse()).isEqualTo(Math.sqrt(before.loss()));
        assertThat(before.r2().getAsDouble()).isNegative();

        SGD sgd = new SGD(net.parameters(), LearningRate.constant(0.1)).withMomentum(0.5);
        Trainer.History history = new Trainer(net, sgd, 30, 16, 1).fit(line, line);
        assertThat(w.value().item()).isCloseTo(3, offset(1e-6));
        assertThat(b.value().get(0)).isCloseTo(1000, offset(1e-6));
        assertThat(((Evaluation.OfValues) history.last().validation()).r2().getAsDouble())
                .isCloseTo(1, offset(1e-9));
    }

    /** The mean of 0.1, 0.1 and 0.1 is not 0.1 in double. */
    @Test
    void rSquaredOfEqualTargetsIsUndefined() {
        Tensor predicted = Tensor.of(new double[] {1, 2, 3}, 3, 1);
        assertThat(Metrics.regression(predicted, Tensor.full(DType.FLOAT64, 0.1, 3, 1))
                        .r2())
                .isEmpty();
        assertThat(Metrics.regression(predicted.row(0).reshape(1, 1), Tensor.of(new double[] {7}, 1, 1)))
                .satisfies(one -> assertThat(one.r2()).isEmpty())
                .satisfies(one -> assertThat(one.rmse()).isEqualTo(6));
        assertThat(Metrics.regression(predicted, Tensor.of(new double[] {1, 2, 4}, 3, 1))
                        .r2()
                        .getAsDouble())
                .isCloseTo(1 - 1 / (14.0 / 3), offset(1e-12));
        for (DType dtype : DType.values()) {
            Dataset equal = Dataset.regression(Tensor.zeros(dtype, 3, 1), Tensor.full(dtype, 0.1, 3, 1));
            assertThat(Metrics.regression(constant(dtype, 0.3), equal).r2()).isEmpty();
        }
    }

    private static Layer constant(DType dtype, double... outputs) {
        return new Layer() {
            @Override
            public Variable forward(Variable x, Pass pass) {
                Tensor row = Tensor.of(outputs).to(dtype);
                return x.tape()
                        .constant(row.repeatRows(x.shape().dim(0))
                                .add(x.value()
                                        .matmul(Tensor.zeros(dtype, x.shape().dim(1), outputs.length))));
            }

            @Override
            public Map<String, Parameter> parameters() {
                return Map.of("p", new Parameter(Tensor.zeros(dtype, 1)));
            }
        };
    }

    /** The first class, right by chance, is no answer. */
    @Test
    void whatHasNoFiniteOutputIsNotEvaluated() {
        float inf = Float.POSITIVE_INFINITY;
        Tensor x = Tensor.of(new float[] {1, 2, 3, inf, 5, 6, 7, -inf}, 4, 2);
        Dataset classes = new Dataset(x, new int[4], 2).withFeatureNames(List.of("a", "b"));
        Dataset targets = Dataset.regression(x, Tensor.zeros(DType.FLOAT32, 4, 1));
        assertThatThrownBy(() -> Metrics.evaluate(constant(DType.FLOAT32, 1, 0), classes))
                .isInstanceOf(NotFiniteOutputException.class)
                .hasMessage(
                        "evaluate: expected finite outputs, got NaN or infinity for example 1 (2 of 4 examples); its"
                                + " feature b is inf: correct it or leave the example out")
                .satisfies(e ->
                        assertThat(((NotFiniteOutputException) e).example()).isEqualTo(1))
                .satisfies(
                        e -> assertThat(((NotFiniteOutputException) e).count()).isEqualTo(2));
        assertThatThrownBy(() -> Metrics.evaluate(constant(DType.FLOAT32, 1), targets))
                .hasMessageContaining("its feature 1 is inf");
        assertThatThrownBy(() -> Metrics.evaluate(constant(DType.FLOAT32, Float.NaN), targets.select(new int[] {0, 2})))
                .hasMessage("evaluate: expected finite outputs, got NaN or infinity for example 0 (2 of 2 examples); no"
                        + " feature of it is above 1000 in size: the weights are too large or NaN");
        assertThatThrownBy(
                        () -> Metrics.evaluate(constant(DType.FLOAT32, -3e38, 3e38), classes.select(new int[] {0, 2})))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("evaluate: expected a finite loss, got inf: outputs or targets are too large");
        assertThat(Metrics.regression(constant(DType.FLOAT32, 1e30), targets.select(new int[] {0, 2}))
                        .rmse())
                .isCloseTo(1e30, offset(1e24));
    }

    /** What a CSV file holds is FLOAT64. */
    @Test
    void dataOfAnotherDTypeAreRefused() {
        Net net = new Net(DType.FLOAT32);
        Dataset wide = training.to(DType.FLOAT64);
        String what = ": expected FLOAT32 data as the network's parameters, got FLOAT64; standardize them,"
                + " Preprocessing.fit(data).apply(data), or convert them, data.to(DType.FLOAT32)";
        Trainer trainer = new Trainer(net, new SGD(net.parameters(), LearningRate.constant(0.1)), 1, 50, 1);
        assertThatThrownBy(() -> trainer.fit(wide))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("training" + what);
        assertThatThrownBy(() -> trainer.fit(training, wide)).hasMessage("validation" + what);
        assertThatThrownBy(() -> Metrics.evaluate(net, wide)).hasMessage("evaluate" + what);
        assertThat(Metrics.evaluate(net, wide.to(DType.FLOAT32))).isEqualTo(Metrics.evaluate(net, training));
    }

    /** y = 3·x + 1000, whose squares are far above what a cross-entropy may be. */
    private static Dataset line(int examples) {
        double[] x = new double[examples];
        double[] y = new double[examples];
        RandomStream random = new RandomStream(1);
        for (int i = 0; i < examples; i++) {
            x[i] = random.nextGaussian();
            y[i] = 3 * x[i] + 1000;
        }
        return Dataset.regression(Tensor.of(x, examples, 1), Tensor.of(y, examples, 1));
    }

    @Test
    void errorRateAndR2AreTheSharesThatTheyTell() {
        assertThat(new Evaluation.OfLabels(0, 8, 0.5).errorRate()).isZero();
        assertThat(new Evaluation.OfLabels(2, 8, 0.5).errorRate()).isEqualTo(0.25);
        assertThat(new Evaluation.OfValues(8, 9, 0.5, 4).r2()).hasValue(0.875);
    }

    @Test
    void aRegressionThatDivergesNamesTheOpToo() {
        Slope net = new Slope();
        SGD sgd = new SGD(net.parameters(), LearningRate.constant(1e300));
        assertThatThrownBy(() -> new Trainer(net, sgd, 1, 64, 1).fit(line(200)))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageMatching("training diverged in epoch 1, step \\d: .*; first at #\\d+ \\w+ .* not finite: .*;"
                        + " try clipped gradients or a smaller learning rate");
    }

    /** A checkpoint keeps the sum, as a number. */
    @Test
    void lossesWithoutASumAreDivergenceEvenIfEachIsFinite() {
        Slope net = new Slope();
        Dataset far = Dataset.regression(Tensor.full(DType.FLOAT64, 1, 2, 1), Tensor.full(DType.FLOAT64, 1e154, 2, 1));
        SGD sgd = new SGD(net.parameters(), LearningRate.constant(1e-300));
        assertThatThrownBy(() -> new Trainer(net, sgd, 1, 1, 1).fit(far))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage(
                        "training diverged in epoch 1, step 2: the loss is 1.0e+308; try clipped gradients or a smaller learning rate");
    }

    /** As of files, which say how many classes they have by their largest label. */
    @Test
    void theValidationSetMayHaveFewerClasses() {
        Net net = new Net(DType.FLOAT32);
        Trainer trainer = new Trainer(net, new Recorder(net), 1, 64, 1);
        Trainer.History history = trainer.fit(new Dataset(training.features(), training.labels(), 12), test);
        assertThat(history.epochs().get(0).validation().examples()).isEqualTo(100);
    }

    @Test
    void theValidationSetMustBeOfTheTrainingSetsKind() {
        Net net = new Net(DType.FLOAT32);
        Trainer trainer = new Trainer(net, new Recorder(net), 1, 64, 1);
        assertThatThrownBy(() -> trainer.fit(training, line(5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("validation: expected 784 features as in training, got 1");
        assertThatThrownBy(() ->
                        trainer.fit(training, Dataset.regression(test.features(), Tensor.zeros(DType.FLOAT32, 100, 1))))
                .hasMessage("validation: expected classes as in training, got targets");
        assertThatThrownBy(() -> trainer.fit(training, new Dataset(test.features(), test.labels(), 11)))
                .hasMessage("validation: expected at most 10 classes as in training, got 11");
        assertThatThrownBy(() -> trainer.withLoss(Loss.crossEntropy().withLabelSmoothing(0.1))
                        .fit(line(5)))
                .hasMessage("cross-entropy: expected class labels, got values to predict; use a loss of values, such as"
                        + " Loss.meanSquaredError(), or Loss.binaryCrossEntropy() for several labels");
    }

    @Test
    void stopEndsTheRunAfterItsStepFromAnyThread() throws InterruptedException {
        Net net = new Net(DType.FLOAT32);
        SGD sgd = new SGD(net.parameters(), LearningRate.constant(0.01));
        Trainer trainer = new Trainer(net, sgd, 1_000_000, 64, 1);
        CountDownLatch running = new CountDownLatch(1);
        Thread other = new Thread(() -> {
            try {
                running.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            trainer.stop();
        });
        other.start();
        Trainer.History history = trainer.fit(training, null, new Trainer.Listener() {
            @Override
            public void step(Trainer.Step step) {
                running.countDown();
            }
        });
        other.join();
        assertThat(history.ending()).isEqualTo(Trainer.Ending.STOPPED);
        assertThat(sgd.steps()).isPositive();
        assertThat(history.epochs()).hasSize((int) (sgd.steps() / 5));
    }

    @Test
    void stopBeforeTheRunStopsItBeforeItsFirstStepAndNoLaterRun() {
        Net net = new Net(DType.FLOAT32);
        SGD sgd = new SGD(net.parameters(), LearningRate.constant(0.01));
        Trainer trainer = new Trainer(net, sgd, 1, 64, 1);
        trainer.stop();
        assertThat(trainer.fit(training).ending()).isEqualTo(Trainer.Ending.STOPPED);
        assertThat(sgd.steps()).isZero();
        assertThat(trainer.fit(training).ending()).isEqualTo(Trainer.Ending.COMPLETE);
        assertThat(sgd.steps()).isEqualTo(5);
    }

    @Test
    void stopEndsTheRunOfATrainerMadeFromThisOne() {
        Net net = new Net(DType.FLOAT32);
        SGD sgd = new SGD(net.parameters(), LearningRate.constant(0.01));
        Trainer trainer = new Trainer(net, sgd, 3, 64, 1);
        Trainer.History history = trainer.withClippedGradients(1).fit(training, null, new Trainer.Listener() {
            @Override
            public void step(Trainer.Step step) {
                trainer.stop();
            }
        });
        assertThat(history.ending()).isEqualTo(Trainer.Ending.STOPPED);
        assertThat(sgd.steps()).isOne();
    }

    // ---- an optimizer of the net ----

    private static SGD sgd(Map<String, Parameter> parameters) {
        return new SGD(parameters, LearningRate.constant(0.1)).withMomentum(0.9);
    }

    @Test
    void theOptimizerMustBeOfTheNet() {
        Net net = new Net(DType.FLOAT32);
        assertThatThrownBy(() -> new Trainer(net, sgd(new Net(DType.FLOAT32).parameters()), 1, 64, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("optimizer: expected parameters of the network, got 2 of 2 that it does not have;"
                        + " make the optimizer from net.parameters()");
        Map<String, Parameter> more = new LinkedHashMap<>(net.parameters());
        more.put("other", new Parameter(Tensor.scalar(1)));
        assertThatThrownBy(() -> new Trainer(net, sgd(more), 1, 64, 1))
                .hasMessageContaining("got 1 of 3 that it does not have");
        Optimizer none = new Recorder(net) {
            @Override
            public Collection<Parameter> parameters() {
                return List.of();
            }
        };
        assertThatThrownBy(() -> new Trainer(net, none, 1, 64, 1)).hasMessageContaining("got none");
    }

    /** A net that changes under its trainer. */
    @Test
    void theOptimizerMustBeOfTheNetAtEachFit() {
        Net[] current = {new Net(DType.FLOAT32)};
        Layer changing = new Layer() {
            @Override
            public Variable forward(Variable x, Pass pass) {
                return current[0].forward(x, pass);
            }

            @Override
            public Map<String, Parameter> parameters() {
                return current[0].parameters();
            }
        };
        Trainer trainer = new Trainer(changing, sgd(changing.parameters()), 1, 64, 1);
        current[0] = new Net(DType.FLOAT32);
        assertThatThrownBy(() -> trainer.fit(training)).hasMessageContaining("got 2 of 2 that it does not have");
    }

    @Test
    void parametersThatTheOptimizerDoesNotHaveStayAndDoNotCountForClipping() {
        Net net = new Net(DType.FLOAT32);
        List<Tensor> before = net.weights();
        new Trainer(net, sgd(Map.of("out", net.output)), 1, 64, 1).fit(training);
        assertThat(net.hidden.value()).isEqualTo(before.get(0));
        assertThat(net.output.value()).isNotEqualTo(before.get(1));

        Net clipped = new Net(DType.FLOAT32);
        SGD plain = new SGD(Map.of("out", clipped.output), LearningRate.constant(1));
        double maxNorm = 1e-3;
        new Trainer(clipped, plain, 1, training.size(), 1)
                .withClippedGradients(maxNorm)
                .fit(training);
        double moved = Math.sqrt(clipped.output.value().sub(before.get(1)).sumOfSquares());
        assertThat(moved).isCloseTo(maxNorm, offset(1e-6));
    }

    // ---- several fits ----

    /** The epochs, and the weights, of fits one after another, of one trainer each or of one for all. */
    private List<Tensor> fits(LearningRate rate, boolean oneTrainer, int... epochs) {
        Net net = new Net(DType.FLOAT32);
        SGD sgd = new SGD(net.parameters(), rate).withMomentum(0.9);
        Trainer trainer = new Trainer(net, sgd, epochs[0], 64, 1);
        for (int count : epochs) {
            trainer = oneTrainer ? trainer : new Trainer(net, sgd, count, 64, 1);
            assertThat(trainer.fit(training).epochs()).hasSize(count);
        }
        return net.weights();
    }

    @Test
    void aSecondFitGoesOnWhereTheFirstEnded() {
        for (LearningRate rate : List.of(
                LearningRate.constant(0.05), LearningRate.cosine(0.05, 30), LearningRate.steps(0.05, 5, 1, 1, 1))) {
            List<Tensor> whole = fits(rate, true, 4);
            assertThat(fits(rate, true, 2, 2)).isEqualTo(whole);
            assertThat(fits(rate, false, 2, 2)).isEqualTo(whole);
            assertThat(fits(rate, false, 1, 3)).isEqualTo(whole);
        }
    }

    @Test
    void aFitAfterTheEndOfTheScheduleIsRefused() {
        Net net = new Net(DType.FLOAT32);
        SGD sgd = new SGD(net.parameters(), LearningRate.cosine(0.05, 10)).withMomentum(0.9);
        Trainer trainer = new Trainer(net, sgd, 2, 64, 1);
        trainer.fit(training);
        List<Tensor> weights = net.weights();
        assertThatThrownBy(() -> trainer.fit(training))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("fit: expected a learning rate above 0, got 0 in all 10 steps to come: the optimizer's"
                        + " schedule is over after 10 steps; make a new optimizer, or one with a longer schedule");
        assertThat(net.weights()).isEqualTo(weights);
        SGD fresh = new SGD(net.parameters(), LearningRate.cosine(0.05, 10));
        new Trainer(net, fresh, 2, 64, 1).fit(training);
        assertThat(net.weights()).isNotEqualTo(weights);
    }

    /** Only a rate that stays 0 is refused: one that begins or ends there is a schedule. */
    @Test
    void aRateMayBeZeroForAWhile() {
        Net net = new Net(DType.FLOAT32);
        List<Tensor> before = net.weights();
        new Trainer(net, new SGD(net.parameters(), step -> step == 3 ? 0.1 : 0), 1, 64, 1).fit(training);
        assertThat(net.weights()).isNotEqualTo(before);
        assertThatThrownBy(() -> new Trainer(net, new SGD(net.parameters(), step -> step == 5 ? 0.1 : 0), 1, 64, 1)
                        .fit(training))
                .hasMessageContaining("0 in all 5 steps");
    }

    /** Keeps the masks it could draw, and the first feature of each example. */
    private static final class Watched implements Layer {
        private final Slope slope = new Slope();
        private final List<Tensor> masks = new ArrayList<>();
        private final List<Double> examples = new ArrayList<>();

        @Override
        public Variable forward(Variable x, Pass pass) {
            if (pass.isTraining()) {
                masks.add(pass.mask(1, 1, 60, 0.5).toTensor(DType.FLOAT64));
                for (int i = 0; i < x.shape().dim(0); i++) {
                    examples.add(x.value().get(i, 0));
                }
            }
            return slope.forward(x, pass);
        }

        @Override
        public Map<String, Parameter> parameters() {
            return slope.parameters();
        }
    }

    @Test
    void noMaskAndNoOrderIsUsedTwice() {
        Watched net = new Watched();
        SGD sgd = new SGD(net.parameters(), LearningRate.constant(1e-9));
        Trainer trainer = new Trainer(net, sgd, 3, 50, 1);
        trainer.fit(line(200));
        trainer.fit(line(130)); // 3 steps an epoch
        Trainer stopping = new Trainer(net, sgd, 3, 50, 1);
        stopping.fit(line(200), null, new Trainer.Listener() {
            @Override
            public void step(Trainer.Step step) {
                if (step.number() == 6) {
                    stopping.stop();
                }
            }
        });
        trainer.fit(line(200));
        assertThat(net.masks).hasSize(12 + 9 + 6 + 12).doesNotHaveDuplicates();
        List<List<Double>> orders = new ArrayList<>();
        int at = 0;
        for (int size : new int[] {200, 200, 200, 130, 130, 130, 200, 100, 200, 200, 200}) {
            orders.add(net.examples.subList(at, at + 100));
            at += size;
        }
        assertThat(at).isEqualTo(net.examples.size());
        assertThat(orders).doesNotHaveDuplicates();
    }

    @Test
    void aFitAfterStepsByHandGoesOnAfterThem() {
        Watched net = new Watched();
        SGD sgd = new SGD(net.parameters(), LearningRate.constant(1e-9));
        Tape tape = new Tape();
        sgd.step(tape.backward(Ops.sum(tape.parameter(net.slope.w))));
        new Trainer(net, sgd, 1, 50, 1).fit(line(200));
        Watched fresh = new Watched();
        new Trainer(fresh, new SGD(fresh.parameters(), LearningRate.constant(1e-9)), 2, 50, 1).fit(line(200));
        assertThat(net.masks).isEqualTo(fresh.masks.subList(1, 5));
    }

    // ---- parameters without a tape ----

    /** A line whose slope and intercept may be read past the tape. */
    private static final class Line implements Layer {
        private final Parameter w = new Parameter(Tensor.zeros(DType.FLOAT64, 1, 1));
        private final Parameter b = new Parameter(Tensor.zeros(DType.FLOAT64, 1));
        private final UnaryOperator<Boolean> usesTape;

        /** @param usesTape given whether the pass is of training, tells whether b comes over the tape */
        Line(UnaryOperator<Boolean> usesTape) {
            this.usesTape = usesTape;
        }

        @Override
        public Variable forward(Variable x, Pass pass) {
            Variable y = Ops.matmul(x, x.tape().parameter(w));
            boolean onTape = usesTape.apply(pass.isTraining());
            return Ops.addRow(y, onTape ? x.tape().parameter(b) : x.tape().constant(b.value()));
        }

        @Override
        public Map<String, Parameter> parameters() {
            return Map.of("w", w, "b", b);
        }
    }

    @Test
    void aParameterThatIsOnNoTapeIsRefused() {
        Line net = new Line(training -> false);
        assertThatThrownBy(() -> new Trainer(net, sgd(net.parameters()), 5, 50, 1).fit(line(200)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "fit: expected all parameters of the optimizer on the tape, got no b in epoch 1; read them by"
                                + " tape.parameter(...) in forward, or leave them out of the optimizer");
        Line frozen = new Line(training -> false);
        new Trainer(frozen, sgd(Map.of("w", frozen.w)), 5, 50, 1).fit(line(200));
        assertThat(frozen.b.value().get(0)).isZero();
    }

    /** As in stochastic depth. */
    @Test
    void aLayerThatTrainingSkipsMayBeOneThatInferenceUses() {
        Line net = new Line(training -> !training);
        new Trainer(net, sgd(net.parameters()), 1, 200, 1).fit(line(200));
        int[] steps = {0};
        Line sometimes = new Line(training -> training && steps[0]++ == 2);
        new Trainer(sometimes, sgd(sometimes.parameters()), 1, 50, 1).fit(line(200));
    }

    // ---- the order of a map ----

    /** A net of five parameters, in the order of the letters of {@code order}. */
    private static final class Ordered implements Layer {
        private final Map<String, Parameter> all = new LinkedHashMap<>();
        private final String order;

        Ordered(DType dtype, String order) {
            this.order = order;
            Initializer init = Initializer.heUniform(3).withDType(dtype);
            all.put("a", new Parameter(init.weight(16, 784)));
            all.put("b", new Parameter(init.bias(16)));
            all.put("c", new Parameter(init.weight(16, 16)));
            all.put("d", new Parameter(init.weight(10, 16)));
            all.put("e", all.get("c"));
        }

        @Override
        public Variable forward(Variable x, Pass pass) {
            Tape t = x.tape();
            Variable h =
                    Ops.tanh(Ops.addRow(Ops.matmulTransposed(x, t.parameter(all.get("a"))), t.parameter(all.get("b"))));
            h = Ops.tanh(Ops.matmulTransposed(h, t.parameter(all.get("c"))));
            return Ops.matmulTransposed(h, t.parameter(all.get("d")));
        }

        @Override
        public Map<String, Parameter> parameters() {
            Map<String, Parameter> ordered = new LinkedHashMap<>();
            order.chars().mapToObj(Character::toString).forEach(name -> ordered.put(name, all.get(name)));
            return ordered;
        }
    }

    /** As a Map.of has it, which is another in every JVM. */
    @Test
    void theOrderOfParametersChangesNoBit(@TempDir Path folder) throws IOException {
        for (DType dtype : DType.values()) {
            Dataset data = new Dataset(training.features().to(dtype), training.labels(), 10);
            byte[] expected = null;
            for (String order : List.of("abcde", "edcba", "cabed", "daebc", "bdeac", "ecdab")) {
                Ordered net = new Ordered(dtype, order);
                SGD sgd = new SGD(net.parameters(), LearningRate.constant(0.5)).withMomentum(0.9);
                File file = folder.resolve(order).toFile();
                new Trainer(net, sgd, 4, 32, 1)
                        .withClippedGradients(0.05)
                        .withCheckpoint(file)
                        .fit(data);
                byte[] bytes = Files.readAllBytes(file.toPath());
                expected = expected == null ? bytes : expected;
                assertThat(bytes).as("%s %s", dtype, order).isEqualTo(expected);
            }
        }
    }
}
