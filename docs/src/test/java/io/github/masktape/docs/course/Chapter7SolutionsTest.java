// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs.course;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.masktape.autograd.GradCheck;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Solutions of the exercises in docs/course/07-checking-gradients.md. */
class Chapter7SolutionsTest {
    /**
     * ((x + h)² − (x − h)²)/2h = 4xh/2h = 2x: no error at all, for any h. So only rounding is left, and the best step is
     * a large one.
     */
    @Test
    void exercise1CentralDifferenceOfAParabolaIsExact() {
        for (double h : new double[] {1, 0.5, 1000}) {
            assertThat(((3 + h) * (3 + h) - (3 - h) * (3 - h)) / (2 * h)).isEqualTo(6);
        }
    }

    /** The step is too small: rounding alone is off by some 10⁻¹⁶/10⁻¹², which is above the tolerance. 10⁻⁵ is well. */
    @Test
    void exercise2StepIsToBlameNotTheRule() {
        assertThat(errorOfTanh(1e-12)).isGreaterThan(1e-7);
        assertThat(errorOfTanh(1e-5)).isLessThan(1e-9);
    }

    private static double errorOfTanh(double h) {
        double worst = 0;
        for (double x = 0.3; x < 1; x += 0.1) {
            double up = x + h;
            double down = x - h;
            double numeric = (tanh(up) - tanh(down)) / (up - down);
            worst = Math.max(worst, Math.abs(numeric - (1 - tanh(x) * tanh(x))));
        }
        return worst;
    }

    private static double tanh(double x) {
        return Tensor.scalar(x).tanh().item();
    }

    /** The whole of a gradient check, without kinks and reports. */
    private static boolean agrees(UnaryOperator<Variable> f, Tensor x, long seed) {
        double h = 1e-6;
        RandomStream random = new RandomStream(seed);
        Tape tape = new Tape();
        Variable input = tape.input(x);
        Variable y = f.apply(input);
        double[] numbers = new double[y.shape().size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = random.nextGaussian();
        }
        Tensor cotangent = Tensor.of(numbers, y.shape().dims());
        double[] analytic = tape.backward(y, cotangent).of(input).toDoubleArray();
        for (int i = 0; i < analytic.length; i++) {
            double numeric = (at(f, x, i, h, cotangent) - at(f, x, i, -h, cotangent)) / (2 * h);
            if (!(Math.abs(numeric - analytic[i]) <= 1e-7 * Math.max(1, Math.abs(numeric)))) {
                return false;
            }
        }
        return true;
    }

    private static double at(UnaryOperator<Variable> f, Tensor x, int i, double step, Tensor cotangent) {
        double[] moved = x.toDoubleArray();
        moved[i] += step;
        Variable constant = Tape.inference().constant(Tensor.of(moved, x.shape().dims()));
        return cotangent.dot(f.apply(constant).value());
    }

    @Test
    void exercise3OwnCheckAcceptsTheRightAndRefusesTheForgetful() {
        Tensor x = Tensor.of(new double[] {1, -2, 3});
        assertThat(agrees(v -> Ops.tanh(v), x, 1)).isTrue();
        assertThat(agrees(v -> Ops.op("square", v.value().mul(v.value()), Ops.wrt(v, dy -> Ops.scale(v, 2))), x, 1))
                .isFalse();
    }

    /**
     * Right is dx = dyᵀ. The wrong rule says dy. They agree if and only if dy = dyᵀ: every symmetric cotangent is
     * deceived, and no other.
     */
    @Test
    void exercise4SymmetricCotangentsAreDeceived() {
        Tensor symmetric = Tensor.of(new double[][] {{1, 5}, {5, -2}});
        Tensor other = Tensor.of(new double[][] {{1, 5}, {4, -2}});
        assertThat(gradientOfWrongTranspose(symmetric)).isEqualTo(gradientOfTranspose(symmetric));
        assertThat(gradientOfWrongTranspose(other)).isNotEqualTo(gradientOfTranspose(other));
    }

    private static Tensor gradientOfTranspose(Tensor dy) {
        Tape tape = new Tape();
        Variable x = tape.input(Tensor.of(new double[][] {{1, 2}, {3, 4}}));
        return tape.backward(Ops.transpose(x), dy).of(x);
    }

    private static Tensor gradientOfWrongTranspose(Tensor cotangent) {
        Tape tape = new Tape();
        Variable x = tape.input(Tensor.of(new double[][] {{1, 2}, {3, 4}}));
        return tape.backward(Ops.op("wrong", x.value().transpose(), Ops.wrt(x, dy -> dy)), cotangent)
                .of(x);
    }

    /**
     * The first rule is right. The second forgets that ‖x‖ depends on x. They agree where Σ dyᵢyᵢ = 0: for a dy at a right
     * angle to x, for which the length does not matter.
     */
    @Test
    void exercise5LengthDependsOnTheVectorToo() {
        Tensor x = Tensor.of(new double[] {3, 4, 12});
        assertThat(GradCheck.strict().check(in -> unit(in.get(0), true), x).passed())
                .isTrue();
        assertThat(GradCheck.strict().check(in -> unit(in.get(0), false), x).passed())
                .isFalse();

        Tensor rightAngle = Tensor.of(new double[] {4, -3, 0});
        double[] right = gradientOfUnit(x, true, rightAngle).toDoubleArray();
        double[] wrong = gradientOfUnit(x, false, rightAngle).toDoubleArray();
        assertThat(right).containsExactly(wrong, within(1e-15));
    }

    private static Tensor gradientOfUnit(Tensor x, boolean whole, Tensor dy) {
        Tape tape = new Tape();
        Variable input = tape.input(x);
        return tape.backward(unit(input, whole), dy).of(input);
    }

    private static Variable unit(Variable x, boolean whole) {
        double length = Math.sqrt(x.value().sumOfSquares());
        return Ops.op("unit", x.value().scale(1 / length), Ops.wrt(x, (dy, y) -> {
            Variable along = Ops.scaleBy(y, Ops.sum(Ops.mul(dy, y)));
            return Ops.scale(whole ? Ops.sub(dy, along) : dy, 1 / length);
        }));
    }
}
