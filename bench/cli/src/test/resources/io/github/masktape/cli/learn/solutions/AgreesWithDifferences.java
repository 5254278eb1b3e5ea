// SPDX-License-Identifier: Apache-2.0
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import java.util.function.UnaryOperator;

class AgreesWithDifferences {
    static boolean agrees(UnaryOperator<Variable> f, Tensor x, long seed) {
        double h = 1e-6;
        RandomStream random = new RandomStream(seed);
        Tape tape = new Tape();
        Variable input = tape.input(x);
        Variable y = f.apply(input);
        double[] numbers = new double[y.shape().size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = random.nextGaussian();
        }
        Tensor cotangent = Tensor.of(numbers).reshape(y.shape());
        double[] analytic = tape.backward(y, cotangent).of(input).toDoubleArray();
        for (int i = 0; i < analytic.length; i++) {
            double numeric = (at(f, x, i, h, cotangent) - at(f, x, i, -h, cotangent)) / (2 * h);
            if (!(Math.abs(numeric - analytic[i]) <= 1e-6 * Math.max(1, Math.abs(numeric)))) {
                return false;
            }
        }
        return true;
    }

    private static double at(UnaryOperator<Variable> f, Tensor x, int i, double step, Tensor cotangent) {
        double[] moved = x.toDoubleArray();
        moved[i] += step;
        return cotangent.dot(f.apply(Tape.inference().constant(Tensor.of(moved).reshape(x.shape()))).value());
    }
}
