// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.data.Dataset;
import io.github.masktape.io.SafeTensors;
import io.github.masktape.layers.Linear;
import io.github.masktape.layers.ReLU;
import io.github.masktape.layers.Sequential;
import io.github.masktape.loss.Loss;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.Tensor;
import java.io.File;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A layer that occurs twice in a network: its parameters have two names, and are still one. */
class SharedLayerTest {
    private final Initializer init = Initializer.heUniform(1).withDType(DType.FLOAT64);
    private final Tensor x = init.weight(6, 4);
    private final Dataset data = Dataset.regression(x, init.weight(6, 4));

    @TempDir
    private File folder;

    /** Two towers of one encoder, each on the same input. */
    private record Towers(Layer left, Layer right) implements Layer {
        @Override
        public Variable forward(Variable input, Pass pass) {
            return Ops.mul(left.forward(input, pass.child(0)), right.forward(Ops.neg(input), pass.child(1)));
        }

        @Override
        public Map<String, Layer> parts() {
            Map<String, Layer> parts = new LinkedHashMap<>();
            parts.put("left", left);
            parts.put("right", right);
            return parts;
        }
    }

    private static Layer twice(boolean towers, Layer layer) {
        return towers ? new Towers(layer, layer) : Sequential.of(layer, new ReLU(), layer);
    }

    private static Linear layer() {
        return Linear.of(4, 4, Initializer.heUniform(3).withDType(DType.FLOAT64));
    }

    private Gradients gradients(Layer net) {
        Tape tape = new Tape();
        return tape.backward(Ops.sum(Ops.square(net.forward(tape.constant(x), Pass.training(1, 0)))));
    }

    private static Map<String, Parameter> own(Linear layer) {
        return Map.of("weight", layer.weight(), "bias", layer.bias());
    }

    /** Each optimizer treats the two names like the one parameter that they mean: gradient, norm, step, decay, average. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStepChangesEachParameterOnce(boolean towers) {
        Map<String, Function<Map<String, Parameter>, Optimizer>> optimizers = Map.of(
                "SGD",
                        p -> new SGD(p, LearningRate.constant(0.1))
                                .withMomentum(0.9)
                                .withWeightDecay(0.1),
                "Adam", p -> new Adam(p, LearningRate.constant(0.1)).withWeightDecay(0.1),
                "AdamW", p -> new AdamW(p, LearningRate.constant(0.1)).withWeightDecay(0.1));
        optimizers.forEach((name, constructor) -> {
            Linear one = layer();
            Linear other = layer();
            Layer net = twice(towers, one);
            Layer like = twice(towers, other);
            Optimizer under = constructor.apply(net.parameters());
            Optimizer alone = constructor.apply(own(other));
            MovingAverage average = new MovingAverage(net.state(), under, 0.5);
            MovingAverage averageAlone = new MovingAverage(own(other), alone, 0.5);
            assertThat(under.parameters()).as(name).hasSize(2);
            for (int step = 0; step < 3; step++) {
                average.step(gradients(net).clippedTo(1));
                averageAlone.step(gradients(like).clippedTo(1));
            }
            assertThat(one.weight().value()).as(name).isEqualTo(other.weight().value());
            assertThat(one.bias().value()).as(name).isEqualTo(other.bias().value());
            average.apply();
            averageAlone.apply();
            assertThat(one.weight().value()).as(name).isEqualTo(other.weight().value());
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theNormOfItsGradientsCountsEachParameterOnce(boolean towers) {
        Linear one = layer();
        Gradients gradients = gradients(twice(towers, one));
        double squares = gradients.of(one.weight()).sumOfSquares()
                + gradients.of(one.bias()).sumOfSquares();
        assertThat(gradients.norm()).isEqualTo(Math.sqrt(squares), within(1e-12));
        assertThat(gradients.clippedTo(1e-3).norm()).isEqualTo(1e-3, within(1e-8));
    }

    /** Stopped after an epoch and resumed in a fresh network, a run ends with the same weights. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRunResumes(boolean towers) throws Exception {
        Linear whole = layer();
        trainer(twice(towers, whole), 4).fit(data);
        File file = new File(folder, "checkpoint");
        trainer(twice(towers, layer()), 2).withCheckpoint(file).fit(data);
        Linear resumed = layer();
        trainer(twice(towers, resumed), 4).resume(Checkpoint.read(file), data);
        assertThat(resumed.weight().value()).isEqualTo(whole.weight().value());
        assertThat(resumed.bias().value()).isEqualTo(whole.bias().value());
    }

    private static Trainer trainer(Layer net, int epochs) {
        return new Trainer(net, new Adam(net.parameters(), LearningRate.constant(0.01)), epochs, 2, 1)
                .withLoss(Loss.meanSquaredError());
    }

    /** What the refusal of {@code save} advises: the tensors, by name, into a network that the program makes. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void itsTensorsAreSavedAndLoadedByName(boolean towers) throws Exception {
        Layer net = twice(towers, Linear.of(4, 4, Initializer.heUniform(7).withDType(DType.FLOAT64)));
        Map<String, Tensor> tensors = new HashMap<>();
        net.state().forEach((name, cell) -> tensors.put(name, cell.value()));
        File file = new File(folder, "tensors.safetensors");
        new SafeTensors(tensors, Map.of()).write(file);
        Layer loaded = twice(towers, layer());
        loaded.load(SafeTensors.read(file).tensors()).requireComplete();
        assertThat(loaded.forward(new Tape().constant(x), Pass.inference()).value())
                .isEqualTo(net.forward(new Tape().constant(x), Pass.inference()).value());
    }

    @Test
    void twoTensorsForOneParameterAreRefused() {
        Linear one = layer();
        Layer net = twice(false, one);
        Tensor before = one.weight().value();
        Map<String, Tensor> tensors = new HashMap<>();
        net.state().forEach((name, cell) -> tensors.put(name, cell.value()));
        tensors.put("2.weight", before.scale(2));
        assertThatThrownBy(() -> net.load(tensors))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "load: expected equal tensors for 0.weight and 2.weight, which share a parameter");
        assertThat(one.weight().value()).isEqualTo(before);
    }

    @Test
    void aModelFileOrACopyIsRefusedAndNamesBoth() {
        Sequential net = (Sequential) twice(false, layer());
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                net::copy, () -> net.to(DType.FLOAT32), () -> net.save(new File(folder, "net"), Map.of()))) {
            assertThatThrownBy(call)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("for 2.weight, got that of 0.weight; ");
        }
    }
}
