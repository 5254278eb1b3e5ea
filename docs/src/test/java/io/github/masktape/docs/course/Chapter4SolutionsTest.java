// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs.course;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.optim.LearningRate;
import io.github.masktape.optim.SGD;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Solutions of the exercises of docs/course/04-dropconnect.md. */
class Chapter4SolutionsTest {
    private static final Tensor W = Tensor.of(new double[][] {{1, 2, -1}, {3, -2, 1}});
    private static final Tensor B = Tensor.of(new double[] {1, -1});
    private static final Tensor X = Tensor.of(new double[][] {{1, 2, 3}, {2, -1, 1}});
    private static final Tensor DY = Tensor.of(new double[][] {{1, -2}, {3, -1}});
    private static final boolean[][] KEPT0 = {{true, false, true}, {false, true, true}};
    private static final boolean[][] KEPT1 = {{true, true, false}, {false, true, false}};

    /** s = 1/(1 − ¾) = 4, and a quarter of 400 connections is 100; the deviation is √(400·¾·¼), some 9. */
    @Test
    void threeQuarters() {
        DropConnect layer = DropConnect.of(Tensor.zeros(DType.FLOAT64, 10, 40), Tensor.zeros(DType.FLOAT64, 10), 0.75);
        Mask mask = layer.mask(1, Pass.training(1, 0));
        assertThat(mask.scale()).isEqualTo(4);
        assertThat((double) mask.kept()).isCloseTo(100, within(3 * Math.sqrt(400 * 0.75 * 0.25)));
    }

    /**
     * J₀ ⊙ M₁ = [2 4 0; 0 −8 0] and J₁ ⊙ M₀ = [12 0 6; 0 2 −2], in all [14 4 6; 0 −6 −2]. Which example drops it does not
     * matter where both do: the connection from input 0 to output 1 still has the gradient 0.
     */
    @Test
    void exchangedMasks() {
        DropConnect layer = DropConnect.of(W, B, 0.5);
        Tape tape = new Tape();
        Variable y = layer.forward(tape.constant(X), Mask.of(new boolean[][][] {KEPT1, KEPT0}, 2));
        Tensor dw = tape.backward(y, DY).of(layer.weight());
        assertThat(dw).isEqualTo(Tensor.of(new double[][] {{14, 4, 6}, {0, -6, -2}}));
    }

    /** dL/dw = (s·w·x − t)·s·x. In it y − t is dy, dy·x is J, and s is M: dL/dw = J·M. */
    @Test
    void oneConnection() {
        double w = 3;
        double x = 5;
        double t = 7;
        double s = 2;
        DropConnect layer = DropConnect.of(Tensor.of(new double[][] {{w}}), Tensor.of(new double[] {0}), 0.5);
        Tape tape = new Tape();
        DropConnect.Trace trace =
                layer.trace(tape.constant(Tensor.of(new double[][] {{x}})), Mask.of(new boolean[][][] {{{true}}}, s));
        Variable difference = Ops.sub(trace.output(), tape.constant(Tensor.of(new double[][] {{t}})));
        Gradients gradients = tape.backward(Ops.scale(Ops.sum(Ops.square(difference)), 0.5));
        double j = gradients.of(trace.maskedWeights().get(0)).get(0, 0);
        assertThat(j).isEqualTo((s * w * x - t) * x);
        assertThat(gradients.of(layer.weight()).get(0, 0)).isEqualTo(j * s).isEqualTo((s * w * x - t) * s * x);
    }

    /** Yes: its gradient is 0, but the velocity from the step before is not. Without momentum it stays. */
    @Test
    void momentumMovesWhatIsDropped() {
        assertThat(movesWhileDropped(0)).isFalse();
        assertThat(movesWhileDropped(0.9)).isTrue();
    }

    /** True if the connection from input 0 to output 1 moves in a step in which both examples drop it. */
    private static boolean movesWhileDropped(double momentum) {
        DropConnect layer = DropConnect.of(W, B, 0.5);
        SGD sgd = new SGD(layer.parameters(), LearningRate.constant(0.1)).withMomentum(momentum);
        boolean[][] all = {{true, true, true}, {true, true, true}};
        step(layer, sgd, Mask.of(new boolean[][][] {all, all}, 2));
        Parameter weight = layer.weight();
        double before = weight.value().get(1, 0);
        assertThat(before).as("the first step moved it").isNotEqualTo(W.get(1, 0));
        Gradients gradients = step(layer, sgd, Mask.of(new boolean[][][] {KEPT0, KEPT1}, 2));
        assertThat(gradients.of(weight).get(1, 0)).isZero();
        return weight.value().get(1, 0) != before;
    }

    private static Gradients step(DropConnect layer, SGD sgd, Mask mask) {
        Tape tape = new Tape();
        Variable y = layer.forward(tape.constant(X), mask);
        Gradients gradients = tape.backward(y, DY);
        sgd.step(gradients);
        return gradients;
    }

    /** All N must drop it: p^N, here 1/16. With a shared mask it is p, here 1/2, whatever N. */
    @Test
    void noGradientAtAll() {
        int connections = 200 * 200;
        assertThat((double) withoutGradient(4))
                .isCloseTo(connections / 16.0, within(3 * deviation(connections, 1 / 16.0)));
        assertThat((double) withoutGradient(1)).isCloseTo(connections / 2.0, within(3 * deviation(connections, 0.5)));
    }

    /** Connections of a 200×200 layer that all masks of a step drop. */
    private static int withoutGradient(int masks) {
        Mask mask = Pass.training(1, 0).mask(masks, 200, 200, 0.5);
        int count = 0;
        for (int j = 0; j < 200; j++) {
            for (int q = 0; q < 200; q++) {
                boolean kept = false;
                for (int n = 0; n < masks; n++) {
                    kept |= mask.keeps(n, j, q);
                }
                count += kept ? 0 : 1;
            }
        }
        return count;
    }

    private static double deviation(int count, double probability) {
        return Math.sqrt(count * probability * (1 - probability));
    }
}
