// SPDX-License-Identifier: Apache-2.0
/*
 * A parabola
 *
 * Let the tape find the derivative of (x − 3)² at any x. For which x is it 0?
 */
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.tensor.Tensor;

class AParabola {
    /** The derivative of (x − 3)² at a place, by the tape. */
    static double slope(double at) {
        Tape tape = new Tape();
        Variable x = tape.input(Tensor.scalar(at));
        Variable y = x; // write (x − 3)² here
        return tape.backward(y).of(x).item();
    }

    /** The x at which the derivative is 0. */
    static double lowest() {
        return Double.NaN;
    }
}
