package io.github.masktape.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.Tensor;
import java.util.List;
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
        assertFails(() -> Ops.stackRows(List.of()), "stackRows: expected at least one row");
        assertFails(() -> Ops.op("mine", a.value()), "mine: an op needs at least one input");
    }

    private static void assertFails(Runnable call, String message) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
