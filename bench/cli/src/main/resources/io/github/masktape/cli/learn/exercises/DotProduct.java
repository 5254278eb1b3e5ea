// SPDX-License-Identifier: Apache-2.0
/*
 * An operation of your own
 *
 *   y = Σᵢ aᵢ·bᵢ      a, b: vectors; y, dy: single numbers
 *
 * Write both gradient rules. A rule maps dy, a variable, to the gradient of an input, a variable of that input's shape.
 * Ops.scaleBy(x, s) multiplies all entries of x by the single number s.
 */
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Variable;

class DotProduct {
    static Variable dot(Variable a, Variable b) {
        return Ops.op(
                "dot",
                a.value().mul(b.value()).sum(),
                Ops.wrt(a, dy -> a), // your rule here
                Ops.wrt(b, dy -> b)); // and here
    }
}
