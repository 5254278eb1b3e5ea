// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs.course;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.data.Batch;
import io.github.masktape.data.Batches;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.GeneratedPoints;
import io.github.masktape.layers.Linear;
import io.github.masktape.layers.ReLU;
import io.github.masktape.layers.Sequential;
import io.github.masktape.optim.Evaluation;
import io.github.masktape.optim.LearningRate;
import io.github.masktape.optim.Metrics;
import io.github.masktape.optim.SGD;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Solutions of the exercises of docs/course/03-a-net-that-learns.md. */
class Chapter3SolutionsTest {
    /** e⁰ = 1 and e^ln 3 = 3, so p = [¼, ¾]; L = −ln ¼ = ln 4; dz = [¼ − 1, ¾]. */
    @Test
    void softmaxByHand() {
        Tape tape = new Tape();
        Variable z = tape.input(Tensor.of(new double[][] {{0, Math.log(3)}}));
        Variable loss = Ops.softmaxCrossEntropy(z, new int[] {0});
        double[] dz = tape.backward(loss).of(z).toDoubleArray();
        assertThat(loss.value().item()).isCloseTo(Math.log(4), within(1e-12));
        assertThat(dz[0]).isCloseTo(-0.75, within(1e-12));
        assertThat(dz[1]).isCloseTo(0.75, within(1e-12));
    }

    /**
     * e^(z + c) = e^c·eᶻ: the factor e^c is above and below the fraction line and cancels. Take c = −(the greatest
     * score): then the greatest exponential is e⁰ = 1, and nothing overflows.
     */
    @Test
    void softmaxOfLargeScores() {
        Tensor small = softmax(Tensor.of(new double[] {0, 1}));
        Tensor shifted = softmax(Tensor.of(new double[] {-1, 0}));
        for (int k = 0; k < 2; k++) {
            assertThat(shifted.get(k)).isCloseTo(small.get(k), within(1e-15));
        }
        Tensor large = Tensor.of(new double[] {1000, 1001});
        assertThat(softmax(large).isFinite()).isFalse();
        assertThat(softmax(large.plus(-1001))).isEqualTo(shifted);
    }

    private static Tensor softmax(Tensor z) {
        Tensor exponentials = z.exp();
        return exponentials.scale(1 / exponentials.sum().item());
    }

    /** 40 points leave 163 of 1,000 wrong after 4,096 steps; with 400 points it is fewer, and the loss is far lower. */
    @Test
    void moreExamples() {
        Dataset test = GeneratedPoints.moons(1000, 0.3, 101);
        Evaluation.OfLabels few = Metrics.classification(trained(GeneratedPoints.moons(40, 0.3, 1), 2048), test);
        Evaluation.OfLabels many = Metrics.classification(trained(GeneratedPoints.moons(400, 0.3, 1), 205), test);
        assertThat(few.errors()).isEqualTo(163);
        assertThat(many.errors()).isLessThan(few.errors() * 3 / 4);
        assertThat(many.loss()).isLessThan(few.loss() / 2);
    }

    private static Layer trained(Dataset train, int epochs) {
        Initializer init = Initializer.heUniform(1);
        Sequential net = Sequential.of(Linear.of(2, 64, init), new ReLU(), Linear.of(64, 2, init));
        SGD sgd = new SGD(net.parameters(), LearningRate.constant(0.5));
        Batches batches = Batches.of(train, 20).withShuffling(1);
        for (int epoch = 1; epoch <= epochs; epoch++) {
            for (Batch batch : batches.epoch(epoch)) {
                step(net, sgd, batch.features(), batch.labels());
            }
        }
        return net;
    }

    private static Gradients step(Layer net, SGD sgd, Tensor features, int[] labels) {
        Tape tape = new Tape();
        Variable out = net.forward(tape.constant(features), Pass.training(1, 0));
        Gradients gradients = tape.backward(Ops.softmaxCrossEntropy(out, labels));
        sgd.step(gradients);
        return gradients;
    }

    /** W₂ (W₁ x + b₁) + b₂ = (W₂ W₁) x + (W₂ b₁ + b₂). */
    @Test
    void twoLinearLayersAreOne() {
        Tensor w1 = Tensor.of(new double[][] {{1, 2}, {0, -1}, {3, 1}});
        Tensor b1 = Tensor.of(new double[] {1, 0, -2});
        Tensor w2 = Tensor.of(new double[][] {{2, 1, 0}, {-1, 0, 1}});
        Tensor b2 = Tensor.of(new double[] {5, -5});
        Tensor w = w2.matmul(w1);
        Tensor b = w2.matmul(b1.reshape(3, 1)).reshape(2).add(b2);
        Tensor x = Tensor.of(new double[][] {{1, 2}, {-3, 4}});
        Tensor two = value(Sequential.of(Linear.of(w1, b1), Linear.of(w2, b2)), x);
        assertThat(value(Linear.of(w, b), x)).isEqualTo(two);
        assertThat(value(Sequential.of(Linear.of(w1, b1), new ReLU(), Linear.of(w2, b2)), x))
                .as("with a bend between them")
                .isNotEqualTo(two);
    }

    private static Tensor value(Layer net, Tensor x) {
        return net.forward(Tape.inference().constant(x), Pass.inference()).value();
    }

    /**
     * All units of the middle are relu(0) = 0: so ∂L/∂W₂ = Σ dyₙ·0 = 0. And W₂ = 0 lets nothing back: the gradients at
     * the units are W₂ᵀ dy = 0, and so are those of W₁ and b₁. Only b₂ receives something: the network can learn how
     * frequent the classes are, and nothing of the points. If they are equally frequent, as all zeros say already, it
     * receives nothing either.
     */
    @Test
    void zerosLearnNothing() {
        Sequential net = Sequential.of(zeros(2, 64), new ReLU(), zeros(64, 2));
        SGD sgd = new SGD(net.parameters(), LearningRate.constant(0.5));
        Tensor points = GeneratedPoints.moons(40, 0.3, 1).features();
        int[] labels = new int[40];
        for (int i = 30; i < 40; i++) {
            labels[i] = 1;
        }
        Parameter w1 = net.parameters().get("0.weight");
        Parameter w2 = net.parameters().get("2.weight");
        for (int i = 0; i < 200; i++) {
            Gradients gradients = step(net, sgd, points, labels);
            assertThat(gradients.of(w1).sumOfSquares()).isZero();
            assertThat(gradients.of(w2).sumOfSquares()).isZero();
        }
        Tensor probabilities = value(net, points).logSoftmax().exp();
        for (int i = 0; i < 40; i++) {
            assertThat(probabilities.get(i, 0)).isCloseTo(30.0 / 40, within(1e-4));
        }

        Sequential balanced = Sequential.of(zeros(2, 64), new ReLU(), zeros(64, 2));
        int[] trueLabels = GeneratedPoints.moons(40, 0.3, 1).labels();
        Gradients none = step(balanced, new SGD(balanced.parameters(), LearningRate.constant(0.5)), points, trueLabels);
        balanced.parameters()
                .values()
                .forEach(parameter ->
                        assertThat(none.of(parameter).sumOfSquares()).isZero());
    }

    private static Linear zeros(int in, int out) {
        return Linear.of(Tensor.zeros(DType.FLOAT32, out, in), Tensor.zeros(DType.FLOAT32, out));
    }
}
