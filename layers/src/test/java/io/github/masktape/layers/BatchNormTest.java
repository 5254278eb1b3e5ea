// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.autograd.GradCheck;
import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class BatchNormTest {
    private final BatchNorm layer = BatchNorm.of(3, DType.FLOAT64);
    private final Tensor x = Cases.tensor(7, 5, 3);

    private static Map<String, Tensor> state(BatchNorm layer) {
        Map<String, Tensor> values = new TreeMap<>();
        layer.state().forEach((name, cell) -> values.put(name, cell.value()));
        return values;
    }

    private Variable loss(Tape tape, Pass pass) {
        return Ops.sum(Ops.square(layer.forward(tape.constant(x), pass)));
    }

    @Test
    void itsStateHasPyTorchsNames() {
        assertThat(layer.state().keySet()).containsExactly("weight", "bias", "running_mean", "running_var");
        assertThat(layer.parameters().keySet()).containsExactly("weight", "bias");
    }

    @Test
    void oneStepMovesTheStatisticsOnce() {
        Tape tape = new Tape();
        tape.backward(loss(tape, Pass.training(1, 0)));
        double mean = 0;
        double squares = 0;
        for (int i = 0; i < 5; i++) {
            mean += x.get(i, 1) / 5;
        }
        for (int i = 0; i < 5; i++) {
            squares += (x.get(i, 1) - mean) * (x.get(i, 1) - mean);
        }
        assertThat(layer.buffers().get("running_mean").value().get(1)).isEqualTo(0.1 * mean, within());
        assertThat(layer.buffers().get("running_var").value().get(1)).isEqualTo(0.9 + 0.1 * squares / 4, within());
    }

    private static Offset<Double> within() {
        return Offset.offset(1e-14);
    }

    /** The numbers of PyTorch 2's BatchNorm1d, after two steps on the same batch. */
    @Test
    void itIsPyTorchs() {
        BatchNorm norm = BatchNorm.of(2, DType.FLOAT64);
        norm.load(Map.of("weight", Tensor.of(new double[] {0.5, -2}), "bias", Tensor.of(new double[] {1, 0.25})));
        Tensor input = Tensor.of(new double[] {1, 2, 3, -1, 0.5, 4, -2, 0.75}, 4, 2);
        Tensor factors = Tensor.of(new double[] {1, 2, 3, 4, 5, 6, 7, 8}, 4, 2);
        for (int step = 0; step < 2; step++) {
            Tape tape = new Tape();
            Variable in = tape.input(input);
            Variable y = norm.forward(in, Pass.training(1, step));
            Gradients gradients = tape.backward(Ops.sum(Ops.mul(Ops.square(y), tape.constant(factors))));
            assertClose(
                    y.value(),
                    1.1052791949943186,
                    -0.3670311250882343,
                    1.6667682349640174,
                    2.9238015420490155,
                    0.9649069350018938,
                    -2.560919569846401,
                    0.2630456350397702,
                    1.0041491528856197);
            assertClose(
                    gradients.of(in),
                    -1.2858948475164385,
                    -3.2500568945567343,
                    0.2944985754015567,
                    6.019189396340795,
                    0.9540815191823031,
                    4.491273763319282,
                    0.03731475293257838,
                    -7.260406265103336);
            assertClose(gradients.of(norm.parameters().get("weight")), 7.696524539345328, -80.97305902147424);
            assertClose(gradients.of(norm.parameters().get("bias")), 25.542876040348464, 7.257639444052295);
        }
        assertClose(norm.buffers().get("running_mean").value(), 0.11875, 0.27312500000000006);
        assertClose(norm.buffers().get("running_var").value(), 1.6135416666666669, 1.6521354166666669);
        assertClose(
                Inference.mean().outputs(norm, input),
                1.346878750545351,
                -2.4369944102434715,
                2.1341213049745167,
                2.230965477258759,
                1.1500681119380598,
                -5.5489676685782925,
                0.16601491890160258,
                -0.4920111237842087);
    }

    private static void assertClose(Tensor actual, double... expected) {
        double[] numbers = actual.toDoubleArray();
        assertThat(numbers).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(numbers[i]).isEqualTo(expected[i], Offset.offset(1e-13 * Math.max(1, Math.abs(expected[i]))));
        }
    }

    @Test
    void nothingButASuccessfulStepMovesThem() {
        Map<String, Tensor> before = state(layer);
        loss(new Tape(), Pass.training(1, 0));
        loss(Tape.inference(), Pass.training(1, 0));
        loss(new Tape(), Pass.inference());
        Inference.monteCarlo(3, 1).outputs(layer, x);
        Inference.gaussian().outputs(layer, x);
        GradCheck.strict()
                .check(in -> layer.forward(in.get(0), Pass.training(1, 0)), x)
                .requirePassed();
        Tape failing = new Tape(Tape.Check.FINITE);
        Variable infinite = Ops.scale(loss(failing, Pass.training(1, 0)), 1e300);
        assertThatThrownBy(() -> failing.backward(Ops.scale(infinite, 1e300))).isInstanceOf(ArithmeticException.class);
        assertThat(state(layer)).isEqualTo(before);
    }

    @Test
    void aSharedLayerMovesThemTwiceInOrder() {
        BatchNorm once = BatchNorm.of(3, DType.FLOAT64);
        for (int step = 0; step < 2; step++) {
            Tape tape = new Tape();
            tape.backward(Ops.sum(once.forward(tape.constant(x), Pass.training(1, step))));
        }
        Tape tape = new Tape();
        Variable input = tape.constant(x);
        Pass pass = Pass.training(1, 0);
        tape.backward(Ops.sum(Ops.add(layer.forward(input, pass.child(0)), layer.forward(input, pass.child(1)))));
        assertThat(state(layer)).isEqualTo(state(once));
    }

    @Test
    void aWorkspaceGivesTheSameStatistics() {
        BatchNorm plain = BatchNorm.of(3, DType.FLOAT64);
        Workspace workspace = new Workspace();
        for (int step = 0; step < 3; step++) {
            Tape tape = new Tape();
            tape.backward(Ops.sum(Ops.square(plain.forward(tape.constant(x), Pass.training(1, step)))));
            Tape recycled = new Tape(workspace);
            recycled.backward(loss(recycled, Pass.training(1, step)));
        }
        assertThat(state(layer)).isEqualTo(state(plain));
    }

    @Test
    void inferenceDoesNotDependOnTheOtherExamples() {
        Tensor all = Inference.monteCarlo(2, 1).outputs(layer, x);
        assertThat(Inference.monteCarlo(2, 1)
                        .outputs(layer, x.rows(new int[] {0}))
                        .row(0))
                .isEqualTo(all.row(0));
        assertThat(Inference.mean().outputs(layer, x)).isEqualTo(all);
    }

    @Test
    void itsGradientsPassTheCheck() {
        layer.load(Map.of("weight", Cases.tensor(1, 3), "bias", Cases.tensor(2, 3)));
        for (Pass pass : new Pass[] {Pass.training(1, 0), Pass.inference()}) {
            GradCheck.strict().check(in -> layer.forward(in.get(0), pass), x).requirePassed();
            GradCheck.strict()
                    .check(
                            in -> {
                                Variable y = Ops.sum(Ops.tanh(layer.forward(in.get(0), pass)));
                                return y.tape().gradients(y, in.get(0)).get(0);
                            },
                            x)
                    .requirePassed();
        }
    }

    @Test
    void aFileAndACopyHoldTheStatistics() {
        Sequential net = Sequential.of(Linear.of(2, 3, Initializer.heUniform(1)), BatchNorm.of(3, DType.FLOAT32));
        Tape tape = new Tape();
        Tensor points = Cases.tensor(3, 4, 2).to(DType.FLOAT32);
        tape.backward(Ops.sum(net.forward(tape.constant(points), Pass.training(1, 0))));
        Sequential read = Sequential.of(net.toSafeTensors(Map.of()));
        assertThat(net.architecture()).isEqualTo("linear 2 3, batchnorm 3");
        for (Sequential same : new Sequential[] {read, net.copy()}) {
            assertThat(Inference.mean().outputs(same, points))
                    .isEqualTo(Inference.mean().outputs(net, points));
            assertThat(same.buffers().get("1.running_mean"))
                    .isNotSameAs(net.buffers().get("1.running_mean"));
        }
        assertThat(net.to(DType.FLOAT64).state().values()).allMatch(cell -> cell.dtype() == DType.FLOAT64);
    }

    @Test
    void aSingleExampleIsRefusedInTraining() {
        assertThatThrownBy(() -> layer.forward(new Tape().constant(x.rows(new int[] {0})), Pass.training(1, 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("BatchNorm 3: expected at least 2 examples in a step of training, got 1; choose a batch"
                        + " size that leaves no single one at the end of an epoch");
    }
}
