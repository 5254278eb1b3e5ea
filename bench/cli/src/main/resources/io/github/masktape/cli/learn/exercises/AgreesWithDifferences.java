// SPDX-License-Identifier: Apache-2.0
/*
 * A gradient check of your own
 *
 * Write it in some thirty lines: true if the gradient by the tape agrees with all central differences. Draw the cotangent, a
 * gradient dy that you send back through y, from the seed: RandomStream has nextGaussian(). The function whose slope you
 * measure is then Σ dy ⊙ f(x): dy.dot(y).
 */
import io.github.masktape.autograd.Variable;
import io.github.masktape.tensor.Tensor;
import java.util.function.UnaryOperator;

class AgreesWithDifferences {
    static boolean agrees(UnaryOperator<Variable> f, Tensor x, long seed) {
        return true;
    }
}
