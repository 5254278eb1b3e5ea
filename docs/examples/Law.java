///usr/bin/env jbang "$0" "$@" ; exit $?
// SPDX-License-Identifier: Apache-2.0
//JAVA 17+
//DEPS io.github.masktape:masktape-layers:0.1.0-SNAPSHOT
//RUNTIME_OPTIONS --add-modules=jdk.incubator.vector

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.picture.Heatmap;
import io.github.masktape.tensor.Tensor;

/** Shows the law ∂L/∂W = J ⊙ M for one example, as pictures in characters. */
public final class Law {
    private Law() {}

    public static void main(String[] args) {
        Tensor w = Tensor.of(new double[][] {{1, 2, -1}, {3, -2, 1}});
        DropConnect layer = DropConnect.of(w, Tensor.of(new double[] {1, -1}), 0.5);
        Tape tape = new Tape();
        Tensor x = Tensor.of(new double[][] {{1, 2, 3}});
        DropConnect.Trace trace = layer.trace(tape.constant(x), Pass.training(1, 0));
        Gradients gradients = tape.backward(trace.output(), Tensor.of(new double[][] {{1, -2}}));
        System.out.println(Heatmap.of(gradients.of(trace.maskedWeights().get(0))).titled("J"));
        System.out.println(Heatmap.of(trace.mask()).titled("M"));
        System.out.println(Heatmap.of(gradients.of(layer.weight())).titled("J ⊙ M"));
    }
}
