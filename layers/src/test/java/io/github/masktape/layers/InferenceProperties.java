// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.autograd.Layer;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Laws of inference for any layer and batch: n = 1, in = 1, out = 1 and p = 0 among them. */
class InferenceProperties {
    private static final List<Layer> ACTIVATIONS = List.of(new ReLU(), new Tanh(), new Sigmoid());

    @Provide
    Arbitrary<Cases.Case> cases() {
        return Cases.all();
    }

    @Property
    void withoutDropsEveryMethodIsLinear(@ForAll("cases") Cases.Case c) {
        for (DType dtype : DType.values()) {
            for (Layer activation : ACTIVATIONS) {
                Tensor w = c.weight().to(dtype);
                Tensor b = c.bias().to(dtype);
                Tensor x = c.x().to(dtype);
                Tensor linear = Inference.mean().outputs(Sequential.of(Linear.of(w, b), activation), x);
                Layer undropped = Sequential.of(DropConnect.of(w, b, 0).withMaskedBias(), activation);
                for (Inference method : methods(c)) {
                    assertThat(method.outputs(undropped, x)).isEqualTo(linear);
                }
            }
        }
    }

    /** Without any input a layer has no variance: its output is the activation of its bias. */
    @Property
    void ofZerosEveryMethodIsTheActivationOfTheBias(@ForAll("cases") Cases.Case c) {
        Tensor zeros = Tensor.zeros(DType.FLOAT64, c.examples(), c.in());
        for (Layer activation : ACTIVATIONS) {
            Layer layer = Sequential.of(c.dropConnect(), activation);
            Tensor mean = Inference.mean().outputs(layer, zeros);
            for (Inference method : methods(c)) {
                assertThat(method.outputs(layer, zeros)).isEqualTo(mean);
            }
        }
    }

    @Property
    void everyMethodKeepsTheRangeOfTheActivation(@ForAll("cases") Cases.Case c) {
        for (Inference method : methods(c)) {
            for (DType dtype : DType.values()) {
                DropConnect layer =
                        DropConnect.of(c.weight().to(dtype), c.bias().to(dtype), c.dropProbability());
                Tensor x = c.x().to(dtype);
                assertBetween(0, Float.MAX_VALUE, method.outputs(Sequential.of(layer, new ReLU()), x));
                assertBetween(-1, 1, method.outputs(Sequential.of(layer, new Tanh()), x));
                assertBetween(0, 1, method.outputs(Sequential.of(layer, new Sigmoid()), x));
            }
        }
    }

    private static void assertBetween(double least, double most, Tensor y) {
        for (double element : y.toDoubleArray()) {
            assertThat(element).isBetween(least, most);
        }
    }

    /** max is convex, so by Jensen's inequality the mean of max(u, 0) is at least max(μ, 0). */
    @Property
    void gaussianReluIsAtLeastMeanRelu(@ForAll("cases") Cases.Case c) {
        Layer layer = Sequential.of(c.dropConnect(), new ReLU());
        double[] gaussian = Inference.gaussian().outputs(layer, c.x()).toDoubleArray();
        double[] mean = Inference.mean().outputs(layer, c.x()).toDoubleArray();
        for (int i = 0; i < mean.length; i++) {
            assertThat(gaussian[i]).isGreaterThanOrEqualTo(mean[i]);
        }
    }

    @Property
    void onePassOfMonteCarloIsATrainingPass(@ForAll("cases") Cases.Case c) {
        Tensor once = Inference.monteCarlo(1, c.seed()).outputs(c.dropConnect(), c.x());
        Tensor composed =
                Inference.monteCarlo(1, c.seed()).outputs(c.dropConnect().withComposedForm(), c.x());
        assertThat(once).isEqualTo(composed);
    }

    private static List<Inference> methods(Cases.Case c) {
        return List.of(
                Inference.mean(),
                Inference.gaussian(),
                Inference.sampled(3, c.seed()),
                Inference.monteCarlo(3, c.seed()));
    }
}
