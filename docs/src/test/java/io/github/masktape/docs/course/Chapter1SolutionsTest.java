// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs.course;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.tensor.Tensor;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Solutions of the exercises of docs/course/01-tensors-and-tape.md. */
class Chapter1SolutionsTest {
    private static final Tensor A = Tensor.of(new double[][] {{1, 2, 3}, {4, 5, 6}});
    private static final Tensor B = Tensor.of(new double[][] {{1, 0, 2}, {0, 1, 1}});

    /** A 2×3 matrix times a 3×2 matrix is 2×2; the other way round it is 3×3. */
    @Test
    void productsByHand() {
        Tensor c = Tensor.of(new double[][] {{1, 0}, {0, 1}, {2, 0}});
        assertThat(A.matmul(c)).isEqualTo(Tensor.of(new double[][] {
            {1 * 1 + 2 * 0 + 3 * 2, 1 * 0 + 2 * 1 + 3 * 0},
            {4 * 1 + 5 * 0 + 6 * 2, 4 * 0 + 5 * 1 + 6 * 0}
        }));
        assertThat(c.matmul(A)).isEqualTo(Tensor.of(new double[][] {{1, 2, 3}, {4, 5, 6}, {2, 4, 6}}));
    }

    /** The derivative is 2·(x − 3): 4 at x = 5, and 0 at x = 3, where the parabola has its lowest point. */
    @Test
    void aParabola() {
        assertThat(slopeOfTheParabola(5)).isEqualTo(4);
        assertThat(slopeOfTheParabola(3)).isZero();
        assertThat(slopeOfTheParabola(2.9)).as("to the left it falls").isNegative();
        assertThat(slopeOfTheParabola(3.1)).as("to the right it rises").isPositive();
    }

    private static double slopeOfTheParabola(double at) {
        Tape tape = new Tape();
        Variable x = tape.input(Tensor.scalar(at));
        Variable y = Ops.square(Ops.sub(x, tape.constant(Tensor.scalar(3))));
        return tape.backward(y).of(x).item();
    }

    /** Each entry alone goes h up and h down. */
    @Test
    void centralDifferences() {
        Tape tape = new Tape();
        Variable a = tape.input(A);
        Variable loss = Ops.sum(Ops.mul(Ops.square(a), tape.constant(B)));
        double[] exact = tape.backward(loss).of(a).toDoubleArray();
        double[] differences =
                differences(value -> value.mul(value).mul(B).sum().item(), A).toDoubleArray();
        assertThat(differences).hasSameSizeAs(exact);
        for (int i = 0; i < exact.length; i++) {
            assertThat(differences[i]).isCloseTo(exact[i], within(1e-7));
        }
    }

    private static Tensor differences(ToDoubleFunction<Tensor> f, Tensor at) {
        double h = 1e-6;
        double[] values = at.toDoubleArray();
        double[] differences = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            double here = values[i];
            values[i] = here + h;
            double above = f.applyAsDouble(Tensor.of(values).reshape(at.shape()));
            values[i] = here - h;
            double below = f.applyAsDouble(Tensor.of(values).reshape(at.shape()));
            values[i] = here;
            differences[i] = (above - below) / (2 * h);
        }
        return Tensor.of(differences).reshape(at.shape());
    }

    /**
     * The result is 2⁵⁰·x, so the derivative is 2⁵⁰, the number of ways: each adds 1. But the tape has 51 nodes, and
     * backward visits each once, when all that comes to it has been added up; it never follows a single way.
     */
    @Test
    void fiftyDoublings() {
        Tape tape = new Tape();
        Variable first = tape.input(Tensor.scalar(1));
        Variable x = first;
        for (int i = 0; i < 50; i++) {
            x = Ops.add(x, x);
        }
        assertThat(tape.size()).isEqualTo(51);
        assertThat(tape.backward(x).of(first).item()).isEqualTo(0x1p50);
    }
}
