// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayersTest {
    private final Initializer init = Initializer.heUniform(1);
    private final Sequential net = Sequential.of(
            DropConnect.of(784, 800, 0.5, init),
            new ReLU(),
            DropConnect.of(800, 800, 0.5, init),
            Linear.of(800, 10, init));

    @Test
    void shapeErrorsNameTheLayerAndItsIndex() {
        assertFails(net, 785, "layer 0 (DropConnect 784→800): expected 784 input features, got 785");
        assertFails(
                Sequential.of(new ReLU(), Sequential.of(new Tanh(), Linear.of(3, 2, init))),
                4,
                "layer 1.1 (Linear 3→2): expected 3 input features, got 4");
        assertFails(Linear.of(3, 2, init), 1, "Linear 3→2: expected 3 input features, got 1");
    }

    @Test
    void anInputIsAMatrixOfTheLayersDtype() {
        Layer linear = Linear.of(3, 2, init);
        assertThatThrownBy(() -> forward(linear, Tensor.zeros(DType.FLOAT32, 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Linear 3→2: expected a matrix of one example a row, got a tensor of shape 3");
        assertThatThrownBy(() -> forward(linear, Tensor.zeros(DType.FLOAT64, 1, 3)))
                .hasMessage("Linear 3→2: expected FLOAT32 input, got FLOAT64");
        assertThatThrownBy(() -> forward(new Dropout(0.5), Tensor.zeros(DType.FLOAT64, 3)))
                .hasMessage("Dropout 0.5: expected a matrix of one example a row, got a tensor of shape 3");
    }

    @Test
    void aWeightAndABiasMustFit() {
        assertThatThrownBy(() -> Linear.of(Tensor.zeros(DType.FLOAT64, 2, 3), Tensor.zeros(DType.FLOAT64, 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Linear: expected a weight out×in and a bias of out elements of one dtype,"
                        + " got 2×3 FLOAT64 and 3 FLOAT64");
        assertThatThrownBy(() -> DropConnect.of(Tensor.zeros(DType.FLOAT64, 2, 3), Tensor.zeros(DType.FLOAT64, 3), 0.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("DropConnect: expected a weight out×in and a bias of out elements of one dtype,"
                        + " got 2×3 FLOAT64 and 3 FLOAT64");
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, -0.5, Double.NaN})
    void aDropProbabilityIsBelowOne(double p) {
        for (Runnable call : new Runnable[] {() -> DropConnect.of(3, 2, p, init), () -> new Dropout(p)}) {
            assertThatThrownBy(call::run)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("dropProbability: expected a number in [0, 1), got ");
        }
    }

    @Test
    void aGivenMaskMustFitTheBatch() {
        DropConnect layer = DropConnect.of(3, 2, 0.5, init);
        Variable x = new Tape().constant(Tensor.zeros(DType.FLOAT32, 4, 3));
        assertThatThrownBy(() -> layer.withComposedForm().forward(x, Mask.bernoulli(3, 2, 3, 0.5, 1)))
                .hasMessage("DropConnect: expected a mask of 4 examples or of one, got 3");
        assertThatThrownBy(() -> layer.forward(x, Mask.bernoulli(3, 2, 3, 0.5, 1)))
                .hasMessage("DropConnect: expected a mask of 4 examples or of one, got 3");
    }

    @Test
    void parametersAreNamedAsInAPyTorchStateDict() {
        assertThat(net.parameters().keySet())
                .containsExactly("0.weight", "0.bias", "2.weight", "2.bias", "3.weight", "3.bias");
        assertThat(net.parameters().get("2.weight").shape()).hasToString("800×800");
        Linear linear = Linear.of(3, 2, init);
        assertThat(linear.parameters()).containsEntry("weight", linear.weight()).containsEntry("bias", linear.bias());
    }

    @Test
    void printsALineForEachLayer() {
        assertThat(Sequential.of(Linear.of(2, 3, init), new Tanh(), new Sigmoid(), new Dropout(0.5)))
                .hasToString("0  Linear 2→3\n1  Tanh\n2  Sigmoid\n3  Dropout 0.5");
        assertThat(net).hasToString("0  DropConnect 784→800\n1  ReLU\n2  DropConnect 800→800\n3  Linear 800→10");
    }

    @Test
    void layersOfOneNetworkDrawMasksOfTheirOwn() {
        DropConnect layer = DropConnect.of(Tensor.identity(DType.FLOAT64, 40), Tensor.zeros(DType.FLOAT64, 40), 0.5);
        Tape tape = Tape.inference();
        Variable x = tape.constant(Tensor.full(DType.FLOAT64, 1, 1, 40));
        Tensor once = layer.forward(x, Pass.training(1, 1).child(0)).value();
        Tensor twice =
                Sequential.of(layer, layer).forward(x, Pass.training(1, 1)).value();
        assertThat(twice).isNotEqualTo(once.scale(2));
        assertThat(twice.sum().item()).isPositive();
    }

    @Test
    void dropoutDropsActivationsInTrainingOnly() {
        Tensor x = Tensor.full(DType.FLOAT32, 1, 40, 50);
        Variable input = Tape.inference().constant(x);
        Tensor dropped = new Dropout(0.2).forward(input, Pass.training(1, 1)).value();
        assertThat(dropped.toFloatArray()).containsOnly(0f, 1.25f);
        assertThat(dropped.row(0)).isNotEqualTo(dropped.row(1));
        assertThat(dropped.mean().item()).isBetween(0.95, 1.05);
        assertThat(new Dropout(0.2).forward(input, Pass.inference())).isSameAs(input);
        assertThat(new Dropout(0).forward(input, Pass.training(1, 2)).value()).isEqualTo(x);
    }

    @Test
    void trainingAndInferenceMayAlternate() {
        DropConnect layer = DropConnect.of(5, 4, 0.5, init);
        Tensor x = Cases.tensor(1, 3, 5).to(DType.FLOAT32);
        Tensor inference = forward(layer, x);
        Tensor training =
                layer.forward(new Tape().constant(x), Pass.training(1, 1)).value();
        assertThat(forward(layer, x)).isEqualTo(inference);
        assertThat(layer.forward(new Tape().constant(x), Pass.training(1, 1)).value())
                .isEqualTo(training);
        assertThat(training).isNotEqualTo(inference);
    }

    @Test
    void variantsShareTheirParameters() {
        DropConnect layer = DropConnect.of(5, 4, 0.5, init);
        assertThat(layer.withComposedForm()
                        .withMaskSharing(MaskSharing.PER_BATCH)
                        .withMaskedBias()
                        .weight())
                .isSameAs(layer.weight());
        assertThat(layer.withMaskedBias().bias()).isSameAs(layer.bias());
    }

    @Test
    void aTraceIsTheComposedForwardPassUnderItsMask() {
        DropConnect layer = DropConnect.of(Cases.tensor(1, 2, 3), Cases.tensor(2, 2), 0.5);
        Variable x = new Tape().constant(Cases.tensor(3, 4, 3));
        Mask mask = Mask.bernoulli(4, 2, 3, 0.25, 1);
        DropConnect.Trace trace = layer.trace(x, mask);
        assertThat(trace.mask()).isSameAs(mask);
        assertThat(trace.maskedWeights()).hasSize(4);
        assertThat(trace.maskedWeights().get(2).value())
                .isEqualTo(layer.weight().value().mask(mask.example(2)));
        assertThat(trace.output().value())
                .isEqualTo(layer.withComposedForm().forward(x, mask).value());
        assertThatThrownBy(() ->
                        layer.trace(new Tape().constant(Tensor.zeros(DType.FLOAT64, 4, 5)), Pass.training(1, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("DropConnect 3→2: expected 3 input features, got 5");
    }

    @Test
    void biasesAreMaskedAsWeightsAreOnceAnExampleOrOnceABatch() {
        DropConnect layer = DropConnect.of(3, 2, 0.5, init).withMaskedBias();
        Pass pass = Pass.training(1, 1);
        assertThat(layer.biasMask(4, pass).examples()).isEqualTo(4);
        assertThat(layer.withMaskSharing(MaskSharing.PER_BATCH)
                        .biasMask(4, pass)
                        .examples())
                .isEqualTo(1);
        assertThat(layer.withMaskSharing(MaskSharing.PER_BATCH).mask(4, pass).examples())
                .isEqualTo(1);
    }

    private static void assertFails(Layer layer, int features, String message) {
        assertThatThrownBy(() -> forward(layer, Tensor.zeros(DType.FLOAT32, 1, features)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static Tensor forward(Layer layer, Tensor x) {
        // Dropout has no shape to check in inference, where it does nothing.
        Pass pass = layer instanceof Dropout ? Pass.training(1, 1) : Pass.inference();
        return layer.forward(new Tape().constant(x), pass).value();
    }

    /** Every layer, with batches of two sizes, so that memory is used again for something else. */
    @Test
    void trainingInAWorkspaceGivesTheSameBits() {
        Workspace workspace = new Workspace();
        assertThat(trained(() -> new Tape(workspace))).isEqualTo(trained(Tape::new));
    }

    private static List<Tensor> trained(Supplier<Tape> tapes) {
        Initializer init = Initializer.heUniform(1);
        Sequential net = Sequential.of(
                DropConnect.of(40, 9, 0.5, init),
                new ReLU(),
                DropConnect.of(9, 9, 0.2, init).withComposedForm().withMaskedBias(),
                new Tanh(),
                new Dropout(0.3),
                DropConnect.of(9, 9, 0.5, init)
                        .withMaskSharing(MaskSharing.PER_BATCH)
                        .withMaskedBias(),
                new Sigmoid(),
                DropConnect.of(9, 9, 0.5, init).withMaskedBias(),
                Linear.of(9, 3, init));
        List<Tensor> losses = new ArrayList<>();
        for (int step = 0; step < 40; step++) {
            int examples = step % 3 == 0 ? 4 : 5;
            Tape tape = tapes.get();
            Variable x = tape.constant(Cases.tensor(step, examples, 40).to(DType.FLOAT32));
            int[] labels = new int[examples];
            labels[1] = 2;
            Variable loss = Ops.softmaxCrossEntropy(net.forward(x, Pass.training(1, step)), labels);
            losses.add(loss.value().copy());
            Gradients gradients = tape.backward(loss);
            for (Parameter parameter : net.parameters().values()) {
                Tensor gradient = gradients.of(parameter);
                parameter.set(parameter.value().sub(gradient.scale(0.1)));
            }
        }
        net.parameters().values().forEach(parameter -> losses.add(parameter.value()));
        return losses;
    }
}
