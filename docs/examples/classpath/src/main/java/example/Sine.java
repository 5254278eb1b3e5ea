// SPDX-License-Identifier: Apache-2.0
package example;

import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.layers.Linear;
import io.github.masktape.layers.Sequential;
import io.github.masktape.layers.Tanh;
import io.github.masktape.optim.LearningRate;
import io.github.masktape.optim.SGD;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.Tensor;

/** Fits a sine with a loop of its own. */
public final class Sine {
    private Sine() {}

    /** Prints the loss of the last step, which is the same on every machine. */
    public static void main(String[] args) {
        double[][] x = new double[64][1];
        double[][] y = new double[64][1];
        for (int i = 0; i < 64; i++) {
            x[i][0] = (i - 32) / 16.0;
            y[i][0] = StrictMath.sin(2 * x[i][0]);
        }
        Tensor inputs = Tensor.of(x);
        Tensor targets = Tensor.of(y);
        Initializer init = Initializer.heUniform(1).withDType(inputs.dtype());
        Sequential net = Sequential.of(Linear.of(1, 16, init), new Tanh(), Linear.of(16, 1, init));
        SGD sgd = new SGD(net.parameters(), LearningRate.constant(0.1)).withMomentum(0.9);
        double last = 0;
        for (int step = 0; step < 500; step++) {
            Tape tape = new Tape();
            Variable output = net.forward(tape.constant(inputs), Pass.training(1, step));
            Variable loss = Ops.meanSquaredError(output, tape.constant(targets));
            last = loss.value().item();
            sgd.step(tape.backward(loss));
        }
        System.out.println("loss " + last);
    }
}
