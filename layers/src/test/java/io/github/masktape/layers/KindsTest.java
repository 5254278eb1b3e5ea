// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Pass;
import io.github.masktape.tensor.Activation;
import io.github.masktape.tensor.Initializer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KindsTest {
    private final Initializer init = Initializer.heUniform(1);

    @Test
    void affineLayersAnswerTheSameQuestions() {
        List<Affine> layers = List.of(
                Linear.of(3, 2, init),
                DropConnect.of(3, 2, 0.5, init),
                DropConnect.of(3, 2, 0.5, init).withMaskedBias());
        assertThat(layers).extracting(Affine::inputs).containsOnly(3);
        assertThat(layers).extracting(Affine::outputs).containsOnly(2);
        assertThat(layers).extracting(Affine::dropProbability).containsExactly(0.0, 0.5, 0.5);
        assertThat(layers).extracting(Affine::hasMaskedBias).containsExactly(false, false, true);
        for (Affine layer : layers) {
            assertThat(layer.parameters())
                    .containsExactly(Map.entry("weight", layer.weight()), Map.entry("bias", layer.bias()));
        }
    }

    @Test
    void eachFunctionHasItsLayer() {
        for (Activation activation : List.of(Activation.RELU, Activation.TANH, Activation.SIGMOID)) {
            ActivationLayer layer = ActivationLayer.of(activation);
            assertThat(layer.activation()).isSameAs(activation);
            assertThat(layer.parameters()).isEmpty();
            assertThat(Sequential.of(layer).architecture()).isEqualTo(activation.toString());
        }
        assertThatThrownBy(() -> ActivationLayer.of(Activation.IDENTITY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("activation: expected a function with a layer, got identity");
    }

    @Test
    void leavesHaveTheNamesOfTheirParametersAndThePassesOfForward() {
        Layer first = Linear.of(3, 3, init);
        Layer inner = DropConnect.of(3, 3, 0.5, init);
        Layer innermost = new ReLU();
        Sequential net = Sequential.of(first, Sequential.of(inner, Sequential.of(innermost)));
        Pass pass = Pass.training(1, 2);
        List<Sequential.Leaf> leaves = net.leaves(pass);
        assertThat(leaves).extracting(Sequential.Leaf::name).containsExactly("0", "1.0", "1.1.0");
        assertThat(leaves).extracting(Sequential.Leaf::layer).containsExactly(first, inner, innermost);
        assertThat(net.parameters()).containsKeys("0.weight", "1.0.weight");
        assertThat(leaves)
                .extracting(leaf -> leaf.pass().key())
                .containsExactly(
                        pass.child(0).key(),
                        pass.child(1).child(0).key(),
                        pass.child(1).child(1).child(0).key());
    }
}
