// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.io.ByteSource;
import io.github.masktape.io.DataFormatException;
import io.github.masktape.io.SafeTensors;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LayerKindTest {
    /** y = scale · x + inner(x) */
    private record Residual(double scale, Sequential inner) implements Layer {
        @Override
        public Variable forward(Variable x, Pass pass) {
            return Ops.add(Ops.scale(x, scale), inner.forward(x, pass.child(0)));
        }

        @Override
        public Map<String, Layer> parts() {
            return Map.of("inner", inner);
        }
    }

    /** y = x ⊙ gain */
    private record Gain(Parameter gain) implements Layer {
        @Override
        public Variable forward(Variable x, Pass pass) {
            return Ops.mul(x, Ops.repeatRows(x.tape().parameter(gain), x.shape().dim(0)));
        }

        @Override
        public Map<String, Parameter> parameters() {
            return Map.of("gain", gain);
        }
    }

    private static final LayerKind<Residual> RESIDUAL = LayerKind.of(
            "residual",
            Residual.class,
            (layer, out) -> {
                out.number(layer.scale());
                out.network(layer.inner());
            },
            in -> new Residual(in.number(), in.network("inner")));

    private static final LayerKind<Gain> GAIN = LayerKind.of(
            "gain",
            Gain.class,
            (layer, out) -> out.size(layer.gain().shape().dim(0)),
            in -> new Gain(new Parameter(in.filled("gain", 1, in.size()))));

    private final Initializer init = Initializer.heUniform(1);
    private final Sequential net = Sequential.of(
            Linear.of(2, 4, init),
            new Residual(
                    -0.5, Sequential.of(DropConnect.of(4, 4, 0.5, init), BatchNorm.of(4, DType.FLOAT32), new ReLU())),
            new Gain(new Parameter(Tensor.of(new float[] {1, 2, 3, 4}))),
            Linear.of(4, 3, init));
    private final Tensor x = Cases.tensor(1, 6, 2).to(DType.FLOAT32);

    private static Tensor forward(Layer net, Tensor x) {
        return net.forward(new Tape().constant(x), Pass.training(3, 4)).value();
    }

    @Test
    void aNetworkWithLayersOfOnesOwnIsWrittenAndRead() throws IOException {
        assertThat(net.architecture(RESIDUAL, GAIN))
                .isEqualTo("linear 2 4, residual -0.5 (dropconnect 4 4 0.5 per-example, batchnorm 4, relu), gain 4,"
                        + " linear 4 3");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        net.toSafeTensors(Map.of(), RESIDUAL, GAIN).write(bytes);
        ByteSource source = ByteSource.of("model", bytes.toByteArray());
        assertThat(SafeTensors.read(source).tensors().keySet())
                .containsExactly(
                        "0.weight",
                        "0.bias",
                        "1.inner.0.weight",
                        "1.inner.0.bias",
                        "1.inner.1.weight",
                        "1.inner.1.bias",
                        "2.gain",
                        "3.weight",
                        "3.bias",
                        "1.inner.1.running_mean",
                        "1.inner.1.running_var");
        assertThat(forward(Sequential.load(source, RESIDUAL, GAIN), x)).isEqualTo(forward(net, x));
        assertThatThrownBy(() -> Sequential.load(source, GAIN))
                .isInstanceOf(DataFormatException.class)
                .hasMessage("model: architecture: expected linear, dropconnect, dropout, batchnorm, relu, tanh, sigmoid"
                        + " or gain, got residual (word 5); pass the LayerKind of a layer of your own");
    }

    @Test
    void aNewNetworkIsBuiltFromItsText() {
        Sequential built =
                Sequential.ofArchitecture("linear 2 4, residual 1 (linear 4 4), gain 4", init, RESIDUAL, GAIN);
        assertThat(built.parameters().get("2.gain").value()).isEqualTo(Tensor.of(new float[] {1, 1, 1, 1}));
        assertThatThrownBy(() -> Sequential.ofArchitecture("residual 1 relu", init, RESIDUAL))
                .hasMessage("architecture: expected a network in parentheses, got relu (word 3)");
        assertThatThrownBy(() -> Sequential.ofArchitecture("residual x (relu)", init, RESIDUAL))
                .hasMessage("architecture: expected a number, got x (word 2)");
    }

    @Test
    void aCopyHasTensorsOfItsOwn() {
        Sequential copy = net.copy(RESIDUAL, GAIN);
        assertThat(forward(copy, x)).isEqualTo(forward(net, x));
        Tensor before = forward(net, x);
        copy.parameters()
                .values()
                .forEach(parameter -> parameter.set(parameter.value().scale(2)));
        assertThat(forward(net, x)).isEqualTo(before);
        assertThat(forward(copy, x)).isNotEqualTo(before);
        assertThat(net.to(DType.FLOAT64, RESIDUAL, GAIN)
                        .parameters()
                        .get("2.gain")
                        .value())
                .isEqualTo(Tensor.of(new double[] {1, 2, 3, 4}));
        assertThatThrownBy(() -> net.copy(RESIDUAL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "architecture: expected layers of io.github.masktape.layers, or of a LayerKind passed to this call, got Gain[");
        Linear shared = Linear.of(2, 2, init);
        assertThatThrownBy(() -> Sequential.of(shared, shared).copy())
                .hasMessage("net: expected a parameter of its own for 1.weight, got that of 0.weight; a model file or a"
                        + " copy would part them: save the tensors, net.state(), with SafeTensors and load them by name"
                        + " into a net made by your program");
    }

    @Test
    void aCopyKeepsEverySettingOrSaysThatItCannot() {
        DropConnect scheduled = DropConnect.of(2, 2, 0.5, init).withDropSchedule(step -> step / 10.0);
        Sequential plain = Sequential.of(scheduled, (input, pass) -> Ops.square(input));
        assertThat(forward(plain.copy(), x)).isEqualTo(forward(plain, x));
        Sequential inside = Sequential.of(new Residual(1, Sequential.of(scheduled)));
        assertThatThrownBy(() -> inside.copy(RESIDUAL))
                .hasMessage("copy: expected a DropConnect layer in fused form and without a schedule inside a layer of"
                        + " another package, got DropConnect 2→2");
    }

    @Test
    void aKindThatForgetsATensorIsFoundWhenTheFileIsWritten() {
        LayerKind<Gain> forgetful = LayerKind.of(
                "gain", Gain.class, (layer, out) -> {}, in -> new Gain(new Parameter(Tensor.of(new float[] {1}))));
        assertThatThrownBy(() -> Sequential.of(new Gain(new Parameter(Tensor.of(new float[] {2}))))
                        .toSafeTensors(Map.of(), forgetful))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tensors: expected those of the architecture gain, got 0.gain as well");
        assertThatThrownBy(() -> net.architecture(GAIN, GAIN))
                .hasMessage("LayerKind: expected names that differ, got two kinds gain");
        assertThatThrownBy(() -> LayerKind.of("No name", Gain.class, (layer, out) -> {}, in -> new Gain(null)))
                .hasMessage(
                        "LayerKind: name: expected at most 40 lower-case letters, digits and hyphens that begin with"
                                + " a letter, got No name");
    }

    // ---- loading by name ----

    @Test
    void loadingByNameReportsWhatDidNotMatch() {
        Sequential small = Sequential.of(Linear.of(2, 2, init), new ReLU(), Linear.of(2, 1, init));
        Tensor weight = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
        Map<String, Tensor> given = new LinkedHashMap<>();
        given.put("0.weight", weight);
        given.put("2.weight", Tensor.of(new double[] {1, 2}, 1, 2));
        given.put("2.bias", Tensor.of(new float[] {1, 2}));
        given.put("4.weight", weight);
        var report = small.load(given);
        assertThat(report.loaded()).isEqualTo(List.of("0.weight"));
        assertThat(small.parameters().get("0.weight").value()).isEqualTo(weight);
        assertThat(report)
                .hasToString(
                        "1 loaded; missing: 0.bias; unexpected: 4.weight; different: 2.weight (expected 1×2 FLOAT32,"
                                + " got 1×2 FLOAT64), 2.bias (expected 1 FLOAT32, got 2 FLOAT32)");
        assertThat(report.isComplete()).isFalse();
        assertThatThrownBy(report::requireComplete)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("load: expected exactly the layer's tensors, got a difference: " + report);
        small.load(small.copy().toSafeTensors(Map.of()).tensors()).requireComplete();
        assertThatThrownBy(() -> small.load(Map.of("x", weight)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("load: expected a tensor that fits the layer, got none; 0 loaded; missing:");
    }
}
