// SPDX-License-Identifier: Apache-2.0
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.tensor.Tensor;

class AParabola {
    static double slope(double at) {
        Tape tape = new Tape();
        Variable x = tape.input(Tensor.scalar(at));
        Variable y = Ops.square(Ops.sub(x, tape.constant(Tensor.scalar(3))));
        return tape.backward(y).of(x).item();
    }

    static double lowest() {
        return 3;
    }
}
