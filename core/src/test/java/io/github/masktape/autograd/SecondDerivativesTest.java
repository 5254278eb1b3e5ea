// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Descent;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.MutableTensor;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What people do with gradients of gradients, each compared with differences or a known solution. */
class SecondDerivativesTest {
    private static final Initializer INIT = Initializer.glorotUniform(1).withDType(DType.FLOAT64);

    /** Affine layers with tanh between them; {@code weights} are weight, bias, weight, bias, …. */
    private static Variable perceptron(Variable x, List<Variable> weights) {
        Variable h = x;
        for (int i = 0; i < weights.size(); i += 2) {
            h = Ops.addRow(Ops.matmulTransposed(h, weights.get(i)), weights.get(i + 1));
            h = i + 2 < weights.size() ? Ops.tanh(h) : h;
        }
        return h;
    }

    private static Tensor[] weights() {
        return new Tensor[] {INIT.weight(8, 2), INIT.bias(8), INIT.weight(1, 8), INIT.bias(1)};
    }

    private static Variable squares(Variable x, List<Variable> weights) {
        return Ops.sum(Ops.square(perceptron(x, weights)));
    }

    /** H·r = ∂⟨∂L/∂w, r⟩/∂w, beside (∂L/∂w(w + h·r) − ∂L/∂w(w − h·r))/2h. */
    @Test
    void hessianVectorProduct() {
        Tensor[] w = weights();
        Tensor x = INIT.weight(5, 2);
        List<Tensor> r = new ArrayList<>();
        for (Tensor weight : w) {
            r.add(GradientTable.normal(
                    new RandomStream(r.size()), weight.shape().dims()));
        }
        Tape tape = new Tape();
        List<Variable> leaves = List.of(w).stream().map(tape::input).toList();
        List<Variable> gradients = tape.gradients(squares(tape.constant(x), leaves), leaves.toArray(Variable[]::new));
        Variable along = tape.constant(Tensor.scalar(0));
        for (int i = 0; i < w.length; i++) {
            along = Ops.add(along, Ops.sum(Ops.mul(gradients.get(i), tape.constant(r.get(i)))));
        }
        Gradients product = tape.backward(along);

        double h = 1e-5;
        List<List<Tensor>> sides = new ArrayList<>();
        for (double step : new double[] {h, -h}) {
            Tape side = new Tape();
            List<Variable> moved = new ArrayList<>();
            for (int i = 0; i < w.length; i++) {
                moved.add(side.input(w[i].add(r.get(i).scale(step))));
            }
            Gradients there = side.backward(squares(side.constant(x), moved));
            sides.add(moved.stream().map(there::of).toList());
        }
        for (int i = 0; i < w.length; i++) {
            Tensor byDifferences = sides.get(0).get(i).sub(sides.get(1).get(i)).scale(1 / (2 * h));
            assertThat(product.of(leaves.get(i)).toDoubleArray())
                    .containsExactly(byDifferences.toDoubleArray(), offset(1e-6));
        }
    }

    /** Gulrajani et al., "Improved Training of Wasserstein GANs": mean over examples of (‖∂D/∂x‖ − 1)². */
    @Test
    void gradientPenalty() {
        Tensor x = INIT.weight(5, 2);
        GradCheck.strict()
                .check(
                        w -> {
                            Tape tape = w.get(0).tape();
                            Variable input = tape.input(x);
                            Variable slope = tape.gradients(Ops.sum(perceptron(input, w)), input)
                                    .get(0);
                            Variable norm = Ops.sqrt(Ops.sumColumns(Ops.square(slope)));
                            return Ops.mean(Ops.square(Ops.plus(norm, -1)));
                        },
                        weights())
                .requirePassed();
    }

    /** One inner step of gradient descent, differentiated through; the layer computes with the stepped weights. */
    @Test
    void modelAgnosticMetaLearning() {
        Tensor x = INIT.weight(5, 2);
        Tensor inner = Tensor.full(DType.FLOAT64, 0.5, 5, 1);
        Tensor outer = Tensor.full(DType.FLOAT64, -0.5, 5, 1);
        List<Parameter> parameters =
                List.of(weights()).stream().map(Parameter::new).toList();
        GradCheck.strict()
                .check(
                        w -> {
                            Tape tape = w.get(0).tape();
                            for (int i = 0; i < w.size(); i++) {
                                tape.bind(parameters.get(i), w.get(i));
                            }
                            Variable loss =
                                    Ops.meanSquaredError(ofParameters(tape, x, parameters), tape.constant(inner));
                            List<Variable> gradients = tape.gradients(loss, w.toArray(Variable[]::new));
                            for (int i = 0; i < w.size(); i++) {
                                tape.bind(parameters.get(i), Ops.sub(w.get(i), Ops.scale(gradients.get(i), 0.1)));
                            }
                            return Ops.meanSquaredError(
                                    ofParameters(tape, x.scale(2), parameters), tape.constant(outer));
                        },
                        weights())
                .requirePassed();
    }

    private static Variable ofParameters(Tape tape, Tensor x, List<Parameter> parameters) {
        return perceptron(
                tape.constant(x), parameters.stream().map(tape::parameter).toList());
    }

    /** Raissi et al., "Physics-informed neural networks": u″ = −π² sin πx, u(0) = u(1) = 0, whose solution is sin πx. */
    @Test
    void physicsInformedFit() {
        int n = 12;
        double[] xs = new double[n];
        double[] rhs = new double[n];
        for (int i = 0; i < n; i++) {
            xs[i] = (i + 0.5) / n;
            rhs[i] = -Math.PI * Math.PI * sine(xs[i]);
        }
        Tensor x = Tensor.of(xs, n, 1);
        Tensor right = Tensor.of(rhs, n, 1);
        Tensor ends = Tensor.of(new double[] {0, 1}, 2, 1);
        List<Parameter> parameters = new ArrayList<>();
        for (Tensor weight : new Tensor[] {INIT.weight(12, 1), INIT.bias(12), INIT.weight(1, 12), INIT.bias(1)}) {
            parameters.add(new Parameter(weight));
        }
        List<MutableTensor> velocities = parameters.stream()
                .map(p -> new MutableTensor(Tensor.zeros(p.dtype(), p.shape().dims())))
                .toList();
        Descent descent = new Descent(1e-4, 0.95);
        Workspace workspace = new Workspace();
        for (int step = 0; step < 4000; step++) {
            Tape tape = new Tape(workspace);
            List<Variable> w = parameters.stream().map(tape::parameter).toList();
            Variable at = tape.input(x);
            Variable slope = tape.gradients(Ops.sum(perceptron(at, w)), at).get(0);
            Variable curvature = tape.gradients(Ops.sum(slope), at).get(0);
            Variable boundary = Ops.sum(Ops.square(perceptron(tape.constant(ends), w)));
            Variable loss = Ops.add(Ops.meanSquaredError(curvature, tape.constant(right)), Ops.scale(boundary, 50));
            Gradients gradients = tape.backward(loss);
            for (int i = 0; i < parameters.size(); i++) {
                parameters.get(i).update(gradients.of(parameters.get(i)), descent, velocities.get(i));
            }
        }
        Tape tape = Tape.inference();
        Variable u = perceptron(
                tape.constant(x), parameters.stream().map(tape::parameter).toList());
        for (int i = 0; i < n; i++) {
            assertThat(u.value().get(i, 0)).isCloseTo(sine(xs[i]), offset(0.1));
        }
    }

    private static double sine(double x) {
        return StrictMath.sin(Math.PI * x);
    }

    /** The fused layer's second derivatives are those of the composed one, which has a masked weight for each example. */
    @Test
    void aFusedDropConnectLayerHasTheSecondDerivativesOfTheComposedOne() {
        int n = 4;
        Mask mask = Mask.bernoulli(n, 3, 5, 0.5, 1);
        Tensor x = GradientTable.normal(new RandomStream(1), n, 5);
        Tensor w = GradientTable.normal(new RandomStream(2), 3, 5);
        List<List<Tensor>> found = new ArrayList<>();
        for (boolean fused : new boolean[] {true, false}) {
            Tape tape = new Tape();
            Variable in = tape.input(x);
            Variable weight = tape.input(w);
            Variable y = fused ? Ops.maskedLinear(in, weight, mask) : composed(in, weight, mask);
            List<Variable> first = tape.gradients(Ops.sum(Ops.exp(Ops.tanh(y))), in, weight);
            Variable both = Ops.add(Ops.sum(Ops.square(first.get(0))), Ops.sum(Ops.square(first.get(1))));
            Gradients second = tape.backward(both);
            found.add(List.of(second.of(in), second.of(weight)));
        }
        for (int i = 0; i < 2; i++) {
            assertThat(found.get(0).get(i).toDoubleArray())
                    .containsExactly(found.get(1).get(i).toDoubleArray(), offset(1e-12));
        }
    }

    private static Variable composed(Variable x, Variable w, Mask mask) {
        List<Variable> rows = new ArrayList<>();
        for (int i = 0; i < mask.examples(); i++) {
            rows.add(Ops.matmulTransposed(Ops.rows(x, i), Ops.mask(w, mask.example(i))));
        }
        return Ops.stackRows(rows);
    }
}
