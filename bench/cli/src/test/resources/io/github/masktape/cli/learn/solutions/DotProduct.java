// SPDX-License-Identifier: Apache-2.0
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Variable;

class DotProduct {
    static Variable dot(Variable a, Variable b) {
        return Ops.op(
                "dot",
                a.value().mul(b.value()).sum(),
                Ops.wrt(a, dy -> Ops.scaleBy(b, dy)),
                Ops.wrt(b, dy -> Ops.scaleBy(a, dy)));
    }
}
