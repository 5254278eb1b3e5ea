// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.autograd.Buffer;
import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Variable;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.GeneratedPoints;
import io.github.masktape.layers.BatchNorm;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.layers.Inference;
import io.github.masktape.layers.Linear;
import io.github.masktape.layers.ReLU;
import io.github.masktape.layers.Sequential;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.Tensor;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** State that is not a parameter: it is trained, saved, resumed and restored with the parameters. */
class LayerStateTest {
    @TempDir
    private File folder;

    private final Dataset training = GeneratedPoints.moons(120, 0.2, 1);
    private final Dataset validation = GeneratedPoints.moons(60, 0.2, 2);

    /** Counts the steps of training; x passes unchanged. */
    private record StepCounter(Buffer steps) implements Layer {
        StepCounter() {
            this(new Buffer(Tensor.zeros(DType.FLOAT32, 1)));
        }

        @Override
        public Variable forward(Variable x, Pass pass) {
            if (pass.isTraining()) {
                x.tape().update(steps, old -> old.plus(1));
            }
            return x;
        }

        @Override
        public Map<String, Buffer> buffers() {
            return Map.of("steps", steps);
        }
    }

    private final StepCounter counter = new StepCounter();

    private static Sequential net(Layer counter) {
        Initializer init = Initializer.heUniform(1);
        return Sequential.of(
                Linear.of(2, 8, init),
                BatchNorm.of(8, DType.FLOAT32),
                counter,
                new ReLU(),
                DropConnect.of(8, 2, 0.5, init).withDropSchedule(step -> Math.min(0.9, step / 20.0)));
    }

    private static Trainer trainer(Sequential net, double rate, int epochs) {
        return new Trainer(net, new SGD(net.parameters(), LearningRate.constant(rate)), epochs, 40, 1);
    }

    private static Map<String, Tensor> state(Layer net) {
        Map<String, Tensor> values = new TreeMap<>();
        net.state().forEach((name, cell) -> values.put(name, cell.value()));
        return values;
    }

    @Test
    void aResumedRunEndsWithTheSameState() throws IOException {
        File file = new File(folder, "run.safetensors");
        Sequential whole = net(counter);
        Sequential half = net(new StepCounter());
        Sequential rest = net(new StepCounter());
        Trainer.History expected = trainer(whole, 0.1, 6).fit(training, validation);
        Trainer.History begun = trainer(half, 0.1, 3).withCheckpoint(file).fit(training, validation);
        assertThat(begun.epochs()).hasSize(3);
        Checkpoint checkpoint = Checkpoint.read(file);
        assertThat(checkpoint.weights()).isEqualTo(state(half)).containsKeys("1.running_mean", "2.steps");
        Trainer.History resumed = trainer(rest, 0.1, 6).withCheckpoint(file).resume(checkpoint, training, validation);
        assertThat(resumed.epochs()).isEqualTo(expected.epochs());
        assertThat(state(rest)).isEqualTo(state(whole));
    }

    @Test
    void onlyStepsChangeIt() {
        Sequential net = net(counter);
        Trainer.History unused = trainer(net, 0.1, 4)
                .withCheckpoint(new File(folder, "run.safetensors"), 0, Map.of())
                .fit(training, validation);
        assertThat(counter.steps().value().get(0)).isEqualTo(12);
        Map<String, Tensor> before = state(net);
        Inference.monteCarlo(5, 1).outputs(net, validation.features());
        assertThat(state(net)).isEqualTo(before);
        RateSearch found =
                RateSearch.of(rate -> new Trainer(net, new SGD(net.parameters(), rate), 3, 40, 1), training, 1e-4, 10);
        assertThat(found.trials()).isNotEmpty();
        assertThat(state(net)).isEqualTo(before);
    }

    @Test
    void theBestEpochsStateIsRestored() {
        Sequential net = net(counter);
        Trainer.History history = trainer(net, 0.5, 12).withPatience(2).fit(training, validation);
        assertThat(history.bestEpoch()).isLessThan(history.epochs().size());
        assertThat(counter.steps().value().get(0)).isEqualTo(3.0 * history.bestEpoch());
    }

    @Test
    void aStepThatDivergesLeavesIt() {
        List<Map<String, Tensor>> states = new ArrayList<>();
        Sequential net = net(counter);
        assertThatThrownBy(() -> trainer(net, 1e15, 4).fit(training, validation, new Trainer.Listener() {
                    @Override
                    public void step(Trainer.Step step) {
                        states.add(state(net));
                    }
                }))
                .isInstanceOf(DivergenceException.class)
                .hasMessageContaining("step " + (states.size() + 1));
        assertThat(state(net)).isEqualTo(states.get(states.size() - 1));
    }

    @Test
    void aCompositeThatHidesABufferIsRefused() {
        Layer hiding = new Layer() {
            @Override
            public Variable forward(Variable x, Pass pass) {
                return counter.forward(x, pass.child(0));
            }
        };
        assertThatThrownBy(() -> trainer(net(hiding), 0.1, 1).fit(training, validation))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("fit: expected all buffers that a step changes in the network's buffers(), got 1 others;"
                        + " return those of its layers from buffers() of each composite layer");
    }

    /** a' = a + (1 − d)·(v − a) after each step, for the running statistics as for the weights. */
    @Test
    void buffersAreAveragedIfWanted() {
        Sequential net = Sequential.of(BatchNorm.of(2, DType.FLOAT32), Linear.of(2, 2, Initializer.heUniform(1)));
        SGD sgd = new SGD(net.parameters(), LearningRate.constant(0.1));
        MovingAverage average = new MovingAverage(net.state(), sgd, 0.5);
        List<Tensor> means = new ArrayList<>();
        Buffer mean = net.buffers().get("0.running_mean");
        new Trainer(net, average, 1, 50, 1).fit(training, null, new Trainer.Listener() {
            @Override
            public void step(Trainer.Step step) {
                means.add(mean.value());
            }
        });
        Tensor expected = means.get(0);
        for (Tensor value : means.subList(1, means.size())) {
            expected = expected.add(value.sub(expected).scale(0.5));
        }
        assertThat(average.values().get("0.running_mean").sub(expected).sumOfSquares())
                .isLessThan(1e-14);
        assertThat(average.evaluate(mean::value)).isEqualTo(average.values().get("0.running_mean"));
        assertThat(mean.value()).isEqualTo(means.get(means.size() - 1)).isNotEqualTo(expected);
        average.apply();
        assertThat(mean.value()).isEqualTo(average.values().get("0.running_mean"));
        assertThat(new MovingAverage(net.parameters(), sgd, 0.5).values().keySet())
                .containsExactlyInAnyOrderElementsOf(net.parameters().keySet());
    }
}
