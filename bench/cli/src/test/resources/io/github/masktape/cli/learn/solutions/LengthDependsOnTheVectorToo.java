// SPDX-License-Identifier: Apache-2.0
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Variable;

class LengthDependsOnTheVectorToo {
    static Variable unit(Variable x) {
        double length = Math.sqrt(x.value().sumOfSquares());
        return Ops.op("unit", x.value().scale(1 / length), Ops.wrt(x, (dy, y) -> {
            Variable along = Ops.scaleBy(y, Ops.sum(Ops.mul(dy, y)));
            return Ops.scale(Ops.sub(dy, along), 1 / length);
        }));
    }

    static double[] agreeing() {
        return new double[] {4, -3};
    }
}
