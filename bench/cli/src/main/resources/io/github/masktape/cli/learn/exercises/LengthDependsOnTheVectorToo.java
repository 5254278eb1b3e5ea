// SPDX-License-Identifier: Apache-2.0
/*
 * A vector of length 1
 *
 *   y = x/‖x‖,   ‖x‖ = √(Σ xᵢ²)
 *
 * Somebody claims the rule dx = (dy − y·Σ dyᵢyᵢ)/‖x‖; somebody else leaves out the second term. Write the right one as an op.
 * Then find a dy, not 0, for which both rules agree at x = [3, 4].
 */
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Variable;

class LengthDependsOnTheVectorToo {
    static Variable unit(Variable x) {
        double length = Math.sqrt(x.value().sumOfSquares());
        return Ops.op("unit", x.value().scale(1 / length), Ops.wrt(x, (dy, y) -> dy)); // your rule here
    }

    /** A dy, not 0, for which both rules agree at x = [3, 4]. */
    static double[] agreeing() {
        return new double[] {0, 0};
    }
}
