// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.masktape.autograd.GradCheck;
import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.tensor.Activation;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A drop probability for each output. */
class DropRatesTest {
    private static final double[] RATES = {0.5, 0.5, 0, 0.9};
    private final Initializer init = Initializer.heUniform(1).withDType(DType.FLOAT64);
    private final DropConnect plain =
            DropConnect.of(init.weight(4, 70), init.weight(1, 4).reshape(4), 0.3);
    private final DropConnect layer = plain.withDropProbabilities(RATES);
    private final Tensor x = init.weight(3, 70);
    private final Pass pass = Pass.training(1, 5);

    @Test
    void eachRowHasTheMaskOfItsProbability() {
        Tensor mask = layer.mask(3, pass).toTensor(DType.FLOAT64).reshape(12, 70);
        for (int j = 0; j < 4; j++) {
            Mask alone = plain.withDropProbability(RATES[j]).mask(3, pass);
            assertThat(layer.mask(3, pass).scale(j)).isEqualTo(1 / (1 - RATES[j]));
            for (int n = 0; n < 3; n++) {
                assertThat(mask.row(4 * n + j))
                        .isEqualTo(alone.toTensor(DType.FLOAT64).reshape(12, 70).row(4 * n + j));
            }
        }
        assertThat(layer.dropProbabilities()).containsExactly(RATES);
        assertThat(layer.dropProbability()).isEqualTo(0.475, within(1e-15));
        assertThat(layer.mask(3, pass)).asString().startsWith("mask 3×4×70, scale 1 to 10, ");
        assertThatThrownBy(() -> layer.mask(3, pass).scale())
                .hasMessage(
                        "scale: expected a mask of one scale, got 4 scales, one for each output; use scale(output)");
    }

    /** The law: y = (W ⊙ Mₙ)xₙ + b ⊙ mₙ, ∂L/∂W = Σₙ (dyₙ xₙᵀ) ⊙ Mₙ. */
    @Test
    void outputsAndGradientsAreThoseOfTheLaw() {
        for (DropConnect form : new DropConnect[] {
            layer.withMaskedBias(),
            layer.withMaskedBias().withComposedForm(),
            layer.withMaskedBias().withMaskSharing(MaskSharing.PER_BATCH)
        }) {
            Tape tape = new Tape();
            Variable y = form.forward(tape.constant(x), pass);
            Tensor m = form.mask(3, pass).toTensor(DType.FLOAT64);
            Tensor mb = form.biasMask(3, pass).toTensor(DType.FLOAT64);
            Tensor dy = Initializer.heUniform(9).withDType(DType.FLOAT64).weight(3, 4);
            Gradients gradients = tape.backward(y, dy);
            for (int j = 0; j < 4; j++) {
                double db = 0;
                for (int n = 0; n < 3; n++) {
                    int of = form.maskSharing() == MaskSharing.PER_BATCH ? 0 : n;
                    double sum = form.bias().value().get(j) * mb.get(of, j, 0);
                    for (int q = 0; q < 70; q++) {
                        sum += form.weight().value().get(j, q) * m.get(of, j, q) * x.get(n, q);
                    }
                    assertThat(y.value().get(n, j)).isEqualTo(sum, within(1e-12));
                    db += dy.get(n, j) * mb.get(of, j, 0);
                }
                assertThat(gradients.of(form.bias()).get(j)).isEqualTo(db, within(1e-12));
                for (int q = 0; q < 70; q++) {
                    double dw = 0;
                    for (int n = 0; n < 3; n++) {
                        dw += dy.get(n, j)
                                * x.get(n, q)
                                * m.get(form.maskSharing() == MaskSharing.PER_BATCH ? 0 : n, j, q);
                    }
                    assertThat(gradients.of(form.weight()).get(j, q)).isEqualTo(dw, within(1e-12));
                }
            }
        }
        DropConnect small = DropConnect.of(init.weight(3, 2), init.bias(3), 0).withDropProbabilities(0.1, 0.5, 0.7);
        assertThat(GradCheck.strict()
                        .checkSecondOrder(in -> small.forward(in.get(0), Pass.training(3, 1)), init.weight(5, 2))
                        .passed())
                .isTrue();
    }

    @Test
    void equalProbabilitiesAreOne() {
        DropConnect same = plain.withDropProbabilities(0.3, 0.3, 0.3, 0.3);
        assertThat(same.mask(3, pass)).isEqualTo(plain.mask(3, pass));
        assertThat(Sequential.of(same).architecture()).isEqualTo("dropconnect 70 4 0.3 per-example");
    }

    @Test
    void inferenceKnowsEachVariance() {
        Sequential net = Sequential.of(layer.withMaskedBias(), new ReLU());
        Tensor samples = Inference.monteCarlo(4000, 1).outputs(net, x);
        Tensor gaussian = Inference.gaussian().outputs(net, x);
        Tensor mean = Inference.mean().outputs(net, x);
        for (int n = 0; n < 3; n++) {
            // The mean of max(u, 0) for a normal u with the variance of the law.
            for (int j = 0; j < 4; j++) {
                double mu = layer.bias().value().get(j);
                double squares = mu * mu;
                for (int q = 0; q < 70; q++) {
                    double term = layer.weight().value().get(j, q) * x.get(n, q);
                    mu += term;
                    squares += term * term;
                }
                double variance = RATES[j] / (1 - RATES[j]) * squares;
                Tensor expected = Tensor.of(new double[] {mu}, 1, 1)
                        .expected(Activation.RELU, Tensor.of(new double[] {variance}, 1, 1));
                assertThat(gaussian.get(n, j)).isEqualTo(expected.item(), within(1e-12));
                assertThat(samples.get(n, j)).isEqualTo(gaussian.get(n, j), within(0.3 * Math.sqrt(variance) + 1e-12));
                assertThat(mean.get(n, j)).isEqualTo(Math.max(mu, 0), within(1e-12));
            }
        }
    }

    @Test
    void isSavedAndCopied() {
        Sequential net = Sequential.of(layer, new ReLU());
        assertThat(net.architecture()).isEqualTo("dropconnect 70 4 0.5 0.5 0 0.9 per-example, relu");
        Sequential loaded = Sequential.of(net.toSafeTensors(Map.of()));
        for (Sequential same : new Sequential[] {loaded, net.copy()}) {
            assertThat(same.forward(new Tape().constant(x), pass).value())
                    .isEqualTo(net.forward(new Tape().constant(x), pass).value());
        }
        for (String text : new String[] {
            "dropconnect 2 4 0.5 0.5 0.5 per-example",
            "dropconnect 2 2 0.5 1 per-example",
            "dropconnect 2 2 0.5 0.5 0.5 per-example"
        }) {
            assertThatThrownBy(() -> Sequential.ofArchitecture(text, init))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("architecture: expected ");
        }
    }

    @Test
    void mistakesAreErrors() {
        assertThatThrownBy(() -> plain.withDropProbabilities(0.1, 0.2))
                .hasMessage("dropProbabilities: expected one for each of 4 outputs, got 2");
        assertThatThrownBy(() -> plain.withDropProbabilities(0.1, 0.2, 0.3, 1))
                .hasMessageStartingWith("dropProbability: expected a number in [0, 1), got 1");
        assertThatThrownBy(() -> layer.withDropSchedule(step -> 0.1))
                .hasMessage("dropSchedule: expected a layer with one drop probability, got 4, one for each output;"
                        + " use withDropProbability first");
        assertThat(layer.withDropProbability(0.2).withDropSchedule(step -> 0.1).dropProbability())
                .isEqualTo(0.2);
    }
}
