// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Variable;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import java.util.Map;

/** y = w·x, the smallest network that learns; w is 0 at first. */
final class Slope implements Layer {
    final Parameter w = new Parameter(Tensor.zeros(DType.FLOAT64, 1, 1));

    @Override
    public Variable forward(Variable x, Pass pass) {
        return Ops.matmul(x, x.tape().parameter(w));
    }

    @Override
    public Map<String, Parameter> parameters() {
        return Map.of("w", w);
    }
}
