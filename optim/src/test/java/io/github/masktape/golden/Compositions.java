// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.golden;

import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Variable;
import io.github.masktape.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Layers and losses that are made of ops, as docs/guide/compose.md makes them. */
final class Compositions {
    private Compositions() {}

    static Variable of(String name, List<Variable> inputs, Golden.Given given) {
        Variable x = inputs.get(0);
        Variable last = inputs.get(inputs.size() - 1);
        return switch (name) {
            case "layerNorm" -> layerNorm(x, inputs.get(1), last);
            case "embedding" -> Ops.rows(x, given.labels((int) given.whole()));
            case "attention" -> attention(x, inputs.get(1), inputs.get(2), last);
            case "convolution" -> Ops.matmulTransposed(patches(x, 3, 1), last);
            case "maxPooling" -> {
                Variable patches = patches(x, 2, 2);
                Variable largest = Ops.pick(patches, patches.value().argMaxRows());
                yield Ops.reshape(largest, x.shape().dim(0), 4);
            }
            case "huber" -> huber(Ops.sub(x, last), given.number());
            case "pinball" -> pinball(Ops.sub(x, last), given.number());
            case "weightedCrossEntropy" ->
                weightedCrossEntropy(x, given.labels(x.shape().dim(0)), last);
            default -> throw new AssertionError("no such op: " + name);
        };
    }

    private static Variable layerNorm(Variable x, Variable gain, Variable bias) {
        int m = x.shape().dim(0);
        int n = x.shape().dim(1);
        Variable mean = Ops.scale(Ops.sumColumns(x), 1.0 / n);
        Variable centered = Ops.sub(x, Ops.repeatColumns(mean, n));
        Variable variance = Ops.scale(Ops.sumColumns(Ops.square(centered)), 1.0 / n);
        Variable deviation = Ops.sqrt(Ops.plus(variance, 1e-5));
        Variable normal = Ops.div(centered, Ops.repeatColumns(deviation, n));
        return Ops.addRow(Ops.mul(normal, Ops.repeatRows(gain, m)), bias);
    }

    /** No row sees a later one. */
    private static Variable attention(Variable x, Variable wq, Variable wk, Variable wv) {
        int m = x.shape().dim(0);
        Variable q = Ops.matmulTransposed(x, wq);
        Variable k = Ops.matmulTransposed(x, wk);
        Variable v = Ops.matmulTransposed(x, wv);
        double[] past = new double[m * m];
        Arrays.setAll(past, at -> at % m <= at / m ? 0 : Double.NEGATIVE_INFINITY);
        Variable scores =
                Ops.scale(Ops.matmulTransposed(q, k), 1 / Math.sqrt(q.shape().dim(1)));
        Tensor mask = Tensor.of(past, m, m).to(x.dtype());
        return Ops.matmul(Ops.softmax(Ops.add(scores, x.tape().constant(mask))), v);
    }

    /** The k×k windows of images of 4×5, one a row. */
    private static Variable patches(Variable images, int k, int step) {
        int[] pixels = IntStream.iterate(0, i -> i + k <= 4, i -> i + step)
                .flatMap(i -> IntStream.iterate(0, j -> j + k <= 5, j -> j + step)
                        .flatMap(j -> IntStream.range(0, k * k).map(at -> (i + at / k) * 5 + j + at % k)))
                .toArray();
        return Ops.reshape(Ops.columns(images, pixels), images.shape().dim(0) * pixels.length / (k * k), k * k);
    }

    private static Variable huber(Variable residual, double delta) {
        Variable q = Ops.clamp(residual, -delta, delta);
        return Ops.mean(Ops.mul(q, Ops.sub(residual, Ops.scale(q, 0.5))));
    }

    private static Variable pinball(Variable residual, double tau) {
        return Ops.mean(Ops.maximum(Ops.scale(residual, -tau), Ops.scale(residual, 1 - tau)));
    }

    private static Variable weightedCrossEntropy(Variable logits, int[] labels, Variable weights) {
        Variable logP = Ops.pick(Ops.logSoftmax(logits), labels);
        return Ops.neg(Ops.div(Ops.sum(Ops.mul(weights, logP)), Ops.sum(weights)));
    }
}
