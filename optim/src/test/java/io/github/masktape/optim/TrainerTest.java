package io.github.masktape.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import com.sun.management.ThreadMXBean;
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
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
                                + " try a smaller learning rate");
    }

    @Test
    void aHopelessLossIsDivergenceEvenIfItIsFinite() {
        assertThatThrownBy(() -> train(1e6, 1, new Trainer.Listener() {}))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageMatching("training diverged in epoch 1, step \\d: the loss is \\d\\.\\de\\+\\d\\d;"
                        + " try a smaller learning rate");
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
        Compute.setThreads(1);
        Dataset wide = new Dataset(training.features().to(DType.FLOAT64), training.labels(), 10);
        Layer net = new Net(DType.FLOAT64);
        SGD sgd = new SGD(net.parameters(), LearningRate.constant(0.01)).momentum(0.9);
        List<Long> allocated = new ArrayList<>();
        new Trainer(net, sgd, 4, 60, 1).fit(wide, wide, new Trainer.Listener() {
            @Override
            public void step(Trainer.Step step) {
                allocated.add(allocatedBytes());
            }
        });
        // The last epoch, from its first step to its last.
        long perStep = (allocated.get(19) - allocated.get(15)) / 4;
        assertThat(perStep).isPositive().isLessThan(64_000);
    }

    private static long allocatedBytes() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    @Test
    void evaluationLeavesNoViewBehindThatAStepWouldSpare() {
        Net net = new Net(DType.FLOAT32);
        Trainer.evaluate(net, test);
        Workspace workspace = new Workspace();
        Tape tape = new Tape(workspace);
        Tensor view = tape.parameter(net.output).value();
        tape.backward(Ops.sum(tape.parameter(net.output)));
        net.output.descend(Tensor.zeros(DType.FLOAT32, 10, 160), new Parameter(view), 0, 0, 0, false);
        assertThatThrownBy(() -> view.get(0, 0)).hasMessageContaining("an optimizer step changed the parameter");
    }
}
