package io.github.masktape.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import com.sun.management.ThreadMXBean;
import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.GeneratedDigits;
import io.github.masktape.tensor.Compute;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Update;
import io.github.masktape.tensor.Workspace;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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
        SGD sgd = new SGD(net.parameters(), LearningRate.constant(rate)).momentum(0.9);
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
                .isEqualTo(steps.subList(0, 5).stream()
                                .mapToDouble(Trainer.Step::loss)
                                .sum()
                        / 5);
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
        Trainer.Evaluation evaluation = Trainer.evaluate(constant, test);
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
        assertThat(allocatedPerStep(trainer -> trainer.clipGradients(0.01).labelSmoothing(0.1)))
                .isPositive()
                .isLessThan(64_000);
    }

    private long allocatedPerStep(UnaryOperator<Trainer> settings) {
        Compute.setThreads(1);
        Dataset wide = new Dataset(training.features().to(DType.FLOAT64), training.labels(), 10);
        Layer net = new Net(DType.FLOAT64);
        SGD sgd = new SGD(net.parameters(), LearningRate.constant(0.01)).momentum(0.9);
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
        assertThatThrownBy(() -> new Trainer(net, sgd, 0, 1, 1)).hasMessage("epochs must be at least 1, got 0");
        assertThatThrownBy(() -> new Trainer(net, sgd, 1, 0, 1)).hasMessage("batchSize must be at least 1, got 0");
        assertThat(new Trainer(net, sgd, 1, 1, 1).fit(test, null).epochs()).hasSize(1);
    }

    @Test
    void evaluationLeavesNoViewBehindThatAStepWouldSpare() {
        Net net = new Net(DType.FLOAT32);
        Tensor zeros = Tensor.zeros(DType.FLOAT32, 10, 160);
        net.output.update(zeros, UNCHANGED);
        Trainer.evaluate(net, test);
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
    private static final class Recorder implements Optimizer {
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
        List<List<Tensor>> clipped = gradients(trainer -> trainer.clipGradients(0.5), wide);
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
        assertThat(gradients(trainer -> trainer.clipGradients(1e3), training))
                .isEqualTo(gradients(trainer -> trainer, training));
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        Net net = new Net(DType.FLOAT32);
        Trainer trainer = new Trainer(net, new Recorder(net), 1, 64, 1);
        for (double maxNorm : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> trainer.clipGradients(maxNorm))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("clipGradients: maxNorm must be positive and finite, got ");
        }
        for (double smoothing : new double[] {-0.1, 1, Double.NaN}) {
            assertThatThrownBy(() -> trainer.labelSmoothing(smoothing))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("labelSmoothing must be in [0, 1), got ");
        }
    }

    @Test
    void smoothingChangesTrainingAndNoSmoothingDoesNot() {
        assertThat(gradients(trainer -> trainer.labelSmoothing(0), training))
                .isEqualTo(gradients(trainer -> trainer, training));
        assertThat(gradients(trainer -> trainer.labelSmoothing(0.1), training))
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
        Trainer.Evaluation before = Trainer.evaluate(net, line);
        assertThat(before.isRegression()).isTrue();
        double[] y = line.targets().toDoubleArray();
        double mean = Arrays.stream(y).average().orElseThrow();
        double square = Arrays.stream(y).map(t -> t * t).average().orElseThrow();
        assertThat(before.loss()).isCloseTo(square, offset(1e-9));
        assertThat(before.variance()).isCloseTo(square - mean * mean, offset(1e-9));
        assertThat(before.rmse()).isEqualTo(Math.sqrt(before.loss()));
        assertThat(before.r2()).isNegative();
        assertThatThrownBy(before::errorRate)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("errorRate: expected a classifier, got a regression; ask for rmse() or r2()");

        SGD sgd = new SGD(net.parameters(), LearningRate.constant(0.1)).momentum(0.5);
        Trainer.History history = new Trainer(net, sgd, 30, 16, 1).fit(line, line);
        assertThat(w.value().item()).isCloseTo(3, offset(1e-6));
        assertThat(b.value().get(0)).isCloseTo(1000, offset(1e-6));
        assertThat(history.last().validation().r2()).isCloseTo(1, offset(1e-9));
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
        assertThat(new Trainer.Evaluation(0, 8, 0.5).errorRate()).isZero();
        assertThat(new Trainer.Evaluation(2, 8, 0.5).errorRate()).isEqualTo(0.25);
        assertThat(new Trainer.Evaluation(-1, 8, 0.5, 4).r2()).isEqualTo(0.875);
        assertThatThrownBy(() -> new Trainer.Evaluation(0, 8, 0.5).r2())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("r2: expected a regression, got a classifier; ask for errorRate()");
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

    @Test
    void aClassifierHasNoRootMeanSquaredError() {
        assertThatThrownBy(() -> new Trainer.Evaluation(1, 2, 0.5).rmse())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("rmse: expected a regression, got a classifier; ask for errorRate()");
    }

    /** A checkpoint keeps the sum, as a number. */
    @Test
    void lossesWithoutASumAreDivergenceEvenIfEachIsFinite() {
        Slope net = new Slope();
        Dataset far = Dataset.regression(Tensor.full(DType.FLOAT64, 1, 2, 1), Tensor.full(DType.FLOAT64, 1e154, 2, 1));
        SGD sgd = new SGD(net.parameters(), step -> 0);
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
        assertThatThrownBy(() -> trainer.labelSmoothing(0.1).fit(line(5)))
                .hasMessage("labelSmoothing: expected labels, got regression targets");
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
}
