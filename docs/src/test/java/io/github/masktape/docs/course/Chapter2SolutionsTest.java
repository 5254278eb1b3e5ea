// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs.course;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.autograd.GradCheck;
import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Solutions of the exercises of docs/course/02-backprop.md. */
class Chapter2SolutionsTest {
    /**
     * c = x·y = 6, d = c − x = 4, L = d² = 16. Back: dd = 8; dc = 8; dx = 8·3 from the product and −8 from the
     * difference, 16 in all; dy = 8·2 = 16.
     */
    @Test
    void byHandThenByTape() {
        Tape tape = new Tape();
        Variable x = tape.input(Tensor.scalar(2));
        Variable y = tape.input(Tensor.scalar(3));
        Variable loss = Ops.square(Ops.sub(Ops.mul(x, y), x));
        Gradients gradients = tape.backward(loss);
        assertThat(loss.value().item()).isEqualTo(16);
        assertThat(gradients.of(x).item()).isEqualTo(8 * 3 - 8);
        assertThat(gradients.of(y).item()).isEqualTo(8 * 2);
    }

    /** x·x = 4 is c, and c·x = 8. Back: dc = 2, dx = 4 from c·x, then 2·2 + 2·2 from x·x: 12 = 3·x². */
    @Test
    void usedThreeTimes() {
        Tape tape = new Tape();
        Variable x = tape.input(Tensor.scalar(2));
        Variable c = Ops.mul(x, x);
        Gradients gradients = tape.backward(Ops.mul(c, x));
        assertThat(gradients.of(c).item()).isEqualTo(2);
        assertThat(gradients.of(x).item()).isEqualTo(4 + 4 + 4).isEqualTo(3 * 2 * 2);
    }

    private static final Tensor U = Tensor.of(new double[] {1, -2, 3});
    private static final Tensor V = Tensor.of(new double[] {0.5, 4, -1});

    /** y changes with aᵢ at the rate bᵢ, and dy is a single number: da = dy·b, db = dy·a. */
    private static Variable dot(Variable a, Variable b) {
        return Ops.op(
                "dot",
                a.value().mul(b.value()).sum(),
                Ops.wrt(a, dy -> Ops.scaleBy(b, dy)),
                Ops.wrt(b, dy -> Ops.scaleBy(a, dy)));
    }

    private static Variable forgetfulDot(Variable a, Variable b) {
        return Ops.op(
                "forgetfulDot",
                a.value().mul(b.value()).sum(),
                Ops.wrt(a, dy -> b),
                Ops.wrt(b, dy -> Ops.scaleBy(a, dy)));
    }

    /** Without dy the three entries of one input disagree, and those of the other do not. */
    @Test
    void dotProduct() {
        GradCheck.strict().check(in -> dot(in.get(0), in.get(1)), U, V).requirePassed();
        GradCheck.Report report = GradCheck.strict().check(in -> forgetfulDot(in.get(0), in.get(1)), U, V);
        assertThat(report.failures()).isEqualTo(3);
        assertThat(report.toString()).contains("3 of 6 coordinates disagree").contains("input 0[");
    }

    /**
     * dy · bᵀ is (m×n) · (n×k), the shape of a; dy · b does not even fit. Entry by entry: a[i, k] is in y[i, j] for every
     * j, with the rate b[k, j], so da[i, k] = Σⱼ dy[i, j]·b[k, j], which is (dy · bᵀ)[i, k].
     */
    @Test
    void matmulRuleByLoops() {
        RandomStream random = new RandomStream(1);
        int m = 2;
        int k = 3;
        int n = 4;
        Tensor a = normal(random, m, k);
        Tensor b = normal(random, k, n);
        Tensor dy = normal(random, m, n);
        double[][] da = new double[m][k];
        for (int i = 0; i < m; i++) {
            for (int c = 0; c < k; c++) {
                for (int j = 0; j < n; j++) {
                    da[i][c] += dy.get(i, j) * b.get(c, j);
                }
            }
        }
        Tape tape = new Tape();
        Variable left = tape.input(a);
        Variable product = Ops.matmul(left, tape.constant(b));
        assertThat(Tensor.of(da)).isEqualTo(dy.matmul(b.transpose()));
        assertThat(tape.backward(product, dy).of(left)).isEqualTo(Tensor.of(da));
    }

    private static Tensor normal(RandomStream random, int rows, int columns) {
        double[][] values = new double[rows][columns];
        for (double[] row : values) {
            for (int j = 0; j < columns; j++) {
                row[j] = random.nextGaussian();
            }
        }
        return Tensor.of(values);
    }

    /**
     * Differences compute the function 2,000 times; backward visits each node once, for all inputs together. With one
     * input and 1,000 results it is the other way round: two evaluations tell all rates, while each result needs a
     * backward of its own, from a cotangent that is 1 there. Training has one result, the loss.
     */
    @Test
    void whyBackwards() {
        int inputs = 1000;
        int[] evaluations = {0};
        int[] rulesCalled = {0};
        Tensor x = Tensor.full(DType.FLOAT64, 2, inputs);
        double h = 1e-6;
        for (int i = 0; i < inputs; i++) {
            double[] values = x.toDoubleArray();
            values[i] += h;
            sumOfSquares(new Tape().input(Tensor.of(values)), evaluations, rulesCalled);
            values[i] -= 2 * h;
            sumOfSquares(new Tape().input(Tensor.of(values)), evaluations, rulesCalled);
        }
        assertThat(evaluations[0]).isEqualTo(2 * inputs);
        assertThat(rulesCalled[0]).isZero();

        evaluations[0] = 0;
        Tape tape = new Tape();
        Variable input = tape.input(x);
        Tensor gradient =
                tape.backward(sumOfSquares(input, evaluations, rulesCalled)).of(input);
        assertThat(gradient).isEqualTo(Tensor.full(DType.FLOAT64, 4, inputs));
        assertThat(evaluations[0]).isEqualTo(1);
        assertThat(rulesCalled[0]).isEqualTo(1);
    }

    private static Variable sumOfSquares(Variable x, int[] evaluations, int[] rulesCalled) {
        evaluations[0]++;
        return Ops.op("sumOfSquares", x.value().mul(x.value()).sum(), Ops.wrt(x, dy -> {
            rulesCalled[0]++;
            return Ops.scaleBy(x, Ops.scale(dy, 2));
        }));
    }
}
