// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class SGDProperties {
    @Example
    void aStepThatIsRefusedChangesNothing() {
        Parameter unused = new Parameter(Tensor.of(new double[] {1, 2}));
        Parameter used = new Parameter(Tensor.of(new double[] {1, 2}));
        Workspace workspace = new Workspace();
        Tape tape = new Tape(workspace);
        tape.parameter(unused);
        Gradients gradients = tape.backward(Ops.sum(tape.parameter(used)));
        workspace.recycle();
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        parameters.put("unused", unused);
        parameters.put("used", used);
        SGD sgd = new SGD(parameters, LearningRate.constant(0.1)).withWeightDecay(0.5);
        assertThatThrownBy(() -> sgd.step(gradients)).hasMessageContaining("its workspace was recycled");
        assertThat(unused.value().toDoubleArray()).containsExactly(1, 2);
    }

    /** By the formula, whose products and sums are exact here in both dtypes: halves, and small integers. */
    @Example
    void oneStepFollowsTheFormulaInBothDtypes() {
        double[] w = {4, -8, 0, 12};
        double[] g = {1, -3, 5, 0};
        for (DType dtype : DType.values()) {
            for (double momentum : new double[] {0, 0.5}) {
                for (double decay : new double[] {0, 0.25}) {
                    for (boolean nesterov : new boolean[] {false, momentum > 0}) {
                        Parameter parameter = new Parameter(Tensor.of(w).to(dtype));
                        SGD sgd = new SGD(Map.of("w", parameter), LearningRate.constant(0.5))
                                .withMomentum(momentum)
                                .withWeightDecay(decay);
                        sgd = nesterov && momentum > 0 ? sgd.withNesterov() : sgd;
                        double[] expected = w.clone();
                        double[] v = new double[w.length];
                        for (int step = 0; step < 2; step++) {
                            Tape tape = new Tape();
                            Variable slope = tape.constant(Tensor.of(g).to(dtype));
                            sgd.step(tape.backward(Ops.sum(Ops.mul(slope, tape.parameter(parameter)))));
                            for (int i = 0; i < w.length; i++) {
                                double gradient = g[i] + decay * expected[i];
                                v[i] = momentum * v[i] + gradient;
                                expected[i] -= 0.5 * (nesterov ? gradient + momentum * v[i] : v[i]);
                            }
                        }
                        assertThat(parameter.value().toDoubleArray()).containsExactly(expected);
                    }
                }
            }
        }
    }

    @Property
    void stepsFollowTheRecurrence(
            @ForAll @IntRange(min = 1, max = 9) int size,
            @ForAll @IntRange(min = 1, max = 6) int steps,
            @ForAll @DoubleRange(min = 0, max = 0.99) double momentum,
            @ForAll @DoubleRange(min = 0, max = 0.5) double decay,
            @ForAll boolean nesterov,
            @ForAll long seed) {
        RandomStream random = new RandomStream(seed);
        double[] w = gaussians(random, size);
        double[] v = new double[size];
        Parameter parameter = new Parameter(Tensor.of(w));
        LearningRate rate = step -> 0.1 / (step + 1);
        SGD sgd = new SGD(Map.of("w", parameter), rate).withMomentum(momentum).withWeightDecay(decay);
        sgd = nesterov && momentum > 0 ? sgd.withNesterov() : sgd;
        for (int t = 0; t < steps; t++) {
            double[] c = gaussians(random, size);
            Tape tape = new Tape();
            sgd.step(tape.backward(Ops.sum(Ops.mul(tape.constant(Tensor.of(c)), tape.parameter(parameter)))));
            for (int i = 0; i < size; i++) {
                double g = c[i] + decay * w[i];
                v[i] = momentum * v[i] + g;
                w[i] = w[i] - 0.1 / (t + 1) * (nesterov ? g + momentum * v[i] : v[i]);
            }
        }
        assertThat(parameter.value()).isEqualTo(Tensor.of(w));
        assertThat(sgd.steps()).isEqualTo(steps);
    }

    @Example
    void aSharedParameterStepsOnce() {
        Parameter w = new Parameter(Tensor.scalar(1));
        Map<String, Parameter> names = new HashMap<>(Map.of("0.weight", w, "1.weight", w));
        SGD sgd = new SGD(names, LearningRate.constant(0.1));
        names.clear();
        Tape tape = new Tape();
        sgd.step(tape.backward(Ops.scale(tape.parameter(w), 2)));
        assertThat(w.value().item()).isEqualTo(0.8);
    }

    @Example
    void aRateThatIsNoNumberChangesNothing() {
        Parameter w = new Parameter(Tensor.scalar(1));
        SGD sgd = new SGD(Map.of("w", w), step -> Double.NaN);
        Tape tape = new Tape();
        Gradients gradients = tape.backward(Ops.exp(tape.parameter(w)));
        assertThatThrownBy(() -> sgd.step(gradients))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("learningRate: expected a finite number of at least 0, got nan at step 0");
        assertThat(w.value().item()).isEqualTo(1);
    }

    @Example
    void settingsHaveTheLimitsThatTheyTell() {
        Parameter w = new Parameter(Tensor.scalar(1));
        SGD sgd = new SGD(
                Map.of("w", w), step -> new double[] {0, Double.MAX_VALUE, Double.POSITIVE_INFINITY}[(int) step]);
        for (double momentum : new double[] {-0.1, 1, Double.NaN}) {
            assertThatThrownBy(() -> sgd.withMomentum(momentum))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("momentum: expected a number in [0, 1), got ");
        }
        for (double decay : new double[] {-0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> sgd.withWeightDecay(decay))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("weightDecay: expected a finite number of at least 0, got ");
        }
        assertThat(sgd.withMomentum(0)
                        .withWeightDecay(Double.MAX_VALUE)
                        .withWeightDecay(0)
                        .steps())
                .isZero();

        Tape tape = new Tape();
        Gradients none = tape.backward(Ops.scale(tape.parameter(w), 0));
        sgd.step(none);
        sgd.step(none);
        assertThatThrownBy(() -> sgd.step(none))
                .hasMessage("learningRate: expected a finite number of at least 0, got inf at step 2");
    }

    @Example
    void aStateOfOtherParametersIsRefusedBeforeAnythingChanges() {
        SGD other = new SGD(Map.of("w", new Parameter(Tensor.of(new double[2]))), LearningRate.constant(0.1))
                .withMomentum(0.5);
        SGD sgd = new SGD(Map.of("w", new Parameter(Tensor.scalar(1))), LearningRate.constant(0.1)).withMomentum(0.5);
        assertThatThrownBy(() -> sgd.restore(other.state()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("resume: velocity.w: expected 2 FLOAT64 as in the checkpoint, got scalar FLOAT64");
    }

    /** Six roundings of 2⁻²⁴ a step, of numbers below 10. */
    @Property
    void singlePrecisionFollowsDouble(
            @ForAll @IntRange(min = 1, max = 6) int steps,
            @ForAll @DoubleRange(min = 0, max = 0.9) double momentum,
            @ForAll boolean nesterov,
            @ForAll long seed) {
        double[] w = gaussians(new RandomStream(seed), 20);
        Tensor wide = train(Tensor.of(w), steps, momentum, nesterov);
        Tensor narrow = train(Tensor.of(w).to(DType.FLOAT32), steps, momentum, nesterov);
        for (int i = 0; i < 20; i++) {
            assertThat(Math.abs(wide.get(i) - narrow.get(i))).isLessThanOrEqualTo(1e-5);
        }
    }

    /** Descends ½·Σ w². */
    private static Tensor train(Tensor w, int steps, double momentum, boolean nesterov) {
        Parameter parameter = new Parameter(w);
        SGD sgd = new SGD(Map.of("w", parameter), LearningRate.constant(0.1))
                .withMomentum(momentum)
                .withWeightDecay(0.01);
        sgd = nesterov && momentum > 0 ? sgd.withNesterov() : sgd;
        for (int t = 0; t < steps; t++) {
            Tape tape = new Tape();
            sgd.step(tape.backward(Ops.scale(Ops.sum(Ops.square(tape.parameter(parameter))), 0.5)));
        }
        return parameter.value();
    }

    private static double[] gaussians(RandomStream random, int count) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextGaussian();
        }
        return values;
    }
}
