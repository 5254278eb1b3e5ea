// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.Tensor;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class OpsTest {
    private final Tape tape = new Tape();

    @Test
    void crossEntropyOfEqualLogitsIsTheLogOfTheirNumber() {
        Variable z = tape.input(Tensor.zeros(DType.FLOAT64, 2, 4));
        Variable loss = Ops.softmaxCrossEntropy(z, new int[] {0, 3});
        assertThat(loss.value().item()).isEqualTo(1.3862943611198906);
        Tensor dz = tape.backward(loss).of(z);
        assertThat(dz.toDoubleArray()).containsExactly(-0.375, 0.125, 0.125, 0.125, 0.125, 0.125, 0.125, -0.375);
    }

    @Test
    void crossEntropySurvivesHugeLogits() {
        Variable z = tape.input(Tensor.of(new double[][] {{1e4, -1e4}, {-1e300, 1e300}}));
        Variable loss = Ops.softmaxCrossEntropy(z, new int[] {1, 1});
        assertThat(loss.value().item()).isEqualTo(1e4);
        assertThat(tape.backward(loss).of(z).toDoubleArray()).containsExactly(0.5, -0.5, 0, 0);
    }

    @Test
    void crossEntropyKeepsItsOwnLabels() {
        int[] labels = {0};
        Variable z = tape.input(Tensor.zeros(DType.FLOAT64, 1, 2));
        Variable loss = Ops.softmaxCrossEntropy(z, labels);
        labels[0] = 1;
        assertThat(tape.backward(loss).of(z).get(0, 0)).isEqualTo(-0.5);
    }

    @Test
    void smoothedCrossEntropyOfOneHalfIsHalfOfEach() {
        Variable z = tape.input(Tensor.of(new double[][] {{0, 0, 0, Math.log(5)}}));
        Variable loss = Ops.smoothedCrossEntropy(z, new int[] {0}, 0.5);
        double expected = 0.5 * Math.log(8) + 0.5 * (3 * Math.log(8) + Math.log(8.0 / 5)) / 4;
        assertThat(loss.value().item()).isCloseTo(expected, offset(1e-15));
        double[] targets = {0.625, 0.125, 0.125, 0.125};
        double[] p = {0.125, 0.125, 0.125, 0.625};
        for (int j = 0; j < 4; j++) {
            p[j] -= targets[j];
        }
        assertThat(tape.backward(loss).of(z).toDoubleArray()).containsExactly(p, offset(1e-15));
    }

    @Test
    void aShareOfNothingIsNothingEvenOfAnInfinity() {
        Variable z = tape.input(Tensor.of(new double[][] {{0, Double.NEGATIVE_INFINITY}}));
        assertThat(Ops.smoothedCrossEntropy(z, new int[] {0}, 0).value().item()).isZero();
        assertThat(Ops.smoothedCrossEntropy(z, new int[] {1}, 1).value().item()).isInfinite();
    }

    @Test
    void smoothingIsAShare() {
        Variable z = tape.input(Tensor.zeros(DType.FLOAT64, 1, 2));
        for (double smoothing : new double[] {-0.1, 1.1, Double.NaN}) {
            assertThatThrownBy(() -> Ops.smoothedCrossEntropy(z, new int[] {0}, smoothing))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("smoothedCrossEntropy: smoothing: expected a number in [0, 1], got ");
        }
    }

    @Test
    void meanSquaredErrorIsTheMean() {
        Variable a = tape.input(Tensor.of(new double[] {1, 4}));
        Variable b = tape.input(Tensor.of(new double[] {3, 3}));
        Variable loss = Ops.meanSquaredError(a, b);
        assertThat(loss.value().item()).isEqualTo(2.5);
        Gradients gradients = tape.backward(loss);
        assertThat(gradients.of(a).toDoubleArray()).containsExactly(-2, 1);
        assertThat(gradients.of(b).toDoubleArray()).containsExactly(2, -1);
    }

    @Test
    void theGradientOfReluAtZeroIsZero() {
        Variable x = tape.input(Tensor.of(new double[] {0, -0.0, 1}));
        assertThat(tape.backward(Ops.sum(Ops.relu(x))).of(x).toDoubleArray()).containsExactly(0, 0, 1);
    }

    private static final double NAN = Double.NaN;
    private static final double INF = Double.POSITIVE_INFINITY;

    /** The gradient of Σ c·y with c = 8, which shows halves; the inputs are vectors. */
    private static double[] slope(UnaryOperator<Variable> function, double... x) {
        Tape tape = new Tape();
        Variable input = tape.input(Tensor.of(x));
        return tape.backward(Ops.sum(Ops.scale(function.apply(input), 8)))
                .of(input)
                .toDoubleArray();
    }

    /** As PyTorch's: half to each where two are equal, all at a bound, none at the corner of |x|. */
    @Test
    void gradientsWhereThereIsNone() {
        double[] a = {1, 2, 3, 0.0};
        double[] b = {3, 2, 1, -0.0};
        assertThat(slope(x -> Ops.maximum(x, x.tape().constant(Tensor.of(b))), a))
                .containsExactly(0, 4, 8, 4);
        assertThat(slope(x -> Ops.maximum(x.tape().constant(Tensor.of(b)), x), a))
                .containsExactly(0, 4, 8, 4);
        assertThat(slope(x -> Ops.minimum(x, x.tape().constant(Tensor.of(b))), a))
                .containsExactly(8, 4, 0, 4);
        assertThat(slope(x -> Ops.minimum(x.tape().constant(Tensor.of(b)), x), a))
                .containsExactly(8, 4, 0, 4);
        assertThat(slope(x -> Ops.maximum(x, x), 1)).containsExactly(8);
        assertThat(slope(Ops::abs, -2, -0.0, 0, 2)).containsExactly(-8, 0, 0, 8);
        assertThat(slope(x -> Ops.clamp(x, 1, 2), 0, 1, 1.5, 2, 3)).containsExactly(0, 8, 8, 8, 0);
        assertThat(slope(x -> Ops.clamp(x, -INF, 2), -INF, 0, 3)).containsExactly(8, 8, 0);
        assertThat(slope(Ops::sqrt, 0, 4)).containsExactly(INF, 2);
    }

    /** An infinite gradient leaves no trace at the input that was not chosen. */
    @Test
    void whatWasNotChosenGetsNoGradient() {
        assertThat(slope(
                        x -> Ops.scale(
                                Ops.maximum(x, Ops.plus(x.tape().constant(Tensor.of(new double[] {1})), 0)), INF),
                        0))
                .containsExactly(0);
        assertThat(slope(x -> Ops.scale(Ops.clamp(x, 1, 2), INF), 0)).containsExactly(0);
    }

    @Test
    void aMaximumOfRowsGivesItsGradientToTheFirstOfEqualOnes() {
        Variable x = tape.input(Tensor.of(new double[][] {{1, 3, 3}, {-1, -2, -3}}));
        Variable largest = Ops.pick(x, x.value().argMaxRows());
        assertThat(largest.value()).isEqualTo(Tensor.of(new double[] {3, -1}));
        assertThat(tape.backward(Ops.sum(largest)).of(x)).isEqualTo(Tensor.of(new double[][] {{0, 1, 0}, {1, 0, 0}}));
    }

    @Test
    void notANumberStaysNotANumber() {
        Tensor x = Tensor.of(new double[] {NAN, 1, NAN});
        Tensor y = Tensor.of(new double[] {1, NAN, NAN});
        for (BinaryOperator<Variable> op : List.<BinaryOperator<Variable>>of(Ops::maximum, Ops::minimum)) {
            Tape own = new Tape();
            Variable a = own.input(x);
            Variable b = own.input(y);
            Variable result = op.apply(a, b);
            assertThat(result.value().toDoubleArray()).containsOnly(NAN);
            Gradients gradients = own.backward(Ops.sum(result));
            assertThat(gradients.of(a).toDoubleArray()).containsOnly(NAN);
            assertThat(gradients.of(b).toDoubleArray()).containsOnly(NAN);
        }
        for (UnaryOperator<Variable> op :
                List.<UnaryOperator<Variable>>of(Ops::abs, Ops::sqrt, v -> Ops.clamp(v, 0, 1))) {
            assertThat(op.apply(tape.constant(x)).value().get(0)).isNaN();
            assertThat(slope(op, NAN)).containsExactly(NAN);
        }
        assertThat(Ops.sqrt(tape.constant(Tensor.scalar(-1))).value().item()).isNaN();
        assertThatThrownBy(() ->
                        Ops.pick(tape.constant(x.reshape(1, 3)), x.reshape(1, 3).argMaxRows()))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("argMaxRows: expected numbers, got nan at [0, 0]");
    }

    /** A table of embeddings: a row that is looked up twice gets both gradients, one that is not gets 0. */
    @Test
    void rowsThatOccurTwiceGetTheSumOfTheirGradients() {
        Variable table = tape.input(Tensor.of(new double[][] {{1, 2}, {3, 4}, {5, 6}}));
        int[] words = {2, 0, 2};
        Variable found = Ops.rows(table, words);
        words[0] = 1;
        assertThat(found.value()).isEqualTo(Tensor.of(new double[][] {{5, 6}, {1, 2}, {5, 6}}));
        Tensor dy = Tensor.of(new double[][] {{1, 10}, {2, 20}, {3, 30}});
        assertThat(tape.backward(found, dy).of(table)).isEqualTo(Tensor.of(new double[][] {{2, 20}, {0, 0}, {4, 40}}));
    }

    @Test
    void errorsNameTheOpAndBothShapes() {
        Variable a = tape.input(Tensor.zeros(DType.FLOAT64, 2, 3));
        Variable b = tape.input(Tensor.zeros(DType.FLOAT64, 4, 2));
        assertFails(() -> Ops.matmul(a, b), "matmul: inner dimensions differ: 2×3 · 4×2");
        assertFails(() -> Ops.add(a, b), "add: shapes differ: 2×3 and 4×2");
        assertFails(
                () -> Ops.maskedLinear(a, b, Mask.bernoulli(2, 4, 3, 0.5, 1)),
                "maskedLinear: expected a tensor 4×3 for this mask, got 4×2");
        assertFails(
                () -> Ops.maskedLinear(a, b, Mask.bernoulli(5, 4, 2, 0.5, 1)),
                "maskedLinear: expected a tensor 5×2 for this mask, got 2×3");
        assertFails(
                () -> Ops.mul(a, tape.constant(Tensor.zeros(DType.FLOAT32, 2, 3))),
                "mul: dtypes differ: FLOAT64 and FLOAT32; convert one with to(...)");
        assertFails(() -> Ops.stackRows(List.of()), "stackRows: expected at least one matrix, got none");
        assertFails(() -> Ops.stackColumns(List.of()), "stackColumns: expected at least one matrix, got none");
        assertFails(
                () -> Ops.maximum(a, b),
                "maximum: expected two tensors of one shape and dtype, got 2×3 FLOAT64 and 4×2 FLOAT64");
        assertFails(
                () -> Ops.minimum(a, tape.constant(Tensor.zeros(DType.FLOAT32, 2, 3))),
                "minimum: expected two tensors of one shape and dtype, got 2×3 FLOAT64 and 2×3 FLOAT32");
        assertFails(() -> Ops.clamp(a, 2, 1), "clamp: expected low ≤ high, got 2 and 1");
        assertFails(() -> Ops.clamp(a, Double.NaN, 1), "clamp: expected low ≤ high, got nan and 1");
        assertFails(() -> Ops.rows(a), "rows: expected at least one index, got none");
        assertFails(() -> Ops.rows(a, 0, 2), "rows: expected a row in 0…1, got 2");
        assertFails(() -> Ops.columns(a, -1), "columns: expected a column in 0…2, got -1");
        assertFails(() -> Ops.placeRows(a, new int[] {1, 4}, 4), "placeRows: expected a row in 0…3, got 4");
        assertFails(() -> Ops.pick(a, 0, 3), "pick: expected a column in 0…2 for row 1, got 3");
        assertFails(() -> Ops.op("mine", a.value()), "mine: an op needs at least one input");
    }

    private static void assertFails(Runnable call, String message) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
