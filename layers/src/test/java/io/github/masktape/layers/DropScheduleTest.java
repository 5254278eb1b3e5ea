// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class DropScheduleTest {
    private final Initializer init = Initializer.heUniform(1);
    private final DropConnect layer = DropConnect.of(4, 3, 0.5, init);
    private final Tensor x = init.weight(5, 4);

    private static Tensor forward(Layer layer, Tensor x, Pass pass) {
        return layer.forward(new Tape().constant(x), pass).value();
    }

    @Test
    void aScheduleGivesEachStepTheMasksOfItsProbability() {
        DropConnect scheduled = layer.withDropSchedule(step -> step / 10.0).withMaskedBias();
        for (long step : new long[] {0, 3, 7}) {
            Pass pass = Pass.training(1, step);
            DropConnect constant = layer.withDropProbability(step / 10.0).withMaskedBias();
            assertThat(scheduled.mask(5, pass)).isEqualTo(constant.mask(5, pass));
            assertThat(forward(scheduled, x, pass)).isEqualTo(forward(constant, x, pass));
        }
        assertThat(scheduled.dropProbability()).isEqualTo(0.5);
        Pass sample = Pass.sampling(1, 7);
        assertThat(forward(scheduled, x, sample)).isEqualTo(forward(layer.withMaskedBias(), x, sample));
        assertThat(scheduled.withDropProbability(0.25).mask(5, Pass.training(1, 9)))
                .isEqualTo(layer.withDropProbability(0.25).mask(5, Pass.training(1, 9)));
    }

    @Test
    void aProbabilityIsChecked() {
        for (double wrong : new double[] {-0.1, 1, Double.NaN}) {
            assertThatThrownBy(() -> layer.withDropProbability(wrong)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> layer.withDropSchedule(step -> wrong).mask(5, Pass.training(1, 0)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** y = x + f(x) */
    private record Residual(Layer inner) implements Layer {
        @Override
        public Variable forward(Variable x, Pass pass) {
            return Ops.add(x, inner.forward(x, pass.child(0)));
        }
    }

    @Test
    void anAverageOverMasksInsideACompositeIsAnError() {
        Sequential body = Sequential.of(DropConnect.of(4, 4, 0.5, init), new ReLU());
        for (Layer net : List.of(new Residual(body), Sequential.of(new ReLU(), new Residual(body)))) {
            for (Inference inference : List.of(Inference.gaussian(), Inference.sampled(3, 1))) {
                assertThatThrownBy(() -> inference.outputs(net, x))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageMatching("layer (0|1.0).0 \\(DropConnect 4→4\\): expected a place in a Sequential,"
                                + " where the activation after the layer is known, got one inside another composite"
                                + " layer; use Inference.mean or monteCarlo");
            }
            assertThat(Inference.mean().outputs(net, x).isFinite()).isTrue();
            assertThat(Inference.monteCarlo(2, 1).outputs(net, x).isFinite()).isTrue();
        }
        Layer plain = new Residual(Sequential.of(Linear.of(4, 4, init), new Dropout(0.5)));
        assertThat(Inference.gaussian().outputs(plain, x))
                .isEqualTo(Inference.mean().outputs(plain, x));
    }

    @Test
    void twoLayersWithOnePassAreAnError() {
        DropConnect other = DropConnect.of(4, 3, 0.5, init);
        Pass pass = Pass.training(1, 0);
        Variable input = new Tape().constant(x);
        Tensor first = layer.forward(input, pass).value();
        assertThat(layer.forward(input, pass).value()).isEqualTo(first);
        assertThatThrownBy(() -> other.forward(input, pass))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("DropConnect 4→3: expected a pass of its own, got that of DropConnect 4→3; give each layer"
                        + " of a composite pass.child(i)");
        assertThatThrownBy(() -> new Dropout(0.5).forward(input, pass)).isInstanceOf(IllegalArgumentException.class);
        assertThat(other.forward(input, pass.child(0)).value().isFinite()).isTrue();
    }

    // ---- the spread over masks ----

    @Test
    void theSpreadIsTheDeviationOverTheMasks() {
        Sequential net = Sequential.of(layer, new ReLU());
        Inference.Spread spread = Inference.monteCarlo(4, 9).outputSpread(net, x);
        assertThat(spread.mean()).isEqualTo(Inference.monteCarlo(4, 9).outputs(net, x));
        long key = RandomStream.derive(9, 0);
        double[] samples = new double[4];
        double mean = 0;
        for (int s = 0; s < 4; s++) {
            samples[s] = forward(net, x, Pass.training(key, s)).get(2, 1);
            mean += samples[s] / 4;
        }
        double squares = 0;
        for (double sample : samples) {
            squares += (sample - mean) * (sample - mean);
        }
        assertThat(spread.deviation().get(2, 1))
                .isBetween(Math.sqrt(squares / 3) - 1e-6, Math.sqrt(squares / 3) + 1e-6);
        Inference.Spread shares = Inference.monteCarlo(4, 9).probabilitySpread(net, x);
        assertThat(shares.mean()).isEqualTo(Inference.monteCarlo(4, 9).probabilities(net, x));
        assertThat(shares.deviation().get(0, 0)).isBetween(0.0, 0.5);
    }

    @Test
    void withoutMasksThereIsNoSpread() {
        Linear linear = Linear.of(4, 3, init);
        Inference.Spread spread = Inference.monteCarlo(3, 1).outputSpread(linear, x);
        assertThat(spread.mean()).isEqualTo(Inference.mean().outputs(linear, x));
        assertThat(spread.deviation().sumOfSquares()).isZero();
        assertThatThrownBy(() -> Inference.gaussian().outputSpread(layer, x))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("spread: expected monteCarlo inference with at least 2 samples, got gaussian");
        assertThatThrownBy(() -> Inference.monteCarlo(1, 1).probabilitySpread(layer, x))
                .hasMessage("spread: expected monteCarlo inference with at least 2 samples, got montecarlo 1");
    }

    @Test
    void outputsHaveARowForEachExample() {
        Layer sums = (input, pass) -> Ops.sumRows(input);
        Layer single = (input, pass) -> Ops.rows(input, 0);
        Layer flat = (input, pass) -> Ops.sumColumns(input);
        for (Inference inference : List.of(Inference.mean(), Inference.monteCarlo(2, 1))) {
            assertThatThrownBy(() -> inference.outputs(sums, x))
                    .hasMessage("net: expected outputs of 5 rows, one for each example, got a tensor of shape 4");
            assertThatThrownBy(() -> inference.outputs(single, x))
                    .hasMessage("net: expected outputs of 5 rows, one for each example, got a tensor of shape 1×4");
            assertThatThrownBy(() -> inference.outputs(flat, x))
                    .hasMessage("net: expected outputs of 5 rows, one for each example, got a tensor of shape 5"
                            + "; reshape it to 5×1");
        }
        assertThat(Pass.training(1, 3)).hasToString("training pass of step 3");
        assertThat(Pass.inference()).hasToString("inference pass");
    }

    @Test
    void anInitializerOfAnotherDTypeIsIndependent() {
        Initializer source = Initializer.heUniform(3);
        Tensor wide = source.withDType(DType.FLOAT64).weight(2, 2);
        assertThat(source.weight(2, 2)).isEqualTo(wide.to(DType.FLOAT32));
    }
}
